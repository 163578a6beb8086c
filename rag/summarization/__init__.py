"""Summaries of one article, and digests of many."""

from __future__ import annotations

from rag.summarization.article import Observer, Summarizer, Unobserved
from rag.summarization.digest import Article, summarize_many
from rag.summarization.rewording import Rewriter
from rag.summarization.rows import as_worded, by_period, readable

__all__ = [
    "Article",
    "Observer",
    "Rewriter",
    "Summarizer",
    "Unobserved",
    "as_worded",
    "by_period",
    "readable",
    "summarize_many",
]
