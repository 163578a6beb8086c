from __future__ import annotations

import doctest

import pytest
from job_samples import in_turn

import rag.splitting
from rag.splitting import compares, lists, neutral, split

QUESTION = "How many more ships came to Holm in May than in June?"
MAY = "How many ships came to Holm in May?"
JUNE = "How many ships came to Holm in June?"


def never() -> bool:
    return False


def parts(*written: str, question: str = QUESTION) -> tuple[str, ...]:
    return split(question, in_turn("\n".join(written)), never)


def test_the_examples_in_the_docstrings_are_right() -> None:
    result = doctest.testmod(rag.splitting)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_parts_made_of_the_questions_own_words_are_taken() -> None:
    assert parts(MAY, JUNE) == (MAY, JUNE)
    assert parts(f"  {MAY} ", JUNE) == (MAY, JUNE)
    assert parts(MAY, MAY, JUNE) == (MAY, JUNE)


@pytest.mark.parametrize(
    "written",
    [
        (),
        (MAY,),
        (MAY, "How many ships came to Holm in July?"),
        (MAY, "How many boats came to Holm in June?"),
        (MAY, JUNE, "How many ships came to Rovik in June?"),
        (QUESTION, MAY),
        tuple(f"{MAY} {n * 'May '}" for n in range(5)),
    ],
)
def test_parts_that_are_not_the_questions_own_are_none(written: tuple[str, ...]) -> None:
    assert parts(*written) == ()


def test_a_part_without_the_names_of_the_question_gets_them() -> None:
    found = parts("How many ships came in May?", JUNE)
    assert found == ("How many ships came in May (Holm)?", JUNE)


def test_a_presumed_figure_is_asked_for_neutrally() -> None:
    question = "Is it true that only 200 ships came to Holm in May?"
    assert neutral(question, in_turn(MAY), never) == MAY


@pytest.mark.parametrize(
    "written",
    ["", "It is true.", "How many ships came to Rovik in May?", "How many yachts came to Holm?"],
)
def test_a_neutral_question_about_something_else_is_none(written: str) -> None:
    question = "Is it true that only 200 ships came to Holm in May?"
    assert neutral(question, in_turn(written), never) == ""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many died, and how many were hurt?", (True, False)),
        ("How many died and what did it cost?", (True, False)),
        ("How many came each month?", (True, False)),
        ("Were there more ships in May than in June?", (False, True)),
        ("Which city had the larger harbour?", (False, True)),
        ("How did the price change?", (False, True)),
        ("How many ships came in May?", (False, False)),
        ("Who was hurt?", (False, False)),
    ],
)
def test_lists_and_comparisons_are_known_by_their_words(
    question: str, expected: tuple[bool, bool]
) -> None:
    assert (lists(question), compares(question)) == expected
