"""Trains the network of rag.answer_scoring: which figure answers a question, or none."""
