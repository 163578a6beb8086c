"""Whether names and times beside a figure of a text are those of the figure that it repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.schema import StatedPeriod
from rag.statements import statements
from rag.verification.lexicon import MONTHS, PERIODS
from rag.verification.reading import SAYING, Clause, Reading
from rag.verification.sources import Source
from rag.verification.words import Sort, Token, stems

_SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
_SPEAKERS = re.compile(
    rf"\baccording to (?P<behind>[^,;:]+?)(?=,|\.|$)|,\s(?P<inner>[^,;:]{{2,50}}?)\s{SAYING}\b"
    rf"|[,”\"]\s{SAYING}\s(?P<last>[^,;:.]{{2,50}})"
    rf"|(?:^|, )(?P<ahead>[^,;:#]{{2,50}}?)\s{SAYING}\b",
    re.IGNORECASE,
)
Levels = Sequence[Sequence[Token]]
"""Words that a stated figure may lean on: its clause's own first, its article's last."""


def strays(sort: Sort, said: Sequence[Token], levels: Levels) -> bool:
    """Whether a name or time of the text is none of the stated figure's, or not the nearest.

    A clause takes over what the one before it said, unless it has another of its own: "Holm sold
    300 boats and Arden 450" says nothing of 450 in Holm.
    """
    asked = {token.stem for token in said if token.sort is sort}
    left = asked - stems(levels[0])
    for i, level in enumerate(levels):
        here = left & stems(level)
        if i and here:
            led = {bool(t.led) for t in level if t.sort is sort and t.stem in left}
            nearer = {
                t.stem
                for lower in levels[:i]
                for t in lower
                if t.sort is sort and bool(t.led) in led and t.stem not in PERIODS
            }
            rivals = {t for t in nearer if _class(t) in {_class(one) for one in here}}
            if nearer and not nearer & asked:
                return True
            if sort is Sort.TIME and rivals and not rivals & asked:
                return True
        left = left - here
    return bool(left)


def speaks_for_others(said: Reading, levels: Levels) -> bool:
    """Whether a text lays a figure into the mouth of someone who does not state it."""
    near = frozenset[str]().union(*(stems(level) for level in levels))
    for match in _SPEAKERS.finditer(said.plain):
        start, end = match.span(match.lastgroup or 0)
        named = {token.stem for token in said.tokens if start <= token.start < end}
        if named - near:
            return True
    return False


def is_dated(token: Token, stated: Clause, published: date | None) -> bool:
    """Whether a year is that of the article, or the one before, and its sentence names none."""
    if not published or token.stem not in {f"#{published.year}", f"#{published.year - 1}"}:
        return False
    told = stated.around
    if any(_class(other.stem) == "#year" for other in told):
        return False
    months = (_SHORT_MONTHS.index(t.stem) + 1 for t in told if t.stem in _SHORT_MONTHS)
    past = any(month > published.month for month in months) or any(t.stem == "last" for t in told)
    return (token.stem == f"#{published.year - 1}") == past


def periods(
    said: Reading, clause: Clause, source: Source, stated: Clause
) -> tuple[StatedPeriod | None, StatedPeriod | None]:
    """The period that the text gives a figure and that which its source gives it."""
    asked = _period(said.text, None, source.published, clause)
    told = _period(source.reading.text, source.lead or None, source.published, stated)
    return asked, told


def _period(
    text: str, lead: str | None, published: date | None, clause: Clause
) -> StatedPeriod | None:
    for statement in statements(text, lead=lead, published=published):
        if statement.figure.span == clause.figure.span:
            return statement.period
    return None


def _class(stem: str) -> str:
    """Which times exclude each other: two years, two months, two places in a row."""
    if stem.startswith("#"):
        return "#year" if stem[1:5].isdecimal() else "#place"
    if stem in _SHORT_MONTHS:
        return "month"
    if stem[0].isdecimal():
        return stem.rpartition(" ")[2]
    return "day" if stem.startswith("day ") or stem.endswith("day") else stem
