"""Looking up one figure: two ways that must agree, the order of code and the model's reading.

The model is asked about the likeliest sentence in its context. What it copies counts where it is
the figure that code puts first and that stands out; else it reads all of the article that is near
the question as well, and its two readings, or one and code's choice, have to be the same figure.
On 64 questions of the development cases with figures and 38 without an answer each way alone is
wrong 8 to 12 times; where two agree, 2 times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answering.plausibility import is_plausible
from rag.asking import Asking
from rag.candidates import Candidate
from rag.extraction import Extract, extract, in_context, passage_around
from rag.figures import Agreement, agree, find_figures
from rag.protocols import Generator, StopCheck
from rag.question import core
from rag.schema import Evidence, Figure
from rag.sense import denies

# Scores (rag.candidates) and probabilities, chosen on the development cases: a change is measured
# there, with and without an answer.
_STRONG = 8.0
"""Score of a candidate whose choice by code and by the model alone is enough."""
_SURE = 0.3
"""Probability of a reading that counts by itself, beside code's choice."""
_LIKELY = 0.15
"""And of one that another reading has to bear out."""
_POINTED = 0.1
"""Share of the question's words that point to another figure of the sentence."""
_NEAR_BEST = 2.5
"""How far behind code's choice the figure may be that the model copies twice."""
_TIE = 0.3
"""Of two figures of one sentence that score alike, the one that is copied is the first."""
_PASSAGE_SENTENCES = 4
"""Of an article, each with the one before it: what is read takes time."""


