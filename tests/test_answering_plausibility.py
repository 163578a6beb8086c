"""What may be the answer at all: the right thing, of the right name, in the right measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from answering_samples import (
    BEST,
    LIKELY,
    QUESTION,
    ScriptedReader,
    asking,
    candidates,
    reader,
    scoring,
    weighing,
)
from job_samples import HARBOUR, evidence

from rag.answering import lookup as module
from rag.answering.lookup import Lookup
from rag.answering.plausibility import is_plausible, shares_words
from rag.schema import Evidence


def plausible(question: str, figure: str, found: Evidence) -> bool:
    """Whether a figure of a sentence may be the answer."""
    (candidate,) = (c for c in candidates(question, found) if c.statement.figure.text == figure)
    return is_plausible(asking(question), candidate)


def plain(question: str, figure: str, sentence: str) -> bool:
    """The same of a sentence that has all words of the question in its context."""
    return plausible(question, figure, evidence(sentence, coverage=1.0))


# --- what the lookup makes of it -----------------------------------------------------------

COLD = evidence("In May it was 12 degrees in the harbour.", coverage=0.9, position=2)


def looking(model: ScriptedReader, likely: str, *found: Evidence) -> Lookup:
    """A lookup whose scorer finds one figure likely."""
    scorer = scoring({likely: 5.0}, others=0.0)
    return Lookup(
        asking(QUESTION), candidates(QUESTION, *found), lambda: scorer, lambda: model, lambda: False
    )


def looked_up(lookup: Lookup) -> tuple[str, str]:
    """The figure that is said, and the one that comes first then."""
    found, likeliest = lookup.find().candidate, lookup.glance()
    assert likeliest is not None
    return found.statement.figure.text if found else "", likeliest.candidate.statement.figure.text


def test_an_implausible_figure_that_comes_first_is_not_said_and_none_in_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "sureness", lambda _signs: 1.0)
    (degrees,) = (c.statement.figure.text for c in candidates(QUESTION, COLD))
    model = reader({QUESTION: "46,610"})
    assert looked_up(looking(model, "46,610", BEST, COLD)) == ("46,610", "46,610")
    assert looked_up(looking(model, degrees, BEST, COLD)) == ("", degrees)
    assert model.prompts == []


def test_an_implausible_figure_that_comes_first_when_it_is_read_is_not_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_SURE", 2.0)
    monkeypatch.setattr(module, "sureness", lambda _signs: 1.0)
    (degrees,) = (c.statement.figure.text for c in candidates(QUESTION, COLD))
    model = weighing({degrees: 0.0, "46,610": -40.0})
    assert looked_up(looking(model, "46,610", BEST, COLD)) == ("", degrees)
    model = weighing({"46,610": LIKELY})
    assert looked_up(looking(model, "46,610", BEST, COLD)) == ("46,610", "46,610")


def test_where_all_figures_are_implausible_none_is_read() -> None:
    model = reader({QUESTION: "12"})
    assert looking(model, "12", COLD).find().candidate is None
    assert model.prompts == []


# --- names ---------------------------------------------------------------------------------


def test_another_name_in_the_place_of_the_one_that_is_asked_for_is_no_answer() -> None:
    sold = evidence("Under Lee 77% of the seats were sold.", coverage=0.8)
    assert not plausible("What share of seats was sold under Kim?", "77%", sold)
    assert plausible("What share of seats was sold under Lee?", "77%", sold)


def test_a_name_that_stands_before_or_in_the_title_is_not_missing() -> None:
    lead = evidence("It has 640 seats.", lead="The theatre of Holm opened.", coverage=0.9)
    assert plausible("How many seats does the theatre of Holm have?", "640", lead)


def test_a_name_that_the_article_does_not_have_leaves_no_answer() -> None:
    question = "How many seats does the theatre of Rovik have?"
    seats = evidence("the theatre has 640 seats.", coverage=0.7)
    elsewhere = evidence("the theatre has 640 seats.", coverage=0.7, unsaid=("Rovik",))
    assert plausible(question, "640", seats)
    assert not plausible(question, "640", elsewhere)


@pytest.mark.parametrize(
    ("asked_of", "said", "fits"),
    [
        ("Nigeria", "Nigerian", True),
        ("Nigerian", "Nigeria", True),
        ("Nigerian", "Nigerian", True),
        ("Nigerian", "Ghana", False),
        ("Nigeria", "Liberian", False),
        ("Kim", "Lee", False),
    ],
)
def test_a_place_and_its_people_are_one_name(asked_of: str, said: str, fits: bool) -> None:
    question = f"How many tonnes of cocoa did farms of the {asked_of} coast grow?"
    assert plain(question, "300", f"Farms of the {said} coast grew 300 tonnes of cocoa.") is fits


@pytest.mark.parametrize(
    ("sentence", "fits"),
    [
        ("In Garrow, 62% are locked up.", False),
        ("In Fell Hill 62% are locked up.", True),
        ("In May 62% were locked up.", True),
        ("At the Westmark jail 62% are locked up.", True),
    ],
)
def test_a_sentence_that_is_set_in_another_place_is_no_answer(sentence: str, fits: bool) -> None:
    document = replace(HARBOUR, title="Jails of Westmark")
    found = evidence(sentence, lead="Fell Hill is full.", document=document, coverage=1.0)
    assert plausible("What share are locked up at Fell Hill?", "62%", found) is fits


# --- what is counted or measured -----------------------------------------------------------


def test_a_measure_of_something_else_is_no_count_of_what_is_asked() -> None:
    (degrees,) = (c.statement.figure.text for c in candidates(QUESTION, COLD))
    assert not plausible(QUESTION, degrees, COLD)
    ships = evidence("In May 12 ships came to the harbour.", coverage=0.9)
    assert plausible(QUESTION, "12", ships)


NURSES = "How many nurses work at the clinic?"


@pytest.mark.parametrize(
    ("question", "figure", "found", "fits"),
    [
        (NURSES, "2,150", evidence("The clinic did 2,150 operations."), False),
        (NURSES, "2,150", evidence("The clinic has 2,150 nurses."), True),
        (NURSES, "2,150", evidence("Work of 2,150 posts.", lead="The clinic seeks nurses."), True),
        pytest.param(
            NURSES, "2,150", evidence("At the clinic 2,150 people work."), True, id="anybody"
        ),
        pytest.param(
            "How many people sailed?", "2,150", evidence("2,150 guests sailed."), True,
            id="anybody is asked for",
        ),
        pytest.param(
            "How many Stingrays did the plant sell?", "2,150",
            evidence("The plant sold 2,150 cars."), True, id="a name",
        ),
        pytest.param(NURSES, "2,150", evidence("At the clinic it is 2,150."), True, id="no noun"),
    ],
)  # fmt: skip
def test_what_is_named_nowhere_near_is_not_what_another_thing_counts(
    question: str, figure: str, found: Evidence, fits: bool
) -> None:
    assert plausible(question, figure, found) is fits


CAME, STAYED = "How many people came to the pier?", "How many people did not come to the pier?"


@pytest.mark.parametrize(
    ("question", "sentence", "fits"),
    [
        (CAME, "Of the people, 212 did not come to the pier.", False),
        (CAME, "Some 212 people came to the pier.", True),
        (STAYED, "Of the people, 212 did not come to the pier.", True),
        (STAYED, "Some 212 people came to the pier.", False),
        (STAYED, "Some 212 people missed the pier.", True),
        (CAME, "Some 212 people came to the pier, which has not been closed.", True),
        ("How many people are out of a job?", "Some 212 people are without a job.", True),
        ("How many people, not ships, came?", "Some 212 people came.", True),
    ],
)
def test_a_figure_whose_words_deny_what_is_asked_is_none(
    question: str, sentence: str, fits: bool
) -> None:
    assert plain(question, "212", sentence) is fits


@pytest.mark.parametrize(
    ("question", "sentence", "fits"),
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
    question: str, sentence: str, fits: bool
) -> None:
    assert plain(question, "300", sentence) is fits


@pytest.mark.parametrize(
    ("sentence", "fits"), [("In all 300 came.", False), ("In all 300 arrived.", True)]
)
def test_a_sentence_without_a_word_of_the_question_has_no_answer_that_is_read(
    sentence: str, fits: bool
) -> None:
    """Or what was planted behind an answer, for a model that obeys, would be one."""
    question = "How many ships arrived?"
    found = evidence(sentence, lead="How many ships arrived was told.", coverage=1.0)
    (candidate,) = candidates(question, found)
    assert shares_words(asking(question), candidate) is fits
    assert plausible(question, "300", found)


WHEAT = "How much wheat did farms grow?"


@pytest.mark.parametrize(
    ("question", "figure", "sentence", "fits"),
    [
        ("How many officers are there?", "7,000", "Every officer has 7,000 cases.", False),
        ("How many officers are there?", "7,000", "There are 7,000 officers.", True),
        ("How many officers are there?", "7,000", "Of officers there are 7,000 now.", True),
        (WHEAT, "4.1 million", "Farms grew 4.1 million tonnes of wheat.", True),
        (WHEAT, "4.1 million", "Wheat farms filled 4.1 million sacks.", False),
        (WHEAT, "4,100", "Wheat grew on 4,100 fields.", False),
    ],
)
def test_what_is_named_and_not_counted_has_no_figure(
    question: str, figure: str, sentence: str, fits: bool
) -> None:
    assert plain(question, figure, sentence) is fits


# --- time and words ------------------------------------------------------------------------


def test_what_is_of_another_time_is_no_answer() -> None:
    assert plausible(QUESTION, "46,610", evidence("In May 46,610 ships arrived."))
    assert not plausible(QUESTION, "46,610", evidence("In April 46,610 ships arrived."))


SINCE = "More than 200,000 came here since fighting broke out in February."


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("How many came here in February?", False),
        ("How many came here since February?", True),
        ("How many came here?", True),
    ],
)
def test_what_has_gone_on_since_a_month_is_not_of_that_month(question: str, fits: bool) -> None:
    document = replace(HARBOUR, published=date(2025, 6, 19))
    found = evidence(SINCE, document=document, coverage=1.0)
    assert plausible(question, "200,000", found) is fits


RAIN = "The country got 34% of its rain, and the south just 12%."


@pytest.mark.parametrize(
    ("question", "figure", "fits"),
    [
        ("What share of its rain did the north get?", "12%", False),
        ("What share of its rain did the south get?", "12%", True),
        ("What share of its rain did the country get?", "34%", True),
        ("How much rain fell in the north and the south?", "12%", True),
    ],
)
def test_what_is_set_against_the_thing_that_is_asked_for_is_no_answer(
    question: str, figure: str, fits: bool
) -> None:
    assert plain(question, figure, RAIN) is fits


@pytest.mark.parametrize("coverage", [0.0, 0.9])
def test_how_near_a_sentence_is_is_left_to_those_who_read_it(coverage: float) -> None:
    found = evidence(
        "In May 46,610 arrived.", coverage=coverage, similarity=0.0, in_article=coverage
    )
    assert plausible(QUESTION, "46,610", found)


@pytest.mark.parametrize("marked", ["In May 46,610 [1] ships arrived.", "In May 46,610 ships [2]."])
def test_words_with_what_looks_like_a_marker_state_no_figure(marked: str) -> None:
    assert not plausible(QUESTION, "46,610", evidence(marked))
