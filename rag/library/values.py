"""What the library gives and takes beside the values of :mod:`rag.schema`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rag.schema import Document, DocumentInfo, Passage, Sentence


class ChangeKind(StrEnum):
    """What storing a document did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """What storing a document did, and the id that it has in the library."""

    kind: ChangeKind
    document_id: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A file as it was when all of it was indexed."""

    size: int
    mtime_ns: int
    sha256: str
    """Of the file's bytes."""
    recipe: str = ""
    """What read and cut it; another one means that the file is to be read again."""


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence with its key and all that a citation of it needs."""

    key: int
    sentence: Sentence
    document: DocumentInfo
    page: int | None


@dataclass(frozen=True, slots=True)
class PendingText:
    """A text that no vector of the embedder stands for yet."""

    sha256: bytes
    text: str
    key: int
    """Of the first passage that has it."""
    n_passages: int
    """How many have it."""


@dataclass(frozen=True, slots=True)
class EmbedderStats:
    """How many passages have a vector of this embedder."""

    name: str
    dimension: int
    passages: int


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """How much the library holds."""

    documents: int
    sentences: int
    passages: int
    embedders: tuple[EmbedderStats, ...]
    indexed_at: datetime | None
    """When a document was last added or changed (UTC); None when there is none."""


def embedded_text(header: str, text: str) -> str:
    """What the embedder reads of a passage: the article's title and date, then the text."""
    return f"{header}\n{text}" if header else text


def record_sha256(
    document: Document,
    sentences: Sequence[Sentence],
    passages: Sequence[Passage],
    path: str,
) -> bytes:
    """Sum of all that would be stored: equal sums mean that there is nothing to do.

    A field that is added to these values changes the sums of what is stored already.
    """
    parts = (document, tuple(sentences), tuple(passages), path)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()


def id_suffixes(source: str) -> tuple[str, ...]:
    """What is put behind an id that another source has already, the shortest that is free."""
    digest = hashlib.sha256(source.encode()).hexdigest()
    return tuple(f"-{digest[:length]}" for length in (6, 12, 64))
