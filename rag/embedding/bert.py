"""The embedder in numpy, and which model folders it computes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.embedding.folder import read_table, unusable
from rag.embedding.word_pieces import WordPieces
from rag.encoder import Array, BertEncoder, in_batches, tensor_names
from rag.protocols import Vectors


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
            self._encoder = BertEncoder(
                load_file(folder / "model.safetensors"),
                n_layers=int(config["num_hidden_layers"]),
                n_heads=int(config["num_attention_heads"]),
                epsilon=float(config["layer_norm_eps"]),
            )
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

        def fill(rows: Sequence[int]) -> None:
            vectors[rows] = self._forward([ids[i] for i in rows])

        in_batches(ids, fill)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return float32 [dimension] of unit length."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector

    def _forward(self, ids: Sequence[Sequence[int]]) -> Array:
        hidden, mask = self._encoder.hidden(ids)
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        unit: Array = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return unit


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

    try:
        with safe_open(folder / "model.safetensors", framework="numpy") as file:
            kinds = {name: file.get_slice(name).get_dtype() for name in list(file.keys())}
    except SafetensorError:
        return True  # broken, which the constructor explains
    return all(kinds.get(name) == "F32" for name in tensor_names(n_layers))
