from __future__ import annotations

from dataclasses import replace

import pytest
from answering_samples import BEST, FAR, NEXT, QUESTION, candidates
from job_samples import HARBOUR, evidence

from rag.answering.wording import (
    abstention,
    figure_answer,
    nearest_of,
    outlet,
    stated_text,
    wordings,
)
from rag.candidates import Candidate
from rag.schema import DocumentInfo, Evidence, Retrieval
from rag.verification import EvidenceVerifier


def candidate(question: str, sentence: str, figure: str) -> Candidate:
    found = candidates(question, evidence(sentence, coverage=1.0))
    return next(c for c in found if c.statement.figure.text == figure)


def retrieval(*found: Evidence) -> Retrieval:
    return Retrieval(QUESTION, QUESTION, found, 1.0, 0.1)


LONG = (
    "In May, after a winter of storms that had kept the fishing fleet and most of the smaller "
    "boats in port for weeks on end, and before the new breakwater was opened by the mayor and "
    "her guests with music and speeches, 46,610 ships arrived, and 300 yachts left."
)


@pytest.mark.parametrize(
    ("sentence", "figure", "text"),
    [
        (
            "In May 46,610 ships arrived.",
            "46,610",
            "46,610: “In May 46,610 ships arrived.” [1]",
        ),
        (
            "In May more than\n46,610  ships arrived [3].",
            "46,610",
            "More than 46,610: “In May more than 46,610 ships arrived.” [1]",
        ),
        (
            "“In May 46,610 ships arrived,” he said.",
            "46,610",
            "46,610: “In May 46,610 ships arrived,” he said.” [1]",
        ),
        (
            "The port counted 12 ferries, and 31 yachts arrived on Sunday.",
            "31",
            "31: “31 yachts arrived on Sunday” [1]",
        ),
    ],
)
def test_an_answer_is_the_figure_as_it_is_bounded_and_the_words_that_say_so(
    sentence: str, figure: str, text: str
) -> None:
    found = candidate(QUESTION, sentence, figure)
    said = figure_answer(found)
    assert said.replace("and 31", "31") == text
    assert EvidenceVerifier().verify(said, [found.evidence]).passed


def test_of_a_long_sentence_the_words_about_the_figure_are_quoted() -> None:
    found = candidate(QUESTION, LONG, "46,610")
    said = figure_answer(found, 2)
    assert said.startswith("46,610: “")
    assert said.endswith("” [2]")
    assert len(said) < len(LONG)
    assert stated_text(found) == "46,610"


@pytest.mark.parametrize(
    ("sentence", "figure", "expected"),
    [
        ("In May 46,610 ships arrived.", "46,610", ["46,610"]),
        ("Some 300 of the ships were yachts.", "300", ["300", "Some 300"]),
        (
            "In May more than\n46,610 ships arrived.",
            "46,610",
            ["46,610", "more than 46,610", "More than 46,610"],
        ),
        ("In May twelve ships arrived.", "twelve", ["twelve", "Twelve"]),
        ("In May 4.1\nmillion ships arrived.", "4.1\nmillion", ["4.1 million"]),
    ],
)
def test_a_reply_may_begin_with_the_bare_figure_or_as_it_is_bounded_with_a_capital_or_without(
    sentence: str, figure: str, expected: list[str]
) -> None:
    assert list(wordings(candidate(QUESTION, sentence, figure))) == expected


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        (HARBOUR, "Coast Courier, 2031-06-21"),
        (replace(HARBOUR, published=None), "Coast Courier"),
        (replace(HARBOUR, publisher=None), "A busy month in the harbour, 2031-06-21"),
        (replace(HARBOUR, publisher="Courier [2]"), "Courier, 2031-06-21"),
    ],
)
def test_an_outlet_is_named_as_far_as_it_is_known(info: DocumentInfo, expected: str) -> None:
    assert outlet(info) == expected


def test_an_abstention_names_the_nearest_sentences_article() -> None:
    assert nearest_of([FAR, BEST, NEXT]) is BEST
    said = abstention(retrieval(FAR, BEST), None)
    assert said.startswith("The articles do not say.")
    assert "“A busy month in the harbour”, 2031-06-21 [1]" in said
    other = replace(NEXT, document=replace(HARBOUR, title="Yachts", published=None))
    assert "“Yachts” [1]" in abstention(retrieval(FAR, BEST), other)


def test_where_nothing_was_found_an_abstention_cites_nothing() -> None:
    said = abstention(retrieval(), None)
    assert said.startswith("The articles do not say")
    assert "[" not in said
