"""The vector store: adding, deleting and searching in whichever kind of index the size asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import numpy as np

from rag.protocols import Vectors
from rag.schema import SearchHit
from rag.vector_store.kinds import (
    EXACT_UP_TO,
    Ids,
    check_vectors,
    contents,
    faiss_module,
    flat_ids,
    is_lists,
    new_flat,
    new_lists,
    search_parameters,
)


class FaissVectorStore:
    """Vectors by id in a FAISS index: exact while there are few, by lists beyond.

    The kind changes inside :meth:`add` and never back: a store that has shrunk is made anew by
    whoever has the vectors. There too the centres of the lists are found anew when more than half
    of the vectors are newer than they. The same calls in the same order give the same store.

    Searching from several threads is safe; changing the store while another thread searches is
    not: build a second one and swap.

    Args:
        dimension: length of a vector.
        exact_up_to: so many vectors, or so many that a filter leaves, are all compared with.
    """

    def __init__(self, dimension: int, *, exact_up_to: int = EXACT_UP_TO) -> None:
        if dimension < 1:
            raise ValueError(f"a vector needs at least one number, not {dimension}")
        self._index: Any = new_flat(dimension)
        self._n_newer = 0
        self._exact_up_to = exact_up_to

    @classmethod
    def of_index(cls, index: Any, n_newer: int, *, exact_up_to: int = EXACT_UP_TO) -> Self:
        """The store over what were a store's :attr:`index` and :attr:`n_newer`."""
        store = cls.__new__(cls)
        store._index, store._n_newer = index, n_newer
        store._exact_up_to = exact_up_to
        return store

    def emptied(self) -> Self:
        """Another store as this one was made, with nothing in it."""
        return type(self)(self.dimension, exact_up_to=self._exact_up_to)

    @property
    def index(self) -> Any:
        """The FAISS index as it is now, for saving."""
        return self._index

    @property
    def n_newer(self) -> int:
        """How many vectors were added since the centres of the lists were found."""
        return self._n_newer

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def exact(self) -> bool:
        """Whether every search compares with every vector."""
        return not is_lists(self._index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors; an id that is there already is replaced, the last of equal ids stays.

        Raises:
            ValueError: not float32 [len(ids), dimension], or a number that is not finite.
        """
        check_vectors(vectors, (len(ids), self.dimension))
        # FAISS would keep both vectors of an id that comes twice.
        rows = {int(key): row for row, key in enumerate(ids)}
        if not rows:
            return
        keys = np.fromiter(rows, np.int64, len(rows))
        if len(rows) < len(ids):
            vectors = vectors[list(rows.values())]
        vectors = np.ascontiguousarray(vectors)
        self._remove(keys)
        self._n_newer += len(keys)
        if self._outgrown(len(self) + len(keys)):
            if len(self):
                old_keys, old = contents(self._index)
                keys, vectors = np.concatenate([old_keys, keys]), np.concatenate([old, vectors])
            self._index, self._n_newer = new_lists(vectors), 0
        self._index.add_with_ids(vectors, keys)

    def delete(self, ids: Sequence[int]) -> None:
        """Remove vectors; an id that is not there is no error."""
        self._remove(np.asarray(ids, dtype=np.int64))

    def search(
        self, vector: Vectors, top_k: int, allowed: Sequence[int] | None = None
    ) -> list[SearchHit]:
        """Return at most ``top_k`` hits, best first and equal ones by id.

        Args:
            vector: float32 [dimension].
            top_k: 0 or less gives no hits.
            allowed: ids that may be found; None for all, an empty sequence for none.

        Raises:
            ValueError: not float32 [dimension], or a number that is not finite.
        """
        check_vectors(vector, (self.dimension,))
        limit = min(top_k, len(self))
        if limit < 1 or (allowed is not None and not len(allowed)):
            return []
        parameters = search_parameters(self._index, allowed, all_up_to=self._exact_up_to)
        with _one_thread():
            found = self._nearest(vector[None, :], limit, parameters)
            # The lists near the query may be short, or hold few that are allowed.
            if len(found) < limit and not self.exact and parameters.nprobe < self._index.nlist:
                parameters.nprobe = self._index.nlist
                found = self._nearest(vector[None, :], limit, parameters)
        best = sorted(found, key=lambda hit: (-hit[0], hit[1]))[:limit]
        return [SearchHit(key, score, rank) for rank, (score, key) in enumerate(best, start=1)]

    def _outgrown(self, count: int) -> bool:
        """Whether that many vectors should be in another index."""
        # Of 10 neighbours on subjects that the centres do not know, 7 are found, else 9.
        return count > self._exact_up_to if self.exact else 2 * self._n_newer > count

    def _nearest(self, query: Vectors, limit: int, parameters: Any) -> list[tuple[float, int]]:
        """Scores and ids of the nearest, and of all others that score as the last of them does."""
        # FAISS leaves open which of equal scores fall off the end, and news is often reprinted
        # word for word: so one more is asked for, to see whether the end lies between equals.
        asked = limit + 1
        while True:
            scores, keys = self._index.search(query, asked, params=parameters)
            # FAISS fills up with id -1.
            tied = keys[0, -1] != -1 and scores[0, -1] == scores[0, limit - 1]
            if not tied or asked >= len(self):
                break
            asked = min(2 * asked, len(self))
        return [(float(s), int(k)) for s, k in zip(scores[0], keys[0], strict=True) if k != -1]

    def _remove(self, keys: Ids) -> None:
        # A flat index maps all its ids anew after each removal: not for ids that are not there.
        if len(keys) and (not self.exact or np.isin(keys, flat_ids(self._index)).any()):
            self._index.remove_ids(keys)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Search with the calling thread alone, whose own setting this is.

    One query keeps one thread busy; on a busy machine OpenMP would wait 8 ms for the other,
    against 0.1 ms for 5,000 vectors.
    """
    faiss = faiss_module()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
