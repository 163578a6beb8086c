"""Times that stand in a calendar: days, months, quarters and halves of a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rag.figures import lexicon
from rag.figures.dates import MONTH, YEAR
from rag.periods.calendar import (
    Days,
    days_of,
    earliest,
    latest,
    moved,
    nearest,
    part_of_year,
)
from rag.periods.setting import Found, Name, Rule, Setting, Tense, both, fixed, from_base, of_today

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:st|nd|rd|th)?"
_TO = r"(?:\s?[-–—/]\s?|\s(?:to|and|or|until|through)\s)"
_TOLD = {"last": -1, "this": 0, "next": 1}
_OF_YEAR = (
    rf"(?:(?:\sof|,)?\s(?P<year>{YEAR})(?![\w%]|[.,]\d)"
    r"|(?:\sof)?\s(?P<told>last|this|next)\syear\b)?"
)
_ISO = re.compile(rf"(?<![\w-])(?P<year>{YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
_DAY_MONTH = re.compile(
    rf"(?<![\w.,/$€£-])(?:(?P<first>{_DAY}){_TH}{_TO}(?:the\s)?)?(?P<day>{_DAY}){_TH}(?:\sof)?\s"
    rf"(?P<month>{MONTH}){_OF_YEAR}"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{MONTH})\s(?:the\s)?(?:(?P<first>{_DAY}){_TH}{_TO})?(?P<day>{_DAY}){_TH}"
    rf"(?!\w|[.,]\d|[:/%]|\s(?:%|per\s?cent\b|million|billion|[a-z]+s\b)){_OF_YEAR}"
)
_MONTH = re.compile(
    rf"(?:\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext)\s)?\b(?P<month>{MONTH})(?!-(?!{MONTH})\w*[a-z]){_OF_YEAR}"
)
# Names of people and verbs too: as a month each stands behind one of these words.
_DOUBTFUL = frozenset({"may", "march", "mar", "april", "june", "august", "jan"})
_BEFORE_MONTH = re.compile(
    r"\b(?:in|of|by|since|until|till|from|to|and|or|between|through|during|last|this|next|early|late"
    r"|before|after|for|end|over|the|against|than|with|previous|throughout|every|a|mid)[\s-]$"
    r"|[–-]$",
    re.IGNORECASE,
)
_AFTER_MONTH = re.compile(
    r"[’']s\s[a-z]|\s(?:and|to|through|or|was|were|is|had|saw|brought)\s|[-–]"
)
_A_NAME = re.compile(r"\s[A-Z][a-z]")
_QUARTER = re.compile(
    r"\b(?:[Tt]he\s)?"
    r"(?P<number>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]inal|[Ll]ast|[1-4](?:st|nd|rd|th))[\s-]"
    r"(?P<unit>quarter|half)\b(?!\sof\s(?:[A-Z]|(?:an?|the)\s(?!year|fiscal|financial)))"
    r"(?:\sof\s(?:the\s)?(?P<fiscal>fiscal\s|financial\s)?(?:year\s)?(?P<year>(?:19|20)\d\d)\b"
    r"|,?\s(?P<bare>(?:19|20)\d\d)\b|\sof\s(?P<told>last|this|next)\syear\b|\sof\sthe\syear\b)?"
    r"|\b(?P<letter>[QH])(?P<digit>[1-4])(?:\s(?:of\s)?(?P<short>(?:19|20)\d\d)\b)?"
)
_LETTERS = {"Q": "quarter", "H": "half"}
# From so few days ahead a day without its year is taken for the one to come.
_SOON = 10
# Without a verb that tells, a month that lies so far back may as well be the one to come.
_LONG_AGO = 250


def dates(text: str) -> Iterator[Name]:
    """Yield the days, months and parts of years of a text; longer ones come first."""
    for pattern in (_ISO, _DAY_MONTH, _MONTH_DAY):
        yield from map(_day, pattern.finditer(text))
    yield from map(_quarter, _QUARTER.finditer(text))
    for match in _MONTH.finditer(text):
        if _is_month(text, match):
            yield _month(match)


def _day(match: re.Match[str]) -> Name:
    """One day, or from one to another of the same month."""
    groups = match.groupdict()
    written = match["month"]
    month = int(written) if written.isdecimal() else _month_number(written)
    rule = _of_year(groups, month, int(match["day"]))
    if first := groups.get("first"):
        rule = both(_of_year(groups, month, int(first)), rule)
    return Name(*match.span(), rule, dated=bool(groups["year"]))


def _month(match: re.Match[str]) -> Name:
    groups = match.groupdict()
    month = _month_number(match["month"])
    if which := groups["which"]:
        return Name(*match.span(), _told_month(month, which.lower()))
    return Name(*match.span(), _of_year(groups, month, 0), dated=bool(groups["year"]))


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Whether a word that may be a name or a verb is a month here."""
    if match["year"] or match["told"] or match["which"]:
        return True
    before = text[max(0, match.start("month") - 12) : match.start("month")]
    if match["month"].lower().rstrip(".") not in _DOUBTFUL:
        return True
    if _BEFORE_MONTH.search(before):
        return not _A_NAME.match(text, match.end())
    return not before.strip() and bool(_AFTER_MONTH.match(text, match.end()))


