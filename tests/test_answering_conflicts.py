"""Articles that give different figures: both are shown, and a copy is no second article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from answering_samples import LIKELY, UNLIKELY, article, ask, scoring, weighing
from job_samples import FixedRetriever, evidence

from rag.schema import Answer, DocumentInfo, Evidence, Status, Verdict

QUESTION = "How many people lived in Holm in 2030?"
LEDGER = article("ledger")
CHANGED = "In 2030 some 4,900 people lived in Holm."
REWORDED = "The people who lived in Holm in 2030 were some 4,900."
ONE = evidence("In 2030 some 4,200 people lived in Holm.", coverage=1.0)


def other(
    text: str = CHANGED,
    document: DocumentInfo = LEDGER,
    coverage: float = 1.0,
) -> Evidence:
    return evidence(text, coverage=coverage, document=document)


def answer(*found: Evidence, unread: Sequence[str] = ()) -> Answer:
    """What is answered by a model that takes any figure for the answer but those unread."""
    likely = {"4,200", "4,900", "4,500", "5,000"} - set(unread)
    model = weighing(dict.fromkeys(likely, LIKELY))
    return ask(FixedRetriever(*found), model, question=QUESTION)


def test_both_figures_are_shown_with_outlet_day_and_sentence() -> None:
    said = answer(ONE, other())
    assert said.status is Status.CONFLICT
    assert said.text.splitlines() == [
        "The articles give different figures.",
        "Coast Courier, 2031-06-21:",
        "Some 4,200: “In 2030 some 4,200 people lived in Holm.” [1]",
        "Ledger, 2031-06-21:",
        "Some 4,900: “In 2030 some 4,900 people lived in Holm.” [2]",
        "They contradict each other.",
    ]
    assert [(f.figure.text, f.verdict, f.marker) for f in said.figures] == [
        ("4,200", Verdict.EXACT, 1),
        ("4,900", Verdict.EXACT, 2),
    ]
    for checked in said.figures:
        span = checked.figure.span
        assert said.text[span.start : span.end] == checked.figure.text
    assert [c.document.id for c in said.citations] == ["harbour", "ledger"]


def test_three_sides_are_shown_at_most_and_one_of_an_article() -> None:
    more = [
        other(),
        other("In 2030 the people who lived in Holm were some 5,000."),
        other("In 2030 some 4,500 people lived in Holm.", article("post")),
        other("In 2030 some 5,000 people lived in Holm.", article("times")),
    ]
    said = answer(ONE, *more)
    assert said.status is Status.CONFLICT
    assert len({c.document.id for c in said.citations}) == len(said.citations) == 3


def test_words_that_leave_no_doubt_contradict_without_the_model() -> None:
    one = evidence("In 2030 exactly 4,200 people lived in Holm.", coverage=1.0)
    changed = other("In 2030 exactly 4,900 people lived in Holm.")
    assert answer(one, changed, unread=["4,900"]).status is Status.CONFLICT


def test_a_later_article_may_know_more() -> None:
    said = answer(ONE, other(document=article("ledger", "2031-09-01")))
    assert said.text.splitlines()[-1].startswith("The later article may know more")


def test_an_article_without_a_day_is_shown_without_one() -> None:
    said = answer(ONE, other(document=article("ledger", None)))
    assert "\nLedger:\n" in said.text
    assert said.text.endswith("They contradict each other.")


def test_a_copy_of_the_article_is_no_other_article() -> None:
    retold = replace(ONE, also_in=(LEDGER,))
    assert answer(ONE, other(REWORDED)).status is Status.CONFLICT
    # What differs in it is what differs in the article itself: nothing tells which it means.
    assert answer(retold, other(REWORDED)).status is Status.ABSTAINED


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(other("In 2030 some 4,200 people lived in Holm."), id="the same"),
        pytest.param(other("In 2030 Holm spent $4,900 on people."), id="another kind"),
        pytest.param(other("In 2020 some 4,900 people lived in Holm."), id="another time"),
    ],
)
def test_what_does_not_contradict_is_no_conflict(found: Evidence) -> None:
    likely = scoring({"4,200": 6.0, "4,900": 5.0})
    said = ask(FixedRetriever(ONE, found), weighing({}), question=QUESTION, scorer=likely)
    assert said.status is Status.ANSWERED
    assert len(said.citations) == 1
    assert "4,900" not in said.text


def test_what_is_no_answer_is_no_side_of_a_conflict_even_to_a_model_that_takes_it_for_one() -> None:
    found = other("In 2030 some 4,900 people lived in Rovik.")
    said = answer(ONE, found)
    assert said.status is not Status.CONFLICT
    assert "4,900" not in said.text
    # Nor does it stand in the way where the model knows better.
    said = answer(ONE, found, unread=["4,900"])
    assert (said.status, len(said.citations)) == (Status.ANSWERED, 1)


def test_an_article_that_says_two_things_in_other_words_leaves_no_answer() -> None:
    both = evidence(REWORDED, coverage=1.0, position=5)
    said = answer(ONE, both)
    assert (said.status, said.figures) == (Status.ABSTAINED, ())
    # Where the model does not read the other one as an answer, it is none.
    said = answer(ONE, both, unread=["4,900"])
    assert said.status is Status.ANSWERED
    assert [f.figure.text for f in said.figures] == ["4,200"]


def test_another_article_that_is_as_likely_is_a_side_and_no_doubt() -> None:
    near = weighing({"4,200": LIKELY, "4,900": LIKELY - 0.4})
    said = ask(FixedRetriever(ONE, other(REWORDED)), near, question=QUESTION)
    assert said.status is Status.CONFLICT
    far = weighing({"4,200": LIKELY, "4,900": UNLIKELY})
    said = ask(FixedRetriever(ONE, other(REWORDED)), far, question=QUESTION)
    assert [f.figure.text for f in said.figures] == ["4,200"]


def test_a_figure_that_the_model_does_not_read_as_an_answer_is_no_conflict() -> None:
    assert answer(ONE, other(REWORDED)).status is Status.CONFLICT
    assert answer(ONE, other(REWORDED), unread=["4,900"]).status is Status.ANSWERED
