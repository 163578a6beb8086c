"""Questions that need several figures: listed, compared, computed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from answering_samples import (
    LIKELY,
    UNLIKELY,
    ScriptedReader,
    TableRetriever,
    article,
    ask,
    question_of,
    reader,
    weighed,
    weighing,
)
from job_samples import evidence

from rag.prompts import NOT_STATED
from rag.schema import Answer, Evidence, Filters, Message, Retrieval, Status, Verdict

FIRST = "46,610 ships arrived in the harbour in 2030."
SECOND = "44,100 ships arrived in the harbour in 2031."
IN_2030 = evidence(FIRST, coverage=1.0, position=1)
IN_2031 = evidence(SECOND, coverage=1.0, position=2)
BOTH: Mapping[str, Sequence[Evidence]] = {"2030": (IN_2030, IN_2031), "2031": (IN_2031, IN_2030)}
KNOWN = {"2030": "46,610", "2031": "44,100"}
LINES = [f"46,610: “{FIRST}” [1]", f"44,100: “{SECOND}” [2]"]
LISTED = "How many ships arrived in 2030, and how many in 2031?"
COMPARED = "Did more ships arrive in 2030 than in 2031?"
MORE = "How many more ships arrived in 2030 than in 2031?"


_YEAR = re.compile(r"\b20\d\d\b")


class ByWord:
    """Finds for a question what is given for each word that it has."""

    def __init__(self, found: Mapping[str, Sequence[Evidence]]) -> None:
        self._found = found
        self.asked: list[str] = []

    def retrieve(self, question: str, filters: Filters) -> Retrieval:
        self.asked.append(question)
        found = [e for word, some in self._found.items() if word in question for e in some]
        return Retrieval(question, question, tuple(dict.fromkeys(found)), 1.0, 0.25)


def knowing(known: Mapping[str, str]) -> ScriptedReader:
    """A model to which the figure of the one word that a question has is its answer."""

    def likelihood(messages: Sequence[Message], text: str) -> float:
        question = question_of(messages)
        figures = [figure for word, figure in known.items() if word in question]
        for_one = len(figures) == 1 and len(_YEAR.findall(question)) <= 1
        return LIKELY if text == (figures[0] if for_one else NOT_STATED) else UNLIKELY

    return ScriptedReader(lambda _: NOT_STATED, likelihood)


def answer(
    question: str,
    found: Mapping[str, Sequence[Evidence]] = BOTH,
    known: Mapping[str, str] = KNOWN,
) -> Answer:
    return ask(ByWord(found), knowing(known), question=question)


def test_each_part_has_its_line_and_its_sentence() -> None:
    said = answer(LISTED)
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == LINES
    assert [c.quote for c in said.citations] == [FIRST, SECOND]
    assert [(f.figure.text, f.marker) for f in said.figures] == [("46,610", 1), ("44,100", 2)]
    for checked in said.figures:
        span = checked.figure.span
        assert said.text[span.start : span.end] == checked.figure.text


def test_each_part_is_searched_for_by_itself() -> None:
    retriever = ByWord(BOTH)
    ask(retriever, knowing(KNOWN), question=LISTED)
    assert retriever.asked == [
        LISTED, "How many ships arrived in 2030?", "How many ships arrived in 2031?"
    ]  # fmt: skip


def test_a_part_that_is_not_found_is_said() -> None:
    listed = "How many ships arrived in 2030, how many in 2029, and how many in 2031?"
    said = answer(listed)
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == LINES
    assert said.notes == ("The articles do not say: How many ships arrived in 2029?",)
    assert len(said.citations) == 2


@pytest.mark.parametrize("known", [{}, {"2030": "46,610"}])
def test_less_than_two_parts_are_no_list(known: Mapping[str, str]) -> None:
    assert answer(LISTED, known=known).status is Status.ABSTAINED


FIRE = "How many people died in the fire, and how many were hurt?"
HURT = evidence("In the fire 12 people died and 31 were hurt.", coverage=1.0)


def test_two_figures_of_one_sentence_have_one_citation() -> None:
    said = answer(FIRE, {"fire": (HURT,)}, {"died": "12", "hurt": "31"})
    assert said.status is Status.ANSWERED
    assert [f.figure.text for f in said.figures] == ["12", "31"]
    assert {f.marker for f in said.figures} == {1}
    assert len(said.citations) == 1


def test_one_figure_for_two_parts_is_a_misreading() -> None:
    once = evidence("In the fire 12 people died or were hurt.", coverage=1.0)
    said = answer(FIRE, {"fire": (once,)}, {"died": "12", "hurt": "12"})
    assert (said.status, said.figures) == (Status.ABSTAINED, ())


def test_what_one_part_has_for_certain_is_not_what_another_asks_for() -> None:
    fleet = evidence(
        "Of the boats and ships the port counted 12 in May and 31 in June.", coverage=1.0
    )
    question = "How many boats did the port count, and how many ships?"

    def likelihood(messages: Sequence[Message], text: str) -> float:
        # Of the boats the model is sure, of the ships it has no idea.
        likely = ("12", "31") if "ships" in question_of(messages) else ("12",)
        return LIKELY if text in likely else UNLIKELY

    model = ScriptedReader(lambda _: NOT_STATED, likelihood)
    said = ask(ByWord({"port": (fleet,)}), model, question=question)
    assert [f.figure.text for f in said.figures] == ["12", "31"]


def test_figures_that_contradict_each_other_are_not_taken_for_a_part() -> None:
    other = evidence("45,000 ships arrived in the harbour in 2030.", document=article("ledger"))
    model = weighing(dict.fromkeys(["46,610", "45,000", "44,100"], LIKELY))
    found = {"2030": (IN_2030, replace(other, coverage=1.0, in_context=1.0)), "2031": (IN_2031,)}
    said = ask(ByWord(found), model, question=MORE)
    assert said.status is Status.ABSTAINED
    alone = {"2030": (IN_2030,), "2031": (IN_2031,)}
    assert ask(ByWord(alone), model, question=MORE).status is Status.ANSWERED


# --- comparisons ---------------------------------------------------------------------------


def test_a_comparison_tells_which_is_larger() -> None:
    said = answer(COMPARED)
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == [*LINES, "The larger one is 46,610."]


def test_a_comparison_needs_all_its_figures() -> None:
    assert answer(COMPARED, known={"2030": "46,610"}).status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("former", "later", "told"),
    [
        ("46,610", "more than 44,100", False),
        ("46,610", "at least 44,100", False),
        ("nearly 46,610", "44,100", False),
        ("more than 46,610", "44,100", True),
        ("46,610", "fewer than 44,100", True),
    ],
)
def test_which_is_larger_is_not_told_where_bounds_leave_it_open(
    former: str, later: str, told: bool
) -> None:
    one = evidence(f"In all {former} ships arrived in 2030.", coverage=1.0, position=1)
    other = evidence(f"In all {later} ships arrived in 2031.", coverage=1.0, position=2)
    said = answer(COMPARED, {"2030": (one,), "2031": (other,)})
    assert said.status is Status.ANSWERED
    assert ("larger" in said.text) is told


def test_figures_of_two_kinds_do_not_compare() -> None:
    share = evidence("44,100% of the ships arrived in 2031.", coverage=1.0, position=2)
    said = answer(COMPARED, {"2030": (IN_2030,), "2031": (share,)})
    assert said.status is Status.ABSTAINED


# --- computed ------------------------------------------------------------------------------


def test_a_difference_is_computed_by_code_and_shows_its_formula() -> None:
    said = answer(MORE)
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == ["2,510: 46,610 − 44,100 = 2,510.", *LINES]
    result, *stated = said.figures
    assert (result.verdict, result.marker) == (Verdict.COMPUTED, None)
    assert result.formula == "46,610 − 44,100 = 2,510"
    assert [(f.verdict, f.marker) for f in stated] == [(Verdict.EXACT, 1), (Verdict.EXACT, 2)]


TIMES = "How many times as many ships arrived in 2030 as in 2031?"


@pytest.mark.parametrize("question", [MORE, TIMES])
def test_without_one_of_its_figures_nothing_is_computed(question: str) -> None:
    assert answer(question).status is Status.ANSWERED
    said = answer(question, known={"2030": "46,610"})
    assert (said.status, said.figures) == (Status.ABSTAINED, ())


def test_figures_of_two_units_are_not_computed() -> None:
    metres = evidence("44,100 tonnes of ships arrived in 2031.", coverage=1.0, position=2)
    found = {"2030": (IN_2030,), "2031": (metres,)}
    assert answer(MORE, found).status is Status.ABSTAINED


PRICE = "By how many percent did the price of a ticket rise between {} and {}?"


def prices(in_2019: str, in_2023: str) -> dict[str, tuple[Evidence, ...]]:
    text = "The price of a ticket was {} in {}."
    return {
        year: (evidence(text.format(price, year), coverage=1.0, position=n),)
        for n, (year, price) in enumerate({"2019": in_2019, "2023": in_2023}.items(), start=1)
    }


@pytest.mark.parametrize("years", [("2019", "2023"), ("2023", "2019")])
def test_a_change_is_of_the_earlier_figure_whatever_the_order_of_the_parts(
    years: Sequence[str],
) -> None:
    said = answer(PRICE.format(*years), prices("$8", "$10"), {"2019": "$8", "2023": "$10"})
    assert said.status is Status.ANSWERED
    assert said.text.startswith("25% higher: (10 USD − 8 USD) ÷ 8 USD = 25%.")


def test_a_fall_is_said_where_a_rise_was_asked_for() -> None:
    question = PRICE.format("2019", "2023")
    said = answer(question, prices("$10", "$8"), {"2019": "$10", "2023": "$8"})
    assert said.text.startswith("20% lower: (10 USD − 8 USD) ÷ 10 USD = 20%.")


def test_a_change_that_an_article_states_is_not_computed() -> None:
    stated = evidence(
        "The price of a ticket rose by 25% between 2019 and 2023.", coverage=1.0, position=3
    )
    question = PRICE.format("2019", "2023")
    said = ask(TableRetriever({question: (stated,)}), reader({question: "25%"}), question=question)
    assert said.status is Status.ANSWERED
    assert [f.verdict for f in said.figures] == [Verdict.EXACT]


# --- computed of one figure ----------------------------------------------------------------


def test_what_a_share_leaves_is_computed() -> None:
    paid = evidence("62% of the ships have paid.", coverage=1.0)
    question = "What percentage of the ships have not paid?"
    model = reader({"What percentage of the ships have paid?": "62%"})
    said = ask(ByWord({"ships": (paid,)}), model, question=question)
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == [
        "38%: 100% − 62% = 38%.", "62%: “62% of the ships have paid.” [1]"
    ]  # fmt: skip
    assert said.figures[0].verdict is Verdict.COMPUTED


def test_what_a_share_leaves_is_not_computed_where_its_bound_would_turn() -> None:
    paid = evidence("More than 62% of the ships have paid.", coverage=1.0)
    model = reader({"What percentage of the ships have paid?": "62%"})
    question = "What percentage of the ships have not paid?"
    assert ask(ByWord({"ships": (paid,)}), model, question=question).status is Status.ABSTAINED


def test_an_average_of_a_time_is_computed() -> None:
    question = "On average, how many ships a month arrived in 2030?"
    twelve = evidence("46,800 ships arrived in the harbour in 2030.", coverage=1.0)
    said = answer(question, {"2030": (twelve,)}, {"2030": "46,800"})
    assert said.status is Status.ANSWERED
    assert said.text.splitlines()[0] == "3,900 a month: 46,800 ÷ 12 months = 3,900."


# --- what is taken for granted -------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that only 200 ships arrived in 2030?",
        "Did 200 ships arrive in 2030?",
    ],
)
def test_a_presumed_figure_is_answered_by_the_one_that_is_stated(question: str) -> None:
    model = knowing(KNOWN)
    said = ask(ByWord(BOTH), model, question=question)
    assert said.status is Status.ANSWERED
    assert said.text == LINES[0]
    assert weighed(model) == ["46,610", "44,100"]
    assert ask(ByWord(BOTH), knowing({}), question=question).status is Status.ABSTAINED
