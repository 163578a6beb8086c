"""One figure: two ways of finding it must agree, or nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from answering_samples import (
    BEST,
    FAR,
    NEXT,
    QUESTION,
    TableRetriever,
    ask,
    candidates,
    reader,
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


def answer(question: str, copied: str, *found: Evidence) -> Answer:
    """What is answered where the model copies the same, whatever it reads."""
    return ask(TableRetriever({question: found}), reader({question: copied}), question=question)


def by_text(reply: Callable[[str], str]) -> ScriptedGenerator:
    """A model whose answer depends on the text that it reads."""

    def read(messages: Sequence[Message]) -> str:
        return reply(messages[-1].content.partition("\n\nQuestion: ")[0])

    return ScriptedGenerator(read)


# --- two ways ------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", ["46,610", "46,610 ships", "In May 46,610 ships arrived."])
def test_what_code_puts_first_and_the_model_copies_is_the_answer(copied: str) -> None:
    said = answer(QUESTION, copied, BEST, NEXT, FAR)
    assert said.status is Status.ANSWERED
    assert said.figures[0].figure.text == "46,610"
    assert said.citations[0].quote == BEST.sentence.text


def test_where_the_ways_disagree_nothing_is_said() -> None:
    def reply(text: str) -> str:
        return "300" if NEXT.sentence.text in text and BEST.sentence.text in text else NOT_STATED

    said = ask(FixedRetriever(BEST, NEXT, FAR), by_text(reply))
    assert said.status is Status.ABSTAINED
    assert "300" not in said.text


def test_a_figure_that_is_copied_in_its_article_and_alone_is_the_answer() -> None:
    def reply(text: str) -> str:
        return "300" if NEXT.sentence.text in text else NOT_STATED

    said = ask(FixedRetriever(BEST, NEXT, FAR), by_text(reply))
    assert said.status is Status.ANSWERED
    assert said.citations[0].quote == NEXT.sentence.text


@pytest.mark.parametrize("copied", ["99,999", "46,601", NOT_STATED, "", "many"])
def test_a_figure_that_no_sentence_states_is_none(copied: str) -> None:
    said = answer(QUESTION, copied, BEST, NEXT)
    assert (said.status, said.figures) == (Status.ABSTAINED, ())
    assert "99,999" not in said.text


def test_what_the_model_doubts_is_not_said() -> None:
    unsure = reader({QUESTION: "46,610"}, logprob=-3.0, writes=False)
    assert ask(FixedRetriever(BEST, NEXT), unsure).status is Status.ABSTAINED
    assert unsure.prompts


def test_one_reading_is_enough_where_code_has_no_doubt_and_its_article_is_read_where_it_has() -> (
    None
):
    sure = reader({QUESTION: "46,610"})
    ask(FixedRetriever(BEST, NEXT), sure)
    assert len(sure.prompts) == 1
    doubted = by_text(lambda text: "46,610" if NEXT.sentence.text in text else NOT_STATED)
    said = ask(FixedRetriever(BEST, NEXT), doubted)
    assert said.status is Status.ANSWERED
    assert len(doubted.prompts) == 2
    assert all(e.sentence.text in asked(doubted)[1] for e in (BEST, NEXT))


# --- the right one of several --------------------------------------------------------------


@pytest.mark.parametrize("copied", ["19,870", "24,310", "19,870 tonnes in 2022"])
@pytest.mark.parametrize(("year", "figure"), [("2019", "24,310"), ("2022", "19,870")])
def test_of_two_times_in_a_sentence_the_one_that_is_asked_for_counts(
    year: str, figure: str, copied: str
) -> None:
    said = answer(TONNES.format(year), copied, LANDED)
    assert said.status is Status.ANSWERED
    assert [f.figure.text for f in said.figures] == [figure]


@pytest.mark.parametrize("copied", ["19,870", "24,310"])
def test_a_figure_of_another_time_is_never_the_answer(copied: str) -> None:
    said = answer(TONNES.format(2020), copied, LANDED)
    assert said.status is Status.ABSTAINED
    assert copied not in said.text


@pytest.mark.parametrize("copied", ["12", "31", "8"])
def test_words_of_the_question_tell_which_figure_is_meant(copied: str) -> None:
    fleet = evidence("The port counted 12 ferries, 31 yachts and 8 tugs.", coverage=1.0)
    said = answer("How many yachts were counted at the port?", copied, fleet)
    assert said.status is Status.ANSWERED or copied != "31"
    assert {f.figure.text for f in said.figures} <= {"31"}


TWO = evidence("In May 46,610 ships arrived, in June 52,300.", coverage=1.0)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("In May 46,610 ships arrived.", Status.ANSWERED),
        ("In June 52,300 ships arrived.", Status.ABSTAINED),
        ("In May 52,300 ships arrived.", Status.ABSTAINED),
        ("In May 46,610 ships arrived, in June 52,300.", Status.ABSTAINED),
        ("In May 99,999 ships arrived.", Status.ABSTAINED),
        ("Ships arrived in May.", Status.ABSTAINED),
    ],
)
def test_a_sentence_of_the_model_passes_only_with_the_one_figure_that_is_meant(
    written: str, status: Status
) -> None:
    assert ask(FixedRetriever(TWO), writer(written)).status is status


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
