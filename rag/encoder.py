"""A BERT encoder in numpy (Devlin et al., 2019): what embedder and answer scorer compute with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.processor import usable_cores

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Array = NDArray[np.float32]

# Texts at once: 1 gives 15, 8 gives 18, 32 gives 15 passages a second (cache against calls).
_BATCH = 8

# Every layer of the encoder, as its tensors are called.
_LAYER_PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)


def tensor_names(n_layers: int) -> tuple[str, ...]:
    """The tensors that an encoder of so many layers needs."""
    parts = [f"encoder.layer.{n}.{part}" for n in range(n_layers) for part in _LAYER_PARTS]
    parts.append("embeddings.LayerNorm")
    names = [f"{part}.{kind}" for part in parts for kind in ("weight", "bias")]
    kinds = ("word", "position", "token_type")
    return (*names, *(f"embeddings.{kind}_embeddings.weight" for kind in kinds))


class BertEncoder:
    """The network from token ids to hidden states.

    Args:
        weights: float32 tensors under the names of :func:`tensor_names`.
        n_layers: of attention and feed-forward.
        n_heads: of each attention.
        epsilon: of the layer norms.
    """

    def __init__(
        self, weights: Mapping[str, Array], *, n_layers: int, n_heads: int, epsilon: float
    ) -> None:
        self._weights = weights
        self._n_layers = n_layers
        self._n_heads = n_heads
        self._epsilon = epsilon

    def hidden(
        self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> tuple[Array, Array]:
        """Compute the hidden states of the last layer.

        Args:
            ids: tokens of each text.
            types: segment of each token, 0 or 1; all 0 where left out.

        Returns:
            float32 [n, length of the longest, width], and [n, length] with 1 where a token is.
        """
        length = max(map(len, ids))
        tokens = np.zeros((len(ids), length), dtype=np.intp)
        segments = np.zeros_like(tokens)
        mask = np.zeros((len(ids), length), dtype=np.float32)
        for row, row_ids in enumerate(ids):
            tokens[row, : len(row_ids)] = row_ids
            mask[row, : len(row_ids)] = 1.0
            if types is not None:
                segments[row, : len(row_ids)] = types[row]
        hidden = self._embeddings(tokens, segments)
        for layer in range(self._n_layers):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, mask)
        return hidden, mask

    def _embeddings(self, tokens: NDArray[np.intp], segments: NDArray[np.intp]) -> Array:
        w = self._weights
        summed = (
            w["embeddings.word_embeddings.weight"][tokens]
            + w["embeddings.position_embeddings.weight"][: tokens.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][segments]
        )
        return self._normalise("embeddings.LayerNorm", summed)

    def _layer(self, at: str, hidden: Array, mask: Array) -> Array:
        attended = self._linear(at + "attention.output.dense", self._attend(at, hidden, mask))
        hidden = self._normalise(at + "attention.output.LayerNorm", hidden + attended)
        wide = _gelu(self._linear(at + "intermediate.dense", hidden))
        return self._normalise(
            at + "output.LayerNorm", hidden + self._linear(at + "output.dense", wide)
        )

    def _attend(self, at: str, hidden: Array, mask: Array) -> Array:
        n, length, width = hidden.shape
        head = width // self._n_heads

        def heads(part: str) -> Array:
            projected = self._linear(f"{at}attention.self.{part}", hidden)
            return projected.reshape(n, length, self._n_heads, head).transpose(0, 2, 1, 3)

        scores: Array = heads("query") @ heads("key").transpose(0, 1, 3, 2) * np.float32(head**-0.5)
        scores += (1.0 - mask[:, None, None, :]) * np.float32(-1e9)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Array = (scores @ heads("value")).transpose(0, 2, 1, 3).reshape(n, length, width)
        return mixed

    def _linear(self, name: str, x: Array) -> Array:
        flat = x.reshape(-1, x.shape[-1]) @ self._weights[name + ".weight"].T
        flat += self._weights[name + ".bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def _normalise(self, name: str, x: Array) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self._epsilon)
        scaled: Array = centred / spread * self._weights[name + ".weight"]
        return scaled + self._weights[name + ".bias"]


def in_batches(ids: Sequence[Sequence[int]], compute: Callable[[Sequence[int]], None]) -> None:
    """Hand the rows of texts to ``compute`` in batches, a batch a core."""
    # Texts of like length together: padding is computed like any token.
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    # Few texts are shared out too: eight sentences in one batch would leave a core without work.
    size = max(1, min(_BATCH, math.ceil(len(ids) / usable_cores())))
    batches = [order[first : first + size] for first in range(0, len(order), size)]
    # Each on one thread: threads that share a product wait for each other, and where another
    # process wants the cores too that costs nine tenths of the speed.
    with _blas().limit(limits=1), ThreadPoolExecutor(usable_cores()) as pool:
        list(pool.map(compute, batches))


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def _gelu(x: Array) -> Array:
    from scipy.special import erf

    activated: Array = erf(x * np.float32(0.5**0.5))
    activated += 1.0
    activated *= x
    activated *= np.float32(0.5)
    return activated
