from __future__ import annotations

import pytest
from answering_samples import BEST, FAR, NEXT, QUESTION, candidates
from job_samples import evidence


def first(question: str, *sentences: str) -> str:
    """The figure that is likeliest."""
    found = [evidence(s, coverage=1.0, position=n) for n, s in enumerate(sentences, start=1)]
    return candidates(question, *found)[0].statement.figure.text


def test_every_figure_of_the_kind_is_a_candidate_and_the_nearest_is_first() -> None:
    found = candidates(QUESTION, FAR, NEXT, BEST)
    assert [c.statement.figure.text for c in found] == ["46,610", "300"]
    assert [c.sentence for c in found] == [BEST.sentence.text, NEXT.sentence.text]
    assert found[0].score > found[1].score


@pytest.mark.parametrize(
    ("question", "sentence", "figure"),
    [
        (
            "How many tonnes did the port land in 2019?",
            "The port landed 19,870 tonnes in 2022, down from 24,310 in 2019.",
            "24,310",
        ),
        (
            "How many tonnes did the port land in 2022?",
            "The port landed 19,870 tonnes in 2022, down from 24,310 in 2019.",
            "19,870",
        ),
        (
            "How many yachts were counted?",
            "The port counted 12 ferries, 31 yachts and 8 tugs.",
            "31",
        ),
        (
            "How many tugs were counted?",
            "The port counted 12 ferries, 31 yachts and 8 tugs.",
            "8",
        ),
    ],
)
def test_of_one_sentence_the_figure_with_the_words_or_the_time_of_the_question_is_first(
    question: str, sentence: str, figure: str
) -> None:
    assert first(question, sentence) == figure


BEFORE = "What was the jobless rate before the flood?"


@pytest.mark.parametrize(
    ("question", "sentence", "figure"),
    [
        (BEFORE, "The jobless rate is 8.1%, compared with 5.6% in April.", "5.6%"),
        (BEFORE, "The jobless rate is 8.1%, up from about 5.6%.", "5.6%"),
        (BEFORE, "The jobless rate is 8.1%; it was 5.6% a year earlier.", "5.6%"),
        (BEFORE, "The jobless rate is 8.1%, down from 640 people.", "8.1%"),
        ("What is the jobless rate?", "The jobless rate is 8.1%, up from 5.6%.", "8.1%"),
    ],
)
def test_of_two_figures_that_are_compared_the_earlier_one_is_that_of_before(
    question: str, sentence: str, figure: str
) -> None:
    found = evidence(sentence, coverage=1.0)
    assert candidates(question, found)[0].statement.figure.text == figure


def test_a_time_that_is_named_goes_before_what_is_earlier() -> None:
    question = "How many ships came in 2023, before the drought?"
    sentence = "In 2023 19 ships came, up from 12."
    fits = {c.statement.figure.text: c.period_fit for c in candidates(question, evidence(sentence))}
    assert fits["19"] == 1.0


def test_a_time_that_is_asked_for_is_not_held_against_one_that_is_named() -> None:
    question = "The removals of 2024 were the highest since which year?"
    (found,) = candidates(question, evidence("In 2024 removals were the highest since 2010."))
    assert (found.statement.figure.text, found.period_fit) == ("2010", 0.0)


def test_a_figure_that_the_question_names_is_no_answer() -> None:
    found = candidates(
        "How many of the 640 members are under 18?",
        evidence("Of the 640 members, 212 are under 18.", coverage=1.0),
    )
    assert "640" not in [c.statement.figure.text for c in found]
    assert found[0].statement.figure.text == "212"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many ships arrived?", "Ships arrived on 4 May 2031."),
        ("What share of the seats was sold?", "4,100 seats were sold."),
        ("Who opened the pier?", "Ann Ray opened it with 300 guests."),
        ("When did the ferry sail?", "The ferry sailed with 300 guests."),
        ("How long is the pier?", "The pier has 46 lamps."),
    ],
)
def test_a_figure_of_another_kind_is_no_candidate(question: str, sentence: str) -> None:
    assert candidates(question, evidence(sentence, coverage=1.0)) == ()


def test_words_point_to_one_figure_and_away_from_the_other() -> None:
    sentence = evidence("The port counted 12 ferries in all, and 31 yachts on Sunday.", coverage=1)
    yachts, ferries = candidates("How many yachts came on Sunday?", sentence)
    assert (yachts.statement.figure.text, ferries.statement.figure.text) == ("31", "12")
    assert yachts.singled_out > 0
    assert ferries.outdone > 0
    assert yachts.outdone == 0


def test_a_figure_of_another_time_is_behind_a_sentence_that_is_less_near() -> None:
    other_year = "In 2030 the port of Holm handled 46,610 containers."
    right = "Holm handled 52,300 in 2031."
    found = candidates(
        "How many containers did the port of Holm handle in 2031?",
        evidence(other_year, coverage=1.0, position=1),
        evidence(right, coverage=0.8, position=2),
    )
    assert [(c.statement.figure.text, c.period_fit) for c in found] == [
        ("52,300", 1.0),
        ("46,610", -1.0),
    ]


def test_a_length_has_a_unit() -> None:
    found = candidates(
        "How long is the pier?", evidence("The pier is 300 metres long and has 46 lamps.")
    )
    assert [c.statement.figure.text for c in found] == ["300"]


def test_a_day_or_year_is_a_candidate_where_one_is_asked_for() -> None:
    found = candidates(
        "When was the pier built?",
        evidence("The pier was built in 1996 for 300 ships and opened on 4 May 2031."),
    )
    assert {c.statement.figure.text for c in found} == {"1996", "4 May 2031"}


def test_a_lapse_of_time_may_be_asked_of_the_month_in_which_it_was_told() -> None:
    def fit(question: str, sentence: str) -> float:
        (found,) = candidates(question, evidence(sentence, coverage=1.0))
        return found.period_fit

    months = "How many months had the strike lasted in June 2031?"
    assert fit(months, "In 2031 the strike had lasted seven months.") == 0
    assert fit(months, "In 2029 the strike had lasted seven months.") == -1
    # A count of the whole year is none of a month.
    assert fit("How many ships came in June 2031?", "In 2031 seven ships came.") < 0
