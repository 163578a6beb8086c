"""Looking up one figure: the one that two readers point to, if code has nothing against it.

Code finds the sentences whose figures may be the answer. A small network, trained for that, scores
each figure (:mod:`rag.answer_scoring`), and words and times, which code sees better, are added. How
sure that makes the first figure is estimated (:mod:`rag.answering.sureness`). Where it neither is
sure nor can be given up, the chat model reads the few likeliest sentences and tells how likely each
figure is as its reply, and that the text does not state it (:func:`rag.extraction.weigh_replies`).
Nothing is written: a figure comes from its sentence or not at all. Below a bar the articles do not
say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from rag.answering.conflicts import contradictions, rivals
from rag.answering.plausibility import is_plausible, shares_words
from rag.answering.restated import restated
from rag.answering.sureness import Signs, is_tied, sureness
from rag.answering.weighing import (
    Weighed,
    differ,
    likeliest_first,
    likeliest_sentences,
    odds_of,
    place_of,
    scored,
    sentence_of,
)
from rag.answering.wording import wordings
from rag.asking import Asking
from rag.candidates import Candidate
from rag.extraction import passages_around, weigh_replies
from rag.protocols import AnswerScorer, Generator, StopCheck

_MOST_READ = 3
_MOST_WEIGHED = 5
"""Sentences and figures that the chat model is asked of: seconds."""
_AS_LIKELY = 2.3
"""ln 10: how much less likely as a reply another article's figure may be to be said as well."""
_TAUGHT_AS_LIKELY = 2.5
"""The same where the model was taught to read figures and finds it likelier than that the text does
not state it: so 5 of 25 second sides are found, beside 2 by the odds alone, and of 249 questions
that one figure answers none is answered by two but one that was wrong before."""
_ANSWERS_TOO = 0.6
"""Odds of a figure against silence and the others of its article to be shown beside the answer. Of
155 questions that one figure answers, which comes first, one has such a figure; of 25 on which
articles differ 7, each of them the other side."""
_NOTHING = 1e-9
_SURE, _SURE_AS_READ, _SURE_AS_TAUGHT = 0.86, 0.9, 0.86
_HOPELESS = 0.3
"""Sureness from which a figure is said at a glance, when the chat model has read as it is, and as
it was taught; below the last it is not asked. Of 363 questions of which a third have no answer, but
a figure that tempts, each suite told by weights of the others, 100 are answered rightly and 2
wrongly at a glance; read as taught, 56 more are right, 3 wrong. With 0.8 it is 68 and 4, with 0.75
75 and 7. As it is, the model made 24 more right, 2 wrong."""


