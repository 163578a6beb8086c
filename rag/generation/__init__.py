"""Local generation with llama.cpp: weights, template, context, generator."""

from __future__ import annotations

from rag.generation.adapters import Adapter, adapter_of
from rag.generation.generator import LlamaGenerator
from rag.generation.weights import LlamaWeights

__all__ = ["Adapter", "LlamaGenerator", "LlamaWeights", "adapter_of"]
