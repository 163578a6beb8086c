"""Orders of sentences for a question, and how good they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.benchmarks.searches import Found
from rag.fusion import RANK_CONSTANT
from rag.metrics import wilson_interval

TOP = 10
"""Evidence within this place counts as found."""

Ranking = Callable[[Found], Sequence[int]]
"""From what the searches found to sentences, best first."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """How citeline fuses its searches: the values of rag/retrieval.py, which has them fixed."""

    sentence: float = 1.0
    passage: float = 0.5
    word: float = 1.0
    constant: int = RANK_CONSTANT
    pool: int = 32
    """Sentences whose own vectors are looked at."""

    def __call__(self, found: Found) -> list[int]:
        """Rank by words and passages, then the best of those with their own vectors too."""
        first = fuse([found.dense, found.lexical], [self.passage, self.word], self.constant)
        pool = first[: self.pool]
        nearest = sorted(pool, key=lambda key: -found.similarity[key])
        own = {key: rank for rank, key in enumerate(nearest, start=1)}
        fused = fuse(
            [own, found.dense, found.lexical],
            [self.sentence, self.passage, self.word],
            self.constant,
        )
        return [key for key in fused if key in own]


@dataclass(frozen=True, slots=True)
class WideFusion(Fusion):
    """The same with sentences searched by their own vectors in the whole library."""

    def __call__(self, found: Found) -> list[int]:
        """Rank by the three searches at once."""
        return fuse(
            [found.nearest, found.dense, found.lexical],
            [self.sentence, self.passage, self.word],
            self.constant,
        )


TODAY = Fusion()

RANKINGS: Mapping[str, Ranking] = {
    "words alone": lambda found: list(found.lexical),
    "passages alone": lambda found: list(found.dense),
    "sentences alone": lambda found: list(found.nearest),
    "fused, as citeline does": TODAY,
    "fused, all sentences searched": WideFusion(),
}


@dataclass(frozen=True, slots=True)
class Score:
    """How a ranking did on one question."""

    kind: str
    all_found: bool
    """Whether each piece of evidence is among the first ten."""
    any_found: bool
    reciprocal: float
    """1 / place of the first right sentence; 0 where it was not found at all."""


def fuse(
    rankings: Sequence[Mapping[int, int]], weights: Sequence[float], constant: int
) -> list[int]:
    """Return keys by reciprocal rank fusion, as rag.fusion does, for any constant."""
    scores: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for key, rank in ranking.items():
            scores[key] = scores.get(key, 0.0) + weight / (constant + rank)
    return sorted(scores, key=lambda key: -scores[key])


def score(ranking: Ranking, found: Found) -> Score:
    """Rank the sentences of a question and look where the right ones are."""
    keys = ranking(found)
    first = set(keys[:TOP])
    right = frozenset().union(*found.gold)
    place = next((place for place, key in enumerate(keys, start=1) if key in right), None)
    return Score(
        kind=found.question.kind,
        all_found=all(not first.isdisjoint(group) for group in found.gold),
        any_found=not first.isdisjoint(right),
        reciprocal=1 / place if place else 0.0,
    )


def scores(ranking: Ranking, found: Sequence[Found]) -> list[Score]:
    """Score a ranking on every question."""
    return [score(ranking, one) for one in found]


def share_of(hits: Sequence[bool]) -> str:
    """Return a share with its 95% interval: ``0.75 (0.68–0.81)``."""
    interval = wilson_interval(sum(hits), len(hits))
    if interval is None:
        return "—"
    return f"{sum(hits) / len(hits):.2f} ({interval.low:.2f}–{interval.high:.2f})"


def mean_reciprocal(found: Sequence[Score]) -> float:
    """Mean reciprocal rank; 0 where there is nothing to measure."""
    return sum(s.reciprocal for s in found) / len(found) if found else 0.0
