"""What could be answered without saying more falsehoods than one is ready to accept.

Answers are ordered by the confidence that goes with them; keeping only those above a threshold
gives up coverage and wins truth (R. El-Yaniv and Y. Wiener, On the foundations of noise-free
selective classification, JMLR 11, 2010). With n questions, of which k are answered with a
confidence of at least t and w of these wrong:

coverage(t) = k / n,  wrong share(t) = w / k, and 0 where nothing is answered

A curve that falls to the left says that the confidence knows what it does not know; a level one
says that it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.evaluation.reports import CaseResult
from rag.evaluation.scores import Outcome
from rag.evidence import relevance
from rag.schema import Answer, Citation, Evidence, Status

ACCEPTED = (0.0, 0.01, 0.02, 0.05)
"""Wrong shares at which coverage is told."""

_WRONG = frozenset({Outcome.WRONG, Outcome.ANSWERED_UNANSWERABLE})


@dataclass(frozen=True, slots=True)
class Point:
    """The answers above one threshold."""

    answered: int
    wrong: int
    confidence: float
    """The least among them."""

    @property
    def risk(self) -> float:
        """Wrong ones of the answered, w / k; a point has at least one answer."""
        return self.wrong / self.answered


@dataclass(frozen=True, slots=True)
class Curve:
    """Every threshold that tells answers apart, the strictest first."""

    questions: int
    answerable: int
    points: tuple[Point, ...]

    def coverage(self, point: Point) -> float:
        """Answered of all questions, k / n; where there is a point there is a question."""
        return point.answered / self.questions

    def best(self, accepted: float) -> Point | None:
        """Return the most that is answered at no more than a wrong share; None for nothing.

        The threshold is chosen after the fact: on other questions it may give more falsehoods.
        """
        fitting = [point for point in self.points if point.risk <= accepted]
        return fitting[-1] if fitting else None


def confidence(answer: Answer) -> float:
    """Return how sure an answer may be: the relevance of the least relevant sentence it cites.

    A chain holds no more than its weakest link. What cites nothing that was found has none: 0.
    """
    cited = [_cited(citation, answer.evidence) for citation in answer.citations]
    return min((0.0 if one is None else relevance(one) for one in cited), default=0.0)


def curve(results: Sequence[CaseResult]) -> Curve:
    """Return the curve of the questions of a run; summaries are not among them.

    A question that an error stopped is not answered. Answers of equal confidence stand and fall
    together.
    """
    asked = [result for result in results if result.case.summarize is None]
    given = [
        (confidence(result.answer), result.score.outcome in _WRONG)
        for result in asked
        if result.answer is not None and result.answer.status is not Status.ABSTAINED
    ]
    points: list[Point] = []
    answered = wrong = 0
    ordered = sorted(given, key=lambda one: -one[0])
    for threshold, alike in groupby(ordered, key=lambda one: one[0]):
        verdicts = [is_wrong for _, is_wrong in alike]
        answered, wrong = answered + len(verdicts), wrong + sum(verdicts)
        points.append(Point(answered, wrong, threshold))
    return Curve(len(asked), sum(r.case.answerable for r in asked), tuple(points))


def _cited(citation: Citation, evidence: Sequence[Evidence]) -> Evidence | None:
    for one in evidence:
        same = one.document.id == citation.document.id
        if same and one.sentence.span.overlaps(citation.span):
            return one
    return None
