"""Reading the day that a field or a line states, strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

MAX_DATE_CHARACTERS = 60
"""The longest date line in use ("Last updated on Wednesday, September 25, 2024 at ...") has 58."""

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ]\d{1,2}:\d{2}.*)", re.DOTALL)


def parse_date(stated: object) -> date | None:
    """Return the day that a field or line states, or None.

    A month without a day, a two-digit year, a relative date, and a date whose day and month
    could change places ("03/04/2024") are no statement of a day. The day is the one written:
    a time zone never moves it.
    """
    if isinstance(stated, datetime):
        return stated.date()
    if isinstance(stated, date):
        return stated
    if not isinstance(stated, str):
        return None
    text = " ".join(stated.split())
    if len(text) > MAX_DATE_CHARACTERS or not _YEAR.search(text):
        return None
    if re.match(r"\d{4}-", text):
        return iso_date(text)
    readings = {parser.get_date_data(text).date_obj for parser in _date_parsers()}
    days = {reading.date() for reading in readings if reading}
    return days.pop() if len(days) == 1 and None not in readings else None


def iso_date(text: str) -> date | None:
    """Return the day of "2024-06-21", with or without a time behind it."""
    match = _ISO.fullmatch(text)
    try:
        return date.fromisoformat(match.group(1)) if match else None
    except ValueError:
        return None


@cache
def _date_parsers() -> tuple[DateDataParser, DateDataParser]:
    """One parser that reads the month first, one that reads the day first."""
    from dateparser.date import DateDataParser

    def parser(order: str) -> DateDataParser:
        return DateDataParser(
            languages=["en"],
            settings={
                "DATE_ORDER": order,
                "STRICT_PARSING": True,
                "REQUIRE_PARTS": ["day", "month", "year"],
                "PARSERS": ["absolute-time"],
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )

    return parser("MDY"), parser("DMY")


_DATE_LABEL = re.compile(
    r"(?:first |last )?(?:published|posted|updated|modified|date|dateline)"
    r"(?: on| at)?\s*[:|–—-]?\s+",
    re.IGNORECASE,
)
_CLOCK_TIME = re.compile(
    r",?\s*(?:\bat\b\s*|[|·•–—-]\s*)?\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*\(?[A-Z]{0,4}\)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedDay:
    """The day of a date line, and whether the line says that it is the day of an update."""

    day: date
    of_update: bool


def read_date_line(line: str) -> StatedDay | None:
    """Return the day of a line that is nothing but a date, with or without a clock time."""
    if len(line) > MAX_DATE_CHARACTERS or not _YEAR.search(line):
        return None
    label = _DATE_LABEL.match(line)
    rest = line[label.end() :] if label else line
    day = parse_date(rest) or parse_date(_CLOCK_TIME.sub("", rest))
    of_update = label is not None and bool(re.search("updated|modified", label[0], re.IGNORECASE))
    return StatedDay(day, of_update) if day else None
