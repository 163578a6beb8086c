"""Whether two figures can be of the same time."""

from __future__ import annotations

import re
from datetime import date
from enum import IntEnum

from rag.question import Period, named_period
from rag.schema import StatedPeriod, Statement

_LONGER = 2.0
"""Of two periods of one claim one may be so many times as long as the other, not more."""
_YEAR = 360
_COMPARED = re.compile(
    r"\b(?:from|since|than(?: in)?|against|compared (?:with|to))\s+[A-Z]\w+(?: (?:of )?\d{4})?"
)


class Fit(IntEnum):
    """How two periods go together."""

    OTHER = 0
    PART = 1
    """One is a part of the other: a value may still be the same, another one says nothing."""
    UNKNOWN = 2
    SAME = 3


def fit_of(
    claim: Statement,
    text: str,
    stated: Statement,
    source: str,
    *,
    reading: str,
    published: date | None,
) -> Fit:
    """Compare the time of a claim with that of a stated figure.

    Where no year is known, of a draft and an article without a date, months are compared by name.

    Args:
        claim: a figure of a draft.
        text: its sentence.
        stated: a figure of an article.
        source: its sentence.
        reading: that and the one before.
        published: the day of the article, whose time a figure without one is of.
    """
    one, other = claim.period, stated.period
    if one is not None and other is not None:
        return _overlap(one, other)
    asked = _months_and_years(one) if one is not None else _named(claim, text)
    said = _months_and_years(other) if other is not None else _named(stated, source)
    if asked.years and not said.years:
        recent = {published.year, published.year - 1} if published else set()
        said = Period(said.months, named_period(reading).years or frozenset(recent))
    if not asked or not said:
        return Fit.UNKNOWN
    if asked.years and said.years and not asked.years & said.years:
        return Fit.OTHER
    if asked.months and said.months and not asked.months & said.months:
        return Fit.OTHER
    if other is None:
        return Fit.UNKNOWN
    return Fit.SAME if bool(asked.months) == bool(said.months) else Fit.PART


def _overlap(one: StatedPeriod, other: StatedPeriod) -> Fit:
    if one.last < other.first or other.last < one.first:
        return Fit.OTHER
    lengths = sorted((period.last - period.first).days + 1 for period in (one, other))
    return Fit.SAME if lengths[1] <= _LONGER * lengths[0] else Fit.PART


def _months_and_years(period: StatedPeriod) -> Period:
    """What a period would be called; one of a year or more has no months."""
    first, last = period.first, period.last
    years = frozenset(range(first.year, last.year + 1))
    if (last - first).days >= _YEAR:
        return Period(frozenset(), years)
    n_months = (last.year - first.year) * 12 + last.month - first.month + 1
    months = frozenset((first.month - 1 + i) % 12 + 1 for i in range(n_months))
    return Period(months, years)


def _named(statement: Statement, text: str) -> Period:
    """The months and years in a figure's own words; of what it is compared with none."""
    clause = text[statement.clause.start : statement.clause.end]
    return named_period(_COMPARED.sub(" ", clause))
