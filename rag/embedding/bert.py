"""The embedder in numpy, and which model folders it computes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.embedding.folder import read_table, unusable
from rag.embedding.word_pieces import WordPieces
from rag.processor import usable_cores
from rag.protocols import Vectors

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Array = NDArray[np.float32]

# Passages at once: 1 gives 15, 8 gives 18, 32 gives 15 a second (cache against calls).
_BATCH = 8

# Every layer of a BERT encoder, as its tensors are called.
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


class NumpyEmbedder:
    """A BERT encoder with mean pooling and unit length, in numpy (Devlin et al., 2019).

    Args:
        folder: a sentence-transformers model folder with safetensors weights.
        name: identifies the weights.

    Raises:
        ModelCorruptError: a file of the model is missing or broken.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        self.name = name
        self.word_pieces = WordPieces(folder)
        try:
            config = read_table(folder / "config.json")
            self._weights: dict[str, Array] = load_file(folder / "model.safetensors")
            self._n_layers = int(config["num_hidden_layers"])
            self._n_heads = int(config["num_attention_heads"])
            self._epsilon = float(config["layer_norm_eps"])
            self.dimension = int(config["hidden_size"])
        except (OSError, ValueError, LookupError, TypeError, SafetensorError) as error:
            raise unusable(folder, error) from error

    @staticmethod
    def can_run(folder: Path) -> bool:
        """Whether the folder holds a network that this class computes."""
        try:
            config = read_table(folder / "config.json")
            modules = json.loads((folder / "modules.json").read_text("utf-8"))
            kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
            pooling = read_table(folder / "1_Pooling" / "config.json")
            sentence = read_table(folder / "sentence_bert_config.json")
            return bool(
                kinds == ["Transformer", "Pooling", "Normalize"]
                and _pools_by_mean(pooling)
                and config.get("model_type") == "bert"
                and config.get("hidden_act") == "gelu"
                and config.get("position_embedding_type", "absolute") == "absolute"
                and not sentence.get("do_lower_case")
                and not _has_prompts(folder)
                and _has_tensors(folder, int(config["num_hidden_layers"]))
            )
        except (OSError, ValueError, LookupError, TypeError):
            return False

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [len(texts), dimension], rows of unit length."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        ids = self.word_pieces.ids(texts)
        # Texts of like length together: padding is computed like any token.
        order = sorted(range(len(texts)), key=lambda i: len(ids[i]))
        batches = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]

        def fill(rows: Sequence[int]) -> None:
            vectors[rows] = self._forward([ids[i] for i in rows])

        # A batch a core, each on one thread: threads that share a product wait for each other,
        # and where another process wants the cores too that costs nine tenths of the speed.
        with _blas().limit(limits=1), ThreadPoolExecutor(usable_cores()) as pool:
            list(pool.map(fill, batches))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return float32 [dimension] of unit length."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector

    def _forward(self, ids: Sequence[Sequence[int]]) -> Array:
        length = max(map(len, ids))
        tokens = np.zeros((len(ids), length), dtype=np.intp)
        mask = np.zeros((len(ids), length), dtype=np.float32)
        for row, row_ids in enumerate(ids):
            tokens[row, : len(row_ids)] = row_ids
            mask[row, : len(row_ids)] = 1.0
        hidden = self._embeddings(tokens)
        for layer in range(self._n_layers):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, mask)
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        unit: Array = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return unit

    def _embeddings(self, tokens: NDArray[np.intp]) -> Array:
        w = self._weights
        summed = (
            w["embeddings.word_embeddings.weight"][tokens]
            + w["embeddings.position_embeddings.weight"][: tokens.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][0]
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


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def _pools_by_mean(pooling: dict[str, Any]) -> bool:
    if "pooling_mode" in pooling:  # since version 6
        return bool(pooling["pooling_mode"] == "mean")
    modes = [key for key, on in pooling.items() if key.startswith("pooling_mode_") and on]
    return modes == ["pooling_mode_mean_tokens"]


def _has_prompts(folder: Path) -> bool:
    path = folder / "config_sentence_transformers.json"
    prompts = read_table(path).get("prompts") if path.is_file() else None
    return any((prompts or {}).values())


def _has_tensors(folder: Path, n_layers: int) -> bool:
    """Whether the weights are those of a BERT encoder in single precision."""
    from safetensors import SafetensorError, safe_open

    parts = [f"encoder.layer.{n}.{part}" for n in range(n_layers) for part in _LAYER_PARTS]
    parts.append("embeddings.LayerNorm")
    names = [f"{part}.{kind}" for part in parts for kind in ("weight", "bias")]
    names += [f"embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type")]
    try:
        with safe_open(folder / "model.safetensors", framework="numpy") as file:
            kinds = {name: file.get_slice(name).get_dtype() for name in list(file.keys())}
    except SafetensorError:
        return True  # broken, which the constructor explains
    return all(kinds.get(name) == "F32" for name in names)


def _gelu(x: Array) -> Array:
    from scipy.special import erf

    activated: Array = erf(x * np.float32(0.5**0.5))
    activated += 1.0
    activated *= x
    activated *= np.float32(0.5)
    return activated
