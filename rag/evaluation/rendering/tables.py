"""Tables that every form of a report has, from the controls to coverage at a risk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rag.evaluation.gate import Evaluation
from rag.evaluation.rendering.groups import Group, grouped
from rag.evaluation.rendering.words import percent
from rag.evaluation.reports import EvalReport, Share, Totals
from rag.evaluation.risk_coverage import ACCEPTED, Curve, curve
from rag.evaluation.scores import FigureVerdict

CITELINE = "citeline"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under their heads; the first cell of a row names it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def tables(evaluation: Evaluation) -> tuple[Table, ...]:
    """Return the tables that have rows."""
    groups = grouped(evaluation.runs)
    first = grouped(evaluation.first)
    found = (
        _controls(first),
        _summaries(first),
        _models(groups),
        _costs(groups),
        _verdicts(evaluation.report),
        coverage_table(groups),
    )
    return tuple(table for table in found if table.rows)


def curves(groups: tuple[Group, ...]) -> dict[str, Curve]:
    """Return the curve of each group on articles as they are in which anything was answered."""
    found = {
        group.name: curve(group.report.results)
        for group in groups
        if not group.first.suite.mutated_from
    }
    return {name: one for name, one in found.items() if one.points}


def _controls(groups: tuple[Group, ...]) -> Table:
    rows = []
    for group in groups:
        systems = {control.value: report for control, report in group.controls.items()}
        for name, report in _beside_citeline(group.report, systems):
            totals = report.totals
            rows.append(
                (
                    group.name,
                    name,
                    _share(totals.right),
                    str(totals.wrong_figures),
                    _share(totals.abstention),
                    _seconds(report.median_s),
                )
            )
    heads = ("suite", "system", "right", "wrong figures", "abstained rightly", "median seconds")
    note = (
        "The same cases, asked of systems that need no understanding: silence, the first figure "
        "of the nearest sentence; with --controls the model without articles and, as a ceiling, "
        "citeline given the sentences that answer, both of the gate alone where there is one."
    )
    return Table("Honesty controls", heads, tuple(rows), note)


def _beside_citeline(
    report: EvalReport, systems: Mapping[str, EvalReport]
) -> Iterator[tuple[str, EvalReport]]:
    """Name each system, and citeline above those that were asked the same cases."""
    asked = n_cases = len(report.results)
    if systems:
        yield CITELINE, report
    for name, its in systems.items():
        if asked != len(its.results) < n_cases:
            asked, ids = len(its.results), {result.case.id for result in its.results}
            same = tuple(result for result in report.results if result.case.id in ids)
            yield f"{CITELINE}, of {asked} cases", EvalReport(same)
        yield name, its


def _summaries(groups: tuple[Group, ...]) -> Table:
    rows = []
    for group in groups:
        systems = {
            control.sums_up_by: report
            for control, report in group.controls.items()
            if control.sums_up_by
        }
        if not group.report.totals.summary_coverage.whole:
            continue
        for name, report in {CITELINE: group.report, **systems}.items():
            rows.append((group.name, name, *_summary_cells(report.totals)))
    heads = ("suite", "system", "figures as cited", "key figures given", "words (median)")
    return Table("Summaries", heads, tuple(rows))


def _summary_cells(totals: Totals) -> tuple[str, ...]:
    words = "none" if totals.summary_words is None else f"{totals.summary_words:g}"
    return _share(totals.summary_precision), _share(totals.summary_coverage), words


def _models(groups: tuple[Group, ...]) -> Table:
    several = len({group.first.model for group in groups}) > 1
    rows = [_model(group) for group in groups] if several else []
    heads = ("suite", "model", "right", "wrong figures", "abstained rightly", "median seconds")
    return Table("Models", heads, tuple(rows))


def _model(group: Group) -> tuple[str, ...]:
    report, totals = group.report, group.report.totals
    return (
        group.name,
        group.first.model,
        _share(totals.right),
        str(totals.wrong_figures),
        _share(totals.abstention),
        _seconds(report.median_s),
    )


def _costs(groups: tuple[Group, ...]) -> Table:
    heads = (
        "suite",
        "model",
        "cases",
        "total s, median",
        "total s, p95",
        "first tokens timed",
        "first token s, median",
        "first token s, p95",
        "peak MB",
    )
    note = (
        "Wall clock since the question, in all of every case; to the first token, of the answers "
        "for which the model was asked and that tell of it. Peak MB is the memory of this whole "
        "process at its largest (index, embedder, mapped weights) from opening the articles to the "
        "last answer, without the controls; other systems than Linux count the rows before too."
    )
    return Table("Time and memory", heads, tuple(_cost(one) for one in groups), note)


def _cost(group: Group) -> tuple[str, ...]:
    whole, first = group.report.to_answer, group.report.to_first_token
    return (
        group.name,
        group.first.model or "unknown",
        str(whole.n),
        _seconds(whole.median_s),
        _seconds(whole.p95_s),
        str(first.n),
        _seconds(first.median_s),
        _seconds(first.p95_s),
        "unknown" if group.peak_mb is None else f"{group.peak_mb:.0f}",
    )


def _verdicts(report: EvalReport) -> Table:
    """How the expected figures fare: a row a kind that expects some, and one of all."""
    kinds = {
        name: totals
        for name, totals in report.kinds.items()
        if sum(totals.figure_verdicts.values())
    }
    rows = [_verdict_row(name, totals) for name, totals in kinds.items()]
    if rows:
        rows.append(_verdict_row("all", report.totals))
    heads = ("kind", "figures", *(verdict.value for verdict in FigureVerdict))
    note = (
        "Expected figures of the cases, each with one verdict. Right are the exact ones and those "
        "rounded as far as the case allows; abstentions and errors leave theirs missing."
    )
    return Table("Expected figures", heads, tuple(rows), note)


def _verdict_row(name: str, totals: Totals) -> tuple[str, ...]:
    counts = [totals.figure_verdicts.get(verdict, 0) for verdict in FigureVerdict]
    return (name, *map(str, (sum(counts), *counts)))


def provenance_table(evaluation: Evaluation) -> Table:
    """Return what each row was made with: sha256 of settings and of each model's weights."""
    rows = tuple(
        (
            group.name,
            str(group.report.totals.cases),
            group.first.settings_sha256 or "unknown",
            "; ".join(f"{name} {sha256}" for name, sha256 in group.first.models.items()),
        )
        for group in grouped(evaluation.runs)
    )
    return Table("Settings and models", ("suite", "cases", "settings", "models"), rows)


def coverage_table(groups: tuple[Group, ...]) -> Table:
    """Return how much could be answered at which share of wrong answers."""
    rows = []
    for name, one in curves(groups).items():
        wrong = f"{one.points[-1].wrong} of {one.points[-1].answered}"
        best = [_coverage(one, accepted) for accepted in ACCEPTED]
        rows.append((name, percent(one.answerable / one.questions), wrong, *best))
    heads = (
        "suite",
        "answerable",
        "wrong of all answers",
        *(f"at most {accepted:.0%} wrong" for accepted in ACCEPTED),
    )
    note = (
        "Share of all questions that could be answered, the most relevant citation first, before "
        "more than that share of the answers is wrong. The threshold is chosen after the fact."
    )
    return Table("Coverage at a risk", heads, tuple(rows), note)


def _coverage(one: Curve, accepted: float) -> str:
    point = one.best(accepted)
    if point is None:
        return "nothing"
    return f"{percent(one.coverage(point))} (from {point.confidence:.2f})"


def _share(share: Share) -> str:
    return f"{share.part:g} of {share.whole} ({percent(share.value)})" if share.whole else "none"


def _seconds(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
