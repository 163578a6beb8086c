"""How well a question asks for one figure of a text: its likelihood under the chat model.

A small model that is asked for a figure takes the one of the next sentence; asked the other way
round, which question this figure answers, it finds the question that was asked the likelier the
better the figure answers it. This is the noisy channel of retrieval by language models (Ponte and
Croft 1998; Sachan et al. 2022, "Improving passage retrieval with zero-shot question generation"),
over the figures of sentences in their context. Nothing is written, so that it costs no more than
reading, and a sentence is read once for all of its figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.prompts import question_messages
from rag.protocols import Generator, StopCheck
from rag.schema import DocumentInfo, Sentence


@dataclass(frozen=True, slots=True)
class Explained:
    """How much of a question a figure explains."""

    logprob: float
    """Of the question, as the one that the figure answers: a natural logarithm, 0 is certain.
    Comparable among figures for one question only."""
    gain: float
    """Share of the question's surprise that the sentences and the figure take away from what the
    article's title leaves of it: 1 is all, 0 or less none. Comparable among questions."""
    duration_s: float


class QuestionLikelihood:
    """Asks how well one question asks for figures.

    Args:
        question: as it was asked.
        generator: a chat model.
        stop: asked during reading.
    """

    def __init__(self, question: str, generator: Generator, stop: StopCheck) -> None:
        self._question = question
        self._generator = generator
        self._stop = stop
        self._priors: dict[str, float] = {}

    def of(self, figure: str, document: DocumentInfo, sentences: Sequence[Sentence]) -> Explained:
        """Tell how well the question asks for a figure of the last of some sentences.

        Args:
            figure: as its sentence bounds it.
            document: whose sentences they are.
            sentences: of one article, in order.

        Raises:
            GenerationStoppedError, ContextOverflowError: as for
                :class:`rag.protocols.Generator`.
        """
        if document.id not in self._priors:
            # Against the title, for names that all of an article has say nothing of one sentence.
            title = question_messages(document, (), "none")
            told = self._generator.likelihood(title, self._question, self._stop)
            self._priors[document.id] = told.logprob
        prior = self._priors[document.id]
        messages = question_messages(document, [s.text for s in sentences], figure)
        told = self._generator.likelihood(messages, self._question, self._stop)
        return Explained(told.logprob, 1 - told.logprob / prior if prior else 0.0, told.duration_s)
