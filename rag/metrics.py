"""Shares, intervals and quantiles: deterministic, and honest where there is nothing to measure.

A share of nothing is None, never 1: a run without cases must not look like a perfect one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

# Two-sided 95% quantile of the standard normal distribution.
Z_95 = 1.959963984540054


class Interval(NamedTuple):
    """A closed range of shares, both from 0 to 1."""

    low: float
    high: float


def share(part: int, whole: int) -> float | None:
    """Return ``part / whole``, from 0 to 1; None where ``whole`` is 0.

    >>> share(3, 4), share(0, 4), share(0, 0)
    (0.75, 0.0, None)

    Raises:
        ValueError: not 0 <= part <= whole.
    """
    _check(part, whole)
    return part / whole if whole else None


def wilson_interval(part: int, whole: int, z: float = Z_95) -> Interval | None:
    """Return the Wilson score interval of a share; None where ``whole`` is 0.

    With p = part / whole and n = whole (E. B. Wilson, JASA 22, 1927):

    (p + z²/2n ± z · sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n)

    It stays inside 0 to 1, and 10 of 10 does not give an interval of no width.

    Args:
        part: how many have the property.
        whole: how many there are.
        z: quantile of the normal distribution, the default for 95%.

    Raises:
        ValueError: not 0 <= part <= whole.
    """
    _check(part, whole)
    if not whole:
        return None
    p = part / whole
    centre = p + z * z / (2 * whole)
    spread = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    low = 0.0 if part == 0 else (centre - spread) / scale
    high = 1.0 if part == whole else (centre + spread) / scale
    return Interval(low, high)


def quantile(values: Sequence[float], q: float) -> float | None:
    """Return the nearest-rank quantile: the ceil(q · n)-th smallest value; None of no values.

    It is always one of the values, so a p95 is a time that a question really took.

    >>> quantile([3.0, 1.0, 2.0, 4.0], 0.5), quantile([3.0, 1.0, 2.0, 4.0], 0.95)
    (2.0, 4.0)

    Args:
        values: in any order and unit.
        q: 0 < q <= 1.

    Raises:
        ValueError: ``q`` is no such share.
    """
    if not 0 < q <= 1:
        raise ValueError(f"not a quantile: {q}")
    if not values:
        return None
    # Rounded first: 0.07 * 100 is a little more than 7.
    return sorted(values)[math.ceil(round(q * len(values), 9)) - 1]


def _check(part: int, whole: int) -> None:
    if not 0 <= part <= whole:
        raise ValueError(f"not a share: {part} of {whole}")