@dataclass(frozen=True, slots=True)
class Found:
    """The figure that a question asks for, or none, and what the model was heard to say."""

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
        self._plausible = [c for c in candidates if is_plausible(asking, c)]
        self._generator = generator
        self._stop = stop

    def find(self) -> Found:
        """Look in the likeliest sentence, then in its article, then once more for a tie."""
        if not self._plausible:
            return Found(None, 0.0)
        best = self._plausible[0]
        first = self._read([best])
        beside = [c for c in self._candidates if c.evidence is best.evidence]
        alone = self._pointed_to(self._meant(first, beside))
        if alone and alone.score >= best.score - _TIE:
            best = alone
        if alone is best and first.probability >= _SURE and self._stands_out(best):
            return Found(best, first.first_token_s)
        whole = self._read(self._near(best), whole=True)
        meant = self._pointed_to(self._meant(whole, self._candidates))
        if meant is None or whole.probability < _LIKELY or not self._is_trusted(meant):
            return Found(None, first.first_token_s)
        agreed = meant is best or meant is alone or self._again(meant, best)
        return Found(meant if agreed else None, first.first_token_s)

    def given_in(self, prose: str) -> tuple[Figure, ...]:
        """The figures of prose that could be the answer, which the question does not name."""
        kinds = self._asking.kinds or frozenset()
        return tuple(
            figure
            for figure in find_figures(prose)
            if figure.kind in kinds
            and not any(agree(figure, named) is Agreement.EXACT for named in self._asking.figures)
        )

    def told_by(self, figures: Sequence[Figure], evidence: Evidence) -> Candidate | None:
        """The one figure of a sentence that prose about it gives, if it may be meant."""
        beside = [c for c in self._plausible if c.evidence is evidence and self._is_trusted(c)]
        told = [c for c in beside if all(is_same(figure, c) for figure in figures)]
        return told[0] if figures and told else None

    def _pointed_to(self, copied: Candidate | None) -> Candidate | None:
        """The figure that was copied, or the one beside it that the question points to.

        A small model that finds the right sentence takes the wrong one of its figures as often as
        not. Where the time that is asked for, or words of the question, are another figure's own,
        that one is meant: of "19,870 in 2022, down from 24,310 in 2019" in 2019 the second.
        """
        if copied is None:
            return None
        beside = [
            c
            for c in self._plausible
            if c.evidence is copied.evidence and _is_alike(c.statement.figure, copied)
        ]
        timely = [c for c in beside if c.period_fit >= 1]
        if len(timely) == 1 and copied.period_fit < 0:
            return timely[0]
        pointed = [c for c in beside if c.singled_out >= _POINTED]
        outdone = copied.outdone >= _POINTED > copied.singled_out
        if len(pointed) == 1 and outdone and pointed[0].period_fit >= copied.period_fit:
            return pointed[0]
        return copied if copied in self._plausible else None

    def also_said(self, others: Sequence[Sequence[Candidate]]) -> tuple[Candidate, ...]:
        """The figures of other articles that the model reads as an answer as well.

        Args:
            others: of each article the figures of one sentence.
        """
        said = []
        for beside in others:
            alone = self._read([beside[0]])
            meant = self._pointed_to(self._meant(alone, beside))
            if meant and alone.probability >= _SURE and self._is_trusted(meant):
                said.append(meant)
        return tuple(said)

    def _reads(self, candidate: Candidate) -> bool:
        """Whether the model copies the candidate from its own sentence."""
        alone = self._read([candidate])
        return alone.probability >= _SURE and self._meant(alone, [candidate]) is candidate

    def _read(self, candidates: Sequence[Candidate], *, whole: bool = False) -> Extract:
        evidence = [c.evidence for c in candidates]
        sentences = passage_around(evidence) if whole else in_context(evidence[0])
        return extract(
            self._asking.text, evidence[0].document, sentences, self._generator(), self._stop
        )

    def _near(self, best: Candidate) -> list[Candidate]:
        """The likeliest candidate of each of the nearest sentences of an article."""
        of_sentence: dict[int, Candidate] = {}
        for candidate in self._candidates:
            if candidate.evidence.document.id == best.evidence.document.id:
                of_sentence.setdefault(candidate.evidence.sentence.position, candidate)
        return list(of_sentence.values())[:_PASSAGE_SENTENCES]

    def _meant(self, extract: Extract, among: Sequence[Candidate]) -> Candidate | None:
        """The likeliest candidate whose figure was copied."""
        copied = find_figures(extract.text)
        return next(
            (c for c in among if any(is_same(figure, c) for figure in copied)),
            None,
        )

    def _stands_out(self, best: Candidate) -> bool:
        """Whether code's first choice needs no more than the model's word for it."""
        pointed = best.singled_out >= _POINTED
        return (best.score >= _STRONG or pointed) and self._is_trusted(best)

    def _is_trusted(self, candidate: Candidate) -> bool:
        """Whether no other candidate has better words beside it, or a better period."""
        if candidate.outdone >= _POINTED and candidate.singled_out < candidate.outdone:
            return False
        if denies(core(self._asking.text)) is not denies(_own_words(candidate)):
            return False
        for rival in self._candidates:
            beside = rival is not candidate and rival.evidence is candidate.evidence
            if beside and _is_mistakable(candidate, rival):
                return False
            if beside and rival.period_fit > candidate.period_fit + 0.5:
                return False
            if rival.period_fit >= 1 > candidate.period_fit and rival.score > candidate.score:
                return False
        return True

    def _again(self, meant: Candidate, best: Candidate) -> bool:
        """Whether the model copies the figure from its own sentence too."""
        if meant.evidence is best.evidence or meant.score < best.score - _NEAR_BEST:
            return False
        return self._reads(meant)


def _own_words(candidate: Candidate) -> str:
    return candidate.sentence[candidate.own.start : candidate.own.end]


def _is_mistakable(candidate: Candidate, rival: Candidate) -> bool:
    """Whether a figure beside it may be meant as well, for all that words and times tell.

    "With 26,890 to 26,280": nothing tells which of the two is meant. And of two of a kind the
    first has the subject of the sentence; the second has to have the question's time or a word of
    its own to be the one.
    """
    if not _is_alike(rival.statement.figure, candidate):
        return False
    if rival.own == candidate.own:
        return True
    later = candidate.own.start > 0
    return later and not candidate.singled_out and candidate.period_fit <= rival.period_fit


def _is_alike(figure: Figure, candidate: Candidate) -> bool:
    """Whether a figure measures what the candidate's does, as far as kind and unit tell."""
    other = candidate.statement.figure
    units = {figure.unit, other.unit}
    return figure.kind is other.kind and (len(units) == 1 or "" in units)


def is_same(figure: Figure, candidate: Candidate) -> bool:
    """Whether a figure that was copied is the candidate's, with its unit left out or not."""
    stated = candidate.statement.figure
    return figure.value == stated.value or agree(figure, stated) in {
        Agreement.EXACT,
        Agreement.BOUND_LOST,
    }
