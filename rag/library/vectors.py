"""The FAISS index of a library: loaded when it is right, else made again from the tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from rag.errors import LibraryFormatError
from rag.library.store import Library
from rag.vector_store import FaissVectorStore, IndexStamp, Refused, load_index, save_index


def open_vectors(
    library: Library,
    embedder: str,
    dimension: int,
    *,
    on_rebuild: Callable[[Refused], None] | None = None,
) -> FaissVectorStore:
    """The vectors of one embedder by passage key, as the library has them now.

    An index file that is missing, stale or damaged is made again and saved; where the folder
    cannot be written, it stays in memory.

    Args:
        library: open for reading or writing.
        embedder: name of the weights.
        dimension: length of its vectors.
        on_rebuild: told why the index on disk was not used.

    Raises:
        LibraryFormatError: vectors in the tables are damaged.
    """
    stamp = IndexStamp(embedder, dimension, library.generation())
    try:
        found = load_index(library.folder, stamp)
    except OSError as error:
        found = Refused(f"its file could not be read ({error.strerror})", damaged=True)
    if isinstance(found, FaissVectorStore):
        return found
    if on_rebuild is not None:
        on_rebuild(found)
    with library.snapshot():
        stamp = IndexStamp(embedder, dimension, library.generation())
        store = _build(library, embedder, dimension)
    with suppress(OSError):
        save_index(store, library.folder, stamp)
    return store


def _build(library: Library, embedder: str, dimension: int) -> FaissVectorStore:
    keys, blobs = library.vector_rows(embedder)
    store = FaissVectorStore(dimension)
    if not keys:
        return store
    try:
        vectors = np.frombuffer(b"".join(blobs), dtype="<f4").reshape(len(keys), -1)
        store.add(keys, vectors.astype(np.float32, copy=False))
    except ValueError as error:
        raise LibraryFormatError(
            f"The vectors of {embedder} in {library.folder} are damaged: {error}.",
            "Move the folder away and index the articles again: rag index PATH",
        ) from error
    return store
