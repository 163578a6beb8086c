from __future__ import annotations

import doctest
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.arithmetic
from rag.arithmetic import Operation, asked_operation, average_of, compute, rest_of_all
from rag.figures import find_figures
from rag.schema import Bound, Figure, FigureKind

POINTS = "percentage points"


def figures(*texts: str) -> list[Figure]:
    return [find_figures(text)[0] for text in texts]


def test_the_examples_in_the_docstrings_are_right() -> None:
    result = doctest.testmod(rag.arithmetic)
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("How many more came in May than in June?", Operation.DIFFERENCE),
        ("How much longer was the strike at Dorn?", Operation.DIFFERENCE),
        ("What is the gap between the two?", Operation.DIFFERENCE),
        ("How many of the pupils did not pass?", Operation.REST),
        ("How many times as many came in May as in June?", Operation.TIMES),
        ("By how many percent did the price rise?", Operation.CHANGE),
        ("By what percentage did the price rise?", Operation.CHANGE),
        ("What share of the seats was sold?", Operation.SHARE),
        ("How many came in May and June together?", Operation.SUM),
        ("What was the average of the two?", Operation.AVERAGE),
        ("How many came in May?", None),
        ("How many times did she score?", None),
        ("Who came in May?", None),
    ],
)
def test_what_is_to_be_computed_is_in_the_words(question: str, operation: Operation | None) -> None:
    assert asked_operation(question) is operation


@pytest.mark.parametrize(
    ("operation", "of", "text", "formula"),
    [
        (Operation.DIFFERENCE, ("29,840", "26,280"), "3,560", "29,840 − 26,280 = 3,560"),
        (Operation.DIFFERENCE, ("26,280", "29,840"), "3,560", "29,840 − 26,280 = 3,560"),
        (Operation.DIFFERENCE, ("$4.5", "$3"), "1.5 USD", "4.5 USD − 3 USD = 1.5 USD"),
        (Operation.DIFFERENCE, ("3 weeks", "2 weeks"), "1 week", "3 weeks − 2 weeks = 1 week"),
        (Operation.DIFFERENCE, ("8%", "6%"), f"2 {POINTS}", f"8% − 6% = 2 {POINTS}"),
        (
            Operation.DIFFERENCE,
            ("45 cents", "8 cents"),
            "37 cents",
            "45 cents − 8 cents = 37 cents",
        ),
        (Operation.SUM, ("12", "14", "16"), "42", "12 + 14 + 16 = 42"),
        (Operation.AVERAGE, ("12", "15"), "13.5", "(12 + 15) ÷ 2 = 13.5"),
        (Operation.SHARE, ("300", "1,200"), "25%", "300 ÷ 1,200 = 25%"),
        (Operation.SHARE, ("1,200", "300"), "25%", "300 ÷ 1,200 = 25%"),
        (Operation.SHARE, ("4", "10,000"), "0.04%", "4 ÷ 10,000 = 0.04%"),
        (Operation.TIMES, ("300", "1,200"), "4 times", "1,200 ÷ 300 = 4 times"),
        (Operation.CHANGE, ("120", "80"), "50% higher", "(120 − 80) ÷ 80 = 50%"),
        (Operation.CHANGE, ("80", "120"), "33.3% lower", "(120 − 80) ÷ 120 = 33.3%"),
        (Operation.CHANGE, ("80", "80"), "0%", "(80 − 80) ÷ 80 = 0%"),
    ],
)
def test_the_result_comes_with_its_formula(
    operation: Operation, of: tuple[str, ...], text: str, formula: str
) -> None:
    computed = compute(operation, figures(*of))
    assert computed is not None
    assert (computed.text, computed.formula) == (text, formula)


@pytest.mark.parametrize(
    ("operation", "of"),
    [
        (Operation.DIFFERENCE, ("29,840",)),
        (Operation.DIFFERENCE, ("29,840", "$26,280")),
        (Operation.DIFFERENCE, ("3 weeks", "2 days")),
        (Operation.DIFFERENCE, ("€4", "$3")),
        (Operation.DIFFERENCE, ("12", "12")),
        (Operation.DIFFERENCE, ("12", "14", "16")),
        (Operation.SUM, ("in 2019", "in 2020")),
        (Operation.SUM, ("one in five", "one in four")),
        (Operation.SHARE, ("8%", "6%")),
        (Operation.CHANGE, ("8%", "6%")),
        (Operation.SHARE, ("12", "12")),
        (Operation.CHANGE, ("12", "0")),
        (Operation.TIMES, ("12", "0")),
        (Operation.TIMES, ("12", "14", "16")),
        (Operation.CHANGE, ("minus 4 degrees", "8 degrees")),
    ],
)
def test_figures_that_do_not_go_together_give_nothing(
    operation: Operation, of: tuple[str, ...]
) -> None:
    assert compute(operation, figures(*of)) is None


