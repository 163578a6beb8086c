"""Figures with what the readers make of them, and the sentences that are worth reading."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.answering.plausibility import is_verbatim
from rag.asking import Asking
from rag.candidates import Candidate, find_candidates
from rag.evidence import relevance
from rag.figures import Agreement, agree
from rag.protocols import AnswerScorer
from rag.schema import QUANTITIES, Evidence, Retrieval, Span

MOST_SCORED = 16
"""Sentences: half a second."""
_WORDS = 0.3
_TIME = 2.0
_REPLY, _REPLY_TAUGHT = 0.3, 2.0
"""Of a score of rag.candidates, of its fit of times and of the chat model's natural logarithm, as
it is and as it was taught, beside the answer scorer's."""
_OTHER_TIME = 0.5
"""Of a relevance, where all figures of a sentence are of another time."""
_MASS = 0.2
_LEAST_MASS = 0.01
"""Of the logarithm of a sentence's share of all that the answer scorer gives."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate, and what the readers make of it."""

    candidate: Candidate
    score: float
    """Of the answer scorer."""
    logprob: float | None = None
    """That the chat model replies with it; None where it was not asked."""
    taught: bool = False
    """Whether the chat model was taught to read figures."""

    @property
    def seen(self) -> float:
        """What code and the answer scorer see of it together."""
        candidate = self.candidate
        return self.score + _WORDS * candidate.score + _TIME * candidate.period_fit

    @property
    def total(self) -> float:
        """What all see of it together."""
        if self.logprob is None:
            return self.seen
        return self.seen + (_REPLY_TAUGHT if self.taught else _REPLY) * self.logprob


def scored(
    question: str, candidates: Sequence[Candidate], scorer: Callable[[], AnswerScorer]
) -> list[Weighed]:
    """The figures of the nearest sentences with their scores, sentence by sentence."""
    found = by_sentence(candidates)
    if not found:
        return []
    spans = [[c.statement.figure.span for c in figures] for _, figures in found]
    scores = scorer().score(question, [evidence for evidence, _ in found], spans)
    return [
        Weighed(candidate, score)
        for (_, figures), told in zip(found, scores, strict=True)
        for candidate, score in zip(figures, told, strict=True)
    ]


def scored_of_any_kind(
    asking: Asking, retrieval: Retrieval, scorer: Callable[[], AnswerScorer]
) -> list[Weighed]:
    """The same of all quantities that can be quoted, whatever kind the question names."""
    asking = replace(asking, kinds=QUANTITIES | (asking.kinds or frozenset()))
    candidates = [c for c in find_candidates(asking, retrieval.looked_at) if is_verbatim(c)]
    return scored(asking.text, candidates, scorer)


def by_sentence(candidates: Sequence[Candidate]) -> list[tuple[Evidence, list[Candidate]]]:
    """The sentences that are scored, the nearest first, each with its figures."""
    return [
        (item, [c for c in candidates if sentence_of(c.evidence) == sentence_of(item)])
        for item in nearest_sentences(candidates)[:MOST_SCORED]
    ]


def nearest_sentences(candidates: Iterable[Candidate]) -> tuple[Evidence, ...]:
    """The sentences with figures, the nearest to the question first, none twice."""
    ordered = sorted(_nearness(candidates).values(), key=lambda pair: pair[0], reverse=True)
    return tuple(evidence for _, evidence in ordered)


def _nearness(candidates: Iterable[Candidate]) -> dict[tuple[str, int], tuple[float, Evidence]]:
    """How near the sentences of figures are to the question, by where they stand."""
    best: dict[tuple[str, int], tuple[float, Evidence]] = {}
    for candidate in candidates:
        evidence = candidate.evidence
        near = relevance(evidence) - (_OTHER_TIME if candidate.period_fit < 0 else 0.0)
        if near > best.get(sentence_of(evidence), (-1e9, evidence))[0]:
            best[sentence_of(evidence)] = near, evidence
    return best


def likeliest_sentences(weighed: Sequence[Weighed]) -> tuple[Evidence, ...]:
    """Their sentences, those first that are near the question or hold what is scored high."""
    total = 1 + total_of(weighed)
    mass: dict[tuple[str, int], float] = {}
    for item in weighed:
        place = sentence_of(item.candidate.evidence)
        mass[place] = mass.get(place, _LEAST_MASS) + math.exp(item.score) / total
    near = _nearness([item.candidate for item in weighed])
    ordered = sorted(
        near.items(), key=lambda item: item[1][0] + _MASS * math.log(mass[item[0]]), reverse=True
    )
    return tuple(evidence for _, (_, evidence) in ordered)


def place_of(candidate: Candidate) -> tuple[str, int, Span]:
    """Where its figure stands."""
    return *sentence_of(candidate.evidence), candidate.statement.figure.span


def sentence_of(evidence: Evidence) -> tuple[str, int]:
    """Where a sentence stands."""
    return evidence.document.id, evidence.sentence.position


def likeliest_first(weighed: Iterable[Weighed]) -> list[Weighed]:
    """In the order of their totals."""
    return sorted(weighed, key=lambda w: w.total, reverse=True)


def odds_of(best: Weighed, weighed: Sequence[Weighed]) -> float:
    """The odds of a figure, wherever its value stands, against silence and the others of these."""
    same = [w for w in weighed if not differ(best, w)]
    others = [w for w in weighed if differ(best, w)]
    return total_of(same) / (1 + total_of(others))


def total_of(weighed: Iterable[Weighed]) -> float:
    """Their shares, where that of silence is 1."""
    return sum(math.exp(w.score) for w in weighed)


def differ(one: Weighed, other: Weighed) -> bool:
    """Whether their values cannot be the same."""
    figures = one.candidate.statement.figure, other.candidate.statement.figure
    return agree(*figures) is Agreement.DIFFERENT
