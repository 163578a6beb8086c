"""Days, weeks, months, quarters and years, and how to step from one to another."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import NamedTuple

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
"""Units that are counted in whole months."""
_DAYS = {"day": 1, "week": 7, "fortnight": 14}


class Days(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date


def days_of(year: int, month: int = 0, day: int = 0) -> Days | None:
    """A day, a month (``day`` 0) or a year (``month`` 0); None where the calendar has none.

    >>> days_of(2024, 2).last.isoformat()
    '2024-02-29'
    """
    try:
        if day:
            return Days(date(year, month, day), date(year, month, day))
        last = month or 12
        return Days(date(year, month or 1, 1), date(year, last, calendar.monthrange(year, last)[1]))
    except ValueError:
        return None


def season(year: int) -> Days | None:
    """What is named by two years, as 2022-23: a season, a school year, a year of accounts.

    When it begins differs; from July to June no two of them share a day, and each has most of
    its own.

    >>> season(2022).last.isoformat()
    '2023-06-30'
    """
    first, last = days_of(year, 7), days_of(year + 1, 6)
    return Days(first.first, last.last) if first and last else None


def part_of_year(year: int, number: int, unit: str) -> Days | None:
    """A quarter (1 to 4) or half (1 or 2) of a calendar year.

    >>> part_of_year(2024, 3, "quarter").first.isoformat()
    '2024-07-01'
    """
    length = _MONTHS[unit]
    first = days_of(year, (number - 1) * length + 1) if 1 <= number <= 12 // length else None
    last = days_of(year, number * length) if first else None
    return Days(first.first, last.last) if first and last else None


def around(day: date, unit: str) -> Days | None:
    """The day, week (from Monday), month, quarter, half, year or decade that a day lies in.

    A fortnight ago is the week that lies so far back.
    """
    if unit in {"week", "fortnight"}:
        return _days_from(day, -day.weekday(), 7)
    if unit == "decade":
        first, last = days_of(day.year - day.year % 10), days_of(day.year - day.year % 10 + 9)
        return Days(first.first, last.last) if first and last else None
    if unit in {"quarter", "half"}:
        return part_of_year(day.year, (day.month - 1) // _MONTHS[unit] + 1, unit)
    if unit in {"month", "year"}:
        return days_of(day.year, day.month if unit == "month" else 0)
    return Days(day, day)


def moved(day: date, unit: str, by: int) -> date | None:
    """The day so many units later; where its month has no such day, the last of that month.

    >>> moved(date(2024, 2, 29), "year", -1).isoformat()
    '2023-02-28'
    """
    try:
        if unit in _DAYS:
            return day + timedelta(days=_DAYS[unit] * by)
        months = day.year * 12 + day.month - 1 + _MONTHS[unit] * by
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None


def shifted(days: Days, unit: str, by: int) -> Days | None:
    """The same span so many units later; whole months stay whole months."""
    first, last = moved(days.first, unit, by), moved(days.last, unit, by)
    if first is None or last is None:
        return None
    if days.first.day == 1 and unit in _MONTHS and _ends_month(days.last):
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return Days(first, last)


def ending(last: date, count: int, unit: str) -> Days | None:
    """The so many days, weeks, months or years that end with a day.

    >>> ending(date(2024, 6, 30), 3, "month").first.isoformat()
    '2024-04-01'
    """
    if unit in _MONTHS and _ends_month(last):
        whole = days_of(last.year, last.month)
        first = moved(whole.first, "month", 1 - count * _MONTHS[unit]) if whole else None
        return Days(first, last) if first else None
    before = moved(last, unit, -count)
    first = moved(before, "day", 1) if before else None
    return Days(first, last) if first else None


def latest(month: int, day: int, before: date) -> Days | None:
    """The last such month, or day of a year, that has begun by a day."""
    found = days_of(before.year, month, day)
    if found and found.first <= before:
        return found
    # The 29th of February comes every four years, now and then every eight.
    years = range(before.year - 1, before.year - 9, -1)
    return next(filter(None, (days_of(year, month, day) for year in years)), None)


def earliest(month: int, day: int, after: date) -> Days | None:
    """The next such month, or day of a year, that has not ended by a day."""
    years = range(after.year, after.year + 9)
    found = (days_of(year, month, day) for year in years)
    return next((days for days in found if days and days.last >= after), None)


def nearest(month: int, day: int, to: Days) -> Days | None:
    """The month, or day of a year, that lies nearest to a time; inside it where there is one."""
    years = range(to.first.year - 1, to.last.year + 2)
    found = [days for year in years if (days := days_of(year, month, day))]
    return min(found, key=lambda days: _distance(days, to), default=None)


def _distance(days: Days, to: Days) -> int:
    """Days between two times; 0 where they meet."""
    gap = max((days.first - to.last).days, (to.first - days.last).days)
    return max(0, gap)


def _days_from(day: date, offset: int, count: int) -> Days | None:
    first = moved(day, "day", offset)
    last = moved(first, "day", count - 1) if first else None
    return Days(first, last) if first and last else None


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
