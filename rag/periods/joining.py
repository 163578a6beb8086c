"""Times of several names: ranges, spans with their end, a month and its year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.figures.dates import MONTH, YEAR
from rag.periods.calendar import ending
from rag.periods.setting import Found, Name, Rule, Setting, both, number_of

_BETWEEN = re.compile(
    r"\s?[-–—]\s?(?:the\s)?|\s(?:to|until|till|through|and)\s(?:the\s)?(?:(?:early|late|end\sof)\s)?"
)
_UP_TO = re.compile(
    r"\b(?:(?:the\s)?(?P<count>\w+)\s(?:(?:straight|consecutive|successive|full|whole)\s)?"
    r"(?P<units>day|week|month|year)s(?:\sin\sa\srow|\srunning)?"
    r"|(?:the|its|their)\s(?:\w+\s)?(?P<unit>year|quarter|week)),?"
    r"\s(?:that\s)?(?:to|through|until|ended|ending|ends|up\sto|up\suntil)\s(?:and\sincluding\s)?"
    r"(?:on\s)?(?:the\send\sof\s)?$",
    re.IGNORECASE,
)
_UP_TO_WORDS = 80
_A_MONTH = re.compile(MONTH)
_A_YEAR = re.compile(YEAR)
_ITS = re.compile(r"\b(?:the|an?|its|their|his|her|our|last|that|this)\s$", re.IGNORECASE)
_OF = re.compile(r"\s(?:[a-z-]+\s){1,3}(?:of|in|for|from)\s")


def joined(text: str, names: Sequence[Name]) -> list[Name]:
    """Make one of the two ends of a range, and of a span of time and its end."""
    joined: list[Name] = []
    for name in names:
        last = joined[-1] if joined else None
        if last and _is_month_of(text, last, name):
            joined[-1] = Name(last.start, name.end, _within(last.rule, name.rule), dated=True)
        elif last and _is_range(text, last, name):
            joined[-1] = Name(last.start, name.end, both(last.rule, name.rule), name.dated)
        else:
            joined.append(_up_to(text, name))
    return joined


def _is_month_of(text: str, month: Name, year: Name) -> bool:
    """Whether a month and a year stand around what is of both: "the May survey of 2021"."""
    return (
        _A_YEAR.fullmatch(text, year.start, year.end) is not None
        and _A_MONTH.fullmatch(text, month.start, month.end) is not None
        and _OF.fullmatch(text, month.end, year.start) is not None
        and _ITS.search(text, 0, month.start) is not None
    )


def _within(month: Rule, year: Rule) -> Rule:
    return lambda setting: month(setting._replace(anchor=year(setting)))


def _is_range(text: str, one: Name, other: Name) -> bool:
    between = text[one.end : other.start]
    if not _BETWEEN.fullmatch(between):
        return False
    head = text[max(0, one.start - 14) : one.start].lower()
    # "In May and June" are two months, which may have a figure each.
    return "and" not in between or "between " in head


def _up_to(text: str, name: Name) -> Name:
    """The three months to June: so long, ending with the last day of a time."""
    match = _UP_TO.search(text, max(0, name.start - _UP_TO_WORDS), name.start)
    count = number_of(match["count"] or "one") if match else None
    if match is None or count is None:
        return name
    unit = (match["units"] or match["unit"]).lower()

    def rule(setting: Setting) -> Found | None:
        found = name.rule(setting)
        days = ending(found.days.last, count, unit) if found else None
        return Found(days, found.resolved) if found and days else None

    return Name(match.start(), name.end, rule, name.dated)
