"""Shares, intervals, quantiles and one test."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.metrics import (
    Interval,
    effective_size,
    mcnemar_exact,
    quantile,
    share,
    wilson_interval,
)

parts_of_wholes = st.integers(1, 10_000).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)


def test_a_share_of_nothing_is_none() -> None:
    assert share(0, 0) is None
    assert wilson_interval(0, 0) is None
    assert quantile([], 0.5) is None
    assert effective_size([], []) == 0


@pytest.mark.parametrize(
    ("part", "whole"), [(-1, 3), (4, 3), (1, 0), (0, -1), (math.nan, 3), (1, math.nan)]
)
def test_more_than_the_whole_is_refused(part: float, whole: float) -> None:
    with pytest.raises(ValueError, match="not a share"):
        share(part, whole)
    with pytest.raises(ValueError, match="not a share"):
        wilson_interval(part, whole)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        # Method 3 of table I in R. G. Newcombe, Statistics in Medicine 17 (1998).
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (20, 20, (0.8389, 1.0)),
    ],
)
def test_wilson_interval(part: int, whole: int, expected: tuple[float, float]) -> None:
    assert wilson_interval(part, whole) == pytest.approx(Interval(*expected), abs=5e-5)


@given(parts_of_wholes)
def test_the_interval_holds_the_share_and_mirrors(case: tuple[int, int]) -> None:
    part, whole = case
    value, found = share(part, whole), wilson_interval(part, whole)
    mirrored = wilson_interval(whole - part, whole)
    assert value is not None
    assert found is not None
    assert mirrored is not None
    assert 0 <= found.low <= value <= found.high <= 1
    assert found.low < found.high
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx(found)


@given(parts_of_wholes)
def test_the_ends_of_the_interval_solve_the_score_equation(case: tuple[int, int]) -> None:
    """At each end, the share that was seen is z standard errors of that end away."""
    part, whole = case
    z = 1.959963984540054
    found = wilson_interval(part, whole)
    assert found is not None
    for end in found:
        if 0 < end < 1:
            error = math.sqrt(end * (1 - end) / whole)
            assert abs(part / whole - end) == pytest.approx(z * error, rel=1e-6)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(2, 9))
def test_the_interval_narrows_with_the_size(part: int, more: int, times: int) -> None:
    whole = part + more
    narrow, wide = wilson_interval(part * times, whole * times), wilson_interval(part, whole)
    assert narrow is not None
    assert wide is not None
    assert narrow.high - narrow.low < wide.high - wide.low


# --- values that hang together -------------------------------------------------------------

shares = st.lists(st.booleans().map(float), min_size=1, max_size=40)
clustered = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6)), min_size=1, max_size=60).map(
    lambda pairs: ([value for value, _ in pairs], [cluster for _, cluster in pairs])
)


def test_the_effective_size_of_a_worked_example() -> None:
    """Four clusters of two: 1 1, 1 1, 0 0, 1 0. Then p = 5/8, and the sums of y - p are
    3/4, 3/4, -5/4 and -1/4; v = 4/3 * 11/4 / 64, d = 8 * v / (15/64) = 88/45, 8 / d = 45/11."""
    values = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0]
    assert effective_size(values, list("aabbccdd")) == pytest.approx(45 / 11)


@given(clustered)
def test_clusters_never_add_to_the_size(case: tuple[list[float], list[int]]) -> None:
    values, clusters = case
    assert 1 <= effective_size(values, clusters) <= len(values)


@given(clustered, st.randoms())
def test_the_order_and_the_names_of_clusters_do_not_matter(
    case: tuple[list[float], list[int]], random: object
) -> None:
    values, clusters = case
    rows = list(zip(values, clusters, strict=True))
    random.shuffle(rows)  # type: ignore[attr-defined]
    shuffled = effective_size([v for v, _ in rows], [f"article {c}" for _, c in rows])
    assert shuffled == pytest.approx(effective_size(values, clusters))


@given(shares.filter(lambda values: 0 < sum(values) < len(values)), st.integers(2, 6))
def test_copies_in_one_cluster_add_nothing(values: list[float], copies: int) -> None:
    clusters = list(range(len(values)))
    once = effective_size(values, clusters)
    assert effective_size(values * copies, clusters * copies) == pytest.approx(once)


@given(shares.filter(lambda values: 0 < sum(values) < len(values)))
def test_one_value_a_cluster_loses_no_more_than_the_small_sample_term(values: list[float]) -> None:
    n = len(values)
    assert effective_size(values, list(range(n))) == pytest.approx(max(1, n - 1))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_where_all_are_alike_each_cluster_counts_as_one(value: float) -> None:
    assert effective_size([value] * 12, list("aaaabbbbcccc")) == 3


def test_one_cluster_counts_as_one() -> None:
    assert effective_size([0.0, 1.0, 1.0], "aaa") == 1


@pytest.mark.parametrize(
    ("values", "clusters"),
    [([1.0], []), ([1.5], ["a"]), ([-0.1], ["a"]), ([math.nan], ["a"]), ([1.0, math.nan], "ab")],
)
def test_no_values_to_cluster(values: list[float], clusters: list[str]) -> None:
    with pytest.raises(ValueError, match=r"clusters|from 0 to 1"):
        effective_size(values, clusters)


# --- McNemar -------------------------------------------------------------------------------

discordant = st.integers(0, 400)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (0, 5, 2 / 32),
        (0, 6, 2 / 64),
        (5, 5, 1.0),
        (1, 9, 22 / 1024),
        (2, 8, 112 / 1024),
        (3, 12, 2 * (1 + 15 + 105 + 455) / 2**15),
    ],
)
def test_mcnemar_by_hand(first: int, second: int, p: float) -> None:
    assert mcnemar_exact(first, second) == pytest.approx(p, abs=1e-15)


@given(discordant, discordant)
def test_mcnemar_is_a_p_value_and_symmetric(first: int, second: int) -> None:
    p = mcnemar_exact(first, second)
    assert 0 < p <= 1
    assert p == mcnemar_exact(second, first)
    assert (p == 1) is (abs(first - second) <= 1)


@given(st.integers(1, 60), st.integers(0, 60))
def test_mcnemar_is_the_chance_of_a_split_as_uneven(n: int, first: int) -> None:
    """Counted over all splits: those at least as far from the middle as this one."""
    first = min(first, n)
    far = abs(2 * first - n)
    chance = sum(Fraction(math.comb(n, i), 2**n) for i in range(n + 1) if abs(2 * i - n) >= far)
    assert mcnemar_exact(first, n - first) == pytest.approx(float(chance))


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_falls_as_the_split_grows(low: int, gap: int) -> None:
    assert mcnemar_exact(low, low + gap + 2) < mcnemar_exact(low, low + gap + 1)


def test_mcnemar_of_thousands() -> None:
    assert mcnemar_exact(2000, 2000) == 1
    assert 0 < mcnemar_exact(1900, 2100) < 0.01


@pytest.mark.parametrize(("first", "second"), [(-1, 3), (3, -1)])
def test_mcnemar_of_less_than_nothing_is_refused(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="not counts"):
        mcnemar_exact(first, second)


# --- quantiles -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "q", "rank"),
    [(1, 0.5, 1), (2, 0.5, 1), (3, 0.5, 2), (20, 0.95, 19), (21, 0.95, 20), (100, 0.07, 7)],
)
def test_a_quantile_is_a_rank(n: int, q: float, rank: int) -> None:
    assert quantile([float(value) for value in range(n, 0, -1)], q) == rank


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_one_of_the_values(values: list[float], q: float) -> None:
    found = quantile(values, q)
    assert found in values
    assert quantile(values, 1) == max(values)
    assert quantile(values, 0.5) == statistics.median_low(values)


@pytest.mark.parametrize("q", [0, -0.1, 1.1])
def test_no_quantile(q: float) -> None:
    with pytest.raises(ValueError, match="not a quantile"):
        quantile([1.0], q)


def test_what_is_no_number_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="not a number"):
        quantile([1.0, math.nan], 0.5)
