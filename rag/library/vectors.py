"""The FAISS index of a library: loaded, brought up to date, or made from the tables.

Beside each vector the file keeps the key of its passage and the beginning of the sum of the text
that it was made from. What differs from the tables is the whole difference: also where a library
was deleted and made anew in the same folder, or put back from a copy, and keys stand for others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from sqlite3 import Connection

import numpy as np

from rag.errors import LibraryFormatError
from rag.library import reading
from rag.library.store import Library
from rag.protocols import Vectors
from rag.vector_store import (
    EXACT_UP_TO,
    FaissVectorStore,
    IndexStamp,
    Marks,
    Refused,
    SavedIndex,
    load_index,
    save_index,
)

# Of 40,000 vectors the next reader finds the difference in 0.04 s and reads 2,000 in 0.01 s; a
# save writes 62 MB, and while a long run embeds, every question finds a difference.
_WORTH_SAVING = 0.05
_ROWS_AT_ONCE = 5_000
"""Vectors that are in memory twice while they are read: 8 MB."""

_MARK = np.dtype([("key", "<i8"), ("text", "S8")])
_NO_MARKS: Marks = np.empty((0, 2), np.int64)


def open_vectors(
    library: Library,
    embedder: str,
    dimension: int,
    *,
    on_rebuild: Callable[[Refused], None] | None = None,
    save: bool = False,
    exact_up_to: int = EXACT_UP_TO,
) -> FaissVectorStore:
    """The vectors of one embedder by passage key, as the library has them now.

    An index file that is older than the library is brought up to date. One that is missing,
    damaged or of another embedder is made again and saved; where the folder cannot be written,
    it stays in memory.

    Args:
        library: open for reading or writing.
        embedder: name of the weights.
        dimension: length of its vectors.
        on_rebuild: told why the index on disk was not used.
        save: save any change, as who has made it should; else only what is worth it.
        exact_up_to: as for the store.

    Raises:
        LibraryFormatError: vectors in the tables are damaged.
    """
    saved = _load(library, embedder, dimension, exact_up_to)
    if isinstance(saved, Refused):
        if on_rebuild is not None:
            on_rebuild(saved)
        saved = SavedIndex(FaissVectorStore(dimension, exact_up_to=exact_up_to), _NO_MARKS, "")
    was_exact = saved.store.exact
    with library.snapshot() as connection:
        stamp = IndexStamp(embedder, dimension, reading.generation(connection))
        if stamp.generation == saved.generation:
            return saved.store
        with _explained(library, embedder):
            marks = _marks(connection, embedder)
            store, n_changed = _up_to_date(saved, marks, connection, embedder)
    much = n_changed >= _WORTH_SAVING * len(saved.marks)
    if save or much or store.exact != was_exact:
        with suppress(OSError):
            save_index(store, library.folder, stamp, marks)
    return store


@contextmanager
def _explained(library: Library, embedder: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, IndexError) as error:
        raise LibraryFormatError(
            f"The vectors of {embedder} in {library.folder} are damaged: {error}.",
            "Move the folder away and index the articles again: rag index PATH",
        ) from error


def _load(
    library: Library, embedder: str, dimension: int, exact_up_to: int
) -> SavedIndex | Refused:
    try:
        return load_index(library.folder, embedder, dimension, exact_up_to=exact_up_to)
    except OSError as error:
        return Refused(f"its file could not be read ({error.strerror})", damaged=True)


def _marks(connection: Connection, embedder: str) -> Marks:
    """What the index should hold: reads no vector."""
    rows = connection.execute(
        """SELECT p.key, substr(p.text_sha256, 1, 8) FROM passage AS p
           JOIN vector AS v ON v.text_sha256 = p.text_sha256
           WHERE v.embedder = (SELECT key FROM embedder WHERE name = ?)""",
        (embedder,),
    )
    marks: Marks = np.fromiter(rows, _MARK).view("<i8").reshape(-1, 2)
    return marks.astype(np.int64, copy=False)


def _up_to_date(
    saved: SavedIndex, marks: Marks, connection: Connection, embedder: str
) -> tuple[FaissVectorStore, int]:
    """The store that these marks are of, and how many vectors it has more or less than before.

    Raises:
        ValueError: vectors in the tables are damaged.
    """
    store, old = saved.store, saved.marks
    _, in_old, in_new = np.intersect1d(
        old[:, 0], marks[:, 0], assume_unique=True, return_indices=True
    )
    same = old[in_old, 1] == marks[in_new, 1]
    gone = np.delete(old[:, 0], in_old[same])
    missing = np.delete(marks[:, 0], in_new[same])
    if 2 * len(gone) > len(old):
        # To make it anew costs less then, and asks for the kind that the size asks for.
        store = store.emptied()
        gone, missing = gone[:0], marks[:, 0]
    store.delete(gone.tolist())
    store.add(*_vectors(connection, embedder, missing.tolist(), store.dimension))
    return store, len(gone) + len(missing)


def _vectors(
    connection: Connection, embedder: str, keys: Sequence[int], dimension: int
) -> tuple[list[int], Vectors]:
    """Vectors of passages, and their keys in the same order.

    Raises:
        ValueError: one has another length.
    """
    vectors = np.empty((len(keys), dimension), np.float32)
    read: list[int] = []
    for start in range(0, len(keys), _ROWS_AT_ONCE):
        rows = connection.execute(
            """SELECT p.key, v.vector FROM json_each(?) AS wanted
               CROSS JOIN passage AS p ON p.key = wanted.value
               CROSS JOIN vector AS v ON v.text_sha256 = p.text_sha256
               WHERE v.embedder = (SELECT key FROM embedder WHERE name = ?)""",
            (json.dumps(keys[start : start + _ROWS_AT_ONCE]), embedder),
        ).fetchall()
        for _, blob in rows:
            if len(blob) != 4 * dimension:
                raise ValueError(f"one has {len(blob)} bytes, not {4 * dimension}")
        some = np.frombuffer(b"".join(blob for _, blob in rows), "<f4")
        vectors[start : start + len(rows)] = some.reshape(len(rows), dimension)
        read += [key for key, _ in rows]
    return read, vectors
