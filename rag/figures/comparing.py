"""Whether a figure says what another one states."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from rag.schema import Bound, Figure, FigureKind

_NEVER_ROUNDED = frozenset(
    {FigureKind.YEAR, FigureKind.DATE, FigureKind.ORDINAL, FigureKind.IDENTIFIER, FigureKind.AGE}
)


class Agreement(StrEnum):
    """How a figure relates to what is stated."""

    EXACT = "exact"
    ROUNDED = "rounded"
    BOUND_LOST = "bound lost"
    """The same value with another bound: "more than" dropped, added or changed."""
    DIFFERENT = "different"


def agree(figure: Figure, stated: Figure) -> Agreement:
    """Compare a figure with a stated one by kind, unit, value, bound and stated precision.

    Kinds must be the same, and units where both have one; dates agree where the parts that both
    have are equal.
    ROUNDED: |figure - stated| <= step / 2, where step is the place of the figure's last
    significant digit ("47,000" has step 1,000); a figure of one significant digit rounds only
    where it says "about".
    """
    other_unit = figure.unit and stated.unit and figure.unit != stated.unit
    if figure.kind is not stated.kind or other_unit:
        return Agreement.DIFFERENT
    if figure.kind is FigureKind.DATE:
        return Agreement.EXACT if _same_date(figure.value, stated.value) else Agreement.DIFFERENT
    if figure.value == stated.value:
        return Agreement.EXACT if figure.bound is stated.bound else Agreement.BOUND_LOST
    if figure.kind not in _NEVER_ROUNDED and _rounds(figure, stated):
        return Agreement.ROUNDED
    return Agreement.DIFFERENT


def _same_date(one: Decimal, other: Decimal) -> bool:
    pairs = zip(_parts(int(one)), _parts(int(other)), strict=True)
    return all(a == b for a, b in pairs if a and b)


def _parts(date: int) -> tuple[int, int, int]:
    return date // 10_000, date // 100 % 100, date % 100


def _rounds(figure: Figure, stated: Figure) -> bool:
    digits = figure.value.normalize().as_tuple()
    stated_digits = stated.value.normalize().as_tuple()
    if not isinstance(digits.exponent, int) or len(digits.digits) >= len(stated_digits.digits):
        return False
    if len(digits.digits) == 1 and figure.bound not in {Bound.ABOUT, Bound.NEARLY}:
        return False
    step = Decimal(10) ** digits.exponent
    return abs(figure.value - stated.value) * 2 <= step
