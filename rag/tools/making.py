"""The pipeline's values as results of tools."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import (
    Answer,
    CheckedDraft,
    Retrieval,
    StatedFigure,
    Summary,
)
from rag.serialization import (
    answer_json,
    draft_json,
    evidence_json,
    stated_figure_json,
    summary_json,
)
from rag.tools import results


def answered(answer: Answer) -> results.AnswerResult:
    """An answer, as ``rag ask --json`` prints it but for the time that it took."""
    return results.AnswerResult.model_validate(answer_json(answer))


def found(retrieval: Retrieval) -> results.SearchResult:
    """What a question finds."""
    return results.SearchResult(
        question=retrieval.question,
        read_as=retrieval.read_as,
        evidence=[results.Found.model_validate(evidence_json(e)) for e in retrieval.evidence],
        embedded_share=retrieval.embedded_share,
    )


def tabulated(
    about: str | None, figures: Sequence[StatedFigure], limit: int
) -> results.FiguresResult:
    """The first figures of a table, and how many there are."""
    return results.FiguresResult(
        about=about, figures=[_row(each) for each in figures[:limit]], total=len(figures)
    )


def checked(draft: CheckedDraft) -> results.CheckResult:
    """A draft, as ``rag check --json`` prints it but for its text and the time that it took."""
    return results.CheckResult.model_validate(draft_json(draft))


def summed_up(summary: Summary) -> results.SummaryResult:
    """A summary, as ``rag summarize --json`` prints it but for the time that it took."""
    return results.SummaryResult.model_validate(summary_json(summary))


def _row(stated: StatedFigure) -> results.StatedFigure:
    return results.StatedFigure.model_validate(stated_figure_json(stated))
