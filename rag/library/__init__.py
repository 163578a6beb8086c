"""The library on disk.

One folder holds ``citeline.sqlite3``, which is the truth, and what is made from it: the FAISS
index ``vectors.faiss`` with its manifest ``vectors.json``. ``writer.lock`` and ``writer.json``
say who is writing.
"""

from __future__ import annotations

from rag.library.database import DATABASE_NAME
from rag.library.store import WRITER_WAIT_S, Library
from rag.library.values import (
    Change,
    ChangeKind,
    EmbedderStats,
    Fingerprint,
    LibraryStats,
    PendingText,
    StoredSentence,
    embedded_text,
)
from rag.library.vectors import open_vectors

__all__ = [
    "DATABASE_NAME",
    "WRITER_WAIT_S",
    "Change",
    "ChangeKind",
    "EmbedderStats",
    "Fingerprint",
    "Library",
    "LibraryStats",
    "PendingText",
    "StoredSentence",
    "embedded_text",
    "open_vectors",
]
