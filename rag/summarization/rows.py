"""What sentences state, a row a figure: for tables, timelines and groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.figures import bounded_span
from rag.library import StoredSentence
from rag.schema import QUANTITIES, Evidence, FigureKind, StatedFigure, Statement
from rag.statements import statements

_MEASURE = re.compile(r"[\s-]([^\W\d_]+)")


def readable(stored: Iterable[StoredSentence]) -> tuple[Evidence, ...]:
    """Return the sentences of an article that a summary may cite: all but boilerplate."""
    return tuple(
        Evidence(s.sentence, s.document, score=1.0, similarity=1.0, coverage=0.0, page=s.page)
        for s in stored
        if not s.sentence.boilerplate
    )


def rows_of(evidence: Sequence[Evidence], positions: Iterable[int]) -> tuple[StatedFigure, ...]:
    """Return what some sentences of an article state, in order.

    Args:
        evidence: all sentences of the article, in order.
        positions: in ``evidence``, of the sentences that are wanted.
    """
    return tuple(
        StatedFigure(statement, evidence[position].sentence, evidence[position].document)
        for position in positions
        for statement in _stated(evidence, position)
        if statement.figure.kind in QUANTITIES
    )


def as_worded(stated: StatedFigure) -> str:
    """A figure as its sentence words it, "more than" and "mm" included."""
    text, figure = stated.sentence.text, stated.statement.figure
    span = bounded_span(text, figure)
    measure = _MEASURE.match(text, span.end) if figure.kind is FigureKind.COUNT else None
    if measure and figure.unit and _names_unit(measure[1].lower(), figure.unit.lower()):
        return text[span.start : measure.end()]
    return text[span.start : span.end]


def _names_unit(word: str, unit: str) -> bool:
    """Whether a word is the unit, written out or not; where it is left out, another word stands."""
    long_enough = len(word) > 2  # "to" is no tonne
    return word == unit or (long_enough and word[0] == unit[0])


def by_period(figures: Iterable[StatedFigure]) -> tuple[StatedFigure, ...]:
    """Order figures by the period that they speak of; those that speak of none come last.

    Of one period, the one that ends first comes first, then the one that was published first.
    """
    return tuple(sorted(figures, key=_when))


def _when(stated: StatedFigure) -> tuple[bool, str, str, str, str, int, int]:
    period, document = stated.statement.period, stated.document
    return (
        period is None,
        period.first.isoformat() if period else "",
        period.last.isoformat() if period else "",
        document.published.isoformat() if document.published else "9999",
        document.id,
        stated.sentence.position,
        stated.statement.figure.span.start,
    )


def _stated(evidence: Sequence[Evidence], position: int) -> Iterator[Statement]:
    item = evidence[position]
    lead = evidence[position - 1].sentence.text if position else None
    yield from statements(item.sentence.text, lead=lead, published=item.document.published)
