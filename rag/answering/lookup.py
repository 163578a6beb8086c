"""Looking up one figure: the order of code and the model's likelihoods, added up.

Code puts figures in the order of their words, names and times; the model tells how likely the
question is as the one that each figure answers (:mod:`rag.query_likelihood`). Their sum decides.
A figure is found where it explains enough of the question, stands out from all others and has
nothing in its words or its time against it. Where two figures of one sentence are too near each
other, the model copies the answer out of their sentence, and that has to be one of the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.answering.conflicts import contradictions, rivals
from rag.answering.plausibility import is_plausible, named_elsewhere
from rag.answering.restated import restated
from rag.answering.wording import stated_text
from rag.asking import Asking
from rag.candidates import Candidate
from rag.extraction import extract, in_context
from rag.figures import Agreement, agree, find_figures
from rag.protocols import Generator, StopCheck
from rag.query_likelihood import Explained, QuestionLikelihood
from rag.question import core, is_terse
from rag.schema import Figure, Span
from rag.sense import denies, may_deny
from rag.words import stems

# Chosen on the development cases, with and without an answer: a change is measured there.
_WEIGHT = 0.5
"""Of a likelihood (natural logarithm) beside a score of rag.candidates."""
_LEAST_BORNE_OUT = 0.6
"""Gain and half the share of the question's topic in the sentence and the one before it. Of 63
right figures of the development cases 53 reach it, of 33 others 7, before gates and ties."""
_LEAST_TERSE = 0.44
"""The same for keywords, which no question is made of that a model would write."""
_LEAST_TOPIC = 0.2
_SURE_GAIN = 0.5
"""Share at which a sentence that is ahead of all others is read alone."""
_AHEAD = 1.5
"""Score by which it has to be ahead."""
_NEAR = 3.0
"""Score within which of the first a sentence is read at all."""
_STANDS_OUT = 1.0
"""How much the sum has to be above that of any other figure."""
_STANDS_OUT_TWICE = 0.25
"""And where the model was asked again, with the words beside each figure."""
_AS_MUCH = 0.18
"""How much less of the question another article's figure may explain to be said as well."""
_PARTING = re.compile(r"[,;:]\s|\s[–—-]\s|—")
_MOST_SENTENCES = 3
_MOST_FIGURES = 4
"""Of a sentence: what is read takes time."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate and what the model makes of it."""

    candidate: Candidate
    explained: Explained

    @property
    def total(self) -> float:
        """What code and model see of it together."""
        return self.candidate.score + _WEIGHT * self.explained.logprob


