"""What the page asks of the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rag.protocols import StopCheck
from rag.schema import Answer, DocumentInfo, Filters, Retrieval


class Asker(Protocol):
    """Answers questions; the pipeline is one.

    The page calls :meth:`ask` and :meth:`warm` from threads of its own, never two of them at the
    same time, and :meth:`documents` at any time.
    """

    def ask(
        self,
        question: str,
        *,
        filters: Filters,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        """Answer a question.

        Args:
            question: as the visitor typed it, not empty.
            filters: which documents take part.
            on_evidence: called once, before anything is written.
            on_text: called with each piece of text as it is written, before it is checked.
            stop: True once the visitor has stopped or gone.

        Raises:
            RagError: with a message and a hint that the page shows.
            GenerationStoppedError: ``stop`` said so.
        """
        ...

    def documents(self) -> list[DocumentInfo]:
        """Return the articles of the library.

        Raises:
            LibraryError: there is none, or it cannot be read.
        """
        ...

    def warm(self) -> None:
        """Load everything that a question needs.

        Raises:
            RagError: a part is missing.
        """
        ...
