"""Times that are told from another: "last year", "on Tuesday", "a year earlier", "that month"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from rag.periods.calendar import Days, around, days_of, ending, moved, shifted
from rag.periods.setting import (
    Found,
    Name,
    Rule,
    Setting,
    Tense,
    fixed,
    from_base,
    number_of,
    of_today,
)

_COUNT = r"(?:\d{1,3}|[a-z]+(?:-[a-z]+)?)"
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year|decade)"
_ONE = r"(?P<one>day|week|month|quarter|year|decade)"
_END = r"(?=[\s,.;:)–—]|$)(?!\s(?:the|that|an?|it|he|she|they)\b)"
_SAME = re.compile(
    r"\b(?:the\s)?same\s(?:day|week|month|period|quarter|time|point|date|stage)s?"
    r"(?:\s(?:of|in))?\s(?:(?P<told>last\syear|a\syear\s(?:ago|earlier|before)"
    r"|the\s(?:previous\syear|year\sbefore))|(?P<year>(?:19|20)\d\d)\b)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    rf"\b(?P<count>(?!the\b){_COUNT})\s{_UNIT}s?\s(?P<way>ago\b|(?:earlier|before|later|after){_END})"
    # "A year before it had been 46": no "year before it was built" begins a sentence.
    rf"|\A(?P<opening>an?|{_COUNT})\s(?P<units>day|week|month|year|decade)s?\s(?:earlier|before)\b"
    rf"|\bthe\s(?P<which>previous|following|preceding)\s{_ONE}\b"
    rf"|\bthe\s(?P<other>day|week|month|quarter|year)\s(?P<side>before|after){_END}",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:the|these|his|her|its|their)\s(?:last|past)\s(?:(?P<count>{_COUNT})\s)?{_UNIT}s?\b"
    rf"|\b(?:last|past)\s(?P<more>{_COUNT})\s(?P<units>day|week|month|year|decade)s\b",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"\b(?:that|those|(?:the|that)\ssame)\s(?:\w+\s)?"
    r"(?:days?|nights?|weeks?|months?|quarter|years?|period|decade)\b|\bat\sthat\stime\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:this|last|next|the\sprevious|that|each|every|an?)\s(?:season|summer|winter|spring|autumn"
    r"|fall|term|session|campaign|christmas|easter)\b"
    r"|\bby\s(?:the\s)?(?:summer|winter|spring|autumn|fall|christmas|easter)\b"
    r"|\bin\s(?:the\s)?(?:summer|winter|autumn|spring)\b(?!\s(?:of\b|\d|[a-z]+s\b))"
    r"|\bsince\sthen\b|\bin\san?\s(?:ordinary|normal|typical|average|good|bad|dry|wet|usual)\s(?:year|month|week|day)\b"
    r"|\bin\srecent\s(?:days|weeks|months|years)\b",
    re.IGNORECASE,
)
_TOLD = {"last": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_TOLD_UNIT = re.compile(
    rf"\b(?:(?P<which>last|this|next)|the\s(?P<the>current|coming))\s{_UNIT}\b(?!-)", re.IGNORECASE
)
_TOLD_DAYS = {"yesterday": -1, "last night": -1, "tomorrow": 1}
_TOLD_DAY = re.compile(
    r"\b(?:today|yesterday|tomorrow|tonight|last\snight|this\s(?:morning|afternoon|evening))\b",
    re.IGNORECASE,
)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAY = re.compile(
    r"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his)\s)?"
    r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
    r"(?:\s(?:morning|afternoon|evening|night)\b)?"
)


def relative_times(text: str) -> Iterator[Name]:
    """Yield the times that are told from the article's date or from another; longer ones first."""
    for pattern, rule in _WAYS:
        for match in pattern.finditer(text):
            yield Name(*match.span(), rule(match))


def leans(text: str) -> bool:
    """Whether a text names a time that the sentence before it may have to tell."""
    return any(pattern.search(text) for pattern in (_THAT, _AWAY, _SAME))


def _same(match: re.Match[str]) -> Rule:
    if match["told"]:
        return _stepping("year", -1)
    year = int(match["year"])

    def found(setting: Setting) -> Found | None:
        if not setting.base:
            return fixed(days_of(year))(setting)
        return from_base(setting.base, lambda days: shifted(days, "year", year - days.last.year))

    return found


def _away(match: re.Match[str]) -> Rule:
    count: int | None = 1
    if match["way"]:
        count, unit, way = number_of(match["count"]), match["unit"], match["way"]
    elif match["opening"]:
        count, unit, way = number_of(match["opening"]), match["units"], "before"
    else:
        unit, way = match["one"] or match["other"], match["which"] or match["side"]
    if count is None:
        return fixed(None)
    unit, way = unit.lower(), way.lower()
    by = count if way in {"later", "after", "following"} else -count
    return of_today(lambda today: _around(today, unit, by)) if way == "ago" else _stepping(unit, by)


def _stepping(unit: str, by: int) -> Rule:
    """So far from another time of the sentence, or from that of the sentence before."""
    return lambda setting: from_base(setting.base, lambda days: shifted(days, unit, by))


def _several(match: re.Match[str]) -> Rule:
    """The past seven months: up to the day of the article."""
    count = number_of(match["count"] or match["more"] or "one")
    unit = (match["unit"] or match["units"]).lower()
    if count is None:
        return fixed(None)
    return of_today(lambda today: ending(today, count, unit))


def _that(_: re.Match[str]) -> Rule:
    return lambda setting: setting.base


def _vague(_: re.Match[str]) -> Rule:
    """Seasons: which months they are depends on where on earth one stands."""
    return fixed(None)


def _told_unit(match: re.Match[str]) -> Rule:
    unit = match["unit"].lower()
    by = _TOLD[(match["which"] or match["the"]).lower()]
    return of_today(lambda today: _around(today, unit, by))


def _told_day(match: re.Match[str]) -> Rule:
    by = _TOLD_DAYS.get(match[0].lower(), 0)
    return of_today(lambda today: _around(today, "day", by))


def _around(today: date, unit: str, by: int) -> Days | None:
    day = moved(today, unit, by)
    # "A decade ago" is a year, and no span of ten.
    return around(day, "year" if unit == "decade" and by else unit) if day else None


def _weekday(match: re.Match[str]) -> Rule:
    number = _WEEKDAYS.index(match["weekday"][:3])
    which = (match["which"] or "").lower()

    def found(setting: Setting) -> Found | None:
        today = setting.published
        if today is None:
            return None
        back = (today.weekday() - number) % 7
        by = -back
        if which == "next" or (setting.tense is Tense.COMING and not which):
            by = 7 - back if back or which else 0
        elif which == "last" and not back:
            by = -7
        day = moved(today, "day", by)
        return Found(Days(day, day), resolved=True) if day else None

    return found


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Rule]], ...] = (
    (_SAME, _same),
    (_AWAY, _away),
    (_SEVERAL, _several),
    (_THAT, _that),
    (_VAGUE, _vague),
    (_TOLD_UNIT, _told_unit),
    (_TOLD_DAY, _told_day),
    (_WEEKDAY, _weekday),
)
