"""The job of answering: evidence first, then what is verified, or an abstention."""

from rag.answering.answerer import Answerer

__all__ = ["Answerer"]