@dataclass(frozen=True, slots=True)
class Found:
    """The figure that a question asks for, or none."""

    candidate: Candidate | None
    first_token_s: float
    gain: float = 0.0
    """Share of the question that it explains."""


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
        self._plausible = [c for c in candidates if is_plausible(asking, c)]
        self._generator = generator
        self._stop = stop
        self._likelihood: QuestionLikelihood | None = None
        self._weighed: list[Weighed] | None = None

    def find(self, besides: Collection[Candidate] = (), *, sides: bool = False) -> Found:
        """Weigh the figures of the likeliest sentences and take the one that stands out.

        Args:
            besides: what is known to be the answer to something else.
            sides: whether what contradicts it may be as likely, since it is shown beside it.
        """
        if self._weighed is None:
            self._weighed = self._weigh()
        if not self._weighed:
            return Found(None, 0.0)
        first_s = self._weighed[0].explained.duration_s
        taken = [place_of(candidate) for candidate in besides]
        left = [w for w in self._weighed if place_of(w.candidate) not in taken]
        left.sort(key=lambda w: w.total, reverse=True)
        trusted = [w for w in left if self._is_trusted(w.candidate)]
        # What has words or time against it is not the answer, nor is what it outdoes by far.
        if not trusted or left[0].total > trusted[0].total + _STANDS_OUT:
            return Found(None, first_s)
        best, *others = trusted
        if not self._is_borne_out(best):
            return Found(None, first_s)
        near = [
            w
            for w in others
            if _rivals(best, w, _STANDS_OUT) and not (sides and self._is_side(best, w))
        ]
        found = self._told_apart(best, near) if near else best
        if found is None:
            return Found(None, first_s)
        return Found(found.candidate, first_s, found.explained.gain)

    def also_said(
        self, others: Iterable[Sequence[Candidate]], gain: float
    ) -> tuple[Candidate, ...]:
        """The figures of other articles that explain as much of the question.

        Args:
            others: of each article the figures of one sentence.
            gain: share that the answer explains.
        """
        said = []
        for beside in others:
            plausible = [c for c in beside if is_plausible(self._asking, c)][:_MOST_FIGURES]
            weighed = [Weighed(c, self._explain(c)) for c in plausible]
            if not weighed:
                continue
            best = max(weighed, key=lambda w: w.total)
            as_much = best.explained.gain >= gain - _AS_MUCH
            if as_much and self._is_borne_out(best) and self._is_trusted(best.candidate):
                said.append(best.candidate)
        return tuple(said)

    def _is_side(self, best: Weighed, other: Weighed) -> bool:
        """Whether a figure contradicts another: in the same words, or in another article."""
        one, two = best.candidate, (other.candidate,)
        as_much = other.explained.gain >= best.explained.gain - _AS_MUCH
        return bool(
            restated(one, two)
            or contradictions(one, two)
            or (as_much and self._is_borne_out(other) and rivals(one, two))
        )

    def _weigh(self) -> list[Weighed]:
        """What may be the answer: of each sentence the first figure, of the best one all.

        Figures of one sentence are told apart by little, sentences by much, so that the others of
        a sentence that is behind need not be read.
        """
        heads: list[tuple[Weighed, list[Candidate]]] = []
        for head, *others in self._sentences():
            ahead = self._plausible[0].score - head.score > _AHEAD
            if heads and ahead and max(w.explained.gain for w, _ in heads) >= _SURE_GAIN:
                break
            heads.append((Weighed(head, self._explain(head)), others))
        if not heads:
            return []
        _, others = max(heads, key=lambda pair: pair[0].total)
        return [*(w for w, _ in heads), *(Weighed(c, self._explain(c)) for c in others)]

    def _sentences(self) -> list[list[Candidate]]:
        """The figures of each sentence that is worth reading, likeliest first."""
        of_sentence: dict[tuple[str, int], list[Candidate]] = {}
        for candidate in self._plausible:
            if candidate.score >= self._plausible[0].score - _NEAR:
                evidence = candidate.evidence
                place = evidence.document.id, evidence.sentence.position
                of_sentence.setdefault(place, []).append(candidate)
        found = list(of_sentence.values())[:_MOST_SENTENCES]
        return [beside[:_MOST_FIGURES] for beside in found]

    def _explain(self, candidate: Candidate, figure: str = "") -> Explained:
        """How much of the question its figure explains, in these words or as it is stated."""
        if self._likelihood is None:
            self._likelihood = QuestionLikelihood(
                core(self._asking.text), self._generator(), self._stop
            )
        evidence = candidate.evidence
        sentences = (*(s for s in evidence.before[-1:] if not s.boilerplate), evidence.sentence)
        shown = figure or stated_text(candidate)
        return self._likelihood.of(shown, evidence.document, sentences)

    def _told_apart(self, best: Weighed, near: Sequence[Weighed]) -> Weighed | None:
        """The likeliest of figures that are near each other, if a second look bears it out.

        Their likelihoods are taken again with the words beside each; where that tells too little
        as well, the model has to copy the same figure out of their sentence.
        """
        evidence = best.candidate.evidence
        own = best.candidate.own
        if any(w.candidate.evidence is not evidence or w.candidate.own == own for w in near):
            return None  # "with 26,890 to 26,280": nothing tells which of the two is meant
        again = sorted(map(self._again, (best, *near)), key=lambda w: w.total, reverse=True)
        first, second = again[:2]
        if not self._is_trusted(first.candidate):
            return None
        if not _rivals(first, second, _STANDS_OUT_TWICE) or self._copies(first):
            return first
        return None

    def _again(self, weighed: Weighed) -> Weighed:
        """The same with the mean of two likelihoods, the second with the words of the figure."""
        candidate, once = weighed.candidate, weighed.explained
        twice = self._explain(candidate, f"{stated_text(candidate)} (“{_own_words(candidate)}”)")
        mean = (once.logprob + twice.logprob) / 2
        return Weighed(candidate, replace(once, logprob=mean))

    def _copies(self, best: Weighed) -> bool:
        """Whether the model, asked for the answer, copies this figure and no other."""
        evidence = best.candidate.evidence
        copied = extract(
            self._asking.text,
            evidence.document,
            in_context(evidence),
            self._generator(),
            self._stop,
        )
        figures = [f for f in find_figures(copied.text) if f.kind in (self._asking.kinds or ())]
        return bool(figures) and _is_same(figures[0], best.candidate)

    def _is_borne_out(self, weighed: Weighed) -> bool:
        """Whether the figure and its sentence explain enough of the question."""
        evidence = weighed.candidate.evidence
        said = " ".join([*(s.text for s in evidence.before[-1:]), evidence.sentence.text])
        topic, gain = self._asking.topic_share(stems(said)), weighed.explained.gain
        # What is counted may be put in other words, if all else says so: "58,217 came".
        counts = self._asking.counted <= set(stems(f"{evidence.document.title or ''} {said}"))
        doubtful = not counts or named_elsewhere(self._asking, evidence)
        if topic < _LEAST_TOPIC or (doubtful and gain < _SURE_GAIN):
            return False
        least = _LEAST_TERSE if is_terse(self._asking.text) else _LEAST_BORNE_OUT
        return gain + topic / 2 >= least

    def _is_trusted(self, candidate: Candidate) -> bool:
        """Whether neither its words deny what is asked, nor another's time is the better one."""
        if _turned(core(self._asking.text), candidate):
            return False
        for rival in self._candidates:
            beside = rival is not candidate and rival.evidence is candidate.evidence
            if beside and rival.period_fit > candidate.period_fit + 0.5:
                return False
            if rival.period_fit >= 1 > candidate.period_fit and rival.score > candidate.score:
                return False
        return True


