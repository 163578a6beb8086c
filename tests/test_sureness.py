"""How sure a figure is: more of any sign never makes it less sure, and it stays a probability."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.answering.sureness import Signs, as_numbers, is_tied, sureness

LOGS = st.floats(-100, 100)
AHEAD = st.floats(0, 100) | st.just(math.inf)
GLANCED = st.builds(Signs, odds=LOGS, ahead=AHEAD, fit=st.floats(-1, 1))
READ = st.builds(
    Signs,
    odds=LOGS,
    ahead=AHEAD,
    fit=st.floats(-1, 1),
    read_ahead=LOGS | st.just(math.inf),
    ahead_of_silence=LOGS,
)
TAUGHT = READ.map(lambda signs: replace(signs, taught=True))
SIGNS = GLANCED | READ | TAUGHT
BEST = Signs(odds=100.0, ahead=math.inf, fit=1.0, read_ahead=math.inf, ahead_of_silence=100.0)
WORST = Signs(odds=-100.0, ahead=0.0, fit=-1.0, read_ahead=-100.0, ahead_of_silence=-100.0)
GLANCED_SIGNS = ["odds", "ahead"]
ALL_SIGNS = [*GLANCED_SIGNS, "fit", "read_ahead", "ahead_of_silence"]


def glanced(signs: Signs) -> Signs:
    return replace(signs, read_ahead=None, ahead_of_silence=None)


def with_sign(signs: Signs, name: str, value: float) -> Signs:
    changed: dict[str, Any] = {name: value}
    return replace(signs, **changed)


@given(SIGNS)
def test_it_is_a_probability(signs: Signs) -> None:
    ends = [replace(end, taught=signs.taught) for end in (WORST, BEST)]
    worst, best = ends if signs.read_ahead is not None else map(glanced, ends)
    assert 0 < sureness(worst) <= sureness(signs) <= sureness(best) < 1


@given(READ | TAUGHT, READ, st.sampled_from(ALL_SIGNS))
def test_more_of_a_sign_makes_no_figure_less_sure(one: Signs, other: Signs, name: str) -> None:
    more = with_sign(one, name, max(getattr(one, name), getattr(other, name)))
    assert sureness(more) >= sureness(one)
    assert sureness(glanced(more)) >= sureness(glanced(one))


@given(READ, st.sampled_from(ALL_SIGNS), st.floats(0.01, 3))
def test_more_of_a_sign_within_its_bounds_makes_a_figure_surer(
    signs: Signs, name: str, more: float
) -> None:
    better = with_sign(signs, name, getattr(signs, name) + more)
    assume(sum(as_numbers(better)) > sum(as_numbers(signs)) + 0.001)
    assert sureness(better) > sureness(signs)


@pytest.mark.parametrize("name", ALL_SIGNS)
def test_every_sign_counts(name: str) -> None:
    assert sureness(BEST) > sureness(with_sign(BEST, name, getattr(WORST, name)))
    assert sureness(WORST) < sureness(with_sign(WORST, name, getattr(BEST, name)))


@pytest.mark.parametrize("name", GLANCED_SIGNS)
def test_every_sign_of_a_glance_counts(name: str) -> None:
    best, worst = glanced(BEST), glanced(WORST)
    assert sureness(best) > sureness(with_sign(best, name, getattr(worst, name)))


@given(READ)
def test_beyond_its_bounds_more_of_a_sign_says_no_more(signs: Signs) -> None:
    numbers = as_numbers(signs)
    assert all(map(math.isfinite, numbers))
    odds, ahead, fit, read_ahead, silence = numbers
    bounded = Signs(odds, ahead, fit, read_ahead, silence)
    assert as_numbers(bounded) == numbers
    assert sureness(bounded) == sureness(signs)


def test_its_numbers_are_its_signs_in_their_order() -> None:
    signs = Signs(odds=0.5, ahead=0.25, fit=0.125, read_ahead=2.0, ahead_of_silence=3.0)
    assert as_numbers(signs) == (0.5, 0.25, 0.125, 2.0, 3.0)
    assert as_numbers(glanced(signs)) == (0.5, 0.25)


def test_what_has_all_for_it_is_surer_than_not_and_what_has_nothing_is_not() -> None:
    assert sureness(WORST) < 0.5 < sureness(BEST)
    assert sureness(glanced(WORST)) < 0.5 < sureness(glanced(BEST))


@pytest.mark.parametrize(
    ("ahead", "read_ahead", "tied"),
    [
        (0.0, None, True),
        (0.0, 0.0, True),
        (0.4, -3.0, True),
        (3.0, 0.0, False),
        (0.0, 3.0, False),
        (math.inf, None, False),
    ],
)
def test_a_figure_is_tied_where_no_reader_tells_it_from_another(
    ahead: float, read_ahead: float | None, tied: bool
) -> None:
    signs = Signs(5.0, ahead, 1.0, read_ahead, 5.0 if read_ahead is not None else None)
    assert is_tied(signs) is tied
