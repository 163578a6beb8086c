"""A vector store that is no file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.protocols import Vectors
from rag.schema import SearchHit


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
