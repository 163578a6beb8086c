"""Shares, intervals and quantiles."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.metrics import Interval, quantile, share, wilson_interval

parts_of_wholes = st.integers(1, 10_000).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)


def test_a_share_of_nothing_is_none() -> None:
    assert share(0, 0) is None
    assert wilson_interval(0, 0) is None
    assert quantile([], 0.5) is None


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3), (1, 0), (0, -1)])
def test_more_than_the_whole_is_refused(part: int, whole: int) -> None:
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
