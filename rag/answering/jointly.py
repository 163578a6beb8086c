"""Several figures found by the whole question, where grammar does not break it up.

The answer scorer has learnt which figures a list, a comparison or a computation is made of. It
reads once; the likeliest figure is taken, then the likeliest of what is left, as it was trained:
one at a time, the others out of sight.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from rag.answering.weighing import Weighed, differ, odds_of, scored_of_any_kind
from rag.asking import Asking
from rag.candidates import Candidate
from rag.protocols import AnswerScorer
from rag.schema import Retrieval

_MOST_PICKED = 4
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Picked:
    """A figure that a question is about, and how much speaks for it."""

    candidate: Candidate
    odds: float
    """Natural logarithm of its odds against silence and what is not picked up to it. Those before
    it have no less, where it is picked as well."""


def picked(
    asking: Asking,
    retrieval: Retrieval,
    scorer: Callable[[], AnswerScorer],
    *,
    alike: bool = False,
) -> tuple[Picked, ...]:
    """The figures that a question is about, likeliest first, each with another value.

    Args:
        asking: the question; what kind of figure it names does not count.
        retrieval: what it found.
        scorer: scores the figures; opened on first use.
        alike: whether all must be of the kind and unit of the first.
    """
    weighed = scored_of_any_kind(asking, retrieval, scorer)
    left = sorted(weighed, key=lambda w: w.score, reverse=True)
    found: list[Picked] = []
    while left and len(found) < _MOST_PICKED:
        best = left[0]
        found.append(Picked(best.candidate, math.log(odds_of(best, left) or _NOTHING)))
        left = [w for w in left if differ(best, w) and (not alike or _of_one_kind(best, w))]
    return tuple(found)


def _of_one_kind(one: Weighed, other: Weighed) -> bool:
    figures = [weighed.candidate.statement.figure for weighed in (one, other)]
    return len({(figure.kind, figure.unit) for figure in figures}) == 1
