"""A run in numbers, small enough to be kept with the code, and without a word of an article."""

from __future__ import annotations

import json
from datetime import date

from rag.evaluation.gate import Evaluation
from rag.evaluation.rendering.groups import Group, grouped
from rag.evaluation.rendering.values import curve_json
from rag.evaluation.rendering.words import verdict
from rag.evaluation.reports import EvalReport, Share
from rag.evaluation.scores import FigureVerdict
from rag.schema import JSON


def report_record(evaluation: Evaluation, day: date) -> str:
    """Return JSON, a case a line, so that a diff shows which cases changed.

    Args:
        evaluation: a run.
        day: of the run.
    """
    suites = [_group(group) for group in grouped(evaluation.runs)]
    record = {
        "day": day.isoformat(),
        "passed": not evaluation.failures,
        "seconds": round(evaluation.seconds),
        "suites": suites,
    }
    return json.dumps(record, indent=1, ensure_ascii=True) + "\n"


def _group(group: Group) -> JSON:
    run = group.first
    return {
        "name": group.name,
        "model": run.model,
        "settings_sha256": run.settings_sha256,
        "models": dict(run.models),
        "peak_process_mb": _rounded(group.peak_mb, 0),
        "totals": _totals(group.report),
        "controls": {name.value: _totals(report) for name, report in group.controls.items()},
        "coverage": curve_json(group.report.results)["coverage"],
        "verdicts": {result.case.id: verdict(result) for result in group.report.results},
    }


def _totals(report: EvalReport) -> JSON:
    totals, first = report.totals, report.to_first_token
    return {
        "cases": totals.cases,
        "right": _share(totals.right),
        "citations": _share(totals.citation),
        "abstained_rightly": _share(totals.abstention),
        "false_refusals": _share(totals.false_refusal),
        "summary_precision": _share(totals.summary_precision),
        "summary_coverage": _share(totals.summary_coverage),
        "wrong_figures": totals.wrong_figures,
        "misbound_figures": totals.misbound_figures,
        "unsupported_figures": totals.unsupported_figures,
        "errors": totals.errors,
        "median_s": _rounded(report.median_s),
        "p95_s": _rounded(report.p95_s),
        "first_tokens": first.n,
        "first_token_median_s": _rounded(first.median_s),
        "first_token_p95_s": _rounded(first.p95_s),
        "figure_verdicts": {
            verdict.value: totals.figure_verdicts.get(verdict, 0) for verdict in FigureVerdict
        },
    }


def _share(share: Share) -> str:
    return str(share)


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)
