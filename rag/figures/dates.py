"""Days, months and years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.figures import lexicon
from rag.figures.reading import Prose, Reading, any_of
from rag.figures.units import unit_after
from rag.schema import FigureKind

MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?!\w)"
)
YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:st|nd|rd|th)?"
_TO = r"(?:\s?[-–—/]\s?|\s(?:to|and|or|until|through)\s)"
_SCALE = any_of(lexicon.SCALES)
# Each may name two days of a month: "4-6 June", "June 4 and 5".
_DAY_MONTH = re.compile(
    rf"(?<![\w.,/$€£-])(?:(?P<first>{_DAY}){_TH}{_TO})?(?P<day>{_DAY}){_TH}(?:\sof)?\s"
    rf"(?P<month>{MONTH})(?:,?\s(?P<year>{YEAR})(?!\w|[.,]\d))?"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{MONTH})\s(?:the\s)?(?:(?P<first>{_DAY}){_TH}{_TO})?(?P<day>{_DAY}){_TH}"
    rf"(?!\w|[.,]\d|:\d|[/%]|\s(?:%|per\s?cent\b|{_SCALE}\b|[ap]\.?m\b))"
    rf"(?:,?\s(?P<year>{YEAR})(?!\w|[.,]\d))?"
)
_MONTH_YEAR = re.compile(rf"\b(?P<month>{MONTH})(?:\sof|,)?\s(?P<year>{YEAR})(?!\w|[.,]\d)")
_ISO = re.compile(rf"(?<![\w-])(?P<year>{YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
_IN = re.compile(r"\b(?:[Ii]n|[Dd]uring|[Ll]ast)\s$")
# A year, a decade (2010s), or two of them (2023-24, 2010-15).
_YEARS = re.compile(
    r"(?<![\w.,$€£¥₹/:−])(?P<year>1\d\d\d|2[01]\d\d)(?:(?P<decade>s)"
    r"|[-–/](?P<second>\d\d(?:\d\d)?))?(?![\w%]|[.,:]\d|[-–/]\d)"
)
_FISCAL = re.compile(rf"\bFY\s?[’']?(?P<year>{YEAR}|\d\d)(?:[-–/](?P<second>\d\d(?:\d\d)?))?(?!\w)")
_SHORT_DECADE = re.compile(r"(?<!\w)[’'‘](?P<tens>[3-9]0)s\b")
_PREFIXES = ("mid-", "pre-", "post-", "early-", "late-")
# What stands before years: words that do so before any number ("of 2,000 men") prove less.
_SURE = re.compile(
    r"\b(?:in|since|during|until|till|before|after|circa|year|fiscal|summer|autumn|winter|spring"
    r"|fall|early|mid|late|election|season)\s$"
)
_LIKELY = re.compile(r"\b(?:of|by|from|to|and|through|around|about|for|the|that|this|’s|'s)\s$")
# No year stands behind these with a noun: "some 1950 houses", but "more than 2019 levels".
_BOUNDED = re.compile(
    r"\b(?:some|nearly|almost|roughly|estimated|at\sleast|fewer\sthan|up\sto|as\smany\sas)\s$"
)
_NOUN = re.compile(r"\s([a-z]+)\b")
_PEOPLE = frozenset({"people", "men", "women", "children"})


def read_days(prose: Prose) -> Iterator[Reading]:
    """Yield dates with a day, then months of a year."""
    for match in _ISO.finditer(prose.text):
        month, day = int(match["month"]), int(match["day"])
        if month <= 12 and day <= 31:
            yield _date(match.start(), match.end(), int(match["year"]), month, day)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(prose.text):
            if pattern is _DAY_MONTH or match["year"] or not _IN.search(_before(prose.text, match)):
                yield from _days(match)
    for match in _MONTH_YEAR.finditer(prose.text):
        yield _date(match.start(), match.end(), int(match["year"]), _month(match), 0)


def read_years(prose: Prose) -> Iterator[Reading]:
    """Yield years, decades, and years that begin in one and end in the next."""
    for match in _FISCAL.finditer(prose.text):
        year = int(match["year"])
        yield from _years(match, year if year > 100 else 2000 + year)
    for match in _YEARS.finditer(prose.text):
        if match["decade"] or match["second"] or _is_year(prose, match):
            yield from _years(match, int(match["year"]))
    for match in _SHORT_DECADE.finditer(prose.text):
        value = Decimal(1900 + int(match["tens"]))
        yield Reading(match.start(), match.end(), value, FigureKind.YEAR, "decade")


def _days(match: re.Match[str]) -> Iterator[Reading]:
    """The one or two days of a match, in the order of the text."""
    year, month, day = int(match["year"] or 0), _month(match), int(match["day"])
    if not match["first"]:
        yield _date(match.start(), match.end(), year, month, day)
        return
    start = min(match.start("month"), match.start("first"))
    yield _date(start, match.end("first"), year, month, int(match["first"]))
    yield _date(match.start("day"), match.end(), year, month, day)


def _years(match: re.Match[str], year: int) -> Iterator[Reading]:
    """A year, a decade, a year over two ("2023-24"), or the first and last of several."""
    start, end = match.span()
    groups = match.groupdict()
    if groups.get("decade"):
        if year % 10 == 0:
            yield Reading(start, end, Decimal(year), FigureKind.YEAR, "decade")
        return
    if not match["second"]:
        yield Reading(start, end, Decimal(year), FigureKind.YEAR)
        return
    second = int(match["second"])
    last = second if second > 100 else year - year % 100 + second
    if last in {year + 1, year - 99}:
        yield Reading(start, end, Decimal(year), FigureKind.YEAR, f"{year}-{(year + 1) % 100:02}")
    elif last > year:
        yield Reading(start, match.start("second") - 1, Decimal(year), FigureKind.YEAR)
        yield Reading(match.start("second"), end, Decimal(last), FigureKind.YEAR)


def _is_year(prose: Prose, match: re.Match[str]) -> bool:
    """Whether four digits without a comma are a year, by the words around them."""
    before, year = _before(prose.low, match), int(match["year"])
    if _is_measured(prose, match.end()) or (before[-1:] == "-" and not before.endswith(_PREFIXES)):
        return False
    found = _NOUN.match(prose.text, match.end())
    noun = found[1] if found and found[1] not in lexicon.FUNCTION_WORDS else ""
    if not 1900 <= year < 2100:
        likely = _SURE.search(before) or (year >= 1500 and _LIKELY.search(before))
        return bool(likely) and not noun
    if _SURE.search(before) or before.endswith(_PREFIXES):
        return True
    if noun in _PEOPLE or (noun.endswith("s") and year % 50 == 0):
        return False
    return not (noun and _BOUNDED.search(before))


def _is_measured(prose: Prose, end: int) -> bool:
    """Whether a unit stands behind a number: 2000 euros, 1500 metres, not "2024 second half"."""
    if not (found := unit_after(prose, end)):
        return False
    unit, stop = found
    plural = unit.kind is not FigureKind.DURATION or prose.low[stop - 1] == "s"
    return plural and unit.name != "KRW" and unit.kind is not FigureKind.MULTIPLE


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 14) : match.start()]


def _month(match: re.Match[str]) -> int:
    return lexicon.MONTHS.index(match["month"][:3].lower()) + 1


def _date(start: int, end: int, year: int, month: int, day: int) -> Reading:
    return Reading(start, end, Decimal(year * 10_000 + month * 100 + day), FigureKind.DATE)
