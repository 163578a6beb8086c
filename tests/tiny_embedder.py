"""Writes an embedder of a few kilobytes that runs as the real one does, and means nothing."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import numpy as np

_WIDTH = 16
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_PARTS = {
    "attention.self.query": (_WIDTH, _WIDTH),
    "attention.self.key": (_WIDTH, _WIDTH),
    "attention.self.value": (_WIDTH, _WIDTH),
    "attention.output.dense": (_WIDTH, _WIDTH),
    "intermediate.dense": (2 * _WIDTH, _WIDTH),
    "output.dense": (_WIDTH, 2 * _WIDTH),
}
_NORMS = ("embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output")


def write_tiny_embedder(folder: Path) -> Path:
    """A BERT of one layer over single characters, in the layout of sentence-transformers."""
    from safetensors.numpy import save_file
    from tokenizers import BertWordPieceTokenizer

    characters = string.ascii_lowercase + string.digits + string.punctuation
    pieces = [*_SPECIAL, *characters, *(f"##{c}" for c in characters)]
    (folder / "1_Pooling").mkdir(parents=True)
    tokenizer = BertWordPieceTokenizer({piece: n for n, piece in enumerate(pieces)})
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(_weights(len(pieces)), folder / "model.safetensors")
    kinds = ["Transformer", "Pooling", "Normalize"]
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (kind, path) in enumerate(zip(kinds, ["", "1_Pooling", "2_Normalize"], strict=True))
    ]
    _write(folder / "modules.json", modules)
    _write(folder / "1_Pooling" / "config.json", {"pooling_mode": "mean"})
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 256})
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "layer_norm_eps": 1e-12,
        "hidden_size": _WIDTH,
        "intermediate_size": 2 * _WIDTH,
        "vocab_size": len(pieces),
        "max_position_embeddings": 256,
    }
    _write(folder / "config.json", config)
    return folder


def _weights(vocabulary: int) -> dict[str, Any]:
    noise = np.random.default_rng(0)
    shapes = {
        f"embeddings.{kind}_embeddings.weight": (n, _WIDTH)
        for kind, n in (("word", vocabulary), ("position", 256), ("token_type", 2))
    }
    for part, shape in _PARTS.items():
        shapes[f"encoder.layer.0.{part}.weight"] = shape
    weights = {name: noise.normal(size=shape) for name, shape in shapes.items()}
    for part, (rows, _) in _PARTS.items():
        weights[f"encoder.layer.0.{part}.bias"] = np.zeros(rows)
    for norm in _NORMS:
        weights[f"{norm}.LayerNorm.weight"] = np.ones(_WIDTH)
        weights[f"{norm}.LayerNorm.bias"] = np.zeros(_WIDTH)
    return {name: values.astype(np.float32) for name, values in weights.items()}


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), "utf-8")
