"""An outlet that corrects its own figure is believed; a later figure alone is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from answering_samples import LIKELY, QUESTION, ask, candidates, weighing
from job_samples import HARBOUR, FixedRetriever, evidence

from rag.answering.conflicts import replaces
from rag.answering.restated import restated
from rag.schema import DocumentInfo, Evidence, Status

FIRST = replace(HARBOUR, id="first", published=date(2031, 6, 21), title="Ships in May")
LATER = replace(FIRST, id="later", published=date(2031, 6, 24))
IN_JUNE = QUESTION.replace("May", "June")
OLD, NEW = "In May 46,610 ships arrived.", "In May 46,160 ships arrived."


def stated(text: str, document: DocumentInfo, *, lead: str | None = None) -> Evidence:
    return evidence(text, coverage=1.0, document=document, lead=lead)


def word(old: Evidence, new: Evidence) -> str:
    """How the figure of one sentence replaces that of another."""
    (former,), later = candidates(QUESTION, old), candidates(QUESTION, new)
    return replaces(former, later[0])


def corrected(**fields: object) -> DocumentInfo:
    return replace(LATER, title="Correction: ships in May", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "title", "lead", "said"),
    [
        (NEW, "Correction: ships in May", None, "Corrected"),
        (NEW, "Ships in May [Corrected]", None, "Corrected"),
        (NEW, "UPDATE – Ships in May", None, "Updated"),
        (NEW, "Ships in May (revised)", None, "Revised"),
        (NEW, "Ships in May", "Correction: The first count left out yachts.", "Corrected"),
        (f"Corrected: {NEW}", "Ships in May", None, "Corrected"),
        ("In May 46,160 ships arrived, revised down from the first count.", None, None, "Revised"),
        ("The earlier report was withdrawn: 46,160 ships arrived in May.", None, None, "Withdrawn"),
        (NEW, "Ships in May", None, ""),
        (NEW, "Harbour master corrected by court", None, ""),
        (NEW, "Ships in May", "The harbour updated its website.", ""),
        ("In May 46,160 ships arrived at the updated pier.", None, None, ""),
        ("In May 46,160 ships arrived; the first count was not corrected.", None, None, ""),
        ("In May 46,160 ships arrived; the first count may be revised.", None, None, ""),
    ],
)
def test_a_later_figure_replaces_a_former_one_only_where_its_article_says_so(
    text: str, title: str | None, lead: str | None, said: str
) -> None:
    new = stated(text, replace(LATER, title=title), lead=lead)
    assert word(stated(OLD, FIRST), new) == said


@pytest.mark.parametrize(
    ("former", "later"),
    [
        (FIRST, corrected(publisher="Valley Herald")),
        (replace(FIRST, publisher=None), corrected(publisher=None)),
        (FIRST, corrected(published=FIRST.published)),
        (FIRST, corrected(published=date(2031, 6, 1))),
        (FIRST, corrected(published=None)),
        (replace(FIRST, published=None), corrected()),
    ],
    ids=[
        "another outlet",
        "no outlet",
        "same day",
        "an earlier day",
        "no day",
        "no day before",
    ],
)
def test_only_a_later_article_of_the_same_outlet_corrects(
    former: DocumentInfo, later: DocumentInfo
) -> None:
    assert word(stated(OLD, former), stated(NEW, later)) == ""


def test_a_correction_of_another_month_corrects_nothing() -> None:
    june = stated("In June 46,160 ships arrived.", corrected())
    (former,), (later,) = candidates(QUESTION, stated(OLD, FIRST)), candidates(IN_JUNE, june)
    assert replaces(former, later) == ""


@pytest.mark.parametrize("turned", [False, True])
def test_the_corrected_figure_is_the_answer_and_says_what_it_replaces(turned: bool) -> None:
    found = (stated(OLD, FIRST), stated(NEW, corrected()))
    answer = ask(
        FixedRetriever(*(found[::-1] if turned else found)),
        weighing({"46,160" if turned else "46,610": LIKELY}),
    )
    assert answer.status is Status.ANSWERED
    assert answer.text.split("\n") == [
        f"46,160: “{NEW}” [1]",
        "Corrected on 2031-06-24; before, on 2031-06-21:",
        f"46,610: “{OLD}” [2]",
    ]
    assert [c.document.id for c in answer.citations] == ["later", "first"]
    assert [f.marker for f in answer.figures] == [1, 2]


def test_where_nothing_says_that_it_corrects_both_are_shown() -> None:
    found = FixedRetriever(stated(OLD, FIRST), stated(NEW, LATER))
    answer = ask(found, weighing({"46,610": LIKELY}))
    assert answer.status is Status.CONFLICT


# --- the same words with another figure ----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "document", "is_other"),
    [
        (NEW, LATER, True),
        (NEW, FIRST, True),
        ("In May 46,160 SHIPS arrived.", FIRST, True),
        (OLD, LATER, False),
        ("In May some 46,160 ships arrived.", LATER, False),
        ("In May 46,160 boats arrived.", LATER, False),
        ("In June 46,160 ships arrived.", LATER, False),
        (NEW, replace(LATER, published=date(2032, 6, 24)), False),
    ],
)
def test_who_changes_one_figure_of_a_sentence_says_another(
    text: str, document: DocumentInfo, is_other: bool
) -> None:
    (found,) = candidates(QUESTION, stated(OLD, FIRST))
    other = candidates(QUESTION, evidence(text, coverage=1.0, document=document, position=5))
    assert bool(restated(found, (found, *other))) is is_other
