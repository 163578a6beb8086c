"""Sentences that say the same in the same words, with another figure in its place."""

from __future__ import annotations

from collections.abc import Sequence

from rag.candidates import Candidate
from rag.figures import Agreement, agree

_MOST = 2


def restated(found: Candidate, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Figures that stand in the place of the answer's in otherwise the same sentence.

    In a copy of the article, in another one or in the article itself, which then contradicts
    itself: no model is needed to see that, and none may choose among them.
    """
    frame = _frame(found)
    said = (
        other
        for other in candidates
        if other.evidence is not found.evidence
        and _frame(other) == frame
        and _period(other) == _period(found)
        and agree(found.statement.figure, other.statement.figure) is Agreement.DIFFERENT
    )
    by_value = {other.statement.figure.value: other for other in said}
    return tuple(by_value.values())[:_MOST]


def _frame(candidate: Candidate) -> tuple[str, ...]:
    """The words of its sentence without its figure, with no regard to case and spaces."""
    text, span = candidate.sentence, candidate.statement.figure.span
    return (*text[: span.start].casefold().split(), "", *text[span.end :].casefold().split())


def _period(candidate: Candidate) -> object:
    """The days that it speaks of: a weekly report has the same words every week."""
    period = candidate.statement.period
    return period and (period.first, period.last)
