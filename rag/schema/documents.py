"""What a reader and a chunker give: an article, its sentences and its passages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of characters."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether both have a character in common."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of an article without its text.

    A field that the file does not state is None: nothing is guessed.
    """

    id: str
    source: str
    """The absolute path, ``path#record`` for one record of many, or ``stdin:<sum>``."""
    media_type: str
    content_sha256: str
    """Of the text and of all fields here that a reader finds."""
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None

    @property
    def name(self) -> str:
        """What to call it where a person reads: the title, else the id."""
        return self.title or self.id


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its normalised text and what is known about it."""

    info: DocumentInfo
    text: str
    page_starts: tuple[int, ...] = ()
    """Where each page begins in ``text``; empty where the format has no pages."""
    boilerplate: tuple[Span, ...] = ()
    """Captions, contact blocks, share lines and footers: searchable, but they weigh less."""

    def page_of(self, offset: int) -> int | None:
        """The page, counted from 1, that holds ``offset``; None where there are no pages."""
        if not self.page_starts:
            return None
        return sum(1 for start in self.page_starts if start <= offset) or 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, a page or a record that could not be read; the others are not affected."""

    source: str
    """As in :class:`DocumentInfo`; ``path#page=3`` for one page of an article that was read."""
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or headline, caption, list item) of a document."""

    document_id: str
    position: int
    span: Span
    text: str
    paragraph: int
    boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences that are embedded together, never more than the embedder reads."""

    document_id: str
    position: int
    span: Span
    first_sentence: int
    last_sentence: int
    """Position of the last sentence in the passage (inclusive)."""
    header: str
    """Title and date, embedded before the text so that the vector knows its article."""
    n_tokens: int
    """Word pieces of header and text, special tokens included."""
    boilerplate: bool = False
