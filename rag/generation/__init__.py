"""Local generation with llama.cpp: weights, template, context, generator."""

from __future__ import annotations

from rag.generation.generator import LlamaGenerator
from rag.generation.weights import LlamaWeights

__all__ = ["LlamaGenerator", "LlamaWeights"]
