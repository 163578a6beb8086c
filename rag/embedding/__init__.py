"""Embedders: sentence-transformers for bulk, and the same network in numpy to start at once.

Importing sentence_transformers takes 5 to 11 s on two cores, which a question asked from the
shell cannot wait for. BERT encoders with mean pooling (all-MiniLM-L6-v2 is one) are small
enough to run in numpy with the same weights: ready in a quarter of a second, and vectors that
agree to 1e-5 (a test holds them to the real ones). Other architectures use the library alone.
"""

from __future__ import annotations

from rag.embedding.bert import NumpyEmbedder
from rag.embedding.opening import open_embedder
from rag.embedding.sentence_transformer import SentenceTransformerEmbedder
from rag.embedding.word_pieces import WordPieces

__all__ = ["NumpyEmbedder", "SentenceTransformerEmbedder", "WordPieces", "open_embedder"]
