"""The times of a sentence: found, joined to ranges, and worked out in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.periods.calendar import Days, days_of, ending
from rag.periods.dates import dates
from rag.periods.relative import leans, relative_times
from rag.periods.setting import Found, Name, Setting, Tense, both, fixed, number_of
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


_BETWEEN = re.compile(
    r"\s?[-–—]\s?(?:the\s)?|\s(?:to|until|till|through|and)\s(?:the\s)?(?:(?:early|late|end\sof)\s)?"
)
_HEAD = 60
_PREPOSITION = re.compile(
    r"\b(?:in|on|at|by|since|during|for|over|through|throughout|between|from|of|within|as\sof|until"
    r"|till|before|after|around)\s(?:(?:all|the\swhole|most|each)\sof\s)?(?:the\s)?"
    r"(?:(?P<edge>end|close|start|beginning|middle|course|turn)\sof\s(?:the\s)?)?"
    r"(?:(?:early|late|mid)[\s-])?$"
    r"|\b(?:the\s)?(?P<bare>end|start|beginning)\sof\s$|\b(?:(?:early|late|mid)[\s-])$",
    re.IGNORECASE,
)
_FISCAL = re.compile(r"\b(?:the\s)?(?:fiscal|financial|budget|tax)(?:\syear)?\s$", re.IGNORECASE)
_UP_TO = re.compile(
    r"\b(?:(?:the\s)?(?P<count>\w+)\s(?P<units>day|week|month|year)s"
    r"|(?:the|its|their)\s(?:\w+\s)?(?P<unit>year|quarter|week))"
    r"\s(?:that\s)?(?:to|through|until|ended|ending|ends|up\sto)\s(?:on\s)?(?:the\send\sof\s)?$",
    re.IGNORECASE,
)
_HIGHEST = re.compile(
    r"\b(?:\w{2,}est|most|least|best|worst|first|last|record|time|peak|prior|every|any|exceed\w+|surpass\w+|not\sseen|unseen)\b[^,;]*$",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"\b(?:(?:to|than|against|versus|prior\sto|compared\s(?:with|to)|ahead\sof|unlike|until|till|before"
    r"|after)\s(?:in\s|on\s|at\s|that\sof\s|those\sof\s)?(?:the\s)?|from\s(?:the\s)?)"
    r"(?:(?:early|late|mid)[\s-])?$"
    r"|\b(?:\w{2,}est|worst|best)\s(?:\w+\s)?of\s(?:the\s)?$"
    # "After the flood of 2020".
    r"|\b(?:after|before|until)\s(?:the\s|an?\s|its\s)?(?:[^\W\d][\w’'-]*\s){1,3}(?:of|in|on)\s(?:the\s)?$",
    re.IGNORECASE,
)
# "4% in June, against 6% in June 2023": the first is another year's.
_APART = re.compile(
    r"\b(?:against|compared|versus|than|from|up|down|while|whereas|but|after|before)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\bsince\s(?:(?!and\b|or\b)[^\W\d][\w’']*\s){0,8}?(?:(?:in|on|of|at)\s)?(?:the\s)?(?:(?:early|late|mid)[\s-])?$",
    re.IGNORECASE,
)
_ON = re.compile(r"\bon\s(?:the\s)?$", re.IGNORECASE)
_DAY = re.compile(r"day\b|\d", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s(?:the\s)?(?:(?:early|late|mid)[\s-])?$", re.IGNORECASE)
_TO_END = re.compile(r"\b(?:to|until|through|till)\b|\d[-–—]\d")
_SAYING = r"(?:said|says|say|told|announced|reported|wrote|added|warned|confirmed|stated|estimated)"
_SAID = re.compile(
    rf"\b{_SAYING}(?:\s(?:in|at|to)\s(?:an?|the|its|his|her|their)\s(?:\w+\s){{1,3}}|\s(?:\w+\s)?"
    r"(?:reporters|lawmakers|journalists|investors))?\s(?:on\s|late\s|early\s|earlier\s|in\s)*$"
    r"|\btold\s(?:[^\W\d][\w’']*\s){1,4}(?:on\s)?$"
    r"|\b(?:figures|data|statistics|numbers|report|study|survey|estimates?|poll|statement|results)"
    r"\s(?:\w+\s){0,2}(?:published|released|issued|out|on|from|dated)\s(?:on\s|in\s)?$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(rf",?\s(?:that\s)?{_SAYING}\b", re.IGNORECASE)
_THEY_SAID = re.compile(rf"(?:,?\s(?:[^\W\d][\w’'.-]*\s){{1,5}}){_SAYING}\b", re.IGNORECASE)
_SAYING_TIME = re.compile(
    r"day|tonight|morning|afternoon|evening|night|week|\d|month|year", re.IGNORECASE
)
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
    names = _joined(text, _names(text, figures))
    asides = [_is_aside(text, name) for name in names]
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
        if fiscal := _FISCAL.search(text, max(0, start - 24), start):
            start = fiscal.start()
        yield Name(start, figure.span.end, fixed(days), dated=True)


def _more(unit: str) -> int:
    """How many years follow the first one: 9 in the 1990s, 1 in 2023-24."""
    return 9 if unit == "decade" else int("-" in unit)


def _joined(text: str, names: Sequence[Name]) -> list[Name]:
    """Make one of the two ends of a range, and of a span of time and its end."""
    joined: list[Name] = []
    for name in names:
        last = joined[-1] if joined else None
        if last and _is_range(text, last, name):
            joined[-1] = Name(last.start, name.end, both(last.rule, name.rule), name.dated)
        else:
            joined.append(_up_to(text, name))
    return joined


def _is_range(text: str, one: Name, other: Name) -> bool:
    between = text[one.end : other.start]
    if not _BETWEEN.fullmatch(between):
        return False
    head = text[max(0, one.start - 14) : one.start].lower()
    # "In May and June" are two months, which may have a figure each.
    return "and" not in between or "between " in head


def _up_to(text: str, name: Name) -> Name:
    """The three months to June: so long, ending with the last day of a time."""
    match = _UP_TO.search(text, max(0, name.start - 50), name.start)
    count = number_of(match["count"] or "one") if match else None
    if match is None or count is None:
        return name
    unit = (match["units"] or match["unit"]).lower()

    def rule(setting: Setting) -> Found | None:
        found = name.rule(setting)
        days = ending(found.days.last, count, unit) if found else None
        return Found(days, found.resolved) if found and days else None

    return Name(match.start(), name.end, rule, name.dated)


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
    return near.rule(Setting(published, None, None, None, Tense.UNKNOWN)) if near else None


def _tense(text: str, name: Name) -> Tense:
    """The tense of the verbs around a time: those of its own part of the sentence come first."""
    before = _PARTS.split(text[max(0, name.start - _HEAD) : name.start])[-1]
    for part in (before, text[max(0, name.start - _HEAD) : name.start], text[name.end :]):
        if _COMING.search(part) and part is not text[name.end :]:
            return Tense.COMING
        if _PAST.search(part):
            return Tense.PAST
    return Tense.UNKNOWN


def _time(
    text: str, name: Name, found: Found | None, *, aside: bool, published: date | None
) -> Time:
    window = max(0, name.start - _HEAD), name.start
    since, preposition = _SINCE.search(text, *window), _PREPOSITION.search(text, *window)
    start = preposition.start() if preposition else name.start
    if since:
        start, found = since.start(), _since(found, published) if found else None
    elif found and preposition:
        found = _edge(found, preposition["edge"] or preposition["bare"])
    span = Span(start, name.end)
    if not found:
        return Time(span, None, aside)
    period = StatedPeriod(*found.days, text[start : name.end], found.resolved)
    return Time(span, period, aside)


def _is_aside(text: str, name: Name) -> bool:
    """Whether a time is that of a report or of what is compared with, and not of a figure."""
    head, named = text[max(0, name.start - _HEAD) : name.start], text[name.start : name.end]
    if text.startswith(("’s", "'s"), name.end) and named.endswith("day"):
        return True  # "Thursday's meeting"
    fronted = not head.lower().removeprefix("on ").strip()
    if fronted and named.endswith("day") and _THEY_SAID.match(text, name.end):
        return True  # "On Monday the city said"
    if _SAYING_TIME.search(named) and (_SAID.search(head) or _SAID_AFTER.match(text, name.end)):
        return True
    if since := _SINCE.search(head):
        return bool(_HIGHEST.search(head, 0, since.start()))
    if _ON.search(head):
        return not _DAY.search(named)
    ranging = bool(_FROM.search(head)) and bool(_TO_END.search(named))
    return bool(_COMPARING.search(head)) and not ranging


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
