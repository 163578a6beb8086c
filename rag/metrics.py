"""Shares, intervals, quantiles and one test: exact, and honest where nothing is measured.

A share of nothing is None, never 1: a run without cases must not look like a perfect one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple

# Two-sided 95% quantile of the standard normal distribution.
Z_95 = 1.959963984540054

# A variance between clusters needs two of them.
_LEAST_CLUSTERS = 2


class Interval(NamedTuple):
    """A closed range of shares, both from 0 to 1."""

    low: float
    high: float


def share(part: float, whole: float) -> float | None:
    """Return ``part / whole``, from 0 to 1; None where ``whole`` is 0.

    >>> share(3, 4), share(0, 4), share(0, 0)
    (0.75, 0.0, None)

    Raises:
        ValueError: not 0 <= part <= whole.
    """
    _check(part, whole)
    return part / whole if whole else None


def wilson_interval(part: float, whole: float, z: float = Z_95) -> Interval | None:
    """Return the Wilson score interval of a share; None where ``whole`` is 0.

    With p = part / whole and n = whole (E. B. Wilson, JASA 22, 1927):

    (p + z²/2n ± z · sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n)

    It stays inside 0 to 1, and 10 of 10 does not give an interval of no width. Of a mean of
    values from 0 to 1, whose variance is at most that of a share with the same mean, it is
    rather too wide than too narrow.

    Args:
        part: how many have the property, or the sum of such values.
        whole: how many there are; no whole number where they hang together.
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


def effective_size(values: Sequence[float], clusters: Sequence[Hashable]) -> float:
    """Return how many independent values say as much about the mean as these clustered ones.

    Questions about one article are right or wrong together, so that 20 of them say less than 20
    on as many articles. With n values y of mean p in m clusters, the variance between clusters
    and the design effect d (J. N. K. Rao and A. J. Scott, Biometrics 48, 1992) are

    v = m/(m - 1) · Σ over clusters of (Σ of (y - p) in the cluster)² / n²,  d = n · v / (p(1 - p))

    and n / d values are returned: never more than n, never fewer than 1. Where all values are 0
    or all are 1, or all are of one cluster, d cannot be told; each cluster then counts as one.

    Args:
        values: shape [n], each from 0 to 1; of shares, 0 or 1.
        clusters: shape [n], what each belongs to.

    Raises:
        ValueError: the lengths differ, or a value is not from 0 to 1 (NaN included).
    """
    if len(values) != len(clusters):
        raise ValueError(f"{len(values)} values in {len(clusters)} clusters")
    if any(not 0 <= value <= 1 for value in values):
        raise ValueError("not all values are from 0 to 1")
    n, m = len(values), len(set(clusters))
    p = math.fsum(values) / n if n else 0.0
    if m < _LEAST_CLUSTERS or not 0 < p < 1:
        return float(m)
    sums: defaultdict[Hashable, float] = defaultdict(float)
    for value, cluster in zip(values, clusters, strict=True):
        sums[cluster] += value - p
    variance = m / (m - 1) * math.fsum(total * total for total in sums.values()) / (n * n)
    effect = max(1.0, n * variance / (p * (1 - p)))
    return max(1.0, n / effect)


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Return the two-sided p-value of McNemar's test, from the binomial distribution.

    Of n = only_first + only_second cases on which two systems differ, each falls either way with
    probability 1/2 if neither is better (Q. McNemar, Psychometrika 12, 1947):

    p = min(1, 2 · Σ for i from 0 to min(only_first, only_second) of C(n, i) / 2ⁿ)

    It is 1 where they differ on nothing. Cases on which both are right, or neither, say nothing.

    >>> mcnemar_exact(1, 9), mcnemar_exact(0, 0)
    (0.021484375, 1.0)

    Args:
        only_first: cases that only the first has right.
        only_second: cases that only the second has right.

    Raises:
        ValueError: one of them is below 0.
    """
    if min(only_first, only_second) < 0:
        raise ValueError(f"not counts: {only_first} and {only_second}")
    n = only_first + only_second
    tail = sum(math.comb(n, i) for i in range(min(only_first, only_second) + 1))
    # In whole numbers to the end: 2 ** n has no float from n = 1024 on.
    return min(2 * tail, 1 << n) / (1 << n)


def quantile(values: Sequence[float], q: float) -> float | None:
    """Return the nearest-rank quantile: the ceil(q · n)-th smallest value; None of no values.

    It is always one of the values, so a p95 is a time that a question really took.

    >>> quantile([3.0, 1.0, 2.0, 4.0], 0.5), quantile([3.0, 1.0, 2.0, 4.0], 0.95)
    (2.0, 4.0)

    Args:
        values: in any order and unit.
        q: 0 < q <= 1.

    Raises:
        ValueError: ``q`` is no such share, or a value is NaN, which has no place in an order.
    """
    if not 0 < q <= 1:
        raise ValueError(f"not a quantile: {q}")
    if any(math.isnan(value) for value in values):
        raise ValueError("a value is not a number")
    if not values:
        return None
    # Rounded first: 0.07 * 100 is a little more than 7.
    return sorted(values)[math.ceil(round(q * len(values), 9)) - 1]


def _check(part: float, whole: float) -> None:
    if not 0 <= part <= whole:
        raise ValueError(f"not a share: {part} of {whole}")
