"""The arithmetic behind a figure that is computed: plain numbers, + - * / and brackets."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

_ARITHMETIC = re.compile(r"[0-9.+\-*/() ]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SCALES = (1, 10**3, 10**6, 10**9)
_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def formula_value(formula: str) -> Decimal:
    """Return what a formula comes to, to 28 significant digits.

    It is worked out in fractions, so that 1 / 3 * 3 is 1.

    >>> formula_value("(12480 - 9130) / 9130 * 100").quantize(Decimal("0.01"))
    Decimal('36.69')

    Raises:
        ValueError: it holds anything but numbers, + - * / and brackets, or divides by nothing.
    """
    try:
        value = _value(_parsed(formula), formula)
    except ZeroDivisionError as error:
        raise ValueError(f"it divides by nothing: {formula!r}") from error
    except RecursionError as error:
        raise ValueError(f"it is too long: {formula[:40]!r} ...") from error
    return Decimal(value.numerator) / value.denominator


def formula_numbers(formula: str) -> tuple[Decimal, ...]:
    """Return the numbers of a formula, each once, in order.

    >>> [str(number) for number in formula_numbers("46610 / (1 - 18 / 100)")]
    ['46610', '1', '18', '100']

    Raises:
        ValueError: as for :func:`formula_value`.
    """
    formula_value(formula)
    return tuple(dict.fromkeys(map(Decimal, _NUMBER.findall(formula))))


def stands_for(number: Decimal, value: Decimal) -> bool:
    """Whether a number of a formula is a stated value, whose "million" it may leave out.

    >>> stands_for(Decimal(47), Decimal(47_000_000)), stands_for(Decimal(47), Decimal(470))
    (True, False)
    """
    return any(abs(value) == number * scale for scale in _SCALES)


def _parsed(formula: str) -> ast.expr:
    if not _ARITHMETIC.fullmatch(formula):
        raise ValueError(f"no arithmetic: {formula!r}")
    try:
        return ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"no arithmetic: {formula!r}") from error


def _value(node: ast.expr, formula: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(_decimal(node, formula))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left, formula), _value(node.right, formula)
        return _OPERATIONS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, formula)
    raise ValueError(f"no arithmetic: {formula!r}")


def _decimal(node: ast.Constant, formula: str) -> Decimal:
    """Return a number as it is written: 0.1 is a tenth, not the nearest binary float."""
    if type(node.value) not in {int, float}:
        raise ValueError(f"no arithmetic: {formula!r}")
    return Decimal(formula.strip()[node.col_offset : node.end_col_offset])
