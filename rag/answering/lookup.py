"""Looking up one figure: the one that the chat model would copy, if code has nothing against it.

Code chooses the few sentences whose figures may be the answer. The model reads them at once and
tells how likely each figure is as its reply, and that the text does not state it
(:func:`rag.extraction.weigh_replies`). Nothing is written: a figure comes from its sentence or not
at all. Words and times, which code sees better, are added up with it. How sure that makes the
first figure is estimated from all of these signs (:mod:`rag.answering.sureness`); below a bar the
articles do not say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from rag.answering.conflicts import contradictions, rivals
from rag.answering.plausibility import is_plausible
from rag.answering.restated import restated
from rag.answering.sureness import Signs, sureness
from rag.answering.wording import wordings
from rag.asking import Asking
from rag.candidates import Candidate
from rag.evidence import relevance
from rag.extraction import Replies, passages_around, weigh_replies
from rag.figures import Agreement, agree
from rag.protocols import Generator, StopCheck
from rag.schema import Evidence, Span

_MOST_SENTENCES = 4
"""What is read takes time: a sentence and the one before it are 50 tokens."""
_WORDS = 0.4
_TIME = 2.0
"""Of a score of rag.candidates, and of its fit of times, beside a natural logarithm."""
_OTHER_TIME = 0.5
"""Of a relevance, where all figures of a sentence are of another time."""
_AS_LIKELY = 2.3
"""ln 10: how much less likely another article's figure may be to be said as well."""
_BAR = 0.72
"""Sureness below which the articles do not say. Of 123 questions with an answer and 71 without, by
other hands, 48 are answered rightly at 0.72 and 10 wrongly; at 0.84 it is 29 and 2, at 0.6 62 and
13."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate and how likely the model finds it as its reply."""

    candidate: Candidate
    logprob: float

    @property
    def total(self) -> float:
        """What code and model see of it together."""
        candidate = self.candidate
        return self.logprob + _WORDS * candidate.score + _TIME * candidate.period_fit


@dataclass(frozen=True, slots=True)
class Found:
    """The figure that a question asks for, or none."""

    candidate: Candidate | None
    first_token_s: float


class Lookup:
    """Finds the figure of one question.

    Args:
        asking: the question.
        candidates: likeliest first.
        generator: reads the sentences; opened on first use.
        stop: asked during reading.
    """

    def __init__(
        self,
        asking: Asking,
        candidates: Sequence[Candidate],
        generator: Callable[[], Generator],
        stop: StopCheck,
    ) -> None:
        self._asking = asking
        self._candidates = candidates
        self._generator = generator
        self._stop = stop
        self._replies: Replies | None = None
        self._weighed: list[Weighed] = []

    def find(self, besides: Collection[Candidate] = (), *, sides: bool = False) -> Found:
        """Weigh the figures of the nearest sentences and take the likeliest, if that is sure.

        Args:
            besides: what is known to be the answer to something else.
            sides: whether what contradicts it may be as likely, since it is shown beside it.
        """
        likeliest = self.likeliest(besides, sides=sides)
        first_token_s = self._replies.duration_s if self._replies else 0.0
        if likeliest is None:
            return Found(None, first_token_s)
        candidate, signs = likeliest
        sure = is_plausible(self._asking, candidate) and sureness(signs) >= _BAR
        return Found(candidate if sure else None, first_token_s)

    def likeliest(
        self, besides: Collection[Candidate] = (), *, sides: bool = False
    ) -> tuple[Candidate, Signs] | None:
        """The figure that comes first, sure or not, and what speaks for it; as for :meth:`find`."""
        replies = self._read()
        taken = [place_of(candidate) for candidate in besides]
        left = [w for w in self._weighed if place_of(w.candidate) not in taken]
        if replies is None or not left:
            return None
        best, *others = left
        near = [w for w in others if not (sides and self._is_side(best, w))]
        return best.candidate, self._signs(best, near, replies)

    def also_said(self, found: Candidate) -> tuple[Candidate, ...]:
        """The figures of other articles that the model finds nearly as likely."""
        said = []
        for beside in rivals(found, [w.candidate for w in self._weighed]):
            likely = [w for w in self._weighed if w.candidate in beside and self._may_be_said(w)]
            if likely:
                said.append(likely[0].candidate)
        return tuple(said)

    def _read(self) -> Replies | None:
        """Have the nearest sentences read, once; None where no figure of them may be shown."""
        if self._replies is None:
            evidence = nearest_sentences(self._candidates)
            places = {_place(item) for item in evidence}
            read = [c for c in self._candidates if _place(c.evidence) in places]
            if not any(is_plausible(self._asking, candidate) for candidate in read):
                return None
            self._replies = weigh_replies(
                self._asking.text,
                passages_around(evidence),
                [words for c in read for words in wordings(c)],
                self._generator(),
                self._stop,
            )
            weighed = (Weighed(c, self._replies.any_of(wordings(c))) for c in read)
            self._weighed = sorted(weighed, key=lambda w: w.total, reverse=True)
        return self._replies

    def _signs(self, best: Weighed, others: Iterable[Weighed], replies: Replies) -> Signs:
        rival = next((w for w in others if _differ(best, w)), None)
        return Signs(
            ahead=best.total - rival.total if rival else math.inf,
            ahead_of_silence=best.logprob - replies.not_stated,
            singled_out=best.candidate.singled_out,
        )

    def _is_side(self, best: Weighed, other: Weighed) -> bool:
        """Whether a figure contradicts another: in the same words, or in another article."""
        one, two = best.candidate, (other.candidate,)
        return bool(
            restated(one, two)
            or contradictions(one, two)
            or (self._may_be_said(other) and rivals(one, two))
        )

    def _may_be_said(self, weighed: Weighed) -> bool:
        """Whether it is nearly as likely as the likeliest, and nothing speaks against it."""
        likeliest = max(w.logprob for w in self._weighed)
        near = weighed.logprob >= likeliest - _AS_LIKELY
        return near and is_plausible(self._asking, weighed.candidate)


def nearest_sentences(candidates: Iterable[Candidate]) -> tuple[Evidence, ...]:
    """The sentences with figures that are nearest to the question, none twice."""
    best: dict[tuple[str, int], tuple[float, Evidence]] = {}
    for candidate in candidates:
        evidence = candidate.evidence
        near = relevance(evidence) - (_OTHER_TIME if candidate.period_fit < 0 else 0.0)
        if near > best.get(_place(evidence), (-1e9, evidence))[0]:
            best[_place(evidence)] = near, evidence
    ordered = sorted(best.values(), key=lambda pair: pair[0], reverse=True)
    return tuple(evidence for _, evidence in ordered[:_MOST_SENTENCES])


def place_of(candidate: Candidate) -> tuple[str, int, Span]:
    """Where its figure stands."""
    return *_place(candidate.evidence), candidate.statement.figure.span


def _place(evidence: Evidence) -> tuple[str, int]:
    return evidence.document.id, evidence.sentence.position


def _differ(one: Weighed, other: Weighed) -> bool:
    figures = one.candidate.statement.figure, other.candidate.statement.figure
    return agree(*figures) is Agreement.DIFFERENT
