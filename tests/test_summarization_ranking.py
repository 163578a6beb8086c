"""Which sentences matter, by code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.figures import find_figures
from rag.summarization.ranking import figure_weight, quantities, rank_sentences

SENTENCES = (
    "The island ferry carried 48,200 passengers in July.",
    "The ferry carried most passengers at weekends.",
    "Gulls are fed at the pier.",
    "The ferry company will carry passengers to a second island.",
)


def test_what_others_speak_of_too_comes_before_what_none_does() -> None:
    ranked = rank_sentences(SENTENCES)
    assert [sentence.text for sentence in ranked] == list(SENTENCES)
    assert min(ranked, key=lambda sentence: sentence.score).text == SENTENCES[2]


def test_of_equal_sentences_the_first_comes_first() -> None:
    first, _, last = rank_sentences([SENTENCES[0], SENTENCES[2], SENTENCES[0]])
    assert first.score > last.score


def test_words_of_the_title_count() -> None:
    plain = rank_sentences(SENTENCES)[2].score
    assert rank_sentences(SENTENCES, title="Gulls fed at pier")[2].score > plain


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("“The ferry carried most passengers at weekends.”", id="quote"),
        pytest.param("Most passengers at weekends on the ferry", id="heading"),
        pytest.param("The ferry carried most passengers at weekends?", id="question"),
    ],
)
def test_quotes_questions_and_headings_weigh_less(text: str) -> None:
    told = rank_sentences([SENTENCES[0], text])[1]
    assert told.score < rank_sentences([SENTENCES[0], SENTENCES[1]])[1].score


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("On 4 May 2031 the 3rd ship took 12 people.", ["12"]),
        ("It cost $4 million, 9% more.", ["4000000", "9"]),
        ("Call 555-0173.", []),
    ],
)
def test_dates_ordinals_and_names_are_no_quantities(text: str, values: list[str]) -> None:
    assert [f"{figure.value.normalize():f}" for figure in quantities(text)] == values


def test_a_small_number_in_words_is_worth_less_than_one_in_digits() -> None:
    four, forty = find_figures("Four men and 40 goats came.")
    assert figure_weight(four) < figure_weight(forty) == 1.0


@given(st.lists(st.text(max_size=60), max_size=12), st.none() | st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_is_ranked(texts: list[str], title: str | None) -> None:
    seen: list[int] = []
    ranked = rank_sentences(texts, title=title, on_read=seen.append)
    assert [sentence.text for sentence in ranked] == texts
    assert all(0 <= sentence.score <= 2.25 for sentence in ranked)
    assert seen == list(range(1, len(texts) + 1))
