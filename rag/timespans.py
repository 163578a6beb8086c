"""Spans of days as they are said: a year, a month, a day, or from when to when."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum, auto


class _Unit(Enum):
    """The longest unit of the calendar that a span is made of, whole."""

    YEARS = auto()
    MONTHS = auto()
    DAYS = auto()


_DIGITS = {_Unit.YEARS: len("2031"), _Unit.MONTHS: len("2031-05"), _Unit.DAYS: len("2031-05-14")}


def in_words(first: date, last: date) -> str:
    """The span as people say it.

    >>> in_words(date(2031, 5, 1), date(2031, 5, 31)), in_words(date(2031, 5, 3), date(2031, 6, 7))
    ('May 2031', '3 May 2031 to 7 June 2031')
    """
    unit = _unit(first, last)
    return _from_to(_words(first, unit), _words(last, unit))


def in_digits(first: date, last: date) -> str:
    """The span so that a column of them can be sorted as text.

    >>> in_digits(date(2031, 5, 1), date(2031, 5, 31))
    '2031-05'
    """
    length = _DIGITS[_unit(first, last)]
    return _from_to(first.isoformat()[:length], last.isoformat()[:length])


def _unit(first: date, last: date) -> _Unit:
    ends_month = last == date.max or (last + timedelta(days=1)).day == 1
    if first.day != 1 or not ends_month:
        return _Unit.DAYS
    return _Unit.YEARS if (first.month, last.month) == (1, 12) else _Unit.MONTHS


def _words(day: date, unit: _Unit) -> str:
    match unit:
        case _Unit.YEARS:
            return str(day.year)
        case _Unit.MONTHS:
            return f"{day:%B} {day.year}"
        case _Unit.DAYS:
            return f"{day.day} {day:%B} {day.year}"


def _from_to(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"
