"""What the page asks of what lies behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.protocols import StopCheck
from rag.schema import (
    Answer,
    CheckedDraft,
    Digest,
    DigestPoint,
    Document,
    DocumentInfo,
    Filters,
    Refusal,
    Retrieval,
    StatedFigure,
    Summary,
    SummaryPoint,
)
from rag.ui.wanted import Wanted


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article of the library and how much is in it."""

    info: DocumentInfo
    passages: int
    figures: int


@dataclass(frozen=True, slots=True)
class Weights:
    """A model that can be fetched."""

    name: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the program: what it is and whether it works."""

    name: str
    value: str
    hint: str = ""
    """What to do where it does not work."""
    ok: bool = True
    missing: Weights | None = None
    """What to fetch where that would make it work."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of files or of a text."""

    articles: tuple[DocumentInfo, ...]
    """New ones, and those that changed."""
    unchanged: int
    refused: tuple[Refusal, ...]
    pending: int = 0
    """Passages of the library that have no vector yet: found by their words only."""


class Asker(Protocol):
    """Answers questions and keeps the articles; a newsroom is one.

    The page calls what needs the chat model (:meth:`ask`, :meth:`warm`, and :meth:`summarize` where
    sentences are worded anew) from threads of its own, never two of them at the same time, and
    everything else at any time.
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
            question: whole, not empty.
            filters: which documents take part.
            on_evidence: called once, before anything is written.
            on_text: called with each piece of text as it is written, before it is checked.
            stop: True once the visitor has stopped or gone.

        Raises:
            RagError: with a message and a hint that the page shows.
            GenerationStoppedError: ``stop`` said so.
        """
        ...

    def summarize(
        self, wanted: Wanted, *, on_point: Callable[[SummaryPoint], None], stop: StopCheck
    ) -> Summary:
        """Sum up one article.

        Raises:
            RagError, GenerationStoppedError: as for :meth:`ask`.
        """
        ...

    def digest(
        self,
        wanted: Wanted,
        *,
        on_point: Callable[[DigestPoint], None],
        on_read: Callable[[int, int], None],
        stop: StopCheck,
    ) -> Digest:
        """Say what many articles have in common and where they differ.

        Args:
            wanted: which articles, and how much of them.
            on_point: told each point.
            on_read: told how many of how many articles are read.
            stop: True once the visitor has stopped or gone.

        Raises:
            RagError, GenerationStoppedError: as for :meth:`ask`.
        """
        ...

    def check(self, draft: str, *, filters: Filters) -> CheckedDraft:
        """Compare the figures of a draft with those of the articles.

        Raises:
            RagError: the library cannot be read.
        """
        ...

    def figures(self, about: str | None, *, filters: Filters) -> tuple[StatedFigure, ...]:
        """Return the figures of the library, those about some words, or all.

        Raises:
            RagError: the library cannot be read.
        """
        ...

    def documents(self) -> list[DocumentInfo]:
        """Return what is known of the articles of the library.

        Raises:
            LibraryError: there is none, or it cannot be read.
        """
        ...

    def articles(self) -> tuple[ListedArticle, ...]:
        """Return the articles with how much is in each.

        Raises:
            LibraryError: there is none, or it cannot be read.
        """
        ...

    def document(self, name: str) -> Document:
        """Return one article with its text.

        Raises:
            UnknownDocumentError: there is none of that id.
        """
        ...

    def add(self, files: Sequence[Path], *, on_step: Callable[[str], None]) -> Added:
        """Take files into the library; what cannot be read is among the refused.

        Args:
            files: moved into the library's folder where they are taken.
            on_step: told how far it is, in words.

        Raises:
            RagError: the library cannot be written.
        """
        ...

    def paste(self, text: str, *, title: str, publisher: str, published: str) -> Added:
        """Take a text into the library; what is not known is empty.

        Raises:
            RagError: the library cannot be written.
        """
        ...

    def remove(self, ids: Sequence[str]) -> tuple[Document, ...]:
        """Remove articles; what is returned is enough to put them back.

        Raises:
            RagError: the library cannot be written.
        """
        ...

    def restore(self, documents: Sequence[Document]) -> None:
        """Put removed articles back.

        Raises:
            RagError: the library cannot be written.
        """
        ...

    def parts(self) -> tuple[Part, ...]:
        """Look at models, memory, index and versions; what is wrong is said, not raised."""
        ...

    def warm(self) -> None:
        """Load everything that a question needs.

        Raises:
            RagError: a part is missing.
        """
        ...
