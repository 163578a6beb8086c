"""Points of a summary: sentences as they stand, each with its marker, ready to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.citations import strip_markers
from rag.figures import find_figures
from rag.schema import CheckedFigure, Citation, Evidence, Figure, Span, SummaryPoint, Verdict


def quoted(sources: Sequence[Evidence], first_marker: int) -> SummaryPoint:
    """Quote sentences, each behind its own marker, without marks that look like markers.

    Args:
        sources: sentences of one article, in order.
        first_marker: of the first of them; the others count on from there.
    """
    text = ""
    figures: list[CheckedFigure] = []
    citations = citations_of(sources, first_marker)
    for source, citation in zip(sources, citations, strict=True):
        start = len(text) + bool(text)
        prose = f"“{strip_markers(source.sentence.text)}”"
        figures += [
            CheckedFigure(_moved(figure, start), Verdict.EXACT, citation.marker)
            for figure in find_figures(prose)
        ]
        text = f"{text} {prose} [{citation.marker}]".lstrip()
    return SummaryPoint(text, citations, tuple(figures), verified=True)


def citations_of(sources: Sequence[Evidence], first_marker: int) -> tuple[Citation, ...]:
    """Cite sentences with markers that count on from the first."""
    return tuple(
        Citation(
            marker,
            source.document,
            source.sentence.span,
            source.sentence.text,
            source.page,
            source.also_in,
        )
        for marker, source in enumerate(sources, start=first_marker)
    )


def _moved(figure: Figure, by: int) -> Figure:
    return replace(figure, span=Span(figure.span.start + by, figure.span.end + by))
