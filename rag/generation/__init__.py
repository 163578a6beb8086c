"""Local generation with llama.cpp: template, context, generator."""

from __future__ import annotations

from rag.generation.generator import LlamaGenerator

__all__ = ["LlamaGenerator"]
