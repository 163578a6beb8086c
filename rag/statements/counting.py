"""What each figure of a sentence counts or measures, with what it leaves to the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.clauses import Clause, Link
from rag.figures import bounded_span
from rag.nouns import MASK, counted, measured, named_before
from rag.periods import Time
from rag.schema import Figure, FigureKind

_GAPPED = re.compile(r"(?:the\s)?(?:[A-Z][\w’'.-]*\s){1,4}")
_CHANGES = frozenset(
    {FigureKind.PERCENT, FigureKind.PERCENTAGE_POINTS, FigureKind.RATIO, FigureKind.MULTIPLE}
)
_MORE = re.compile(r"\s(?:more|less|fewer|higher|lower|above|below)\b")
_MOVED = re.compile(r"(?:up|down|which\s(?:is|was))\s(?:by\s)?")
_TO = re.compile(r"(?:to|from)\s(?:an?\s)?")
_NAME = re.compile(r"[A-Z][a-z’'.-]+(?:\s[A-Z][a-z’'.-]+)*")


def nouns(
    text: str, figures: Sequence[Figure], own: Sequence[Clause], times: Sequence[Time]
) -> list[str]:
    """Return the nouns of figures, empty where the sentence has none.

    One of a list leaves out what the one before it said: "1,200 tickets in May, 1,400 in June".
    """
    masked = text
    for span in (time.span for time in times):
        masked = masked[: span.start] + MASK * len(span) + masked[span.end :]
    helping = [any(time.span.overlaps(figure.span) for time in times) for figure in figures]
    said = [
        "" if helps else counted(masked, figure)
        for figure, helps in zip(figures, helping, strict=True)
    ]
    _take_from_next(text, figures, own, said)
    # What is told by how much it moved is not what a later figure leaves out.
    moved: dict[int, str] = {}
    for i, (figure, clause) in enumerate(zip(figures, own, strict=True)):
        if said[i] or helping[i]:
            continue
        before = next((k for k in reversed(range(i)) if not own[k].helping), None)
        if before is not None and _goes_on(text, figure, clause):
            moved[i] = said[before] or moved.get(before, "")
        if not moved.get(i):
            said[i] = _left_out(text, masked, figures[: i + 1], clause, said[:i])
    return [moved.get(i) or noun for i, noun in enumerate(said)]


def _take_from_next(
    text: str, figures: Sequence[Figure], own: Sequence[Clause], said: list[str]
) -> None:
    """Give the first of two the noun of the second: "between 12 and 14 men", "4 or 5 cars"."""
    for i in reversed(range(len(figures) - 1)):
        between = text[figures[i].span.end : figures[i + 1].span.start].strip(" ,")
        alike = own[i + 1].link is Link.RANGE or between in {"and", "or"}
        if not said[i] and alike and figures[i].kind is figures[i + 1].kind:
            said[i] = said[i + 1]


def _left_out(
    text: str, masked: str, figures: Sequence[Figure], clause: Clause, said: Sequence[str]
) -> str:
    """The noun of the last of some figures, which no words behind it say."""
    figure = figures[-1]
    if figure.kind is FigureKind.AGE:
        noun = measured(masked, figure, clause.span)
        return noun if noun.lower().split()[-1:] == ["age"] else ""
    start = bounded_span(text, figure).start
    if clause.link is Link.LISTED and _GAPPED.fullmatch(text, clause.span.start, start):
        # "Rovers won 12 games, Athletic 10": a name is not what is counted.
        return _of_another(figure, figures, list(map(_no_name, said)), gapped=True)
    noun = named_before(masked, figure)
    if not noun and figure.kind is FigureKind.COUNT and clause.link is not Link.FIRST:
        noun = _of_another(figure, figures, said)
    return noun or measured(masked, figure, clause.span) or _of_another(figure, figures, said)


def _goes_on(text: str, figure: Figure, clause: Clause) -> bool:
    """Whether a figure tells how much what was told before it moved: "to $18bn", "down 12%"."""
    if clause.link is Link.FIRST:
        return False
    head = text[clause.span.start : bounded_span(text, figure).start]
    moved = figure.kind in _CHANGES and (
        _MORE.match(text, figure.span.end) or _MOVED.fullmatch(head)
    )
    return bool(moved or (clause.link is Link.PART and _TO.fullmatch(head)))


def _no_name(noun: str) -> str:
    return "" if _NAME.fullmatch(noun) else noun


def _of_another(
    figure: Figure, figures: Sequence[Figure], said: Sequence[str], *, gapped: bool = False
) -> str:
    """The noun of the last figure of the same kind and unit; empty where there is none.

    One that leaves out its noun may leave out its unit too: "6 litres of milk, Holm 8".
    """
    alike = [
        noun
        for other, noun in zip(figures, said, strict=False)
        if noun
        and other.kind is figure.kind
        and (other.unit == figure.unit or (gapped and not figure.unit))
    ]
    return alike[-1] if alike else ""
