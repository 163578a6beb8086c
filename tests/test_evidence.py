from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from job_samples import evidence

import rag.evidence
from rag.evidence import admissible, as_stated, relevance
from rag.schema import Evidence

HOW_MANY = "How many ships arrived in May 2031?"
LEAST = rag.evidence._LEAST_SCORE
MARGIN = rag.evidence._MARGIN
A_LOT = 5.0


def scored(relevance_wanted: float, text: str = "There were 46 ships.") -> Evidence:
    """Evidence of exactly this relevance."""
    return evidence(text, coverage=relevance_wanted, similarity=0.0)


def admitted(question: str, text: str, lead: str | None = None) -> bool:
    near = evidence(text, lead=lead, coverage=1.0, similarity=0.9)
    return admissible(question, [near]) == (near,)


@pytest.mark.parametrize(
    ("text", "lead", "expected"),
    [
        ("In May 2031, 46 ships arrived.", None, True),
        ("In May, 46 ships arrived.", None, True),
        ("In 2031, 46 ships arrived.", None, False),
        ("46 ships arrived.", None, False),
        ("In April and May, 46 ships arrived.", None, True),
        ("In May 2030, 46 ships arrived.", None, False),
        ("In 2030, 46 ships arrived.", None, False),
        ("In April, 46 ships arrived.", None, False),
        ("In Apr. 2031, 46 ships arrived.", None, False),
        ("That month 46 ships arrived.", "The harbour reopened in May.", True),
        ("That month 46 ships arrived.", "The harbour reopened in April.", False),
        ("That month 46 ships arrived.", "The harbour reopened in 2030.", False),
        ("That month 46 ships arrived.", "The harbour reopened.", False),
        ("In May it was 46 ships.", "In April the harbour was closed.", True),
        ("In April it was 46 ships.", "In March the harbour was closed.", False),
    ],
)
def test_a_sentence_of_another_period_is_left_out(
    text: str, lead: str | None, expected: bool
) -> None:
    assert admitted(HOW_MANY, text, lead) is expected


@pytest.mark.parametrize("text", ["In April 2030, 46 ships came.", "46 ships came."])
def test_a_question_without_a_period_takes_any(text: str) -> None:
    assert admitted("How many ships came?", text)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("By what percentage did fares rise?", "Fares rose by 12%.", True),
        ("By what percentage did fares rise?", "Fares rose by 30 dollars or so.", False),
        ("By what percentage did fares rise?", "Fares rose.", False),
        ("What share of the seats was sold?", "87% of the seats were sold.", True),
        ("How much did the bridge cost?", "The bridge cost $3.2 million.", True),
        ("How much did the bridge cost?", "The bridge is 140 metres long.", False),
        ("How many ships came?", "There were 46 ships.", True),
        ("How many ships came?", "Ships came all day long.", False),
        ("How many ships came?", "Ships came again in 2031.", False),
        ("How many ships came in 2031?", "In 2031 ships came in numbers.", False),
        ("By how much did traffic fall?", "Traffic fell by 18%.", True),
        ("By how much did traffic fall?", "Traffic fell by 4,200 ships.", True),
        ("By how much did traffic fall?", "Traffic fell sharply.", False),
        ("When did the ferry sail?", "The ferry sailed at dawn.", True),
        ("Who won the cup?", "Orsk won the cup.", True),
        ("Why is the road closed?", "A rock fell on the road.", True),
    ],
)
def test_a_sentence_without_a_figure_of_the_kind_is_left_out(
    question: str, text: str, expected: bool
) -> None:
    assert admitted(question, text) is expected


def test_figures_of_the_sentence_before_do_not_count() -> None:
    assert not admitted("How many ships came?", "They were late.", lead="There were 46 ships.")


@pytest.mark.parametrize(
    ("scores", "kept"),
    [
        ([LEAST], 1),
        ([LEAST - 0.01], 0),
        ([LEAST + 0.1, LEAST - 0.1], 2),
        ([1.4, 1.4 - MARGIN + 0.01], 2),
        ([1.4, 1.4 - MARGIN - 0.01], 1),
        ([1.4, 1.3, 0.1], 2),
        ([], 0),
    ],
)
def test_what_is_not_near_or_far_behind_the_best_is_left_out(
    scores: list[float], kept: int
) -> None:
    found = admissible("How many ships came?", [scored(score) for score in scores])
    assert [relevance(e) for e in found] == scores[:kept]


def test_what_is_left_out_does_not_count_as_the_best() -> None:
    other_year = scored(A_LOT, "In 2029 there were 46 ships.")
    without_figure = scored(A_LOT, "Ships came.")
    right = scored(LEAST, "In May there were 46 ships.")
    assert admissible(HOW_MANY, [other_year, without_figure, right]) == (right,)


def test_the_likeliest_comes_first_whatever_retrieval_said() -> None:
    far, near = scored(1.1), scored(1.3)
    assert admissible("How many ships came?", [far, near]) == (near, far)


def test_similarity_counts_less_than_coverage() -> None:
    by_words = evidence("46 ships.", coverage=0.8, similarity=0.4)
    by_sense = evidence("47 ships.", coverage=0.4, similarity=0.8)
    assert relevance(by_words) > relevance(by_sense)


@settings(deadline=None)  # the first run compiles the patterns of figures
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-1, 1)), max_size=8, unique=True))
def test_order_and_choice_do_not_depend_on_the_order_given(
    scores: list[tuple[float, float]],
) -> None:
    given_ = [
        evidence("46 ships.", coverage=c, similarity=s, position=n + 1)
        for n, (c, s) in enumerate(scores)
    ]
    found = admissible("How many ships came?", given_)
    assert set(found) <= set(given_)
    relevances = [relevance(e) for e in found]
    assert relevances == sorted(relevances, reverse=True)
    again = admissible("How many ships came?", given_[::-1])
    assert [relevance(e) for e in again] == relevances
    assert set(again) == set(found)


# --- what is asked, and what is given ------------------------------------------------------


def test_a_year_that_the_sentence_means_is_not_asked_for_by_name() -> None:
    question = "How many ships came in May 2031?"
    unnamed, named = evidence("In May there were 46 ships."), evidence("46 came in May 2031.")
    assert as_stated(question, unnamed) == "How many ships came in May?"
    assert as_stated(question, named) == question


def test_an_amount_without_a_number_may_be_the_answer() -> None:
    vague = scored(A_LOT, "Millions of ships came.")
    assert admissible("How many ships came?", [vague]) == (vague,)
