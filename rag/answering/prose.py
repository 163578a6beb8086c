"""Answers in the model's own words, from one sentence at a time: who, where, why and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.drafts import Attempt, Draft
from rag.binding import bare_figure, meant_figure
from rag.citations import strip_markers
from rag.evidence import as_stated
from rag.extraction import declines
from rag.figures import Agreement, agree
from rag.prompts import answer_messages
from rag.protocols import Generator, StopCheck, Verifier
from rag.schema import Evidence, GenerationParams
from rag.text import split_sentences
from rag.verification import restore_bounds
from rag.words import stems


class ProseWriter:
    """Has a sentence written and verified.

    Args:
        generator: opened on first use.
        verifier: decides what may be shown as fact.
        max_tokens: upper bound of a written answer.
    """

    def __init__(
        self, generator: Callable[[], Generator], verifier: Verifier, *, max_tokens: int
    ) -> None:
        self._generator = generator
        self._verifier = verifier
        self._params = GenerationParams(max_tokens=max_tokens, stop=("\n",))

    def write(self, question: str, candidates: Sequence[Evidence], stop: StopCheck) -> Attempt:
        """Ask about one sentence after the other until one states the answer.

        Raises:
            GenerationStoppedError, ContextOverflowError: as for
                :class:`rag.protocols.Generator`.
        """
        first_token_s = 0.0
        refused: Draft | None = None
        for evidence in candidates:
            generation = self._generator().stream(
                answer_messages(as_stated(question, evidence), evidence),
                self._params,
                _ignore,
                stop,
            )
            first_token_s = first_token_s or generation.first_token_s
            # What was cut off may have lost the word that turns its sense.
            if generation.stop_reason == "length" or declines(generation.text):
                continue
            draft = self._verified(generation.text, evidence)
            if not draft.verification.passed:
                refused = refused or draft
            elif set(stems(strip_markers(draft.text))) <= set(stems(question)):
                continue  # says nothing but the question
            elif _is_meant(question, strip_markers(draft.text), evidence):
                return Attempt(draft, first_token_s)
        return Attempt(refused, first_token_s)

    def _verified(self, written: str, evidence: Evidence) -> Draft:
        prose = restore_bounds(strip_markers(written).strip(), evidence.sentence.text)
        # All that was written comes from the one sentence that was given.
        sentences = [prose[s.span.start : s.span.end] for s in split_sentences(prose)]
        text = " ".join(f"{sentence} [1]" for sentence in sentences)
        return Draft(text, (evidence,), self._verifier.verify(text, (evidence,)))


def _ignore(_text: str) -> None:
    """Prose is shown when it is verified, not as it is written."""


def _is_meant(question: str, prose: str, evidence: Evidence) -> bool:
    """Whether a figure without words is the one of its sentence that the question means.

    Words would say what it is of; where there are none, the model's choice and that of the words
    around the figures have to be the same.
    """
    figure = bare_figure(prose)
    if figure is None:
        return True
    meant = meant_figure(question, evidence.sentence.text, figure)
    return meant is not None and agree(figure, meant) is not Agreement.DIFFERENT
