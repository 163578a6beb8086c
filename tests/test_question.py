from __future__ import annotations

from datetime import date

import pytest

from rag.question import Asked, asked_kind, named_period, speaks_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("By what percentage did turnout fall?", Asked.SHARE),
        ("What share of voters stayed at home?", Asked.SHARE),
        ("How much did the bridge cost?", Asked.MONEY),
        ("What is the budget of the ministry?", Asked.MONEY),
        ("How many goals did she score?", Asked.QUANTITY),
        ("What was the average number of visitors?", Asked.QUANTITY),
        ("By how much did rents rise in March?", Asked.CHANGE),
        ("When does the new term begin?", Asked.TIME),
        ("Since when has the road been closed?", Asked.TIME),
        ("Who is the new coach?", Asked.OTHER),
        ("Why was the match called off?", Asked.OTHER),
    ],
)
def test_the_kind_of_answer(question: str, kind: Asked) -> None:
    assert asked_kind(question) is kind


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
