"""The times of a sentence: found, joined to ranges, and worked out in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.periods.asides import HEAD, SINCE, is_aside
from rag.periods.calendar import Days, days_of, season
from rag.periods.dates import dates
from rag.periods.joining import joined
from rag.periods.relative import leans, relative_times
from rag.periods.setting import Found, Name, Setting, Tense, fixed
from rag.schema import Figure, FigureKind, Span, StatedPeriod


@dataclass(frozen=True, slots=True)
class Time:
    """A time that a sentence names."""

    span: Span
    """With its preposition: "in November"."""
    period: StatedPeriod | None
    """None where it cannot be known."""
    aside: bool
    """Whether it is no time of the sentence's figures: when it was said, what is compared with."""


_PREPOSITION = re.compile(
    r"\b(?:in|on|at|by|since|during|for|over|through|throughout|between|from|of|within|as\sof|until"
    r"|till|before|after|around)\s(?:(?:all|the\swhole|most|each)\sof\s)?(?:the\s)?"
    r"(?:(?P<edge>end|close|start|beginning|middle|course|turn)\sof\s(?:the\s)?)?"
    r"(?:(?:early|late|mid)[\s-])?$"
    r"|\b(?:the\s)?(?P<bare>end|start|beginning)\sof\s$|\b(?:(?:early|late|mid)[\s-])$",
    re.IGNORECASE,
)
_FISCAL = re.compile(r"\b(?:the\s)?(?:fiscal|financial|budget|tax)(?:\syear)?\s$", re.IGNORECASE)
# "4% in June, against 6% in June 2023": the first is another year's.
_APART = re.compile(
    r"\b(?:against|compared|versus|than|from|up|down|while|whereas|but|after|before)\b"
    r"|,\s(?!including\b)(?:[a-z]{3,}ing|set|made|seen|reached|taken|recorded)\b",
    re.IGNORECASE,
)
_LONGEST_ANCHOR = 2 * 366
# "Between 2022-2023" are two whole years.
_SPANNING = re.compile(r"\b(?:between|from|years)\s$", re.IGNORECASE)
_PARTS = re.compile(r"[;,:]|\b(?:and|but)\b")
_PAST = re.compile(
    r"\b(?:was|were|had|did|rose|fell|made|took|won|lost|found|got|came|went|saw|sold|began|stood|hit"
    r"|held|led|cut|grew|ran|paid|spent|left|met|sent|kept|built|gave|drew|became|drove|wrote|bought"
    r"|sank|shrank|slid|broke|brought|after|since|down|up|against|compared|[a-z]{2,}ed)\b",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\b(?:will|shall|won[’']t|(?:is|are)\s(?:to|due|expected|likely|set|scheduled)|due|planned"
    r"|expects?|plans?|forecasts?|begins?|opens?|starts?|votes?|ends?|closes?|expires?|resumes?|goes|go|takes?\s(?:effect|place)|next"
    r"|until|as\sof\snext)\b",
    re.IGNORECASE,
)


def find_times(
    text: str,
    figures: Iterable[Figure],
    published: date | None,
    lead: StatedPeriod | None = None,
) -> tuple[Time, ...]:
    """Return the times that a sentence names, in order, none on top of another.

    Args:
        text: of the sentence.
        figures: of the sentence; its years are times.
        published: the day of the article.
        lead: what the sentence before speaks of.
    """
    names = joined(text, _names(text, figures))
    asides = [is_aside(text, name) for name in names]
    told = [name for name, aside in zip(names, asides, strict=True) if not aside]
    before = Found(Days(lead.first, lead.last), lead.resolved) if lead else None
    last: Found | None = None
    found: list[Time] = []
    for name, aside in zip(names, asides, strict=True):
        base = before if name.start == 0 and before else last or before
        anchor = _dated(text, told, name, published) or last
        setting = Setting(published, anchor, base, before, _tense(text, name))
        days = name.rule(setting)
        last = last if aside else days or last
        found.append(_time(text, name, days, aside=aside, published=published))
    return tuple(found)


def leans_on_lead(text: str) -> bool:
    """Whether a sentence names a time that the one before it may have to tell: "that month"."""
    return leans(text)


def _names(text: str, figures: Iterable[Figure]) -> list[Name]:
    """What the ways of naming have found, in the order of the text."""
    taken = bytearray(len(text))
    names: list[Name] = []
    for name in (*dates(text), *relative_times(text), *_years(text, figures)):
        if not any(taken[name.start : name.end]):
            taken[name.start : name.end] = b"\1" * (name.end - name.start)
            names.append(name)
    return sorted(names, key=lambda name: name.start)


def _years(text: str, figures: Iterable[Figure]) -> Iterator[Name]:
    for figure in figures:
        if figure.kind is not FigureKind.YEAR:
            continue
        first, last = days_of(int(figure.value)), days_of(int(figure.value) + _more(figure.unit))
        days = Days(first.first, last.last) if first and last else None
        start = figure.span.start
        spanning = len(figure.text) > 7 and _SPANNING.search(text, max(0, start - 20), start)
        if days and "-" in figure.unit and not spanning:
            days = season(days.first.year)
        if fiscal := _FISCAL.search(text, max(0, start - 24), start):
            start = fiscal.start()
        yield Name(start, figure.span.end, fixed(days), dated=True)


def _more(unit: str) -> int:
    """How many years follow the first one: 9 in the 1990s, 1 in 2023-24."""
    return 9 if unit == "decade" else int("-" in unit)


def _dated(text: str, names: Sequence[Name], asking: Name, published: date | None) -> Found | None:
    """The time with its year written out that a name leans on: before it, or joined behind it."""
    near: Name | None = None
    for name in names:
        if not name.dated or name is asking:
            continue
        before = name.start < asking.start
        between = text[name.end : asking.start] if before else text[asking.end : name.start]
        if ";" not in between and (before or not (near or _APART.search(between))):
            near = name
    found = near.rule(Setting(published, None, None, None, Tense.UNKNOWN)) if near else None
    # "Half of the average of 1991 to 2020" does not tell which July is spoken of.
    long = found and (found.days.last - found.days.first).days > _LONGEST_ANCHOR
    return None if near and long and near.start > asking.start else found


def _tense(text: str, name: Name) -> Tense:
    """The tense of the verbs around a time: those of its own part of the sentence come first."""
    before = _PARTS.split(text[max(0, name.start - HEAD) : name.start])[-1]
    for part in (before, text[max(0, name.start - HEAD) : name.start], text[name.end :]):
        if _COMING.search(part) and part is not text[name.end :]:
            return Tense.COMING
        if _PAST.search(part):
            return Tense.PAST
    return Tense.UNKNOWN


def _time(
    text: str, name: Name, found: Found | None, *, aside: bool, published: date | None
) -> Time:
    window = max(0, name.start - HEAD), name.start
    since, preposition = SINCE.search(text, *window), _PREPOSITION.search(text, *window)
    start = preposition.start() if preposition else name.start
    if since:
        start = since.start()
        # "The most since 2010" compares with 2010, and not with all years since.
        found = _since(found, published) if found and not aside else found
    elif found and preposition:
        found = _edge(found, preposition["edge"] or preposition["bare"])
    span = Span(start, name.end)
    if not found:
        return Time(span, None, aside)
    period = StatedPeriod(*found.days, text[start : name.end], found.resolved)
    return Time(span, period, aside)


def _since(found: Found, published: date | None) -> Found | None:
    """From the first day on, up to the day of the article."""
    if published is None or published < found.days.first:
        return None
    return Found(Days(found.days.first, published), resolved=True)


def _edge(found: Found, edge: str | None) -> Found:
    """The last day of the end of a time, the first of its beginning."""
    match (edge or "").lower():
        case "end" | "close" | "turn":
            return Found(Days(found.days.last, found.days.last), found.resolved)
        case "start" | "beginning":
            return Found(Days(found.days.first, found.days.first), found.resolved)
    return found
