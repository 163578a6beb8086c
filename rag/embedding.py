"""Embedders: sentence-transformers for bulk, and the same network in numpy to start at once.

Importing sentence_transformers takes 5 to 11 s on two cores, which a question asked from the
shell cannot wait for. BERT encoders with mean pooling (all-MiniLM-L6-v2 is one) are small
enough to run in numpy with the same weights: ready in a quarter of a second, and vectors that
agree to 1e-5 (a test holds them to the real ones). Other architectures use the library alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelCorruptError
from rag.protocols import Embedder, Vectors

Array = NDArray[np.float32]

# Both embed 18 passages of 150 words a second on two cores, so that up to here the import of
# 11 s is not won back; beyond, the library makes better use of more cores than two.
_SMALL_JOB = 1000
# Passages at once in numpy: 1 gives 15, 8 gives 18, 32 gives 15 a second (cache against calls).
_NUMPY_BATCH = 8
_BATCH = 32


class WordPieces:
    """Counts and makes the tokens that the embedder reads; nothing is cut in silence.

    Args:
        folder: a sentence-transformers model folder.

    Raises:
        ModelCorruptError: the folder lacks a readable tokenizer.json.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            limit = json.loads((folder / "sentence_bert_config.json").read_text("utf-8"))
            self.max_tokens = int(limit["max_seq_length"])
        except Exception as error:
            raise ModelCorruptError(
                f"The embedder in {folder} has no usable tokenizer: {error}.",
                "Check it with: rag models verify",
            ) from error
        # tokenizer.json of all-MiniLM-L6-v2 says: truncate and pad at 128. The model reads 256.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, text: str) -> int:
        """Word pieces of a text, the two special tokens included."""
        return len(self._tokenizer.encode(text).ids)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, cut at what the model reads."""
        encodings = self._tokenizer.encode_batch(list(texts))
        return [_cut(e.ids, self.max_tokens) for e in encodings]


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
            config = json.loads((folder / "config.json").read_text("utf-8"))
            self._weights: dict[str, Array] = load_file(folder / "model.safetensors")
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelCorruptError(
                f"The embedder in {folder} cannot be loaded: {error}.",
                "Check it with: rag models verify",
            ) from error
        self._n_layers = int(config["num_hidden_layers"])
        self._n_heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self.dimension = int(config["hidden_size"])

    @staticmethod
    def can_run(folder: Path) -> bool:
        """Whether the folder holds a network that this class computes."""
        try:
            config = json.loads((folder / "config.json").read_text("utf-8"))
            modules = json.loads((folder / "modules.json").read_text("utf-8"))
            pooling = json.loads((folder / "1_Pooling" / "config.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
        return bool(
            config.get("model_type") == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and kinds == ["Transformer", "Pooling", "Normalize"]
            and pooling.get("pooling_mode_mean_tokens")
            and (folder / "model.safetensors").is_file()
        )

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [len(texts), dimension], rows of unit length."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        ids = self.word_pieces.ids(texts)
        # Texts of like length together: padding is computed like any token.
        order = sorted(range(len(texts)), key=lambda i: len(ids[i]))
        for first in range(0, len(order), _NUMPY_BATCH):
            rows = order[first : first + _NUMPY_BATCH]
            vectors[rows] = self._forward([ids[i] for i in rows])
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


class SentenceTransformerEmbedder:
    """Any model of sentence-transformers, from a folder on this machine.

    Args:
        folder: a sentence-transformers model folder; nothing is fetched.
        name: identifies the weights.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        self.name = name
        self._folder = folder

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [len(texts), dimension], rows of unit length."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: Vectors = self._model.encode(
            list(texts),
            batch_size=_BATCH,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32, copy=False)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 [dimension] of unit length."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector


def open_embedder(folder: Path, *, name: str, n_texts: int) -> Embedder:
    """Choose how to run a model folder for a job of about ``n_texts`` texts.

    Raises:
        ModelCorruptError: a file of the model is missing or broken.
    """
    if n_texts <= _SMALL_JOB and NumpyEmbedder.can_run(folder):
        return NumpyEmbedder(folder, name=name)
    return SentenceTransformerEmbedder(folder, name=name)


def _cut(ids: list[int], limit: int) -> list[int]:
    # The last id is [SEP], which the model expects at the end of whatever it reads.
    return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]


def _gelu(x: Array) -> Array:
    from scipy.special import erf

    activated: Array = erf(x * np.float32(0.5**0.5))
    activated += 1.0
    activated *= x
    activated *= np.float32(0.5)
    return activated
