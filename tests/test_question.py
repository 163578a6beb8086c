from __future__ import annotations

import doctest
from datetime import date

import pytest

import rag.question
from rag.question import Asked, asked_kind, is_terse, named_period, speaks_of


def test_the_examples_in_the_docstrings_are_right() -> None:
    result = doctest.testmod(rag.question)
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("By what percentage did turnout fall?", Asked.SHARE),
        ("What share of voters stayed at home?", Asked.SHARE),
        ("How much did the bridge cost?", Asked.MONEY),
        ("What is the budget of the ministry?", Asked.MONEY),
        ("How many goals did she score?", Asked.QUANTITY),
        ("What was the average number of visitors?", Asked.QUANTITY),
        ("How many ships did the cost of tolls keep away?", Asked.QUANTITY),
        ("How many dollars does a ticket cost?", Asked.MONEY),
        ("For how much was the ship sold?", Asked.MONEY),
        ("By how much did rents rise in March?", Asked.CHANGE),
        ("By how much did the price of rye fall?", Asked.CHANGE),
        ("By how much did the price of rye change?", Asked.CHANGE),
        ("How much did the price of rye grow in 2030?", Asked.CHANGE),
        ("How much has the cost of a ticket gone up?", Asked.CHANGE),
        ("How far did the price fall?", Asked.MONEY),
        ("How large is the crew?", Asked.CHANGE),
        ("When does the new term begin?", Asked.TIME),
        ("Since when has the road been closed?", Asked.TIME),
        ("year the ferry was launched", Asked.TIME),
        ("The month it was launched", Asked.TIME),
        ("year of the great flood", Asked.OTHER),
        ("ferries launched each year since the flood", Asked.OTHER),
        ("Who is the new coach?", Asked.OTHER),
        ("Why was the match called off?", Asked.OTHER),
    ],
)
def test_the_kind_of_answer(question: str, kind: Asked) -> None:
    assert asked_kind(question) is kind


@pytest.mark.parametrize(
    ("question", "terse"),
    [
        ("harbour tonnes 2020", True),
        ("harbour tonnes 2020?", True),
        ("tin can exports 2020?", True),
        ("how many tonnes", False),
        ("Tonnes, and which year?", False),
        ("Tell me the tonnes of 2020", False),
        ("Did it handle 2,000 tonnes?", False),
        ("was it closed", False),
        ("In 2019, was it closed?", False),
        ("The harbour: is it open?", False),
    ],
)
def test_keywords_are_terse_with_a_question_mark_or_without_and_questions_are_not(
    question: str, terse: bool
) -> None:
    assert is_terse(question) is terse


@pytest.mark.parametrize(
    ("text", "months", "years"),
    [
        ("In May of 2017 it may rise", {5}, {2017}),
        ("They may go in june", set(), set()),
        ("On Sept. 3 and Oct. 4, 1999", {9, 10}, {1999}),
        ("He paid $2,017 for 2017 shares", set(), {2017}),
        ("Marching through Marchtown", set(), set()),
        ("2024 people", set(), {2024}),
        ("12,024 and 20.24 and 2024%", set(), set()),
        ("Sales of the first quarter of 2019", {1, 2, 3}, {2019}),
        ("From Q2 to the 3rd quarter", {4, 5, 6, 7, 8, 9}, set()),
        ("In the Final Quarter, and in May", {5, 10, 11, 12}, set()),
        ("A quarter of the first Q20", set(), set()),
    ],
)
def test_named_periods(text: str, months: set[int], years: set[int]) -> None:
    period = named_period(text)
    assert (set(period.months), set(period.years)) == (months, years)


@pytest.mark.parametrize(
    ("asked", "stated", "published", "expected"),
    [
        ("in May 2018", "in May of 2017", None, False),
        ("in October", "in November", None, False),
        ("in May", "in May of 2017", None, True),
        ("in May 2017", "that month", None, False),
        ("in 2022", "between June and November", date(2025, 1, 1), False),
        ("in 2024", "between June and November", date(2025, 1, 1), True),
        ("in June", "since the order", date(2024, 6, 21), True),
        ("in June", "since the order", None, False),
        ("in 2020", "between 2019 and 2020", None, True),
        ("now", "in May 2017", None, True),
    ],
)
def test_which_texts_speak_of_a_period(
    asked: str, stated: str, published: date | None, expected: bool
) -> None:
    assert speaks_of(named_period(asked), named_period(stated), published) is expected
