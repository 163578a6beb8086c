"""How sure a figure is: more of any sign never makes it less sure, and it stays a probability."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.answering.sureness import Signs, as_numbers, sureness

NAMES = [field.name for field in fields(Signs)]
LOGS = st.floats(-100, 100)
SIGNS = st.builds(
    Signs,
    ahead=st.floats(0, 100) | st.just(math.inf),
    ahead_of_silence=LOGS,
    singled_out=st.floats(0, 1),
)
BEST = Signs(ahead=math.inf, ahead_of_silence=100.0, singled_out=1.0)
WORST = Signs(ahead=0.0, ahead_of_silence=-100.0, singled_out=0.0)


def with_sign(signs: Signs, name: str, value: float) -> Signs:
    return replace(signs, **{name: value})


@given(SIGNS)
def test_it_is_a_probability(signs: Signs) -> None:
    assert 0 < sureness(signs) < 1
    assert sureness(WORST) <= sureness(signs) <= sureness(BEST)


@given(SIGNS, SIGNS, st.sampled_from(NAMES))
def test_more_of_a_sign_makes_no_figure_less_sure(one: Signs, other: Signs, name: str) -> None:
    more = with_sign(one, name, max(getattr(one, name), getattr(other, name)))
    assert sureness(more) >= sureness(one)


@given(SIGNS, SIGNS)
def test_more_of_a_sign_within_its_bounds_makes_a_figure_surer(one: Signs, other: Signs) -> None:
    numbers, others = as_numbers(one), as_numbers(other)
    assume(all(a >= b for a, b in zip(numbers, others, strict=True)))
    assume(sum(numbers) > sum(others) + 0.01)
    assert sureness(one) > sureness(other)


@pytest.mark.parametrize("name", NAMES)
def test_every_sign_counts(name: str) -> None:
    assert sureness(BEST) > sureness(with_sign(BEST, name, getattr(WORST, name)))
    assert sureness(WORST) < sureness(with_sign(WORST, name, getattr(BEST, name)))


@given(SIGNS)
def test_beyond_its_bounds_more_of_a_sign_says_no_more(signs: Signs) -> None:
    numbers = as_numbers(signs)
    assert all(map(math.isfinite, numbers))
    ahead, silence, _ = numbers
    bounded = replace(signs, ahead=ahead, ahead_of_silence=silence)
    assert as_numbers(bounded) == numbers
    assert sureness(bounded) == sureness(signs)


def test_its_numbers_are_its_signs_in_their_order() -> None:
    signs = Signs(ahead=0.5, ahead_of_silence=0.25, singled_out=0.125)
    assert as_numbers(signs) == (0.5, 0.25, 0.125)
    assert as_numbers(BEST) > as_numbers(signs) > as_numbers(WORST)
    assert as_numbers(replace(BEST, ahead=1000.0)) == as_numbers(BEST)
    assert as_numbers(replace(WORST, ahead_of_silence=-1000.0)) == as_numbers(WORST)


def test_what_has_all_for_it_is_surer_than_not_and_what_has_nothing_is_not() -> None:
    assert sureness(WORST) < 0.5 < sureness(BEST)
