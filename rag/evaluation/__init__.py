"""How we know that answers match the documented numbers: cases, scores, a report, a floor."""

from __future__ import annotations

from rag.evaluation.cases import Case, ExpectedFigure, Source, load_cases, parse_case
from rag.evaluation.corpus import corpus_mapping
from rag.evaluation.floor import Floor, breaches, load_floor
from rag.evaluation.rendering import report_json, report_junit, report_markdown
from rag.evaluation.reports import CaseResult, EvalReport, Share, Totals
from rag.evaluation.running import Ask, Evaluation, OnProgress, evaluate, run_cases
from rag.evaluation.scoring import Outcome, Score, score_answer

__all__ = [
    "Ask",
    "Case",
    "CaseResult",
    "EvalReport",
    "Evaluation",
    "ExpectedFigure",
    "Floor",
    "OnProgress",
    "Outcome",
    "Score",
    "Share",
    "Source",
    "Totals",
    "breaches",
    "corpus_mapping",
    "evaluate",
    "load_cases",
    "load_floor",
    "parse_case",
    "report_json",
    "report_junit",
    "report_markdown",
    "run_cases",
    "score_answer",
]
