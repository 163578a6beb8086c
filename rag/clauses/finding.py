"""The clause of each figure of a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rag.clauses.cutting import BORDER, MASK, Link, cut_between
from rag.clauses.lists import respective
from rag.figures import bounded_span
from rag.schema import Figure, FigureKind, Span


class Clause(NamedTuple):
    """The part of a sentence that speaks of one figure."""

    span: Span
    link: Link
    compared: bool
    """Whether the figure is only what another one is compared with: "after a high of 144"."""
    helping: bool
    """Whether the figure only says more of another one: a year, a place in a row."""


_HELPING = frozenset({FigureKind.YEAR, FigureKind.DATE, FigureKind.IDENTIFIER})
_COMPARED = re.compile(
    r"(?:^|[\s(,])(?:from|than|against|versus|vs\.?|compared\s(?:with|to)|instead\sof|(?:short|shy)\sof|after|previous"
    r"|previously|earlier|formerly|unlike|below|above)\s"
    r"(?:(?:the|an?|some|its|their|that)\s(?:[\w’'-]+\s){0,3}?"
    # "Power from wind covered 31%": what stands behind a verb is not compared with.
    r"|(?:(?!(?:was|were|is|are|had|has|[a-z]{3,}ed)\s)[\w’'-]+\s){0,3}?)(?:of\s|at\s|in\s)?$",
    re.IGNORECASE,
)
# "Half of what it was", "twice the level of 2022": the words behind are those compared with.
_BASIS = re.compile(
    r"\s(?:(?:of\s)?(?:what|that\sof|those\sof)"
    r"|(?:of\s)?(?:the|its|their|that)\s(?:[a-z]+\s)?(?:levels?|rate|figure|number|total|share|amount"
    r"|value|price|size|average|peak|norm)"
    r"|as\s(?:many|much|high|large|big|long|often)\b.{0,30}?\sas)\b"
)
_BASED = frozenset({FigureKind.RATIO, FigureKind.MULTIPLE})
# "Those aged 18 to 29", "people over 65", "under-18s": which people a figure is of.
_GROUP_BEFORE = re.compile(
    r"\b(?:those|people|men|women|children|anyone|everyone|(?!was|is|has|his)[a-z]+s)"
    r"(?:\s(?:aged|ages))?\s(?:(?:from|between|under|over|above|below|(?:younger|older)\sthan"
    r"|the\sage\sof|at\sleast|up\sto)\s)*$"
    r"|\b(?:are|were|be)\s(?:aged\s)?(?:under|over|above|below|between)\s$"
    r"|\b(?:under|over)-$",
    re.IGNORECASE,
)
_GROUP_AFTER = re.compile(r"(?<=\d)[’']?s\b|\s(?:and|or)\s(?:over|older|under|younger)\b")
_GROUP_RANGE = re.compile(r"-?\s?(?:to|and|or|-|–)\s?")
_ADVERBIAL = re.compile(
    r"\b(?:in|for|after|over|during|within|every|per|under|last|next|past|the)\s(?:the\s|an?\s)?"
    r"(?:(?:last|past|next|first|final|about|nearly|almost|less\sthan|more\sthan|just|only)\s)*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:[\s.,;:()–—“”\"…-]+|(?:and|but|or|while|whereas|though|although|plus|yet|so)\b(?=\s))+",
    re.IGNORECASE,
)
_LOOSE = re.compile(r",?\s(?:and|but|or|while|whereas)$")
_CLOSING = frozenset(' ,;:()–—-“”"…')
_STOPS = frozenset(".!?’'")


def clauses(text: str, figures: Sequence[Figure], whole: Sequence[Span] = ()) -> tuple[Clause, ...]:
    """Return the clause of each figure of a sentence.

    The spans of two clauses are the same or have no character in common.

    Args:
        text: of the sentence.
        figures: all of it, in order.
        whole: what no cut goes through: the times that the sentence names.
    """
    own = _measuring(text, figures, whole)
    masked = _masked(text, [*whole, *(bounded_span(text, figure) for figure in figures)])
    cuts = [cut_between(text, masked, one, other) for one, other in pairwise(own)]
    borders = [match.start() for match in BORDER.finditer(masked)]
    inner = [cut.at for cut in cuts if cut.link is not Link.RANGE]
    closed = [masked.find(")", at) for at in inner if masked.startswith("(", at)]
    edges = sorted({0, *inner, *borders, *(at for at in closed if at > 0), len(text)})
    parts = [_trimmed(text, figures, start, end) for start, end in pairwise(edges)]
    links = dict(zip(map(id, own), [Link.FIRST, *(cut.link for cut in cuts)], strict=False))
    narrow = respective(text, own)
    found = []
    for figure in figures:
        span = narrow.get(figure.span.start) if id(figure) in links else None
        span = span or next((part for part in parts if part.contains(figure.span)), figure.span)
        head = text[span.start : bounded_span(text, figure).start]
        based = figure.kind in _BASED and _BASIS.match(text, figure.span.end)
        compared = bool(based or _COMPARED.search(head))
        link = links.get(id(figure), Link.PART)
        found.append(Clause(span, link, compared, helping=id(figure) not in links))
    return _without_narrow(found, list(narrow.values()))


def _measuring(text: str, figures: Sequence[Figure], whole: Sequence[Span]) -> list[Figure]:
    """The figures that speak for themselves: amounts, else places in a row."""
    amounts = [
        figure
        for figure in figures
        if figure.kind not in _HELPING and not any(figure.span.overlaps(span) for span in whole)
    ]
    named = [figure for figure in amounts if figure.kind is not FigureKind.ORDINAL]
    of_all = [figure for figure in named if figure.kind is not FigureKind.AGE]
    groups = _ages_of_groups(text, named) if of_all else []
    named = [figure for figure in named if figure not in groups]
    return [figure for figure in named if not _is_adverbial(text, figure)] or named or amounts


def _ages_of_groups(text: str, figures: Sequence[Figure]) -> list[Figure]:
    """The ages that say which people another figure is of, and no one's own."""
    found: list[Figure] = []
    ages = [figure for figure in figures if figure.kind is FigureKind.AGE]
    for age in reversed(ages):
        head = text[max(0, age.span.start - 40) : age.span.start]
        ends = found and _GROUP_RANGE.fullmatch(text, age.span.end, found[-1].span.start)
        if ends or _is_group(text, age, head):
            found.append(age)
    for first, last in pairwise(ages):
        if first in found and _GROUP_RANGE.fullmatch(text, first.span.end, last.span.start):
            found.append(last)
    return found


