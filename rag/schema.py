"""The values that flow from file to answer: frozen, a type a stage.

Offsets are in characters of ``Document.text``, half-open: for every span that a value of a
document carries, ``document.text[span.start:span.end]`` is exactly the sentence, passage or
figure. They survive storage. Positions count from 0, markers and pages from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


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


# --- what a reader gives -------------------------------------------------------------------


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


# --- what chunking gives -------------------------------------------------------------------


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


class FigureKind(StrEnum):
    """What a figure measures; only figures of one kind are ever compared."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage points"
    YEAR = "year"
    DATE = "date"
    ORDINAL = "ordinal"
    AGE = "age"
    DURATION = "duration"
    RATIO = "ratio"
    """A part of a whole: one in five, two-thirds."""
    MULTIPLE = "multiple"
    """How many times: doubled, twofold."""
    IDENTIFIER = "identifier"
    """Phone numbers, list numbers, names with digits: never a quantity."""


class Bound(StrEnum):
    """How the text bounds a figure."""

    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more than"
    AT_LEAST = "at least"
    NEARLY = "nearly"
    LESS_THAN = "less than"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a text states it; the span is in the text that it was found in."""

    text: str
    value: Decimal
    kind: FigureKind
    unit: str
    """Code for money, or the name that several currencies share (krone, peso, cent); second to
    decade for durations and ages; a measure for counts (km, mm, celsius, point); decade or fiscal
    for years; quarter or half for ordinals; the name of an identifier. Empty where none is said."""
    bound: Bound
    span: Span


# --- what retrieval gives ------------------------------------------------------------------


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


# --- what generation gives -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat prompt; ``role`` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class GenerationParams:
    """How to decode. Decoding is greedy, so that the same prompt gives the same text."""

    max_tokens: int = 128
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model wrote."""

    text: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    stop_reason: str
    """``end`` (the model's own), ``stop`` (a stop string) or ``length``."""
    first_token_s: float
    duration_s: float


# --- what verification and answering give --------------------------------------------------


class Verdict(StrEnum):
    """What verification says of one figure of an answer."""

    EXACT = "exact"
    ROUNDED = "rounded"
    UNSUPPORTED = "unsupported"


class Status(StrEnum):
    """How a question ended. All three are answers."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker of an answer and the exact sentence behind it."""

    marker: int
    document: DocumentInfo
    span: Span
    """In the document's text."""
    quote: str
    page: int | None = None
    also_in: tuple[DocumentInfo, ...] = ()
    """As in :class:`Evidence`."""


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of an answer and what its cited sentences say of it."""

    figure: Figure
    verdict: Verdict
    marker: int | None
    """The citation that states it; None when none does."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that verification found wrong with a text; ``span`` is in that text."""

    kind: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of checking a text against the evidence it was given."""

    figures: tuple[CheckedFigure, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether the text may be shown as fact."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of wall clock since the question was put."""

    retrieve_s: float
    first_token_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's end: prose with markers whose figures are bound, or an abstention."""

    question: str
    status: Status
    text: str
    citations: tuple[Citation, ...]
    figures: tuple[CheckedFigure, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]
    """What the reader should know: what did not fit, how much is embedded, what was repaired."""
    timing: Timing
    settings_sha256: str


@dataclass(frozen=True, slots=True)
class SummaryPoint:
    """One sentence of a summary with its citations."""

    text: str
    citations: tuple[Citation, ...]
    figures: tuple[CheckedFigure, ...]
    verified: bool
    """Whether each of its figures is stated by the cited sentence."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One article in a few cited sentences."""

    document: DocumentInfo
    points: tuple[SummaryPoint, ...]
    passages_read: int
    passages_total: int
    notes: tuple[str, ...]
    total_s: float
    settings_sha256: str


JSON = dict[str, Any]
