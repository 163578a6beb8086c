from __future__ import annotations

from collections.abc import Collection

import pytest

from rag.spelling import respell, words

VOCABULARY = {"people": 9, "many": 9, "removed": 4, "removal": 2, "crossings": 5, "steeple": 1}


def known(some: Collection[str]) -> set[str]:
    return set(some) & VOCABULARY.keys()


def respelt(question: str) -> str:
    return respell(question, known, lambda: VOCABULARY)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("how meny poeple were removd", "how many people were removed"),
        ("how many crosings", "how many crossings"),
        ("Removl of peple", "Removal of people"),
    ],
)
def test_a_slip_is_put_right_by_the_words_of_the_articles(typed: str, read: str) -> None:
    assert respelt(typed).lower() == read.lower()


@pytest.mark.parametrize(
    ("typed", "vocabulary", "read"),
    [
        ("what did the cafe sell", {"café": 1, "came": 9}, "what did the café sell"),
        ("who won in Orebro", {"örebro": 1}, "who won in Orebro"),
        ("how many ecluses", {"écluses": 1, "recluses": 9}, "how many écluses"),
        ("did electricite sell", {"électricité": 1, "electricity": 9}, "did électricité sell"),
        ("how many tonns", {"tonnes": 3, "towns": 9}, "how many towns"),
    ],
)
def test_a_word_without_its_accents_is_that_word_before_any_other(
    typed: str, vocabulary: dict[str, int], read: str
) -> None:
    known = {"what", "did", "the", "sell", "how", "many", "won", *vocabulary}
    assert respell(typed, lambda some: known & set(some), lambda: vocabulary) == read


@pytest.mark.parametrize(
    "question",
    [
        "How many people were removed?",
        "Why do steeples lean?",  # English, though no article has it
        "Did Mr Peopl say so?",  # a name
        "What does the CROSINGS act say?",  # in capitals
        "how manx are there",  # nothing long enough is near
        "",
    ],
)
def test_what_is_a_word_or_a_name_is_left_alone(question: str) -> None:
    assert respell(question, known, lambda: {"zebra": 1}) == question


def test_the_vocabulary_is_only_asked_where_a_word_is_unknown() -> None:
    def refuse() -> dict[str, int]:
        raise AssertionError("asked")

    asked = "how many people removed"
    assert respell(asked, known, refuse) == asked


def test_words_are_runs_of_letters() -> None:
    assert words("It’s 46,610 PEOPLE, people!") == {"it", "s", "people"}
