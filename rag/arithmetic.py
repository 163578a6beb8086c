"""Figures that are computed from stated ones: the model may ask for them, never do them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from rag.schema import Bound, Figure, FigureKind

_HUNDRED = Decimal(100)
_MULTIPLIABLE = frozenset({FigureKind.COUNT, FigureKind.MONEY, FigureKind.DURATION, FigureKind.AGE})
_ADDABLE = _MULTIPLIABLE | {FigureKind.PERCENT, FigureKind.PERCENTAGE_POINTS}


class Operation(StrEnum):
    """What is done with the figures."""

    DIFFERENCE = "difference"
    SUM = "sum"
    SHARE = "share"
    CHANGE = "change"
    """In percent of the first of two figures."""
    TIMES = "times"
    AVERAGE = "average"
    REST = "rest"
    """What a part leaves of its whole."""


# In this order: "by how many percent more" is a change, "how many more" a difference.
_ASKED: dict[Operation, str] = {
    Operation.TIMES: r"\bhow many times\b(?=.*\b(?:as|than|the)\b)|\bwhat multiple\b",
    Operation.CHANGE: (
        r"\bby (?:what|how (?:many|much)|which) (?:per ?cent(?:age)?|%)"
        r"|\bby (?:what|which) (?:percentage|share|proportion)\b"
        r"|\bhow much (?:more|less|higher|lower|in) .*per ?cent|\bper ?cent(?:age)? change\b"
    ),
    Operation.SHARE: (
        r"\b(?:what|which) (?:share|percentage|proportion|per ?cent|fraction)\b"
        r"|\bas (?:a )?(?:share|percentage|proportion) of\b|\bhow many per ?cent\b"
    ),
    Operation.AVERAGE: r"\b(?:on average|average of|mean of)\b",
    Operation.SUM: (
        r"\b(?:together|combined|added up|in all\b(?! of)|the sum of|(?:total|sum) of .* and)\b"
    ),
    Operation.DIFFERENCE: (
        r"\bby how many (?!per ?cent|times|%)|"
        r"\bhow (?:many|much) (?:more|fewer|less|higher|lower|longer|older|larger|smaller)\b"
        r"|\b(?:difference|gap|margin)\b|\bhow (?:far|much) (?:below|above|under|over|short)\b"
        r"|\blie between\b"
    ),
    Operation.REST: r"\bhow (?:many|much) .*\b(?:not|never)\b",
}


@dataclass(frozen=True, slots=True)
class Computed:
    """A result with the arithmetic that shows it."""

    value: Decimal
    text: str
    """The result as it is shown: "about 13.5%"."""
    formula: str
    """"29,840 − 26,280 = 3,560"."""


def asked_operation(question: str) -> Operation | None:
    """Return what a question wants to be computed, as far as its words say so.

    >>> asked_operation("How many more came in May than in June?").value
    'difference'
    >>> asked_operation("How many came in May?") is None
    True
    """
    return next(
        (operation for operation, words in _ASKED.items() if re.search(words, question, re.I)), None
    )


def compute(operation: Operation, figures: Sequence[Figure]) -> Computed | None:
    """Compute one figure of two or more; None where they do not go together.

    For a change the first figure is the later one; of a share and of how many times, the order
    is that of size: a part is no larger than its whole.
    """
    if len(figures) < 2 or len({(f.kind, f.unit) for f in figures}) > 1:
        return None
    kind = figures[0].kind
    if kind not in (_ADDABLE if operation in _KEEPING else _MULTIPLIABLE):
        return None
    values = [figure.value for figure in figures]
    if operation in _KEEPING:
        return _kept(operation, values, figures)
    if len(values) != 2 or min(values) <= 0:
        return None
    return _related(operation, values, figures)


def rest_of_all(figure: Figure) -> Computed | None:
    """What a share in percent leaves of all; None for any other figure.

    "More than 60%" leaves less than 40%, which is not shown: the bound would have to turn.
    """
    if figure.kind is not FigureKind.PERCENT or not 0 < figure.value < _HUNDRED:
        return None
    if figure.bound not in {Bound.EXACT, Bound.ABOUT}:
        return None
    result = _HUNDRED - figure.value
    text, stated = f"{_number(result)}%", f"{_number(figure.value)}%"
    return Computed(result, _about(text, [figure]), f"100% − {stated} = {text}")


def average_of(figure: Figure, n_units: int, unit: str) -> Computed | None:
    """The average of a time of several units; None where there is nothing to divide."""
    if figure.kind not in {FigureKind.COUNT, FigureKind.MONEY} or n_units < 2:
        return None
    result = _rounded(figure.value / n_units)
    if result >= _HUNDRED:  # nobody counts tenths of hundreds of people
        result = result.quantize(Decimal(1), ROUND_HALF_UP)
    text = _plain(result, figure)
    formula = f"{_plain(figure.value, figure)} ÷ {n_units} {unit}s = {text}"
    return Computed(result, f"{_about(text, [figure])} a {unit}", formula)


_SUBTRACTING = frozenset({Operation.DIFFERENCE, Operation.REST})
_KEEPING = frozenset({Operation.DIFFERENCE, Operation.REST, Operation.SUM, Operation.AVERAGE})


def _kept(
    operation: Operation, values: Sequence[Decimal], figures: Sequence[Figure]
) -> Computed | None:
    """A result of the same kind and unit."""
    shown = [_plain(value, figure) for value, figure in zip(values, figures, strict=True)]
    if operation in _SUBTRACTING:
        if len(values) != 2 or values[0] == values[1]:
            return None
        if values[0] < values[1]:
            values, shown = values[::-1], shown[::-1]
        result, term = values[0] - values[1], " − ".join(shown)
    elif operation is Operation.SUM:
        result, term = sum(values, Decimal(0)), " + ".join(shown)
    else:
        result = _rounded(sum(values, Decimal(0)) / len(values))
        term = f"({' + '.join(shown)}) ÷ {len(values)}"
    unit = figures[0]
    if operation in _SUBTRACTING and unit.kind is FigureKind.PERCENT:
        unit = replace(unit, kind=FigureKind.PERCENTAGE_POINTS)  # 8% is not 2% more than 6%
    text = _plain(result, unit)
    return Computed(result, _about(text, figures), f"{term} = {text}")


def _related(
    operation: Operation, values: Sequence[Decimal], figures: Sequence[Figure]
) -> Computed | None:
    """A result that is a share, a change or a multiple."""
    one, other = values
    shown = [_plain(value, figure) for value, figure in zip(values, figures, strict=True)]
    if operation is Operation.CHANGE:
        result = _rounded(abs(one - other) / other * _HUNDRED)
        text = f"{_number(result)}%"
        more, less = shown if one >= other else shown[::-1]
        formula = f"({more} − {less}) ÷ {shown[1]} = {text}"
        # Who asks by how much it rose has to see that it fell.
        turn = "" if one == other else " higher" if one > other else " lower"
        return Computed(result, f"{_about(text, figures)}{turn}", formula)
    (small, small_shown), (large, large_shown) = sorted(zip(values, shown, strict=True))
    if small == large:
        return None
    if operation is Operation.SHARE:
        result = _rounded(small / large * _HUNDRED)
        text = f"{_number(result)}%"
        return Computed(result, _about(text, figures), f"{small_shown} ÷ {large_shown} = {text}")
    result = _rounded(large / small)
    text = f"{_number(result)} times"
    formula = f"{large_shown} ÷ {small_shown} = {text}"
    return Computed(result, _about(text, figures), formula)


def _about(text: str, figures: Sequence[Figure]) -> str:
    exact = all(figure.bound is Bound.EXACT for figure in figures)
    return text if exact else f"about {text}"


def _rounded(value: Decimal) -> Decimal:
    """To one digit behind the point: more would say more than news figures know.

    What is smaller than 1 keeps two digits: 0.04% is not 0%.
    """
    place = Decimal("0.1")
    if value and abs(value) < 1:
        place = Decimal(1).scaleb(value.adjusted() - 1)
    return value.quantize(place, ROUND_HALF_UP)


def _number(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Decimal, figure: Figure) -> str:
    number = _number(value)
    if figure.unit == "cent":  # its value is in the unit that it is a hundredth of
        cents = value * _HUNDRED
        return f"{_number(cents)} cent" if cents == 1 else f"{_number(cents)} cents"
    if figure.kind is FigureKind.MONEY:
        return f"{number} {figure.unit}".strip()
    if figure.kind is FigureKind.PERCENT:
        return f"{number}%"
    if figure.kind is FigureKind.PERCENTAGE_POINTS:
        return f"{number} percentage points"
    if figure.unit and figure.kind is not FigureKind.COUNT:
        return f"{number} {figure.unit}" if value == 1 else f"{number} {figure.unit}s"
    return number
