"""A number as a text states it: what it measures, how it is bounded, of whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rag.schema.documents import DocumentInfo, Sentence, Span


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


QUANTITIES = frozenset(FigureKind) - {
    FigureKind.YEAR,
    FigureKind.DATE,
    FigureKind.ORDINAL,
    FigureKind.IDENTIFIER,
}
"""Kinds that say how much or how many; the others say when, or which one another figure is of."""


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


@dataclass(frozen=True, slots=True)
class StatedPeriod:
    """The time that a figure speaks of."""

    first: date
    last: date
    """The last day, inclusive: May 2024 is 2024-05-01 to 2024-05-31."""
    text: str
    """The words that name it, in the sentence or the one before: "in November"."""
    resolved: bool
    """Whether it was worked out from the article's date: "last year", "in November"."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says with one of its figures."""

    figure: Figure
    """Its span is in the sentence's text."""
    noun: str
    """What is counted or measured, as the sentence words it ("illegal crossings"); may be empty."""
    clause: Span
    """The part of the sentence's text whose words belong to this figure and to no other."""
    period: StatedPeriod | None
    """None where it cannot be known."""
    speaker: str | None
    """According to whom, as the sentence words it; None where it speaks for itself."""


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A row of the library: a statement with the sentence and the article that it stands in."""

    statement: Statement
    sentence: Sentence
    document: DocumentInfo