def _is_group(text: str, age: Figure, head: str) -> bool:
    plural = age.text.endswith("-olds") or _GROUP_AFTER.match(text, age.span.end)
    return bool(plural or _GROUP_BEFORE.search(head))


def _is_adverbial(text: str, figure: Figure) -> bool:
    """Whether a span of time only says how long something took: "lost 12 in six months"."""
    if figure.kind is not FigureKind.DURATION:
        return False
    start = figure.span.start
    return bool(_ADVERBIAL.search(text, max(0, start - 40), start))


def _masked(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        text = text[: span.start] + MASK * len(span) + text[span.end :]
    return text


def _trimmed(text: str, figures: Sequence[Figure], start: int, end: int) -> Span:
    """A part without the marks and conjunctions at its ends, but with all of its figures."""
    inside = [f.span for f in figures if start <= f.span.start and f.span.end <= end]
    opening = _OPENING.match(text, start, end)
    first, last = opening.end() if opening else start, end
    while last > first and text[last - 1] in _STOPS and last == len(text.rstrip()):
        last -= 1
        text = text[:last]
    while last > first and text[last - 1] in _CLOSING:
        last -= 1
    if closing := _LOOSE.search(text, first, last):
        last = closing.start()
    if text[last : last + 1] == ")" and text.count("(", first, last) > text.count(")", first, last):
        last += 1
    first = min([first, *(span.start for span in inside)])
    return Span(first, max([first, last, *(span.end for span in inside)]))


def _without_narrow(found: Sequence[Clause], narrow: Sequence[Span]) -> tuple[Clause, ...]:
    """Clauses beside a list that is told respectively, which has taken a piece out of theirs."""
    return tuple(
        clause._replace(span=_beside(clause.span, narrow)) if clause.span not in narrow else clause
        for clause in found
    )


def _beside(span: Span, narrow: Sequence[Span]) -> Span:
    for taken in narrow:
        if span.overlaps(taken):
            span = Span(max(span.start, taken.end), max(span.end, taken.end))
    return span
