"""Questions that need several figures: listed, compared, computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from answering_samples import TableRetriever, ask, reader
from job_samples import evidence

from rag.schema import Answer, Evidence, Status, Verdict

MAY = "How many ships arrived in May?"
JUNE = "How many ships arrived in June?"
IN_MAY = evidence("In May 46,610 ships arrived in the harbour.", coverage=1.0, position=1)
IN_JUNE = evidence("In June 44,100 ships arrived in the harbour.", coverage=1.0, position=2)
BOTH: Mapping[str, Sequence[Evidence]] = {MAY: (IN_MAY, IN_JUNE), JUNE: (IN_JUNE, IN_MAY)}
COPIED = {MAY: "46,610", JUNE: "44,100"}
LINES = [
    "46,610: “In May 46,610 ships arrived in the harbour.” [1]",
    "44,100: “In June 44,100 ships arrived in the harbour.” [2]",
]
LISTED = "How many ships arrived in May, and how many arrived in June?"
COMPARED = "Did more ships arrive in May than in June?"
MORE = "How many more ships arrived in May than in June?"


def answer(
    question: str,
    parts: Sequence[str] = (MAY, JUNE),
    found: Mapping[str, Sequence[Evidence]] = BOTH,
    copied: Mapping[str, str] = COPIED,
) -> Answer:
    return ask(TableRetriever(found), reader(copied, parts=parts), question=question)


def test_each_part_has_its_line_and_its_sentence() -> None:
    said = answer(LISTED)
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == LINES
    assert [c.quote for c in said.citations] == [IN_MAY.sentence.text, IN_JUNE.sentence.text]
    assert [(f.figure.text, f.marker) for f in said.figures] == [("46,610", 1), ("44,100", 2)]
    for checked in said.figures:
        span = checked.figure.span
        assert said.text[span.start : span.end] == checked.figure.text


def test_a_part_that_is_not_found_is_said() -> None:
    july = "How many ships arrived in July?"
    listed = "How many ships arrived in May, and how many arrived in June and July?"
    said = answer(listed, parts=(MAY, july, JUNE))
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == LINES
    assert f"The articles do not say: {july}" in said.notes
    assert len(said.citations) == 2


@pytest.mark.parametrize("copied", [{}, {MAY: "46,610"}])
def test_less_than_two_parts_are_no_list(copied: Mapping[str, str]) -> None:
    assert answer(LISTED, copied=copied).status is Status.ABSTAINED


def test_one_figure_for_two_parts_is_a_misreading() -> None:
    found = {MAY: (IN_MAY,), "How many arrived in May?": (IN_MAY,)}
    copied = dict.fromkeys(found, "46,610")
    said = answer(LISTED, parts=tuple(found), found=found, copied=copied)
    assert said.status is Status.ABSTAINED


def test_two_figures_of_one_sentence_have_one_citation() -> None:
    hurt = evidence("In the fire 12 people died and 31 were hurt.", coverage=1.0)
    questions = ("How many people died in the fire?", "How many people were hurt in the fire?")
    said = answer(
        "How many people died in the fire, and how many were hurt?",
        parts=questions,
        found=dict.fromkeys(questions, (hurt,)),
        copied=dict(zip(questions, ("12", "31"), strict=True)),
    )
    assert said.status is Status.ANSWERED
    assert [f.figure.text for f in said.figures] == ["12", "31"]
    assert {f.marker for f in said.figures} == {1}
    assert len(said.citations) == 1


# --- comparisons ---------------------------------------------------------------------------


def test_a_comparison_tells_which_is_larger() -> None:
    said = answer(COMPARED)
    assert said.status is Status.ANSWERED
    assert said.text.splitlines() == [*LINES, "The larger one is 46,610."]


def test_a_comparison_needs_all_its_figures() -> None:
    assert answer(COMPARED, copied={MAY: "46,610"}).status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("may", "june", "told"),
    [
        ("46,610", "more than 44,100", False),
        ("46,610", "at least 44,100", False),
        ("nearly 46,610", "44,100", False),
        ("more than 46,610", "44,100", True),
        ("46,610", "fewer than 44,100", True),
    ],
)
def test_which_is_larger_is_not_told_where_bounds_leave_it_open(
    may: str, june: str, told: bool
) -> None:
    one = evidence(f"In May {may} ships arrived in the harbour.", coverage=1.0, position=1)
    other = evidence(f"In June {june} ships arrived in the harbour.", coverage=1.0, position=2)
    said = answer(COMPARED, found={MAY: (one,), JUNE: (other,)})
    assert said.status is Status.ANSWERED
    assert ("larger" in said.text) is told


def test_figures_of_two_kinds_do_not_compare() -> None:
    money = evidence("In June ships paid $44,100 in the harbour.", coverage=1.0, position=2)
    said = answer(COMPARED, found={MAY: (IN_MAY,), JUNE: (money,)})
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


@pytest.mark.parametrize("question", [MORE, "How many times as many came in May as in June?"])
def test_without_one_of_its_figures_nothing_is_computed(question: str) -> None:
    said = answer(question, copied={MAY: "46,610"})
    assert (said.status, said.figures) == (Status.ABSTAINED, ())


def test_figures_of_two_units_are_not_computed() -> None:
    money = evidence("In June ships paid $44,100 in the harbour.", coverage=1.0, position=2)
    assert answer(MORE, found={MAY: (IN_MAY,), JUNE: (money,)}).status is Status.ABSTAINED


PRICE = "By how many percent did the price of a ticket rise between 2019 and 2023?"
IN_2019 = "What was the price of a ticket in 2019?"
IN_2023 = "What was the price of a ticket in 2023?"
PRICES = {
    IN_2019: (evidence("In 2019 the price of a ticket was $8.", coverage=1.0, position=1),),
    IN_2023: (evidence("In 2023 the price of a ticket was $10.", coverage=1.0, position=2),),
}


@pytest.mark.parametrize("parts", [(IN_2019, IN_2023), (IN_2023, IN_2019)])
def test_a_change_is_of_the_earlier_figure_whatever_the_order_of_the_parts(
    parts: Sequence[str],
) -> None:
    said = answer(PRICE, parts=parts, found=PRICES, copied={IN_2019: "$8", IN_2023: "$10"})
    assert said.status is Status.ANSWERED
    assert said.text.startswith("25% higher: (10 USD − 8 USD) ÷ 8 USD = 25%.")


def test_a_fall_is_said_where_a_rise_was_asked_for() -> None:
    fell = {
        IN_2019: (evidence("In 2019 the price of a ticket was $10.", coverage=1.0, position=1),),
        IN_2023: (evidence("In 2023 the price of a ticket was $8.", coverage=1.0, position=2),),
    }
    copied = {IN_2019: "$10", IN_2023: "$8"}
    said = answer(PRICE, parts=(IN_2023, IN_2019), found=fell, copied=copied)
    assert said.text.startswith("20% lower: (10 USD − 8 USD) ÷ 10 USD = 20%.")


def test_a_change_that_an_article_states_is_not_computed() -> None:
    stated = evidence(
        "The price of a ticket rose by 25% between 2019 and 2023.", coverage=1.0, position=3
    )
    said = ask(TableRetriever({PRICE: (stated,)}), reader({PRICE: "25%"}), question=PRICE)
    assert said.status is Status.ANSWERED
    assert [f.verdict for f in said.figures] == [Verdict.EXACT]


# --- what is taken for granted -------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    ["Is it true that only 200 ships arrived in May?", "Did 200 ships arrive in May?"],
)
def test_a_presumed_figure_is_answered_by_the_one_that_is_stated(question: str) -> None:
    model = reader({MAY: "46,610"}, neutral=MAY)
    said = ask(TableRetriever({question: (IN_MAY,), **BOTH}), model, question=question)
    assert said.status is Status.ANSWERED
    assert said.text == LINES[0]
