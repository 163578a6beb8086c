"""Figures as a model that reads them replies: several, or with the signs of what they make.

The model names them and asks for the arithmetic; what comes of it is computed by code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.arithmetic import Operation

_SIGN = re.compile(r"\s*(;)\s+|\s([-+*/])\s")
_PERCENT = " * 100"
_OPERATIONS = {
    "-": Operation.DIFFERENCE,
    "/": Operation.TIMES,
    "/%": Operation.SHARE,
    "-/%": Operation.CHANGE,
}
"""By the signs between the figures, and a last one where the result is in percent."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Figures in words, and what is done with them."""

    terms: tuple[str, ...]
    """Of a change the later or other one, then the one that it is measured by."""
    operation: Operation | None
    """None where they are only named."""


def read_formula(reply: str) -> Formula | None:
    """Read a reply; None where it is none of the forms that were taught.

    >>> read_formula("44.4 million pounds - 38.2 million pounds").operation.value
    'difference'
    >>> read_formula("(64 - 80) / 80 * 100").terms
    ('64', '80')
    >>> read_formula("11; six").terms
    ('11', 'six')
    >>> read_formula("(3 + 5 + 10) / 3").terms
    ('3', '5', '10')
    >>> read_formula("11; 11 - six").terms
    ('11', 'six')
    """
    named, _, bare = reply.strip().rpartition("; ")
    formula = _read(bare)
    if formula and formula.operation:
        # What is computed of them names them again.
        return formula if set(named.split("; ")) <= {"", *formula.terms} else None
    return _read(reply.strip())


def _read(bare: str) -> Formula | None:
    parts = [part for part in _SIGN.split(bare.removesuffix(_PERCENT)) if part]
    terms = tuple(part.strip("() ") for part in parts[::2])
    signs = "".join(parts[1::2]) + ("%" if bare.endswith(_PERCENT) else "")
    if not all(terms) or len(parts) != 2 * len(terms) - 1:
        return None
    if not signs.strip(";"):
        return Formula(terms, None)
    if signs.strip("+") == "/" and terms[-1] == str(len(terms) - 1):
        return Formula(terms[:-1], Operation.AVERAGE)
    operation = Operation.SUM if not signs.strip("+") else _OPERATIONS.get(signs)
    if operation is Operation.CHANGE:
        return _change(*terms)
    return Formula(terms, operation) if operation else None


def _change(one: str, other: str, base: str) -> Formula | None:
    """Of two figures by the one that both are measured by."""
    if base not in {one, other}:
        return None
    return Formula((other if one == base else one, base), Operation.CHANGE)