@dataclass(frozen=True, slots=True)
class Likeliest:
    """The figure that comes first, and what speaks for it."""

    candidate: Candidate
    signs: Signs


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
        scorer: scores the figures; opened on first use.
        reader: reads the sentences where that leaves doubts; opened on first use.
        stop: asked during reading.
    """

    def __init__(
        self,
        asking: Asking,
        candidates: Sequence[Candidate],
        scorer: Callable[[], AnswerScorer],
        reader: Callable[[], Generator],
        stop: StopCheck,
    ) -> None:
        self._asking = asking
        self._candidates = candidates
        self._scorer = scorer
        self._reader = reader
        self._stop = stop
        self._weighed: list[Weighed] | None = None
        self._silence: float | None = None
        self._first_token_s = 0.0

    def find(self, besides: Collection[Candidate] = (), *, sides: bool = False) -> Found:
        """Weigh the figures of the nearest sentences and take the likeliest, if that is sure.

        Args:
            besides: what is known to be the answer to something else.
            sides: whether what contradicts it may be as likely, since it is shown beside it.
        """
        first = self.glance(besides, sides=sides)
        if first and self.is_open(first):
            first = self.read(besides, sides=sides)
        sure = first and self.may_be_shown(first.candidate) and is_sure(first.signs)
        return Found(first.candidate if first and sure else None, self._first_token_s)

    def glance(
        self, besides: Collection[Candidate] = (), *, sides: bool = False
    ) -> Likeliest | None:
        """The figure that comes first by what was read so far, sure or not; as for :meth:`find`."""
        taken = [place_of(candidate) for candidate in besides]
        left = [w for w in self._all() if place_of(w.candidate) not in taken]
        if not left:
            return None
        best, *others = left
        near = [w for w in others if not (sides and self._is_side(best, w))]
        return Likeliest(best.candidate, self._signs(best, near))

    def read(self, besides: Collection[Candidate] = (), *, sides: bool = False) -> Likeliest | None:
        """The same when the chat model has read the likeliest sentences, which it does once."""
        if self._silence is None and self._all():
            self._have_read()
        return self.glance(besides, sides=sides)

    def also_said(self, found: Candidate) -> tuple[Candidate, ...]:
        """The figures of other articles that answer as well, one each."""
        weighed = self._all()
        best = next(w for w in weighed if place_of(w.candidate) == place_of(found))
        said = rivals(found, [w.candidate for w in weighed if self._answers_too(best, w)])
        return tuple(said)

    def is_open(self, first: Likeliest) -> bool:
        """Whether a glance leaves doubts that reading may settle."""
        if self._silence is not None or not self.may_be_shown(first.candidate):
            return False
        return sureness(first.signs) >= _HOPELESS and not is_sure(first.signs)

    def may_be_shown(self, candidate: Candidate) -> bool:
        """Whether a figure passes the gates, those of what was read too where it was."""
        was_read = self._silence is not None
        return is_plausible(self._asking, candidate) and (
            not was_read or shares_words(self._asking, candidate)
        )

    def _all(self) -> list[Weighed]:
        """The figures of the nearest sentences, scored once."""
        if self._weighed is None:
            told = scored(self._asking.text, self._candidates, self._scorer)
            self._weighed = likeliest_first(told)
        return self._weighed

    def _have_read(self) -> None:
        """Have the chat model weigh the likeliest figures of the likeliest sentences."""
        weighed = self._all()
        evidence = likeliest_sentences(weighed)[:_MOST_READ]
        places = {sentence_of(item) for item in evidence}
        read = [w for w in weighed if sentence_of(w.candidate.evidence) in places][:_MOST_WEIGHED]
        reader = self._reader()
        replies = weigh_replies(
            self._asking.text,
            passages_around(evidence),
            [words for w in read for words in wordings(w.candidate)],
            reader,
            self._stop,
        )
        told = {place_of(w.candidate): replies.any_of(wordings(w.candidate)) for w in read}
        unread = min(told.values())
        self._weighed = likeliest_first(
            replace(w, logprob=told.get(place_of(w.candidate), unread), taught=reader.reads_figures)
            for w in weighed
        )
        self._silence = replies.not_stated
        self._first_token_s = replies.duration_s

    def _signs(self, best: Weighed, others: Sequence[Weighed]) -> Signs:
        differing = [w for w in others if differ(best, w)]
        seen = max((w.seen for w in differing), default=-math.inf)
        signs = Signs(
            odds=math.log(odds_of(best, (best, *others)) or _NOTHING),
            ahead=best.seen - seen,
            fit=best.candidate.period_fit,
        )
        if self._silence is None or best.logprob is None:
            return signs
        told = max((w.logprob for w in differing if w.logprob is not None), default=-math.inf)
        return replace(
            signs,
            read_ahead=best.logprob - told,
            ahead_of_silence=best.logprob - self._silence,
            taught=best.taught,
        )

    def _is_side(self, best: Weighed, other: Weighed) -> bool:
        """Whether a figure contradicts another: in the same words, or in another article."""
        one, two = best.candidate, (other.candidate,)
        return bool(
            restated(one, two)
            or contradictions(one, two)
            or (rivals(one, two) and self._answers_too(best, other))
        )

    def _answers_too(self, best: Weighed, other: Weighed) -> bool:
        """Whether it would be the answer of its article, were the best one out of sight."""
        own = other.candidate.evidence.document.id
        left = [
            w for w in self._all() if w.candidate.evidence.document.id == own and differ(best, w)
        ]
        if best.taught and best.logprob is not None and other.logprob is not None:
            least = max(best.logprob - _TAUGHT_AS_LIKELY, self._silence or 0.0)
            if other.logprob >= least:
                return self.may_be_shown(other.candidate)
        odds = odds_of(other, left)
        if best.logprob is not None and other.logprob is not None:
            odds = odds if other.logprob >= best.logprob - _AS_LIKELY else 0.0
        return odds >= _ANSWERS_TOO and self.may_be_shown(other.candidate)


def is_sure(signs: Signs) -> bool:
    """Whether a figure with these signs is said."""
    as_read = _SURE_AS_TAUGHT if signs.taught else _SURE_AS_READ
    bar = _SURE if signs.read_ahead is None else as_read
    return sureness(signs) >= bar and not is_tied(signs)
