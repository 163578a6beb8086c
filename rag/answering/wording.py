"""Answers in words that code writes: the figure, then the words of its sentence that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import shorten

from rag.candidates import Candidate
from rag.citations import strip_markers
from rag.evidence import relevance
from rag.figures import bounded_span, find_figures
from rag.schema import DocumentInfo, Evidence, FigureKind, Retrieval, Span

# A longer sentence is quoted by the words that speak of the figure.
_LONGEST_QUOTE = 220
_FEWEST_WORDS = 5
_TIMES = frozenset({FigureKind.DURATION, FigureKind.AGE})
_LONGEST_NAME = 120
_CONTEXT = frozenset({FigureKind.YEAR, FigureKind.DATE, FigureKind.ORDINAL, FigureKind.IDENTIFIER})


def stated_text(candidate: Candidate) -> str:
    """The figure as its sentence bounds it: "more than 240,000"."""
    span = bounded_span(candidate.sentence, candidate.statement.figure)
    return " ".join(candidate.sentence[span.start : span.end].split())


def wordings(candidate: Candidate) -> tuple[str, ...]:
    """How a reply may begin that gives the figure: "240,000", "more than 240,000"."""
    bare, stated = candidate.statement.figure.text, stated_text(candidate)
    return tuple(dict.fromkeys((" ".join(bare.split()), stated, stated[:1].upper() + stated[1:])))


def said_words(candidate: Candidate) -> str:
    """The words that say so: the sentence where it has no other such figure, else its own part.

    Words too few to say what the figure is of are taken from the sentence's beginning on.
    """
    text, own = candidate.sentence, candidate.own
    if not _rivals(candidate, Span(0, len(text))) and len(text) <= _LONGEST_QUOTE:
        return _quotable(text)
    opening = Span(0, own.end)
    if len(text[own.start : own.end].split()) < _FEWEST_WORDS and not _rivals(candidate, opening):
        own = opening
    return _quotable(text[own.start : own.end])


def _rivals(candidate: Candidate, span: Span) -> bool:
    """Whether a part of the sentence has another figure that could be taken for this one."""
    figure = candidate.statement.figure
    helping = _CONTEXT if figure.kind in _TIMES else _CONTEXT | _TIMES
    return any(
        other.kind not in helping and other.span != figure.span and span.contains(other.span)
        for other in find_figures(candidate.sentence)
    )


def figure_answer(candidate: Candidate, marker: int = 1) -> str:
    """One figure with its words and a marker."""
    figure = stated_text(candidate)
    return f"{figure[:1].upper()}{figure[1:]}: “{said_words(candidate)}” [{marker}]"


def outlet(info: DocumentInfo) -> str:
    """Who published it and when, as far as that is known."""
    name = _name(info, info.publisher, info.title)
    if name == info.id:  # a number in it would read as a figure of the answer
        name = re.sub(r"\d+", "", name).strip("-_. ") or "An article"
    return f"{name}, {info.published.isoformat()}" if info.published else name


def abstention(retrieval: Retrieval, nearest: Evidence | None) -> str:
    """Say that the articles do not say, and name the nearest sentence."""
    nearest = nearest or nearest_of(retrieval.evidence)
    if nearest is None:
        return "The articles do not say: nothing in them is near this question."
    info = nearest.document
    day = f", {info.published.isoformat()}" if info.published else ""
    name = _name(info, info.title, info.publisher)
    return f"The articles do not say. The nearest sentence is in “{name}”{day} [1]."


def nearest_of(evidence: Sequence[Evidence]) -> Evidence | None:
    """The sentence that is nearest to the question."""
    return max(evidence, key=relevance, default=None)


def _name(info: DocumentInfo, *names: str | None) -> str:
    """The first name without a quantity, which nothing would bind to a sentence; else the id."""
    # A title may have a bracket that looks like a marker.
    bare = (strip_markers(name) for name in (*names, info.id) if name)
    named = (name for name in bare if not any(f.kind not in _CONTEXT for f in find_figures(name)))
    return shorten(next(named, info.id), _LONGEST_NAME, placeholder=" …")


def _quotable(text: str) -> str:
    """Without marks that look like markers, and without quotation marks at its ends."""
    return " ".join(strip_markers(text).split()).strip(' ,;:–—“”"')
