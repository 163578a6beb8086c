"""Which ranked sentences make a summary."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.schema import Length
from rag.summarization.choosing import choose, leans, with_lead, words_for
from rag.summarization.ranking import RankedSentence, quantities, rank_sentences


def ranked(text: str, score: float = 1.0) -> RankedSentence:
    return RankedSentence(text, score, quantities(text), len(text.split()))


FERRY = ranked("The island ferry carried 48,200 passengers over in July.")
AGAIN = ranked("All the 48,200 passengers of July came on the island ferry.")
FARES = ranked("Fares on the line to the island rise by 30 cents soon.", 0.8)
PIER = ranked("Gulls are fed at the pier by all the children there.", 0.8)


def test_a_new_figure_comes_before_one_that_is_there_already() -> None:
    assert choose([FERRY, AGAIN, FARES], 22) == ((0,), (2,))


def test_a_sentence_with_figures_comes_before_one_without() -> None:
    assert choose([PIER, FARES], 12) == ((1,),)


def test_a_sentence_that_leans_brings_the_one_before_along() -> None:
    lead = ranked("Pupils were asked whether they vaped every day of the week.", 0.1)
    leaning = ranked("In 2022 it was 14.8 percent of all those at school.", 2.0)
    assert choose([PIER, lead, leaning], 24) == ((1, 2),)


def test_what_is_longer_than_the_summary_is_taken_where_there_is_nothing_else() -> None:
    assert choose([FERRY], 3) == ((0,),)


@pytest.mark.parametrize("texts", [(), ("US News",), ("Breakfast.", "Alcohol.")])
def test_headings_alone_make_no_summary(texts: tuple[str, ...]) -> None:
    assert choose([ranked(text) for text in texts], 100) == ()


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("In 2022 it was 14.8 percent.", True),
        ("They lost 1.9 million francs there and made more on the top.", True),
        ("In the winter before, 94.", True),
        ("By the end of that month the number had fallen to 6,402.", True),
        ("The other half went by bus to the island in the morning.", True),
        ("The youngest was 58 and the eldest of them 91.", True),
        ("But it rained on the morning of the race.", True),
        ("But the mayor wants more boats for the island, officials said.", True),
        ("The opposition attacked the mayor and her council over the rise.", True),
        ("The mayor blamed the council for the increases.", True),
        ("The mayor, the official added, expects more boats for the island.", True),
        ("The mayor attacked the council over the rise in fares.", False),
        ("In May, 48,200 passengers came over to the island.", False),
        ("The island ferry carried 48,200 passengers in July.", False),
        ("Italy sold 40 goats to the people of the island.", False),
        ("Thessaly had 40 goats for sale on the island.", False),
    ],
)
def test_a_sentence_that_cannot_stand_alone_is_known(text: str, *, does: bool) -> None:
    assert leans(text) is does


def test_no_more_than_two_sentences_are_brought_along() -> None:
    chain = [ranked("It was 4 percent.")] * 5
    assert with_lead(chain, 4) == (2, 3, 4)
    assert with_lead(chain, 0) == (0,)


@pytest.mark.parametrize("length", list(Length))
def test_a_summary_grows_with_its_text_and_is_never_most_of_it(length: Length) -> None:
    words = [words_for(length, n) for n in (0, 100, 400, 1_000, 4_000, 60_000)]
    assert words == sorted(words)
    assert words[0] == 0
    assert words[1] <= 60
    assert words[-1] == pytest.approx(words[3] * 60**0.5, rel=0.01)
    assert words_for(Length.SHORT, 900) < words_for(Length.MEDIUM, 900)
    assert words_for(Length.MEDIUM, 900) < words_for(Length.LONG, 900)


SENTENCES = st.sampled_from(
    [
        "It was 4 percent.",
        "Breakfast.",
        "The island ferry carried 48,200 passengers in July.",
        "Fares on the line rise by 30 cents in October.",
        "Gulls are fed at the pier by the children.",
        "They came by bus and by bicycle, 9,000 of them.",
    ]
)


@given(st.lists(SENTENCES, max_size=14), st.integers(0, 120))
@settings(max_examples=100, deadline=None)
def test_groups_are_in_order_and_within_the_length(texts: list[str], n_words: int) -> None:
    sentences = rank_sentences(texts)
    groups = choose(sentences, n_words)
    positions = [position for group in groups for position in group]
    assert positions == sorted(set(positions))
    assert all(b - a == 1 for group in groups for a, b in pairwise(group))
    length = sum(sentences[position].n_words for position in positions)
    assert length <= n_words or len(groups) == 1
    for first, *rest in groups:
        assert first == 0 or not leans(texts[first]) or len(rest) >= 2
