from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.words
from rag.words import of_a_place, stems


def test_the_examples_in_the_docstrings_are_right() -> None:
    result = doctest.testmod(rag.words)
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("crossings", "crossing"),
        ("The Harbours", "harbour"),
        ("applied", "apply"),
        ("How many were there of the ships?", "ships"),
        ("per cent of seats", "seats"),
    ],
)
def test_forms_of_a_word_and_words_without_sense_make_no_difference(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("46,610", "46,611"),
        ("4.5", "45"),
        ("more ships", "ships"),
        ("arrivals", "departures"),
    ],
)
def test_what_turns_the_sense_makes_one(one: str, other: str) -> None:
    assert stems(one) != stems(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Nigeria", "Nigerian"),
        ("Nigerian", "Nigeria"),
        ("nigerian", "nigeria"),
        ("Cuban", "Cuba"),
        ("Brazil", None),
        ("Kim", None),
        ("Mia", None),
        ("Ian", None),
        ("", None),
    ],
)
def test_a_place_and_its_people_are_found_by_the_commonest_ending(
    name: str, other: str | None
) -> None:
    assert of_a_place(name) == other


@given(st.from_regex(r"[A-Z][a-z]{3,9}a", fullmatch=True))
def test_the_way_back_from_a_people_is_the_place(place: str) -> None:
    people = of_a_place(place)
    assert people is not None
    assert of_a_place(people) == place


@given(st.text(max_size=60))
def test_any_text_has_stems_that_do_not_depend_on_white_space(text: str) -> None:
    assert stems(f"  {text}\n") == stems(text)
    assert all(stems(text))