def _month_number(name: str) -> int:
    return lexicon.MONTHS.index(name[:3].lower()) + 1


def _of_year(groups: dict[str, str | None], month: int, day: int) -> Rule:
    if year := groups["year"]:
        return fixed(days_of(int(year), month, day))
    if told := groups.get("told"):
        by = _TOLD[told]
        return of_today(lambda today: days_of(today.year + by, month, day))
    return lambda setting: _undated(setting, month, day)


def _undated(setting: Setting, month: int, day: int) -> Found | None:
    """A month or day without its year: by a time near it, else by the article's date."""
    to_come = bool(
        setting.anchor and setting.published and setting.anchor.days.first > setting.published
    )
    # "It will cost 45 by 2028, and 12 was paid in May".
    if setting.anchor and not (to_come and setting.tense is Tense.PAST):
        return from_base(setting.anchor, lambda base: nearest(month, day, base))
    today = setting.published
    if today is None:
        return None
    coming = earliest(month, day, today)
    soon = day and coming and (coming.first - today).days <= _SOON
    days = coming if setting.tense is Tense.COMING or soon else latest(month, day, today)
    if not days or (setting.tense is Tense.UNKNOWN and (today - days.last).days > _LONG_AGO):
        return None
    return Found(days, resolved=True)


def _told_month(month: int, which: str) -> Rule:
    def days(today: date) -> Days | None:
        if which == "this":
            return days_of(today.year, month)
        if which == "next":
            return earliest(month, 0, moved(today.replace(day=1), "month", 1) or today)
        return latest(month, 0, moved(today.replace(day=1), "day", -1) or today)

    return of_today(days)


def _quarter(match: re.Match[str]) -> Name:
    if match["letter"]:
        number, unit = int(match["digit"]), _LETTERS[match["letter"]]
    else:
        number, unit = _number(match["number"].lower(), match["unit"]), match["unit"]
    year = match["year"] or match["bare"] or match["short"]
    if year and match["fiscal"]:
        # When another's financial year begins cannot be known.
        return Name(*match.span(), fixed(days_of(int(year))), dated=True)
    if year:
        return Name(*match.span(), fixed(part_of_year(int(year), number, unit)), dated=True)
    told = match["told"]
    return Name(*match.span(), lambda setting: _part(setting, number, unit, told))


def _number(word: str, unit: str) -> int:
    if word in {"final", "last"}:
        return 4 if unit == "quarter" else 2
    return int(word[0]) if word[0].isdecimal() else lexicon.ORDINALS[word]


def _part(setting: Setting, number: int, unit: str, told: str | None) -> Found | None:
    """A quarter or half without its year: of the sentence's year, else the last that has begun."""
    anchor, today = setting.anchor, setting.published
    if anchor and not told and anchor.days.first.year == anchor.days.last.year:
        year = anchor.days.first.year
        return from_base(anchor, lambda _: part_of_year(year, number, unit))
    if today is None:
        return None
    days = part_of_year(today.year + _TOLD[told or "this"], number, unit)
    if days and days.first > today and not told and setting.tense is not Tense.COMING:
        days = part_of_year(today.year - 1, number, unit)
    return Found(days, resolved=True) if days else None
