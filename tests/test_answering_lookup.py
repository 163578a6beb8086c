"""One figure: what code sees of it and what the model makes of it are added up, or silence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from answering_samples import (
    BEST,
    FAR,
    LIKELY,
    NEXT,
    QUESTION,
    UNLIKELY,
    TableRetriever,
    ask,
    asked_to_copy,
    asked_to_write,
    candidates,
    reader,
    shown_figure,
    weighed,
    weighing,
    writer,
)
from job_samples import HARBOUR, FixedRetriever, asked, evidence

from rag.fakes import ScriptedGenerator
from rag.prompts import NOT_STATED
from rag.schema import Answer, Evidence, Message, Status

LANDED = evidence(
    "The port landed 19,870 tonnes of fish in 2022, down from 24,310 in 2019.", coverage=1.0
)
TONNES = "How many tonnes of fish did the port land in {}?"
FLEET = evidence("The port counted 12 ferries, 31 yachts and 8 tugs.", coverage=1.0)
VESSELS = "How many vessels were counted at the port?"


def answer(question: str, copied: str, *found: Evidence) -> Answer:
    """What is answered where the model takes the same for the answer, whatever it reads."""
    return ask(TableRetriever({question: found}), reader({question: copied}), question=question)


def figures(said: Answer) -> list[str]:
    return [checked.figure.text for checked in said.figures]


# --- code and model together ---------------------------------------------------------------


@pytest.mark.parametrize("copied", ["46,610", "46,610 ships", "In May 46,610 ships arrived."])
def test_what_code_puts_first_and_the_model_finds_likely_is_the_answer(copied: str) -> None:
    said = answer(QUESTION, copied, BEST, NEXT, FAR)
    assert said.status is Status.ANSWERED
    assert figures(said) == ["46,610"]
    assert said.citations[0].quote == BEST.sentence.text


@pytest.mark.parametrize(
    ("ahead", "expected"), [(3.0, ["46,610"]), (1.3, ["46,610"]), (0.0, []), (-1.3, ["300"])]
)
def test_the_sum_of_both_decides_and_has_to_stand_out(ahead: float, expected: list[str]) -> None:
    best, second = candidates(QUESTION, BEST, NEXT)
    # Half of a natural logarithm counts as much as a point of code.
    likelier = 2 * (best.score - second.score - ahead)
    model = weighing({"46,610": -10.0, "300": -10.0 + likelier}, prior=-40.0, copies="46,610")
    said = ask(FixedRetriever(BEST, NEXT), model)
    assert figures(said) == expected
    assert (said.status is Status.ANSWERED) is bool(expected)
    # Figures of two sentences get no second look.
    assert weighed(model) == ["46,610", "Some 300"]
    assert asked_to_copy(model) == []


@pytest.mark.parametrize("copied", ["99,999", "46,601", NOT_STATED, "", "many"])
def test_a_figure_that_no_sentence_states_is_none(copied: str) -> None:
    said = answer(QUESTION, copied, BEST, NEXT)
    assert (said.status, said.figures) == (Status.ABSTAINED, ())
    assert "99,999" not in said.text


def test_what_explains_nothing_of_the_question_is_not_said_though_code_has_no_doubt() -> None:
    blind = weighing({})
    assert ask(FixedRetriever(BEST), blind).status is Status.ABSTAINED
    assert weighed(blind) == ["46,610"]


HALF = evidence("In May 46,610 came to the harbour.")


@pytest.mark.parametrize(
    ("question", "found", "logprob", "is_said"),
    [
        pytest.param(QUESTION, HALF, -18.0, False, id="few words and little gain"),
        pytest.param(QUESTION, HALF, -13.0, False, id="few words and some gain"),
        pytest.param(QUESTION, HALF, -6.0, True, id="few words and much gain"),
        pytest.param(QUESTION, BEST, -13.0, True, id="all words and some gain"),
        pytest.param("ships arrived May", HALF, -13.0, True, id="keywords"),
        pytest.param("ships arrived May", HALF, -18.0, False, id="keywords and little gain"),
        pytest.param(
            "How many ships arrived at the long old stone pier in May?", HALF, -1.0, False,
            id="hardly a word",
        ),
    ],
)  # fmt: skip
def test_words_of_the_sentence_and_gain_have_to_bear_a_figure_out(
    question: str, found: Evidence, logprob: float, is_said: bool
) -> None:
    said = ask(FixedRetriever(found), weighing({"46,610": logprob}), question=question)
    assert figures(said) == (["46,610"] if is_said else [])


def test_words_of_the_sentence_before_bear_a_figure_out_as_well() -> None:
    lead = evidence("In May 46,610 came to the harbour.", lead="Many ships arrived.")
    assert figures(ask(FixedRetriever(lead), weighing({"46,610": -13.0}))) == ["46,610"]


@pytest.mark.parametrize(
    ("coverage", "logprob", "read"),
    [
        pytest.param(0.65, LIKELY, ["46,610"], id="far behind a sure one"),
        pytest.param(0.65, -15.0, ["46,610", "Some 300"], id="far behind a doubtful one"),
        pytest.param(0.9, LIKELY, ["46,610", "Some 300"], id="near a sure one"),
        pytest.param(0.4, -15.0, ["46,610"], id="too far behind"),
    ],
)
def test_a_sentence_that_is_ahead_is_read_alone_where_it_explains_the_question(
    coverage: float, logprob: float, read: list[str]
) -> None:
    behind = evidence(NEXT.sentence.text, coverage=coverage, position=7)
    model = weighing({"46,610": logprob})
    ask(FixedRetriever(BEST, behind), model)
    assert weighed(model) == read
    assert len(model.prompts) == 1 + len(read), "one more for what the title alone explains"


def test_no_more_than_three_sentences_and_four_figures_of_one_are_read() -> None:
    many = [
        evidence(f"In May {n},610 ships arrived in the harbour.", coverage=1.0, position=n)
        for n in range(41, 46)
    ]
    model = weighing({})
    ask(FixedRetriever(*many), model)
    assert weighed(model) == ["41,610", "42,610", "43,610"]
    row = evidence("The port counted 12 ferries, 31 yachts, 8 tugs, 5 rafts and 9 kayaks.")
    model = weighing({})
    ask(FixedRetriever(row), model, question=VESSELS)
    assert weighed(model) == ["12", "31", "8", "5"]


def test_of_a_sentence_that_is_behind_only_the_likeliest_figure_is_read() -> None:
    behind = evidence("In May 300 ships arrived as yachts, 90 ships as tugs.", position=7)
    model = weighing({"46,610": -10.0})
    ask(FixedRetriever(BEST, behind), model)
    assert set(weighed(model)) == {"46,610", "300"}


# --- the right one of several --------------------------------------------------------------


@pytest.mark.parametrize("right", ["12", "31", "8"])
def test_figures_of_one_sentence_are_told_apart_by_likelihood(right: str) -> None:
    model = weighing({"12": -8.0, "31": -8.0, "8": -8.0, right: -4.0})
    said = ask(FixedRetriever(FLEET), model, question=VESSELS)
    assert (said.status, figures(said)) == (Status.ANSWERED, [right])
    assert sorted(weighed(model)) == ["12", "31", "8"]
    assert asked_to_copy(model) == []


def seen_twice(second: dict[str, float], copies: str = NOT_STATED) -> ScriptedGenerator:
    """A model to which all figures are alike, but for the words beside them."""

    def likelihood(messages: Sequence[Message], _text: str) -> float:
        figure, _beside, words = shown_figure(messages).partition(" (“")
        if figure == "none":
            return UNLIKELY
        return next((told for word, told in second.items() if word in words), -5.0)

    return ScriptedGenerator({"": copies}, likelihoods=likelihood)


@pytest.mark.parametrize("right", ["ferries", "yachts", "tugs"])
def test_a_tie_gets_a_second_look_with_the_words_of_each_figure(right: str) -> None:
    model = seen_twice({right: -3.0})
    said = ask(FixedRetriever(FLEET), model, question=VESSELS)
    assert figures(said) == [{"ferries": "12", "yachts": "31", "tugs": "8"}[right]]
    assert sorted(weighed(model)[3:]) == sorted(
        ["12 (“The port counted 12 ferries”)", "31 (“31 yachts”)", "8 (“8 tugs”)"]
    )
    assert asked_to_copy(model) == []


@pytest.mark.parametrize(
    ("copied", "expected"),
    [("31", ["31"]), ("31 yachts", ["31"]), ("12", []), ("99", []), (NOT_STATED, [])],
)
def test_a_tie_that_stays_one_is_broken_by_copying_the_same_or_not_at_all(
    copied: str, expected: list[str]
) -> None:
    model = seen_twice({"yachts": -4.9}, copied)
    said = ask(FixedRetriever(FLEET), model, question=VESSELS)
    assert figures(said) == expected
    assert (said.status is Status.ANSWERED) is bool(expected)
    (prompt,) = asked_to_copy(model)
    assert FLEET.sentence.text in prompt


def test_between_two_ends_of_one_clause_nothing_tells() -> None:
    ends = evidence("Between 120 and 310 yachts were counted at the port.", coverage=1.0)
    model = weighing({"120": -5.0, "310": -4.9}, copies="310")
    said = ask(FixedRetriever(ends), model, question="How many yachts were counted at the port?")
    assert (said.status, asked_to_copy(model)) == (Status.ABSTAINED, [])
    sure = weighing({"120": -9.0, "310": -4.0})
    said = ask(FixedRetriever(ends), sure, question="How many yachts were counted at the port?")
    assert said.status is Status.ANSWERED


@pytest.mark.parametrize(("year", "figure"), [("2019", "24,310"), ("2022", "19,870")])
def test_of_two_times_in_a_sentence_the_one_that_is_asked_for_counts(
    year: str, figure: str
) -> None:
    question = TONNES.format(year)
    model = weighing({"19,870": -5.0, "24,310": -5.0})
    said = ask(FixedRetriever(LANDED), model, question=question)
    assert (said.status, figures(said)) == (Status.ANSWERED, [figure])
    # Nor is the other one taken where the model would have it.
    other = weighing({"19,870": LIKELY, "24,310": LIKELY, figure: UNLIKELY})
    assert ask(FixedRetriever(LANDED), other, question=question).status is Status.ABSTAINED


@pytest.mark.parametrize("copied", ["19,870", "24,310"])
def test_a_figure_of_another_time_is_never_the_answer(copied: str) -> None:
    said = answer(TONNES.format(2020), copied, LANDED)
    assert said.status is Status.ABSTAINED
    assert copied not in said.text


@pytest.mark.parametrize(("noun", "figure"), [("yachts", "31"), ("tugs", "8")])
def test_words_of_the_question_tell_which_figure_is_meant(noun: str, figure: str) -> None:
    model = weighing(dict.fromkeys(["12", "31", "8"], -5.0))
    said = ask(FixedRetriever(FLEET), model, question=f"How many {noun} were counted at the port?")
    assert figures(said) == [figure]
    assert weighed(model) == [figure], "nothing else that is counted is read"


# --- an amount without a number ------------------------------------------------------------

VAGUE = evidence("In May hundreds of thousands of ships arrived.", coverage=1.0)
TWO = evidence("In May 46,610 ships arrived, in June 52,300.", coverage=1.0)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("In May hundreds of thousands of ships arrived.", Status.ANSWERED),
        ("In May 300,000 ships arrived.", Status.ABSTAINED),
        ("In May hundreds of thousands of ships arrived, 46,610 of them.", Status.ABSTAINED),
        ("Ships arrived in May.", Status.ABSTAINED),
    ],
)
def test_an_amount_without_a_number_may_be_told_and_a_number_not(
    written: str, status: Status
) -> None:
    model = writer(written)
    said = ask(FixedRetriever(VAGUE), model)
    assert said.status is status
    assert len(asked_to_write(model)) == 1


def test_what_has_a_number_is_looked_up_and_not_told() -> None:
    model = writer("In May 46,610 ships arrived.")
    assert ask(FixedRetriever(TWO), model).status is Status.ABSTAINED
    assert asked_to_write(model) == []


# --- what may not be the answer ------------------------------------------------------------


def test_another_name_in_the_place_of_the_one_that_is_asked_for_is_no_answer() -> None:
    sold = evidence("Under Lee 77% of the seats were sold.", coverage=0.8)
    assert answer("What share of seats was sold under Kim?", "77%", sold).status is Status.ABSTAINED
    assert answer("What share of seats was sold under Lee?", "77%", sold).status is Status.ANSWERED


def test_a_name_that_stands_before_or_in_the_title_is_not_missing() -> None:
    question = "How many seats does the theatre of Holm have?"
    lead = evidence("It has 640 seats.", lead="The theatre of Holm opened.", coverage=0.9)
    assert answer(question, "640", lead).status is Status.ANSWERED


def test_a_name_that_the_article_does_not_have_leaves_no_answer() -> None:
    question = "How many seats does the theatre of Rovik have?"
    seats = evidence("the theatre has 640 seats.", coverage=0.7, unsaid=("Rovik",))
    assert answer(question, "640", seats).status is Status.ABSTAINED


@pytest.mark.parametrize("found", [(), (FAR,), (evidence("By night 12 came.", coverage=0.1),)])
def test_what_is_not_near_is_not_read(found: tuple[Evidence, ...]) -> None:
    model = reader({QUESTION: "12"})
    assert ask(FixedRetriever(*found), model).status is Status.ABSTAINED
    assert model.prompts == []


def test_a_measure_of_something_else_is_no_count_of_what_is_asked() -> None:
    cold = evidence("In May it was 12 degrees in the harbour.", coverage=0.9)
    assert answer("How many ships arrived in May?", "12", cold).status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("question", "sentence", "is_said"),
    [
        (
            "How many people came to the pier?",
            "Of the people, 212 did not come to the pier.",
            False,
        ),
        ("How many people came to the pier?", "Some 212 people came to the pier.", True),
        (
            "How many people did not come to the pier?",
            "Of the people, 212 did not come to the pier.",
            True,
        ),
        ("How many people did not come to the pier?", "Some 212 people came to the pier.", False),
        ("How many people did not come to the pier?", "Some 212 people missed the pier.", True),
        (
            "How many people came to the pier?",
            "Some 212 people came to the pier, which has not been closed.",
            True,
        ),
    ],
)
def test_a_figure_whose_words_deny_what_is_asked_is_refused(
    question: str, sentence: str, is_said: bool
) -> None:
    found = evidence(sentence, coverage=1.0)
    said = ask(FixedRetriever(found), weighing({"212": -1.0}), question=question)
    assert figures(said) == (["212"] if is_said else [])


@pytest.mark.parametrize(
    ("question", "sentence", "is_said"),
    [
        ("How many ships arrived a day?", "In all 300 ships arrived in the harbour.", False),
        ("How many ships arrived a day?", "In all 300 ships arrived a day.", True),
        ("How many ships arrived per day?", "In all 300 ships arrived daily.", True),
        ("How many ships arrived a month?", "In all 300 ships arrived a year.", False),
        ("How many ships arrived each year?", "The annual 300 ships arrived.", True),
        ("How many ships arrived within a week?", "In all 300 ships arrived.", True),
        ("How many ships arrived a year ago?", "In all 300 ships arrived.", True),
    ],
)
def test_a_rate_is_asked_of_sentences_that_have_one(
    question: str, sentence: str, is_said: bool
) -> None:
    said = ask(
        FixedRetriever(evidence(sentence, coverage=1.0)), weighing({"300": -1.0}), question=question
    )
    assert figures(said) == (["300"] if is_said else [])


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("In May more than 46,610 ships arrived.", "More than 46,610"),
        ("In May some 46,610 ships arrived.", "Some 46,610"),
        ("In May at least 46,610 ships arrived.", "At least 46,610"),
    ],
)
def test_the_bound_that_the_model_left_out_is_shown(sentence: str, shown: str) -> None:
    said = answer(QUESTION, "46,610", evidence(sentence, coverage=1.0))
    assert said.status is Status.ANSWERED
    assert said.text.startswith(f"{shown}: “")


def test_the_article_that_is_read_is_that_of_the_sentence() -> None:
    model = reader({QUESTION: "46,610"})
    ask(FixedRetriever(BEST), model)
    assert str(HARBOUR.title) in asked(model)[0]


def test_candidates_are_what_the_sentences_state() -> None:
    assert len(candidates(QUESTION, BEST, NEXT, FAR)) == 2
