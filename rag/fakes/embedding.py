"""An embedder that needs no weights."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.protocols import Vectors


class HashEmbedder:
    """Adds up a random vector a word, drawn from the word's hash: shared words bring texts nearer.

    The same text has the same vector in every process, bit for bit.

    Args:
        dimension: length of a vector; two texts without a common word have a cosine of about
            0 ± 1/√dimension.
        name: identifies the weights.
    """

    def __init__(self, dimension: int = 64, *, name: str = "hash") -> None:
        self.dimension = dimension
        self.name = name

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [len(texts), dimension], rows of unit length."""
        rows = [self._sum_of_words(text) for text in texts]
        # Whole numbers until here, so that the order of words leaves no trace in the rounding.
        vectors = np.array(rows, dtype=np.float64).reshape(-1, self.dimension)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 [dimension] of unit length."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector

    def _sum_of_words(self, text: str) -> NDArray[np.int64]:
        words = re.findall(r"\w+", text.lower()) or [""]
        total: NDArray[np.int64] = np.sum([self._of_word(word) for word in words], axis=0)
        return total

    def _of_word(self, word: str) -> NDArray[np.int64]:
        data = hashlib.shake_256(word.encode(errors="replace")).digest(2 * self.dimension)
        # Odd, so that a vector is never zero.
        return np.frombuffer(data, dtype="<i2").astype(np.int64) * 2 + 1
