"""Which articles a person means, and which sentences are about a subject."""

from __future__ import annotations

from dataclasses import replace

from rag.evidence import relevance
from rag.library import Library
from rag.retrieval import HybridRetriever
from rag.schema import Evidence, Filters, Sentence

_NEAR_SENTENCES = 32
"""As many as a question's words and vectors are compared with one by one."""
_LEAST_NEARNESS, _LEAST_COSINE = 0.6, 0.28
"""Of six subjects put to 50 articles, what lies below either shares a common word with them at
most, or stands beside a sentence that is near."""


def by_id(filters: Filters, library: Library) -> Filters:
    """Filters with documents by id, which a person may name by title or path as well.

    Raises:
        UnknownDocumentError: a filter names no document.
    """
    if not filters.documents:
        return filters
    ids = {info.id for info in library.documents()}  # a page may name hundreds by their ids
    named = (name if name in ids else library.resolve(name).id for name in filters.documents)
    return replace(filters, documents=tuple(named))


def sentences_about(
    about: str, filters: Filters, retriever: HybridRetriever
) -> tuple[Sentence, ...]:
    """The sentences near a subject, the nearest first."""
    near = retriever.wide(_NEAR_SENTENCES).retrieve(about, filters).evidence
    return tuple(one.sentence for one in near if _is_near(one))


def _is_near(evidence: Evidence) -> bool:
    """Whether a sentence is about a subject, and not only found beside others that are."""
    return relevance(evidence) >= _LEAST_NEARNESS and evidence.similarity >= _LEAST_COSINE
