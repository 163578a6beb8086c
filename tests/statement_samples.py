"""Figures as rows of a library, made by hand; all of it invented."""

from __future__ import annotations

from datetime import date

from rag.figures import find_figures
from rag.schema import (
    DocumentInfo,
    Sentence,
    Span,
    StatedFigure,
    StatedPeriod,
    Statement,
)


def outlet(name: str, published: date | None = date(2031, 6, 21)) -> DocumentInfo:
    """An article that is named like its outlet."""
    return DocumentInfo(
        id=name.lower(),
        source=f"/news/{name.lower()}.txt",
        media_type="text/plain",
        content_sha256="0" * 64,
        title=None,
        publisher=name,
        published=published,
    )


COURIER, WIRE = outlet("Courier"), outlet("Wire")


def period(first: str, last: str | None = None, text: str = "") -> StatedPeriod:
    """From one day to another, both as YYYY-MM-DD."""
    days = date.fromisoformat(first), date.fromisoformat(last or first)
    return StatedPeriod(*days, text or first, resolved=True)


MAY = period("2031-05-01", "2031-05-31", "in May")
JUNE = period("2031-06-01", "2031-06-30", "in June")


def stated(
    text: str,
    noun: str = "",
    when: StatedPeriod | None = None,
    document: DocumentInfo = COURIER,
    *,
    nth: int = 0,
    position: int = 1,
    speaker: str | None = None,
) -> StatedFigure:
    """What a sentence states with its figure ``nth``, whose clause is the whole sentence."""
    figure = find_figures(text)[nth]
    clause = Span(0, len(text))
    sentence = Sentence(document.id, position, Span(100, 100 + len(text)), text, 0)
    return StatedFigure(Statement(figure, noun, clause, when, speaker), sentence, document)
