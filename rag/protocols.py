"""The seams: what the jobs ask of the parts, one to four methods each.

Each Protocol has one contract suite in tests/contracts that every implementation passes, the
fakes of :mod:`rag.fakes` included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.schema import (
    Document,
    DocumentInfo,
    Evidence,
    Filters,
    Generation,
    GenerationParams,
    Likelihood,
    Mentions,
    Message,
    Passage,
    Refusal,
    Retrieval,
    SearchHit,
    Sentence,
    Span,
    Verification,
)

Vectors = NDArray[np.float32]
"""Shape [n, d], rows of unit length."""

StopCheck = Callable[[], bool]
"""Asked often and from any thread; True means: stop now."""


class Reader(Protocol):
    """Reads one file format.

    A reader is given bytes, so that a file, standard input and an upload are read alike, and
    nothing on disk can change under it.
    """

    def read(self, data: bytes, source: str) -> Iterator[Document | Refusal]:
        """Yield the articles of a file, one for most formats, in the file's order.

        A record or page that cannot be used is yielded as a :class:`Refusal` in its place, and
        the others are read all the same.

        Args:
            data: the whole file.
            source: where it comes from; becomes ``DocumentInfo.source``.

        Raises:
            UnreadableFileError: nothing of the file can be used: it is empty, broken, encrypted
                or no such format.
        """
        ...


class Chunker(Protocol):
    """Cuts a document into sentences and passages."""

    def split(self, document: Document) -> tuple[tuple[Sentence, ...], tuple[Passage, ...]]:
        """Return every sentence, and passages of whole sentences that cover them all."""
        ...


class Embedder(Protocol):
    """Turns text into vectors."""

    @property
    def name(self) -> str:
        """Identifies the weights: vectors of two names are never compared."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [len(texts), dimension], rows of unit length."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return float32 [dimension] of unit length."""
        ...


class VectorStore(Protocol):
    """Nearest neighbours by inner product."""

    def __len__(self) -> int: ...

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors; an id that is there already is replaced."""
        ...

    def delete(self, ids: Sequence[int]) -> None:
        """Remove vectors; an id that is not there is no error."""
        ...

    def search(
        self, vector: Vectors, top_k: int, allowed: Sequence[int] | None = None
    ) -> list[SearchHit]:
        """Return at most ``top_k`` hits, best first, among ``allowed`` ids where given."""
        ...


class LexicalIndex(Protocol):
    """Words: BM25 over sentences."""

    def search(self, text: str, top_k: int, filters: Filters) -> list[SearchHit]:
        """Return at most ``top_k`` hits, best first; any text is a valid query."""
        ...


class Retriever(Protocol):
    """Finds the sentences that may answer a question."""

    def retrieve(self, question: str, filters: Filters) -> Retrieval:
        """Return evidence, best first; none where nothing is near."""
        ...


class Corpus(Protocol):
    """All articles, for what is asked of them as a whole."""

    def documents(self, filters: Filters) -> Sequence[DocumentInfo]:
        """Return what is known of the articles that pass the filters."""
        ...

    def mentions(self, texts: Sequence[str], filters: Filters, *, shown: int) -> Mentions:
        """Count the articles that have all words of each text in a sentence, or in the title.

        Words with a capital are names, found as they are written; others by their stems. Captions
        and footers are no sentences. Without texts every article counts; at most ``shown``
        sentences are returned.
        """
        ...


class Generator(Protocol):
    """A local chat model."""

    @property
    def name(self) -> str:
        """Identifies weights and build for the settings hash."""
        ...

    @property
    def reads_figures(self) -> bool:
        """Whether it was taught to answer with the figures of a text alone."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and completion may have together."""
        ...

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the rendered prompt, template included."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        params: GenerationParams,
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Generation:
        """Write greedily, handing each piece of text to ``on_text`` as it comes.

        Raises:
            ContextOverflowError: the prompt and ``max_tokens`` do not fit.
            GenerationStoppedError: ``stop`` said so, during prompt reading too.
        """
        ...

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,
    ) -> Likelihood:
        """Tell how likely the model's reply begins with ``text``; nothing is written.

        What is less likely than ``least``, a natural logarithm, need not be told exactly: any
        value below it will do.

        Raises:
            ContextOverflowError: the prompt and the text do not fit.
            GenerationStoppedError: ``stop`` said so.
        """
        ...


class AnswerScorer(Protocol):
    """Tells which spans of sentences answer a question."""

    @property
    def name(self) -> str:
        """Identifies the weights for the settings hash."""
        ...

    def score(
        self, question: str, evidence: Sequence[Evidence], spans: Sequence[Sequence[Span]]
    ) -> list[tuple[float, ...]]:
        """Score spans, given as offsets in their sentence's text, as the answer.

        Of each sentence the scores of its spans, finite or -inf. No answer scores 0: with the
        exponentials of all scores and 1 as shares, each is a probability.
        """
        ...


class Verifier(Protocol):
    """Checks a text before anyone sees it as fact."""

    def verify(self, text: str, evidence: Sequence[Evidence]) -> Verification:
        """Check markers and figures; marker n is ``evidence[n - 1]``."""
        ...
