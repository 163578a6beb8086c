"""Rank fusion: one order out of several searches whose scores cannot be compared."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

# Cormack, Clarke & Buettcher (SIGIR 2009) use 60 for lists of a thousand; for lists of 30 hits
# a smaller constant lets the first places count for more.
RANK_CONSTANT = 20


def reciprocal_rank_fusion(
    rankings: Sequence[Mapping[Key, int]], weights: Sequence[float]
) -> dict[Key, float]:
    """Return the fused score of each key, best first; equal scores keep the order of arrival.

    score(k) = sum over rankings r that have k of weight(r) / (RANK_CONSTANT + rank(r, k))

    Args:
        rankings: rank by key, counted from 1.
        weights: one a ranking.

    >>> list(reciprocal_rank_fusion([{"a": 1, "b": 2}, {"b": 1}], [1.0, 1.0]))
    ['b', 'a']
    """
    scores: dict[Key, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for key, rank in ranking.items():
            scores[key] = scores.get(key, 0.0) + weight / (RANK_CONSTANT + rank)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))
