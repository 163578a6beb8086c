"""A run as one page of Markdown, for a terminal and for the summary of a CI's job."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.evaluation.baseline import Comparison
from rag.evaluation.failing import reason, worst
from rag.evaluation.gate import Evaluation, SuiteRun
from rag.evaluation.rendering.groups import Group, grouped
from rag.evaluation.rendering.tables import Table, provenance_table, tables
from rag.evaluation.rendering.words import (
    as_it_should,
    faults,
    given_text,
    interval,
    measures,
    minutes,
    percent,
    seconds,
    verdict,
)
from rag.evaluation.reports import CaseResult, Totals
from rag.evaluation.scoring import Outcome

N_WORST = 15
# Ids of cases that a line names before it only counts.
_N_NAMED = 30
# What would be a link, an image, a table's cell or HTML where the page is rendered.
_ACTIVE = re.compile(r"([\\`*_\[\]<>|~&#])")


def report_markdown(evaluation: Evaluation, *, committed: bool = False) -> str:
    """Return verdict, shares with intervals, controls, kinds, what changed, and the worst cases.

    Args:
        evaluation: a run.
        committed: for a file that is kept with the code: with the hash of settings and models of
            each row, and without the text of articles that are not ours.
    """
    report = evaluation.report
    groups = grouped(evaluation.first)
    title = "failed" if evaluation.failures else "passed"
    lines = [f"# Evaluation {title}: {report.totals.cases} cases", ""]
    lines += [f"- **{said}**" for said in map(plain, evaluation.failures)]
    lines += ["", *_headline(groups), ""]
    lines += [*_faults(groups), "", seconds(report), *_origins(evaluation), ""]
    for table in tables(evaluation):
        lines += _table(table)
    if committed:
        lines += [*_table(provenance_table(evaluation)), "", _took(evaluation)]
    lines += ["", "## By kind", "", *_kind_table(report.kinds)]
    for run in evaluation.runs:
        if run.comparison:
            lines += ["", *_compared(run, run.comparison)]
    lines += _worst(evaluation, committed=committed)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def plain(text: str) -> str:
    r"""Return words of others as one line that Markdown leaves alone.

    >>> print(plain("a | b\n![c](d)"))
    a \| b !\[c\](d)
    """
    # A colon that is an entity makes no link of an address.
    return _ACTIVE.sub(r"\\\1", " ".join(text.split())).replace("://", "&#58;//")


def _headline(groups: Sequence[Group]) -> Iterator[str]:
    yield "| suite | measure | share | 95% interval | of cases | floor |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for group in groups:
        for found in measures(group.report.totals, group.first.floor):
            share = found.share
            yield _row(
                group.name,
                found.name,
                percent(share.value),
                interval(share),
                str(share),
                found.asked,
            )


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"## {table.title}", "")
    yield _row(*table.heads)
    yield _row(*("---" for _ in table.heads))
    for row in table.rows:
        yield _row(*map(plain, row))
    if table.note:
        yield from ("", table.note)


def _took(evaluation: Evaluation) -> str:
    took = minutes(evaluation.seconds)
    return f"All answers together, those of controls and other models too, took {took}."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _faults(groups: Sequence[Group]) -> Iterator[str]:
    for group in groups:
        said = (
            f"{name.lower()} {count}" + ("" if most is None else f" (the floor allows {most})")
            for name, count, most in faults(group.report.totals, group.first.floor)
        )
        yield f"- {group.name}: {', '.join(said)}"


def _origins(evaluation: Evaluation) -> Iterator[str]:
    resumed = sum(run.resumed for run in evaluation.runs)
    if resumed:
        yield f"Answers of a run before this one, taken up again: {resumed}."
    if evaluation.from_cache:
        yield (
            f"Replies from the cache: {evaluation.from_cache}; the seconds in all are without "
            "them, those to the first token are of when they were written."
        )


def _kind_table(kinds: dict[str, Totals]) -> Iterator[str]:
    yield "| kind | cases | as it should be | 95% interval | wrong | missing | refused | answered |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, totals in kinds.items():
        share = as_it_should(totals)
        counts = (
            totals.count(outcome)
            for outcome in (
                Outcome.WRONG,
                Outcome.MISSING,
                Outcome.FALSE_REFUSAL,
                Outcome.ANSWERED_UNANSWERABLE,
            )
        )
        yield _row(
            name,
            f"{totals.cases}",
            f"{share.part:g} ({percent(share.value)})",
            interval(share),
            *map(str, counts),
        )
    yield ""
    yield "Refused: though the articles say. Answered: though they do not."


def _compared(run: SuiteRun, comparison: Comparison) -> Iterator[str]:
    yield f"## {run.suite.name}: against the baseline"
    yield ""
    yield (
        f"{len(comparison.before)} cases compared, {comparison.new} new. "
        f"Exact McNemar p = {comparison.p_value:.3g}."
    )
    if not comparison.same_settings:
        yield "The baseline was made with other models, prompts or settings."
    yield ""
    yield f"- lost {len(comparison.lost)}{_named(comparison.lost)}"
    yield f"- won {len(comparison.won)}{_named(comparison.won)}"
    if wrong := run.turned_wrong:
        yield f"- said nothing wrong then, and do now: {len(wrong)}{_named(wrong)}"


def _named(results: Sequence[CaseResult]) -> str:
    if not results:
        return ""
    more = ", …" if len(results) > _N_NAMED else ""
    return f": {', '.join(result.case.id for result in results[:_N_NAMED])}{more}"


def _worst(evaluation: Evaluation, *, committed: bool) -> Iterator[str]:
    failed = worst(evaluation.first, N_WORST)
    n_failed = len(evaluation.report.failed)
    if failed:
        yield ""
        yield f"## The worst {len(failed)} of {n_failed} failed cases"
        yield ""
        for run, result in failed:
            yield from _failure(run, result, committed=committed)


def _failure(run: SuiteRun, result: CaseResult, *, committed: bool) -> Iterator[str]:
    case = result.case
    secret = committed and run.suite.of_others
    answer = "left out: the article is not ours" if secret else plain(given_text(result))
    why = plain(reason(result, run.suite.mapping, quoting=not secret))
    where, question = f"{run.suite.name}, {case.kind}", plain(case.question)
    yield f"- **{case.id}** ({where}), {verdict(result)}: {question}"
    yield f"  - answer: {answer or 'none'}"
    yield f"  - expected: {plain(case.expected)}"
    yield f"  - why: {why}"
