"""FAISS: nearest passages by inner product, and its file on disk.

Ids are keys of passages. (The lexical index finds sentences: its hits carry sentence keys, so
hits of the two are never mixed without asking the library which sentences a passage holds.)

The file is derived data: the library's SQLite file can always make it again. So nothing here
tries to repair: a file that is missing, foreign, cut short or changed by one bit is refused with
a reason, and the caller builds a new one. One that is whole but older than the library says of
each vector what it was made from, so that its caller can bring it up to date.
"""

from __future__ import annotations

from rag.vector_store.kinds import EXACT_UP_TO, check_vectors
from rag.vector_store.saving import (
    INDEX_NAME,
    MANIFEST_NAME,
    IndexStamp,
    Marks,
    Refused,
    SavedIndex,
    load_index,
    save_index,
)
from rag.vector_store.store import FaissVectorStore

__all__ = [
    "EXACT_UP_TO",
    "INDEX_NAME",
    "MANIFEST_NAME",
    "FaissVectorStore",
    "IndexStamp",
    "Marks",
    "Refused",
    "SavedIndex",
    "check_vectors",
    "load_index",
    "save_index",
]
