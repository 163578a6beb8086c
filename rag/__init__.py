"""Local question answering on news articles: every figure bound to the sentence that states it."""

from __future__ import annotations

__version__ = "0.1.0"
