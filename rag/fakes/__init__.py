"""Stand-ins for the heavy parts, for tests and for code that is built on citeline.

Each passes the contract suite of its seam, so what works with one works with the real part.
"""

from __future__ import annotations

from rag.fakes.answering import FakeAsker
from rag.fakes.embedding import HashEmbedder
from rag.fakes.generating import ScriptedGenerator
from rag.fakes.scoring import ScriptedScorer
from rag.fakes.vectors import MemoryVectorStore

__all__ = [
    "FakeAsker",
    "HashEmbedder",
    "MemoryVectorStore",
    "ScriptedGenerator",
    "ScriptedScorer",
]
