from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.binding import bare_figure, meant_figure
from rag.figures import find_figures

SHIPS = "Arrivals had dropped to 64,006 in August after a high of 144,266 in May."


def meant(question: str, sentence: str = SHIPS) -> str | None:
    figure = meant_figure(question, sentence, find_figures("1,234 ships")[0])
    return figure.text if figure else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many arrivals were there in August?", "64,006"),
        ("What was the high in May?", "144,266"),
        ("How many ships were there?", None),
        ("How many were there in August, against May?", None),
    ],
)
def test_the_figure_whose_words_are_asked_for_is_meant(question: str, expected: str | None) -> None:
    assert meant(question) == expected


def test_the_only_figure_of_its_kind_is_meant_whatever_is_asked() -> None:
    assert meant("Why?", "It rained 12 mm, 4% more than in May.") == "12"
    assert meant("Why?", "It rained 4% more.") is None


@pytest.mark.parametrize(
    ("prose", "is_bare"),
    [
        ("64,006", True),
        ("64,006.", True),
        ("More than 64,006.", True),
        ("$4.5 million", True),
        ("64,006 ships.", False),
        ("64,006 and 12", False),
        ("None.", False),
        ("", False),
    ],
)
def test_a_figure_is_bare_where_nothing_says_what_it_is_of(prose: str, is_bare: bool) -> None:
    assert (bare_figure(prose) is not None) is is_bare


@given(st.text(), st.text())
def test_any_text_may_be_asked_about(question: str, sentence: str) -> None:
    figures = find_figures(sentence)
    for figure in figures:
        assert meant_figure(question, sentence, figure) in {None, *figures}
