"""Figures, periods and sources in words."""

from __future__ import annotations

import re

from rag.figures import bounded_span
from rag.schema import Bound, Span, StatedFigure, StatedPeriod
from rag.timespans import in_words

# Control characters, those that turn the direction of what stands around them, halves of
# characters, and the two that are none.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
LEGEND = (
    "A mark is a figure, its bar the time that it speaks of; marks that would hide each other "
    "stand side by side."
)

_BELOW = frozenset({Bound.LESS_THAN, Bound.AT_MOST, Bound.NEARLY})
_ABOVE = frozenset({Bound.MORE_THAN, Bound.AT_LEAST})


def plain(text: str) -> str:
    r"""Text on one line, without the signs that neither a picture nor XML has a place for.

    >>> plain("two\nlines")
    'two lines'
    """
    return _UNSEEN.sub("\ufffd", " ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """A number with its noun, plural where it is not one.

    >>> counted(1, "figure"), counted(2, "figure")
    ('1 figure', '2 figures')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def direction(bound: Bound) -> int:
    """Where the true value lies: 1 above what is stated, -1 below, 0 neither."""
    return 1 if bound in _ABOVE else -1 if bound in _BELOW else 0


def span_of(stated: StatedFigure) -> Span:
    """Where a figure stands in its sentence, with the words that bound it."""
    return bounded_span(stated.sentence.text, stated.statement.figure)


def value_words(stated: StatedFigure) -> str:
    """A figure as its sentence words it, with its bound and what it counts."""
    noun, span = stated.statement.noun, span_of(stated)
    text = stated.sentence.text[span.start : span.end]
    return text if not noun or noun.lower() in text.lower() else f"{text} {noun}"


def period_words(period: StatedPeriod | None) -> str:
    """The time that a figure speaks of, and whether it was worked out.

    >>> from datetime import date
    >>> period_words(StatedPeriod(date(2024, 5, 1), date(2024, 5, 31), "in May", True))
    'May 2024, from “in May”'
    """
    if period is None:
        return "no period stated"
    words = in_words(period.first, period.last)
    return f"{words}, from “{period.text}”" if period.resolved else words


def source_words(stated: StatedFigure) -> str:
    """Title, outlet and date of a figure's article."""
    info = stated.document
    facts = (info.name, info.publisher, info.published.isoformat() if info.published else None)
    return " · ".join(fact for fact in facts if fact)
