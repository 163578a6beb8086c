"""A run as plain JSON values, without the paths of one machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

from rag.evaluation.baseline import Comparison
from rag.evaluation.failing import reason
from rag.evaluation.gate import Evaluation, SuiteRun
from rag.evaluation.rendering.words import change
from rag.evaluation.reports import CaseResult, EvalReport, Share, Spread, Totals
from rag.evaluation.risk_coverage import ACCEPTED, curve
from rag.evaluation.scoring import FigureResult, Outcome
from rag.schema import JSON, Answer, Citation, Summary


def report_json(evaluation: Evaluation) -> JSON:
    """Return everything about a run; a share of nothing is null."""
    report = evaluation.report
    return {
        "passed": not evaluation.failures,
        "failures": list(evaluation.failures),
        "suites": [_suite_json(run) for run in evaluation.runs],
        "totals": _totals_json(report.totals),
        "kinds": _kinds_json(report),
        "seconds": _spread_json(report.to_answer),
        "first_token_seconds": _spread_json(report.to_first_token),
        "replies_from_cache": evaluation.from_cache,
        "results": [_result_json(run, r) for run in evaluation.runs for r in run.report.results],
    }


def _suite_json(run: SuiteRun) -> JSON:
    return {
        "name": run.suite.name,
        "settings_sha256": run.settings_sha256,
        "gated": run.suite.gated,
        "resumed": run.resumed,
        "models": dict(run.models),
        "seconds": _spread_json(run.report.to_answer),
        "first_token_seconds": _spread_json(run.report.to_first_token),
        "peak_process_mb": run.peak_mb,
        "totals": _totals_json(run.report.totals),
        "kinds": _kinds_json(run.report),
        "controls": {one.control.value: _control_json(one.report) for one in run.controls},
        "risk_coverage": curve_json(run.report.results),
        "floor": {"reached": not run.breaches, "breaches": list(run.breaches)},
        "baseline": _comparison_json(run.comparison) if run.comparison else None,
    }


def _control_json(report: EvalReport) -> JSON:
    return {
        "totals": _totals_json(report.totals),
        "seconds": _spread_json(report.to_answer),
        "first_token_seconds": _spread_json(report.to_first_token),
    }


def _spread_json(spread: Spread) -> JSON:
    return {"n": spread.n, "median": spread.median_s, "p95": spread.p95_s}


def curve_json(results: Sequence[CaseResult]) -> JSON:
    """Return the curve of risk against coverage, and the coverage at each accepted wrong share."""
    found = curve(results)
    best = {f"{accepted:g}": found.best(accepted) for accepted in ACCEPTED}
    return {
        "questions": found.questions,
        "answerable": found.answerable,
        "points": [[point.confidence, point.answered, point.wrong] for point in found.points],
        "coverage": {
            accepted: {
                "answered": point.answered if point else 0,
                "coverage": found.coverage(point) if point else 0.0,
                "confidence": point.confidence if point else None,
            }
            for accepted, point in best.items()
        },
    }


def _comparison_json(comparison: Comparison) -> JSON:
    return {
        "compared": len(comparison.before),
        "new": comparison.new,
        "lost": [result.case.id for result in comparison.lost],
        "lost_musts": [result.case.id for result in comparison.lost_musts],
        "won": [result.case.id for result in comparison.won],
        "p_value": comparison.p_value,
        "same_settings": comparison.same_settings,
    }


def _kinds_json(report: EvalReport) -> JSON:
    return {name: _totals_json(totals) for name, totals in report.kinds.items()}


def _totals_json(totals: Totals) -> JSON:
    return {field.name: _total_json(getattr(totals, field.name)) for field in fields(totals)} | {
        # With a 0 for those that no case has.
        "outcomes": {outcome.value: totals.count(outcome) for outcome in Outcome},
    }


def _total_json(value: object) -> object:
    if isinstance(value, Share):
        return _share_json(value)
    if isinstance(value, Mapping):
        return {str(name): count for name, count in value.items()}
    return value


def _share_json(share: Share) -> JSON:
    low, high = share.interval or (None, None)
    return {
        "part": share.part,
        "whole": share.whole,
        "share": share.value,
        "low": low,
        "high": high,
    }


def _result_json(run: SuiteRun, result: CaseResult) -> JSON:
    case, score = result.case, result.score
    before = run.comparison.before.get(case.id) if run.comparison else None
    return {
        "suite": run.suite.name,
        "id": case.id,
        "kind": case.kind,
        "tags": list(case.tags),
        "question": case.question,
        "outcome": score.outcome.value,
        "passed": score.passed,
        "before": before.outcome.value if before else None,
        "change": change(run, result) or None,
        "explanation": score.explanation,
        "reason": None if score.passed else reason(result, run.suite.mapping),
        "citation_right": score.citation_right,
        "citation_precision": score.citation_precision,
        "citation_recall": score.citation_recall,
        "figures": [_figure_json(figure) for figure in score.figures],
        "wrong_figures": list(score.wrong_figures),
        "misbound_figures": list(score.misbound_figures),
        "unsupported_figures": list(score.unsupported_figures),
        "retrieval": asdict(score.retrieval) if score.retrieval else None,
        "error": score.error,
        "seconds": result.seconds,
        "first_token_seconds": _first_token_s(result),
        "answer": _answer_json(result.answer) if result.answer else None,
        "summary": _summary_json(result.summary) if result.summary else None,
    }


def _first_token_s(result: CaseResult) -> float | None:
    """None where the model was not asked, or the answer does not tell."""
    return result.answer.timing.first_token_s or None if result.answer else None


def _figure_json(figure: FigureResult) -> JSON:
    return {
        "expected": str(figure.expected),
        "verdict": figure.verdict.value,
        "shown": figure.shown,
    }


def _answer_json(answer: Answer) -> JSON:
    return {
        "status": answer.status.value,
        "text": answer.text,
        "citations": _citations_json(answer.citations),
        "evidence": [
            {
                "document": evidence.document.id,
                "start": evidence.sentence.span.start,
                "end": evidence.sentence.span.end,
                "quote": evidence.sentence.text,
            }
            for evidence in answer.evidence
        ],
    }


def _summary_json(summary: Summary) -> JSON:
    return {
        "document": summary.document.id,
        "points": [
            {"text": point.text, "citations": _citations_json(point.citations)}
            for point in summary.points
        ],
    }


def _citations_json(citations: Sequence[Citation]) -> list[JSON]:
    return [
        {
            "marker": citation.marker,
            "document": citation.document.id,
            "start": citation.span.start,
            "end": citation.span.end,
            "quote": citation.quote,
        }
        for citation in citations
    ]
