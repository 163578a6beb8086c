"""How we know that answers match the documented numbers: cases, scores, a report, a floor."""

from __future__ import annotations

from rag.evaluation.baseline import Baseline, accept, load_baseline, write_baseline
from rag.evaluation.cases import Case, ExpectedFigure, Source, Split, load_cases, parse_case
from rag.evaluation.control_runs import CHEAP, Control, ControlRun
from rag.evaluation.corpus import corpus_mapping
from rag.evaluation.floor import Floor, breaches, load_floor
from rag.evaluation.gate import Evaluation, SuiteRun
from rag.evaluation.rendering import (
    minutes,
    report_html,
    report_json,
    report_junit,
    report_markdown,
    report_record,
)
from rag.evaluation.reports import CaseResult, EvalReport, Share, Totals
from rag.evaluation.running import OnProgress, Opened, System, evaluate, run_cases
from rag.evaluation.scoring import (
    FigureResult,
    FigureVerdict,
    Outcome,
    RetrievalScore,
    Score,
    SummaryScore,
    failed_score,
    score_answer,
    score_summary,
)
from rag.evaluation.suites import Suite, chosen, find_suites

__all__ = [
    "CHEAP",
    "Baseline",
    "Case",
    "CaseResult",
    "Control",
    "ControlRun",
    "EvalReport",
    "Evaluation",
    "ExpectedFigure",
    "FigureResult",
    "FigureVerdict",
    "Floor",
    "OnProgress",
    "Opened",
    "Outcome",
    "RetrievalScore",
    "Score",
    "Share",
    "Source",
    "Split",
    "Suite",
    "SuiteRun",
    "SummaryScore",
    "System",
    "Totals",
    "accept",
    "breaches",
    "chosen",
    "corpus_mapping",
    "evaluate",
    "failed_score",
    "find_suites",
    "load_baseline",
    "load_cases",
    "load_floor",
    "minutes",
    "parse_case",
    "report_html",
    "report_json",
    "report_junit",
    "report_markdown",
    "report_record",
    "run_cases",
    "score_answer",
    "score_summary",
    "write_baseline",
]
