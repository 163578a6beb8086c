"""What a question is made of, by grammar: the simple questions that it needs answered."""

from __future__ import annotations

from rag.facets.asked import facets
from rag.facets.forms import compares, lists
from rag.facets.neutral import neutral_by_words

__all__ = ["compares", "facets", "lists", "neutral_by_words"]