def place_of(candidate: Candidate) -> tuple[str, int, Span]:
    """Where its figure stands."""
    evidence = candidate.evidence
    span = candidate.statement.figure.span
    return evidence.document.id, evidence.sentence.position, span


def _rivals(best: Weighed, other: Weighed, margin: float) -> bool:
    """Whether another figure is too near to be told from the best."""
    if other.total < best.total - margin:
        return False
    figure, second = best.candidate.statement.figure, other.candidate.statement.figure
    return agree(figure, second) is Agreement.DIFFERENT


def _own_words(candidate: Candidate) -> str:
    return candidate.sentence[candidate.own.start : candidate.own.end]


def _turned(asked: str, candidate: Candidate) -> bool:
    """Whether one says that something is not so and the other has nothing of the kind."""
    if denies(asked):
        return not may_deny(_own_words(candidate))
    return denies(_said_of(candidate)) and not may_deny(asked)


def _said_of(candidate: Candidate) -> str:
    """The words around its figure, as far as no comma or dash parts them from it."""
    text, span = candidate.sentence, candidate.statement.figure.span
    before = _PARTING.split(text[candidate.own.start : span.start])[-1]
    return before + _PARTING.split(text[span.start : candidate.own.end])[0]


def _is_same(figure: Figure, candidate: Candidate) -> bool:
    """Whether a figure that was copied is the candidate's, with its unit left out or not."""
    stated = candidate.statement.figure
    return figure.value == stated.value or agree(figure, stated) in {
        Agreement.EXACT,
        Agreement.BOUND_LOST,
    }
