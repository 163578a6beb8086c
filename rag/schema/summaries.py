"""What summarisation gives: of one article a summary, of many a digest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.schema.answers import CheckedFigure, Citation
from rag.schema.documents import DocumentInfo
from rag.schema.figures import StatedFigure


class Length(StrEnum):
    """How long a summary is to be."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Origin(StrEnum):
    """How a point of a summary came about."""

    RANKED = "ranked"
    """Code chose the sentence; it is quoted as it stands."""
    READ = "read by the model"
    """Code chose the sentence, the model worded it anew, and that passed verification."""


class Relation(StrEnum):
    """How figures of several sentences that speak of the same thing go together."""

    AGREE = "agree"
    """The same period and the same value."""
    CHANGED = "changed"
    """Different periods."""
    DIFFER = "differ"
    """The same period, and values that cannot both be exact."""
    OTHER_SCOPE = "other scope"
    """Of another place, group or kind: figures that are easily taken for each other."""


@dataclass(frozen=True, slots=True)
class SummaryPoint:
    """One sentence of a summary with its citations."""

    text: str
    citations: tuple[Citation, ...]
    figures: tuple[CheckedFigure, ...]
    verified: bool
    """Whether each of its figures is stated by the cited sentence."""
    origin: Origin = Origin.RANKED


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
    figures: tuple[StatedFigure, ...] = ()
    """What the cited sentences state, in the order of the article: rows of a table."""


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures that speak of the same thing and how they go together."""

    relation: Relation
    noun: str
    """What they count or measure, in the words of one of them; may be empty."""
    figures: tuple[StatedFigure, ...]
    """By period, then by the date of the article; two at least."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was asked for has been read."""

    articles_read: int
    articles_total: int
    passages_read: int
    passages_total: int


@dataclass(frozen=True, slots=True)
class DigestPoint:
    """One thing that several articles say, or that one of them says first of all."""

    relation: Relation | None
    """None where one story alone says it."""
    text: str
    """One sentence with markers."""
    citations: tuple[Citation, ...]
    figures: tuple[StatedFigure, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """Many articles: what they agree on, what changed, where they differ."""

    documents: tuple[DocumentInfo, ...]
    about: str | None
    points: tuple[DigestPoint, ...]
    figures: tuple[StatedFigure, ...]
    """Of the points, by the period that they speak of: rows of a timeline or table."""
    coverage: Coverage
    notes: tuple[str, ...]
    total_s: float
