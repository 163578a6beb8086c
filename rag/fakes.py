"""Stand-ins for the heavy parts, for tests and for code that is built on citeline.

Each passes the contract suite of its seam, so what works with one works with the real part.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rag.errors import GenerationStoppedError, RagError
from rag.protocols import StopCheck, Vectors
from rag.schema import Answer, DocumentInfo, Filters, Retrieval, SearchHit


class MemoryVectorStore:
    """A vector store in a dictionary: every search compares with every vector.

    Args:
        dimension: length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._vectors: dict[int, Vectors] = {}

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors; an id that is there already is replaced, the last of equal ids stays.

        Raises:
            ValueError: not float32 [len(ids), dimension], or a number that is not finite.
        """
        self._check(vectors, (len(ids), self._dimension))
        self._vectors.update(zip(map(int, ids), vectors.copy(), strict=True))

    def delete(self, ids: Sequence[int]) -> None:
        """Remove vectors; an id that is not there is no error."""
        for key in ids:
            self._vectors.pop(int(key), None)

    def search(
        self, vector: Vectors, top_k: int, allowed: Sequence[int] | None = None
    ) -> list[SearchHit]:
        """Return at most ``top_k`` hits, best first, among ``allowed`` ids where given.

        Raises:
            ValueError: not float32 [dimension], or a number that is not finite.
        """
        self._check(vector, (self._dimension,))
        keys = self._vectors.keys() if allowed is None else self._vectors.keys() & set(allowed)
        scores = {key: float(self._vectors[key] @ vector) for key in keys}
        best = sorted(scores, key=lambda key: (-scores[key], key))[: max(top_k, 0)]
        return [SearchHit(key, scores[key], rank) for rank, key in enumerate(best, start=1)]

    @staticmethod
    def _check(vectors: Vectors, shape: tuple[int, ...]) -> None:
        if vectors.dtype != np.float32 or vectors.shape != shape or not np.isfinite(vectors).all():
            raise ValueError(f"vectors must be finite float32 of the shape {shape}")


class FakeAsker:
    """Answers from a table, word by word; an unknown question gets the reply to ``""``.

    Args:
        replies: what each question gives: an answer, or an error that is raised.
        articles: what the library holds, or the error that says that there is none.
        pause_s: seconds between two words.
        broken: raised by :meth:`warm`.
    """

    def __init__(
        self,
        replies: Mapping[str, Answer | RagError],
        articles: Sequence[DocumentInfo] | RagError = (),
        *,
        pause_s: float = 0.0,
        broken: RagError | None = None,
    ) -> None:
        self._replies = replies
        self._articles = articles
        self._pause_s = pause_s
        self._broken = broken
        self.stopped: list[str] = []
        """Questions that were stopped while they were answered."""

    def ask(
        self,
        question: str,
        *,
        filters: Filters,  # noqa: ARG002 - a table has nothing to leave out
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        """Hand over evidence, then the answer's words, then the answer.

        Raises:
            GenerationStoppedError: ``stop`` said so between two words.
            RagError: the table has one for this question.
        """
        reply = self._replies.get(question) or self._replies[""]
        if isinstance(reply, RagError):
            raise reply
        on_evidence(Retrieval(question, reply.evidence, embedded_share=1.0, duration_s=0.0))
        for word in re.findall(r"\S+\s*", reply.text):
            time.sleep(self._pause_s)
            if stop():
                self.stopped.append(question)
                raise GenerationStoppedError("Stopped.")
            on_text(word)
        return reply

    def documents(self) -> list[DocumentInfo]:
        """Return the articles, or raise what was given for them."""
        if isinstance(self._articles, RagError):
            raise self._articles
        return list(self._articles)

    def warm(self) -> None:
        """Be ready, unless something is broken."""
        if self._broken is not None:
            raise self._broken
