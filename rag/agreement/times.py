"""How two figures of the same thing go together by period and value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum, auto

from rag.agreement.things import is_telling
from rag.figures import Agreement, agree
from rag.schema import Bound, Figure, Relation, StatedFigure, StatedPeriod

# What an article says without a period, it says of the days before.
_NEWS_DAYS = 3
_OLD_NEWS_DAYS = 31


def in_time(one: StatedFigure, other: StatedFigure) -> Relation | None:
    """How two figures of the same thing go together by period and value."""
    figure, second = one.statement.figure, other.statement.figure
    order = _order(one, other)
    if _same_value(figure, second):
        # A telling figure that two articles share is the same one, whenever each says it was.
        return None if order is _Order.APART and not is_telling(figure) else Relation.AGREE
    if order is _Order.APART:
        return Relation.CHANGED
    return Relation.DIFFER if order is _Order.SAME and _exclude(figure, second) else None


class _Order(Enum):
    """How the times go together that two figures speak of."""

    SAME = auto()
    APART = auto()
    UNKNOWN = auto()


def _order(one: StatedFigure, other: StatedFigure) -> _Order:
    """Compare periods; what has none is of the days before its article."""
    first, second = one.statement.period, other.statement.period
    if first is not None and second is not None:
        same = (first.first, first.last) == (second.first, second.last)
        return _Order.SAME if same else _Order.APART if _apart(first, second) else _Order.UNKNOWN
    if first is None and second is None:
        return _of_days(one.document.published, other.document.published)
    known, bare = (one, other) if second is None else (other, one)
    period, day = known.statement.period, bare.document.published
    if period is None or day is None:
        return _Order.UNKNOWN
    since = (day - period.last).days
    if 0 <= since <= _NEWS_DAYS and (period.last - period.first).days <= _NEWS_DAYS:
        return _Order.SAME
    return _Order.APART if since > _OLD_NEWS_DAYS or day < period.first else _Order.UNKNOWN


def _of_days(one: date | None, other: date | None) -> _Order:
    if one is None or other is None:
        return _Order.UNKNOWN
    return _Order.SAME if abs((one - other).days) <= _NEWS_DAYS else _Order.APART


def _apart(one: StatedPeriod, other: StatedPeriod) -> bool:
    return one.last < other.first or other.last < one.first


def _same_value(one: Figure, other: Figure) -> bool:
    near = {Agreement.EXACT, Agreement.ROUNDED, Agreement.BOUND_LOST}
    return agree(one, other) in near or agree(other, one) in near


def _exclude(one: Figure, other: Figure) -> bool:
    """Whether two figures cannot both be true: "more than 40" and "46" can."""
    low, high = _range(one)
    other_low, other_high = _range(other)
    return high < other_low or other_high < low


_INFINITE = Decimal("Infinity")
_ABOUT = Decimal("0.1")


def _range(figure: Figure) -> tuple[Decimal, Decimal]:
    value = figure.value
    if figure.bound in {Bound.MORE_THAN, Bound.AT_LEAST}:
        return value, _INFINITE
    if figure.bound in {Bound.LESS_THAN, Bound.AT_MOST}:
        return -_INFINITE, value
    slack = abs(value) * _ABOUT
    if figure.bound is Bound.NEARLY:
        return value - slack, value
    return (value - slack, value + slack) if figure.bound is Bound.ABOUT else (value, value)
