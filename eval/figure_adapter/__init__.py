"""Teaches the chat model to read figures: the adapter of rag.generation.adapters."""
