"""What a question finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.schema.documents import DocumentInfo, Sentence


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A row that a search found; ``rank`` counts from 1, a higher score is nearer."""

    id: int
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents take part; an empty field does not restrict.

    A date filter leaves out documents without a date: whether they fit cannot be known.
    """

    documents: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.documents or self.publishers or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer the question, with the article that it stands in."""

    sentence: Sentence
    document: DocumentInfo
    score: float
    """Fused score of retrieval: comparable within one question only."""
    similarity: float
    """Cosine of question and sentence under the embedder, -1 to 1."""
    coverage: float
    """Share of the question's words, weighted by rarity, in the sentence, the one before it (at
    less weight) and what is known of its article, 0 to 1."""
    in_context: float = 0.0
    """The same share, with the three sentences before it and the title counted in full."""
    in_article: float = 0.0
    """The same share in the whole article."""
    unsaid: tuple[str, ...] = ()
    """Words of the question that stand nowhere in its article."""
    before: tuple[Sentence, ...] = ()
    """Up to three sentences before it, in order, for reading it in its context."""
    lead: Sentence | None = None
    """The sentence before, where this one leans on it: a pronoun, "that month"."""
    dense_rank: int | None = None
    lexical_rank: int | None = None
    page: int | None = None
    also_in: tuple[DocumentInfo, ...] = ()
    """Copies of the article that have the same sentence: one source in several outlets."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question found, best first."""

    question: str
    """As it was asked."""
    read_as: str
    """As it was searched for: misspelt words put right."""
    evidence: tuple[Evidence, ...]
    embedded_share: float
    """How much of the library has vectors yet, 0 to 1."""
    duration_s: float
    weights: tuple[tuple[str, float], ...] = ()
    """How telling each word of the question is in this library: its inverse document frequency."""
    more: tuple[Evidence, ...] = ()
    """Sentences that are less near: a figure may stand in them, but they are shown to nobody."""

    @property
    def looked_at(self) -> tuple[Evidence, ...]:
        """The sentences in which a figure is looked up."""
        return self.evidence + self.more


@dataclass(frozen=True, slots=True)
class Mentions:
    """How many articles have certain words."""

    articles: int
    stories: int
    """The same with copies of one story counted once."""
    sentences: tuple[Evidence, ...]
    """One of each of the first stories, by the date of the article."""
