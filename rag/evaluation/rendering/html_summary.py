"""The upper part of the page: verdict, shares, kinds, what changed, the worst cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rag.evaluation.baseline import Comparison
from rag.evaluation.failing import reason, worst
from rag.evaluation.gate import Evaluation, SuiteRun
from rag.evaluation.rendering.groups import Group, grouped
from rag.evaluation.rendering.html_cases import anchors
from rag.evaluation.rendering.html_curve import curves_html
from rag.evaluation.rendering.markdown import N_WORST
from rag.evaluation.rendering.markup import Html, joined, row, table, tag
from rag.evaluation.rendering.tables import Table, tables
from rag.evaluation.rendering.words import (
    Measure,
    as_it_should,
    details,
    faults,
    given_text,
    interval,
    measures,
    percent,
    seconds,
    verdict,
)
from rag.evaluation.reports import CaseResult, Totals
from rag.evaluation.scoring import Outcome

# Acceptances of a suite that its history shows.
_N_HISTORY = 20
# Heads of columns that tell rows apart.
_NAMING = ("suite", "kind", "system", "model")
_SLUGS = {outcome: outcome.value.replace(" ", "-") for outcome in Outcome}


def summary_html(evaluation: Evaluation, day: date) -> Html:
    """Return everything above the table of cases."""
    kinds = _kinds(evaluation.report.kinds)
    return joined(
        _head(evaluation, day),
        *(_suite(group) for group in grouped(evaluation.first)),
        *(_table(found) for found in tables(evaluation)),
        curves_html(evaluation),
        tag("section", tag("h2", "By kind"), kinds, _legend()),
        *_baseline(evaluation, day),
        *_worst(evaluation),
    )


def _head(evaluation: Evaluation, day: date) -> Html:
    report = evaluation.report
    word = "failed" if evaluation.failures else "passed"
    n_wrong = len(report.failed)
    origins = []
    if resumed := sum(run.resumed for run in evaluation.runs):
        origins.append(f" {resumed} answers are of a run before this one.")
    if evaluation.from_cache:
        origins.append(
            f" {evaluation.from_cache} replies came from the cache: seconds in all are without "
            "them, those to the first token of when they were written."
        )
    return tag(
        "header",
        tag("h1", "Evaluation ", tag("span", word, class_=f"badge {word}")),
        tag("p", f"{day}: {report.totals.cases} cases, in {n_wrong} of them something is wrong."),
        tag("ul", *(tag("li", said) for said in evaluation.failures), class_="failures")
        if evaluation.failures
        else "",
        tag("p", seconds(report), *origins, class_="quiet"),
    )


# --- shares --------------------------------------------------------------------------------


def _table(found: Table) -> Html:
    """A caption is as wide as its table, which a narrow screen cuts: a note stands before it."""
    rows = [row(*cells) for cells in found.rows]
    note = tag("p", found.note, class_="quiet") if found.note else ""
    caption = f"A row a {' and '.join(name for name in found.heads if name in _NAMING)}"
    return tag("section", tag("h2", found.title), note, table(caption, found.heads, rows))


def _suite(group: Group) -> Html:
    totals, name, run = group.report.totals, group.name, group.first
    heads = ("measure", "share", "", "95% interval", "of cases", "floor")
    rows = [_measure(found) for found in measures(totals, run.floor)]
    faulty = ("fault", "count", "floor")
    counts = [
        row(said, str(count), "" if most is None else f"at most {most}")
        for said, count, most in faults(totals, run.floor)
    ]
    more = [_measure(found) for found in details(totals)]
    return tag(
        "section",
        tag("h2", f"{name}: {totals.cases} cases"),
        table("Shares; the line is the 95% interval, the tick the floor", heads, rows),
        table("What should not be there at all", faulty, counts),
        tag("details", tag("summary", "More measures"), table("More measures", heads, more)),
        tag("p", f"Settings {run.settings_sha256[:12] or 'unknown'}.", class_="quiet"),
    )


def _measure(found: Measure) -> Html:
    share = found.share
    return row(
        found.name, percent(share.value), _bar(found), interval(share), str(share), found.asked
    )


def _bar(found: Measure) -> Html:
    """A bar of the share, a line for its interval, a tick where the floor is."""
    value, reach = found.share.value, found.share.interval
    if value is None or reach is None:
        return Html("")
    parts = [
        _rect("ground", (0, 100)),
        _rect("share", (0, 100 * value)),
        _rect("reach", (100 * reach.low, 100 * (reach.high - reach.low)), (5, 2)),
    ]
    if found.bound is not None:
        parts.append(_rect("floor", (100 * found.bound - 0.4, 0.8)))
    label = f"{percent(value)}, 95% interval {interval(found.share)}"
    return _svg(label, parts)


def _svg(label: str, parts: Sequence[Html]) -> Html:
    return tag(
        "svg",
        *parts,
        viewBox="0 0 100 12",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
        class_="bar",
    )


_FULL = (0.0, 12.0)


def _rect(
    name: str, across: tuple[float, float], down: tuple[float, float] = _FULL, title: str = ""
) -> Html:
    """A rectangle of an SVG; where it begins and how far it goes, in units of its view."""
    return tag(
        "rect",
        tag("title", title) if title else "",
        class_=name,
        x=f"{across[0]:.2f}",
        width=f"{across[1]:.2f}",
        y=f"{down[0]:g}",
        height=f"{down[1]:g}",
    )


# --- kinds ---------------------------------------------------------------------------------


def _kinds(kinds: dict[str, Totals]) -> Html:
    heads = ("kind", "cases", "as it should be", "95% interval", "how the cases end")
    rows = []
    for name, totals in kinds.items():
        share = as_it_should(totals)
        right = f"{share.part:g} ({percent(share.value)})"
        rows.append(row(name, str(totals.cases), right, interval(share), _stack(totals)))
    return table("Every kind of question", heads, rows)


def _stack(totals: Totals) -> Html:
    parts, at = [], 0.0
    for outcome in Outcome:
        if count := totals.count(outcome):
            width = 100 * count / totals.cases
            parts.append(_rect(_SLUGS[outcome], (at, width), title=f"{outcome.value}: {count}"))
            at += width
    said = ", ".join(f"{o.value} {totals.count(o)}" for o in Outcome if totals.count(o))
    return _svg(said, parts)


def _legend() -> Html:
    return tag(
        "ul",
        *(
            tag("li", tag("span", outcome.value, class_=f"outcome {_SLUGS[outcome]}"))
            for outcome in Outcome
        ),
        class_="legend",
    )


# --- against the baseline ------------------------------------------------------------------


def _baseline(evaluation: Evaluation, day: date) -> Iterator[Html]:
    links = anchors(evaluation.runs)
    for run in evaluation.runs:
        if run.comparison is not None:
            yield tag(
                "section",
                tag("h2", f"{run.suite.name}: against the baseline"),
                _compared(run, run.comparison, links),
                _history(evaluation, run, day),
            )


def _compared(run: SuiteRun, comparison: Comparison, links: dict[tuple[str, str], str]) -> Html:
    heads = ("change", "cases", "which")
    rows = [
        _changed("lost", run, comparison.lost, links),
        _changed("of these, never to be lost", run, comparison.lost_musts, links),
        _changed("won", run, comparison.won, links),
        _changed("said nothing wrong then, and do now", run, run.turned_wrong, links),
    ]
    said = (
        f"{len(comparison.before)} cases compared, {comparison.new} new. "
        f"Exact McNemar p = {comparison.p_value:.3g}."
    )
    other = "" if comparison.same_settings else " The baseline was made with other settings."
    return joined(tag("p", said, other), table("Lost and won", heads, rows))


def _changed(
    name: str, run: SuiteRun, results: Sequence[CaseResult], links: dict[tuple[str, str], str]
) -> Html:
    found: list[str] = []
    for result in results:
        id_ = result.case.id
        found += [tag("a", id_, href=f"#{links[run.suite.name, id_]}"), " "]
    return row(name, str(len(results)), joined(*found))


def _history(evaluation: Evaluation, run: SuiteRun, day: date) -> Html:
    """What was accepted, oldest first, and this run."""
    accepted = evaluation.baseline.accepted if evaluation.baseline else ()
    runs = [
        (str(one.day), one.passed, one.cases, one.settings)
        for one in accepted
        if one.suite == run.suite.name
    ][-_N_HISTORY:]
    n_passed = len(run.report.results) - len(run.report.failed)
    settings = run.settings_sha256[:12]
    runs.append((f"{day}, this run", n_passed, len(run.report.results), settings))
    rows = []
    for name, passed, cases, sha256 in runs:
        width = 100 * passed / cases if cases else 0.0
        bar = [_rect("ground", (0, 100)), _rect("share", (0, width))]
        said = f"{passed} of {cases}"
        rows.append(row(name, said, _svg(said, bar), f"{width:.1f}%", sha256))
    heads = ("accepted on", "cases passed", "", "share", "settings")
    return table("What was accepted before", heads, rows)


# --- the worst -----------------------------------------------------------------------------


def _worst(evaluation: Evaluation) -> Iterator[Html]:
    found = worst(evaluation.first, N_WORST)
    links = anchors(evaluation.runs)
    if found:
        n_failed = len(evaluation.report.failed)
        rows = [
            row(
                tag("a", result.case.id, href=f"#{links[run.suite.name, result.case.id]}"),
                verdict(result),
                result.case.question,
                given_text(result) or "none",
                result.case.expected,
                reason(result, run.suite.mapping),
            )
            for run, result in found
        ]
        heads = ("case", "verdict", "question", "answer", "expected", "why")
        title = f"The worst {len(found)} of {n_failed} failed cases"
        yield tag("section", tag("h2", title), table("Worst first", heads, rows, id="worst"))
