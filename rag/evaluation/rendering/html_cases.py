"""The table of all cases: question, answer, evidence, verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.evaluation.cases import Case
from rag.evaluation.gate import SuiteRun
from rag.evaluation.gold import place_of, sources_at
from rag.evaluation.rendering.markup import Html, joined, row, table, tag
from rag.evaluation.rendering.words import change, verdict
from rag.evaluation.reports import CaseResult
from rag.schema import Answer, CheckedFigure, Citation, DocumentInfo, Evidence, Summary

_CHANGES = ("lost", "won", "same", "new")


def anchors(runs: Sequence[SuiteRun]) -> dict[tuple[str, str], str]:
    """Return the name of each case's row, by suite and id."""
    ids = [(run.suite.name, result.case.id) for run in runs for result in run.report.results]
    return {id_: f"case-{number}" for number, id_ in enumerate(ids, start=1)}


def cases_html(runs: Sequence[SuiteRun]) -> Html:
    """Return the filters, which wait for JavaScript, and the table."""
    links = anchors(runs)
    results = [(run, result) for run in runs for result in run.report.results]
    rows = [_case(run, result, links[run.suite.name, result.case.id]) for run, result in results]
    heads = ("case", "question, answer and evidence", "verdict", "against the baseline", "seconds")
    return tag(
        "section",
        tag("h2", "All cases"),
        _filters(results),
        table("Each case in the order in which it was asked", heads, rows, id="cases"),
    )


def _filters(results: Sequence[tuple[SuiteRun, CaseResult]]) -> Html:
    return tag(
        "form",
        _choice("suite", [run.suite.name for run, _ in results]),
        _choice("kind", [result.case.kind for _, result in results]),
        _choice("verdict", [verdict(result) for _, result in results]),
        _choice("change", [change(run, result) for run, result in results]),
        tag("label", "words ", tag("input", type="search", name="words", autocomplete="off")),
        tag("button", "All", type="reset"),
        tag("output", aria_live="polite"),
        id="filters",
        hidden="",
    )


def _choice(name: str, values: Sequence[str]) -> Html:
    """A list to choose one value from; nothing where all are the same."""
    there = [value for value in dict.fromkeys(values) if value]
    if len(there) <= 1:
        return Html("")
    counted = [tag("option", f"{value} ({values.count(value)})", value=value) for value in there]
    return tag(
        "label", f"{name} ", tag("select", tag("option", "all", value=""), *counted, name=name)
    )


def _case(run: SuiteRun, result: CaseResult, anchor: str) -> Html:
    case, before = result.case, run.comparison and run.comparison.before.get(result.case.id)
    moved = change(run, result)
    tags = ", ".join((run.suite.name, case.kind, *case.tags))
    return tag(
        "tr",
        tag(
            "th",
            tag("a", case.id, href=f"#{anchor}"),
            tag("p", tags, class_="quiet"),
            scope="row",
        ),
        tag("td", *_said(run, result)),
        tag("td", _outcome(result), tag("p", result.score.explanation, dir="auto")),
        tag(
            "td",
            tag("span", moved, class_=f"change {moved}"),
            tag("p", f"was {before.outcome.value}", class_="quiet") if before else "",
        ),
        tag("td", f"{result.seconds:.1f}", class_="number"),
        id=anchor,
        data_suite=run.suite.name,
        data_kind=case.kind,
        data_verdict=verdict(result),
        data_change=moved or None,
    )


def _outcome(result: CaseResult) -> Html:
    slug = result.score.outcome.value.replace(" ", "-")
    passed = " not-passed" if result.score.right and not result.score.passed else ""
    return tag("span", verdict(result), class_=f"outcome {slug}{passed}")


# --- what was said and found ---------------------------------------------------------------


def _said(run: SuiteRun, result: CaseResult) -> Iterator[Html]:
    case = result.case
    yield tag("p", case.question, class_="question", dir="auto")
    if result.answer is not None:
        yield tag("p", result.answer.text, class_="answer", dir="auto")
    elif result.summary is not None:
        points = (tag("li", point.text, dir="auto") for point in result.summary.points)
        yield tag("ul", *points, class_="answer")
    else:
        yield tag("p", result.score.error or "nothing", class_="answer error")
    parts = [*_figures(result), *_checked(result), *_expected(case)]
    n_found = len(result.answer.evidence) if result.answer else 0
    summary = f"Evidence ({n_found}) and verdicts" if n_found else "Verdicts"
    if parts or n_found:
        shown = _evidence(case, result.answer, run.suite.mapping) if result.answer else Html("")
        cited = _cited(result.summary) if result.summary else Html("")
        yield tag("details", tag("summary", summary), shown, cited, *parts)


def _evidence(case: Case, answer: Answer, mapping: Mapping[str, str] | None) -> Html:
    """What was found, best first, with the cited sentences marked."""
    items = [_found(case, one, answer.citations, mapping) for one in answer.evidence]
    loose = [
        tag("li", tag("mark", one.quote), _where(one.document, [f"cited [{one.marker}]"]))
        for one in answer.citations
        if not any(_is_of(one, evidence) for evidence in answer.evidence)
    ]
    return tag("ol", *items, *loose, class_="evidence", dir="auto")


def _found(
    case: Case,
    evidence: Evidence,
    citations: Sequence[Citation],
    mapping: Mapping[str, str] | None,
) -> Html:
    markers = [f"cited [{one.marker}]" for one in citations if _is_of(one, evidence)]
    gold = ["states the answer"] if sources_at(case, place_of(evidence), mapping) else []
    words = evidence.sentence.text
    sentence = tag("mark", words) if markers else words
    return tag("li", sentence, _where(evidence.document, markers + gold))


def _is_of(citation: Citation, evidence: Evidence) -> bool:
    return citation.document.id == evidence.document.id and citation.span.overlaps(
        evidence.sentence.span
    )


def _where(info: DocumentInfo, badges: Sequence[str]) -> Html:
    known = [info.name, info.publisher, info.published.isoformat() if info.published else None]
    names = ", ".join(name for name in known if name)
    return joined(
        tag("span", f" {names}", class_="quiet"),
        *(tag("b", badge, class_="tag") for badge in badges),
    )


def _cited(summary: Summary) -> Html:
    items = [
        tag("li", tag("mark", one.quote), _where(one.document, [f"cited [{one.marker}]"]))
        for point in summary.points
        for one in point.citations
    ]
    return tag("ol", *items, class_="evidence", dir="auto")


def _figures(result: CaseResult) -> Iterator[Html]:
    if result.score.figures:
        rows = [
            row(str(one.expected), one.verdict.value, one.shown) for one in result.score.figures
        ]
        yield table("Expected figures", ("expected", "verdict", "shown"), rows)


def _checked(result: CaseResult) -> Iterator[Html]:
    if checked := _figures_of(result):
        rows = [
            row(one.figure.text, one.verdict.value, f"[{one.marker}]" if one.marker else "none")
            for one in checked
        ]
        yield table("Figures of the answer", ("figure", "verification", "cites"), rows)


def _figures_of(result: CaseResult) -> list[CheckedFigure]:
    if result.answer is not None:
        return list(result.answer.figures)
    points = result.summary.points if result.summary else ()
    return [figure for point in points for figure in point.figures]


def _expected(case: Case) -> Iterator[Html]:
    if case.sources:
        items = [
            tag("li", source.quote, tag("span", f" {source.document}", class_="quiet"))
            for source in case.sources
        ]
        yield tag("p", "The answer is stated here:")
        yield tag("ol", *items, class_="evidence", dir="auto")
