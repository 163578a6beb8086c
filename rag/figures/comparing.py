"""Whether a figure says what another one states."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from rag.figures import lexicon
from rag.figures.units import same_unit
from rag.schema import Bound, Figure, FigureKind

_NEVER_ROUNDED = frozenset(
    {FigureKind.YEAR, FigureKind.ORDINAL, FigureKind.IDENTIFIER, FigureKind.AGE}
)
_ROUGH = frozenset({Bound.ABOUT, Bound.NEARLY, Bound.MORE_THAN, Bound.LESS_THAN})
_FROM_BELOW = frozenset({Bound.MORE_THAN, Bound.AT_LEAST})
_FROM_ABOVE = frozenset({Bound.NEARLY, Bound.LESS_THAN, Bound.AT_MOST})
# What can be counted in each other; a month has no fixed number of days.
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MONTHS = {"month": 1, "year": 12, "decade": 120}
_SHARES = {FigureKind.PERCENT: 1, FigureKind.RATIO: 100}
_NUMBER_WORDS = frozenset(
    {*lexicon.SMALL, *lexicon.SCALES, *lexicon.SHORT_SCALES, "and", "a", "an", "half"}
)
_BARE = re.compile(r"[\w\s.,-]+")


class Agreement(StrEnum):
    """How a figure relates to what is stated."""

    EXACT = "exact"
    ROUNDED = "rounded"
    BOUND_LOST = "bound lost"
    """The same value with another bound: "more than" dropped, added or changed."""
    DIFFERENT = "different"


def agree(figure: Figure, stated: Figure) -> Agreement:
    """Compare a figure with a stated one by kind, unit, value, bound and stated precision.

    Kinds must be the same, and units where both have one; spans of time are counted in the same
    unit first, and a ratio is a percentage.
    ROUNDED: |figure - stated| <= step / 2, where step is the place of the figure's last
    significant digit ("47,000" has step 1,000), and the stated figure lies where the bound of
    the figure says; a figure of one significant digit rounds only where it says "about", "over"
    or the like. A date is rounded where it leaves out the year or the day.
    """
    value = _stated_value(figure, stated)
    if value is None:
        return Agreement.DIFFERENT
    if figure.value == value:
        return Agreement.EXACT if figure.bound is stated.bound else Agreement.BOUND_LOST
    if figure.kind is FigureKind.DATE:
        return Agreement.ROUNDED if _leaves_out(figure.value, value) else Agreement.DIFFERENT
    if figure.kind not in _NEVER_ROUNDED and _rounds(figure, value, stated.bound):
        return Agreement.ROUNDED
    return Agreement.DIFFERENT


def _stated_value(figure: Figure, stated: Figure) -> Decimal | None:
    """The stated value in the kind and unit of the figure; None where they do not compare."""
    kind, one, other = figure.kind, figure.unit, stated.unit
    if kind in _SHARES and stated.kind in _SHARES:
        return _converted(figure, stated, _SHARES[kind], _SHARES[stated.kind])
    if kind is not stated.kind:
        return stated.value if _is_left_out(figure, stated) else None
    if kind is FigureKind.YEAR:  # the 1990s, 1990 and 1990-91
        return stated.value if one == other else None
    for units in (_SECONDS, _MONTHS) if kind is FigureKind.DURATION else ():
        if one in units and other in units:
            return _converted(figure, stated, units[one], units[other])
    return stated.value if same_unit(one, other) else None


def _converted(figure: Figure, stated: Figure, one: int, other: int) -> Decimal:
    """A stated value of a unit of size ``other`` in a unit of size ``one``.

    What is equal before the division stays equal: four months are a third of a year.
    """
    whole = stated.value * other
    return figure.value if figure.value * one == whole else whole / one


def _is_left_out(figure: Figure, stated: Figure) -> bool:
    """Whether one figure is a count only because its currency or per cent stands elsewhere.

    In "5.9 million euros, up from 5.2 million" the second sum is written as a count is.
    """
    count, named = sorted((figure, stated), key=lambda f: f.kind is not FigureKind.COUNT)
    if count.kind is not FigureKind.COUNT or count.unit:
        return False
    if named.kind not in {FigureKind.MONEY, FigureKind.PERCENT} or not _BARE.fullmatch(named.text):
        return False
    words = re.findall(r"[^\W\d_]+", named.text.lower())
    return bool(words or "." in named.text) and _NUMBER_WORDS.issuperset(words)


def _leaves_out(date: Decimal, stated: Decimal) -> bool:
    """Whether a date is a stated one without its year or day."""
    pairs = zip(_parts(int(date)), _parts(int(stated)), strict=True)
    return all(part in {0, whole} for part, whole in pairs)


def _parts(date: int) -> tuple[int, int, int]:
    return date // 10_000, date // 100 % 100, date % 100


def _rounds(figure: Figure, stated: Decimal, bound: Bound) -> bool:
    if bound not in {Bound.EXACT, figure.bound}:
        return False  # what the stated figure says of itself would be lost
    if figure.bound in _FROM_BELOW and figure.value > stated:
        return False
    if figure.bound in _FROM_ABOVE and figure.value < stated:
        return False
    digits = figure.value.normalize().as_tuple()
    stated_digits = stated.normalize().as_tuple()
    if not isinstance(digits.exponent, int) or len(digits.digits) >= len(stated_digits.digits):
        return False
    if len(digits.digits) == 1 and figure.bound not in _ROUGH:
        return False
    step = Decimal(10) ** digits.exponent
    return abs(figure.value - stated) * 2 <= step
