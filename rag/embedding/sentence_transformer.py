"""The embedder over the sentence-transformers library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.embedding.folder import unusable
from rag.protocols import Vectors
from rag.text import encodable

_BATCH = 32


class SentenceTransformerEmbedder:
    """Any model of sentence-transformers, from a folder on this machine, loaded on first use.

    Args:
        folder: a sentence-transformers model folder; nothing is fetched.
        name: identifies the weights.
        half: multiply 16-bit floats (bfloat16) for documents; see :func:`open_embedder`.

    Raises:
        ModelCorruptError: on first use: a file of the model is missing or broken.
    """

    def __init__(self, folder: Path, *, name: str, half: bool = False) -> None:
        self.name = name
        self._folder = folder
        self._half = half

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # drawn into ours
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        # Each kind of file fails in its own way.
        except Exception as error:
            raise unusable(self._folder, error) from error

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [len(texts), dimension], rows of unit length."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._half):
            return self._encode(self._model.encode_document, texts)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 [dimension] of unit length."""
        vector: Vectors = self._encode(self._model.encode_query, [text])[0]
        return vector

    def _encode(self, encode: Callable[..., Vectors], texts: Sequence[str]) -> Vectors:
        # The two ways to encode put the model's own prompts ("query: ") before the text.
        vectors = encode(
            [encodable(text) for text in texts],
            batch_size=_BATCH,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32, copy=False)