@pytest.mark.parametrize("bound", [b for b in Bound if b is not Bound.EXACT])
def test_of_bounded_figures_the_result_is_about(bound: Bound) -> None:
    one, other = figures("29,840", "26,280")
    computed = compute(Operation.DIFFERENCE, [replace(one, bound=bound), other])
    assert computed is not None
    assert computed.text == "about 3,560"


AMOUNTS = st.decimals("0.1", "99999999", places=1)
UNITS = st.sampled_from(
    ["{}", "{} mm", "{}%", "${}", "{} kroner", "{} cents", "{} weeks", "{} percentage points"]
)


@given(st.sampled_from(Operation), AMOUNTS, AMOUNTS, UNITS)
def test_a_result_reads_as_what_it_is_and_follows_from_the_figures(
    operation: Operation, one: Decimal, other: Decimal, form: str
) -> None:
    both = figures(f"It was {form.format(one)}.", f"It was {form.format(other)}.")
    computed = compute(operation, both)
    if computed is None:
        return
    shown = find_figures(f"{computed.text}: {computed.formula}.")[0]
    assert shown.value == computed.value
    first, second = (figure.value for figure in both)
    expected = {
        Operation.DIFFERENCE: abs(first - second),
        Operation.REST: abs(first - second),
        Operation.SUM: first + second,
        Operation.AVERAGE: (first + second) / 2,
        Operation.SHARE: min(first, second) / max(first, second) * 100,
        Operation.TIMES: max(first, second) / min(first, second),
        Operation.CHANGE: abs(first - second) / second * 100,
    }[operation]
    assert abs(computed.value - expected) <= Decimal("0.05")


@given(st.sampled_from([Operation.DIFFERENCE, Operation.SUM, Operation.AVERAGE]), AMOUNTS, AMOUNTS)
def test_the_order_of_what_is_added_or_taken_away_makes_no_difference(
    operation: Operation, one: Decimal, other: Decimal
) -> None:
    both = figures(f"It was {one}.", f"It was {other}.")
    there, back = compute(operation, both), compute(operation, both[::-1])
    assert (there and there.value) == (back and back.value)


def test_shares_are_not_of_other_kinds() -> None:
    assert {f.kind for f in figures("8%", "one in five")} == {FigureKind.PERCENT, FigureKind.RATIO}
    assert compute(Operation.SUM, figures("8%", "one in five")) is None


@pytest.mark.parametrize(
    ("stated", "text", "formula"),
    [
        ("77%", "23%", "100% − 77% = 23%"),
        ("about 61.4 percent", "about 38.6%", "100% − 61.4% = 38.6%"),
    ],
)
def test_a_share_leaves_the_rest_of_all(stated: str, text: str, formula: str) -> None:
    (figure,) = figures(stated)
    rest = rest_of_all(figure)
    assert rest is not None
    assert (rest.text, rest.formula) == (text, formula)


@pytest.mark.parametrize("stated", ["more than 60%", "nearly 60%", "120%", "100%", "60 ships"])
def test_what_leaves_no_certain_rest_leaves_none(stated: str) -> None:
    (figure,) = figures(stated)
    assert rest_of_all(figure) is None


def test_the_average_of_a_time_is_told_with_its_unit() -> None:
    ships, euros, share = figures("more than 700,000 ships", "1,200 euros", "60%")
    average = average_of(ships, 12, "month")
    assert average is not None
    assert average.text == "about 58,333 a month"
    assert average.formula == "700,000 ÷ 12 months = 58,333"
    paid = average_of(euros, 8, "week")
    assert paid is not None
    assert paid.formula == "1,200 EUR ÷ 8 weeks = 150 EUR"
    assert average_of(share, 12, "month") is None
    assert average_of(ships, 1, "year") is None
