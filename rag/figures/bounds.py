"""The words around a figure that bound it: more than, at least, or so."""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.figures import lexicon
from rag.figures.reading import any_of
from rag.schema import Bound, FigureKind, Span

_LONGEST = 40
_WORD = re.compile(r"[~≈<>≤≥]|[^\s(\[“\"‘—–~≈<>≤≥]+")
_AGE_OF = re.compile(r"(?:the\s)?age\sof\s$")
_PHRASES = any_of(phrase for phrase in lexicon.AFTER if phrase[0].isalpha())
_AFTER = re.compile(
    rf"(?P<sign>\+(?!\d)|-(?:odd|plus)\b)|\s(?P<noun>[a-z-]+\s)??(?P<phrase>{_PHRASES})\b"
)
_MOVING = re.compile(rf"\b{any_of(lexicon.MOVING)}\s$")
# "Over a 20-year career" and "under a $5 million plan" bound nothing.
_KNOWN = frozenset(lexicon.BEFORE)
_BEFORE_ARTICLE = _KNOWN - {"over", "under", "above", "below", "some"}
_UNBOUNDED = frozenset({FigureKind.DATE, FigureKind.ORDINAL, FigureKind.IDENTIFIER})
_ABOUT_YEARS = frozenset({"around", "circa", "approximately"})


class Bounded(NamedTuple):
    """A bound and where its words and the figure stand."""

    bound: Bound
    span: Span
    phrase: str


def bound_of(low: str, span: Span, kind: FigureKind) -> Bounded | None:
    """Return how the words around a figure bound it; None where they do not.

    Args:
        low: the text in lower case.
        span: of the figure.
        kind: of the figure; days, places and names have no bounds.
    """
    if kind in _UNBOUNDED:
        return None
    before = _before(low, span)
    if kind is FigureKind.YEAR:
        return before if before and before.phrase in _ABOUT_YEARS else None
    return before or _after(low, span)


def _before(low: str, span: Span) -> Bounded | None:
    offset = max(0, span.start - _LONGEST)
    head = low[offset : span.start]
    if age := _AGE_OF.search(head):
        head = head[: age.start()]
    if head.endswith(("over-", "under-")):
        head = f"{head[:-1]} "
    words = list(_WORD.finditer(head))[-5:]
    known = _KNOWN
    if words and words[-1][0] in {"a", "an"}:
        words.pop()
        known = _BEFORE_ARTICLE
    for count in range(min(4, len(words)), 0, -1):
        phrase = " ".join(word[0] for word in words[-count:])
        moved = phrase == "up to" and _MOVING.search(head, 0, words[-count].start())
        if phrase in known and not moved:
            start = offset + words[-count].start()
            return Bounded(lexicon.BEFORE[phrase], Span(start, span.end), phrase)
    return None


def _after(low: str, span: Span) -> Bounded | None:
    match = _AFTER.match(low, span.end)
    if not match:
        return None
    phrase = match["sign"] or match["phrase"]
    # "100 people or more": the bound is known, but its words do not stand beside the figure.
    end = span.end if match["noun"] else match.end()
    return Bounded(lexicon.AFTER[phrase], Span(span.start, end), phrase)
