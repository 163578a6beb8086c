"""Which embedder runs a model folder, for how much work."""

from __future__ import annotations

from pathlib import Path

from rag.embedding.bert import NumpyEmbedder
from rag.embedding.sentence_transformer import SentenceTransformerEmbedder
from rag.processor import multiplies_bfloat16
from rag.protocols import Embedder

# Both embed 18 passages of 150 words a second on two cores, so that up to here the import of
# 11 s is not won back; beyond, the library makes better use of more cores than two.
_SMALL_JOB = 1000


def open_embedder(folder: Path, *, name: str, n_texts: int) -> Embedder:
    """Choose how to run a model folder for a job of about ``n_texts`` texts.

    A large job multiplies 16-bit floats where the processor has instructions for it: vectors of
    passages then have a cosine of 0.9999 and more with those of a small job, and come twice as
    fast (docs/PERFORMANCE.md).

    Raises:
        ModelCorruptError: a file of the model is missing or broken; for a folder that only the
            library runs, not before its first text.
    """
    if not NumpyEmbedder.can_run(folder):
        return SentenceTransformerEmbedder(folder, name=name)
    if n_texts <= _SMALL_JOB:
        return NumpyEmbedder(folder, name=name)
    return SentenceTransformerEmbedder(folder, name=name, half=multiplies_bfloat16())
