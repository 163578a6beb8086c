from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversation import Exchange, FollowUp, made_whole

SHIPS = "How many ships arrived in Holm in May 2031?"


@pytest.mark.parametrize(
    ("before", "follow_up", "whole"),
    [
        (SHIPS, "And the month before?", "How many ships arrived in Holm in April 2031?"),
        (SHIPS, "the month after that?", "How many ships arrived in Holm in June 2031?"),
        (SHIPS, "and the previous month", "How many ships arrived in Holm in April 2031?"),
        (SHIPS, "And a year earlier?", "How many ships arrived in Holm in May 2030?"),
        (SHIPS, "And two years before?", "How many ships arrived in Holm in May 2029?"),
        (SHIPS, "What about June?", "How many ships arrived in Holm in June 2031?"),
        (SHIPS, "How about in 2029?", "How many ships arrived in Holm in May 2029?"),
        (SHIPS, "And in July of 2030?", "How many ships arrived in Holm in July 2030?"),
        (SHIPS, "how many in June?", "How many ships arrived in Holm in June 2031?"),
        (SHIPS, "And how many were there in June?", "How many ships arrived in Holm in June 2031?"),
        (SHIPS, "And in Port Ellis?", "How many ships arrived in Port Ellis in May 2031?"),
        (SHIPS, "Port Ellis?", "How many ships arrived in Port Ellis in May 2031?"),
        (SHIPS, "and in Ellis in June", "How many ships arrived in Ellis in June 2031?"),
        ("How many came in January 2031?", "the month before?", "How many came in December 2030?"),
        (
            "How many came in fiscal year 2022?",
            "and in 2023?",
            "How many came in fiscal year 2023?",
        ),
        ("How many came in 2022?", "the year before?", "How many came in 2021?"),
        ("How many came?", "And in May?", "How many came in May?"),
        ("How many came?", "And since May 2030?", "How many came since May 2030?"),
        ("How many came?", "And to Holm?", "How many came to Holm?"),
        ("How many may come in May?", "And in June?", "How many may come in June?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_the_question_before_with_its_own_part_put_in(
    before: str, follow_up: str, whole: str
) -> None:
    assert made_whole(follow_up, Exchange(before)) == FollowUp(whole, rewritten=True)


def test_the_answer_says_the_period_that_the_question_leaves_out() -> None:
    before = Exchange("How many ships came?", "In May 2031, 46 ships came. [1]")
    assert made_whole("And the month before?", before).question == (
        "How many ships came in April 2031?"
    )
    two = Exchange("How many ships came?", "In May and in June, 46 ships came. [1]")
    assert made_whole("And the month before?", two).unclear


@pytest.mark.parametrize(
    "question",
    [
        "How many ferries sailed in June 2031?",
        "And how many people died there in June?",
        "harbour tonnes 2020",
        "What is the fare?",
        "Who said that?",
        "When did the night sailing begin?",
    ],
)
def test_a_whole_question_is_left_alone(question: str) -> None:
    assert made_whole(question, Exchange(SHIPS)) == FollowUp(question)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (Exchange(SHIPS), "And the ferries?"),
        (Exchange(SHIPS), "What about it?"),
        (Exchange("How many came?"), "And the month before?"),
        (Exchange("How many came in 2022?"), "And the month before?"),
        (Exchange("How many came in May and in June?"), "And in July?"),
        (Exchange("How many went from Holm to Ellis?"), "And Varde?"),
        (None, "And in June?"),
    ],
)
def test_what_cannot_be_made_whole_is_said_to_be_unclear(
    before: Exchange | None, question: str
) -> None:
    assert made_whole(question, before) == FollowUp(question, unclear=True)


@pytest.mark.parametrize("question", ["Norway?", "June 2031", "in June"])
def test_a_first_question_is_asked_as_it_is(question: str) -> None:
    assert made_whole(question, None) == FollowUp(question)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_words_are_taken(question: str, before: str) -> None:
    found = made_whole(question, Exchange(before))
    assert not (found.rewritten and found.unclear)
    assert found.rewritten or found.question == question
