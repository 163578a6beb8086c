"""Counts of articles, from a real library, without a model."""

from __future__ import annotations

import doctest
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from contracts.corpus_contract import ARTICLES, CorpusContract, Maker
from job_samples import FixedRetriever
from library_samples import Cut
from news_samples import fill

import rag.answering.counting
from rag.answering import Answerer
from rag.answering.counting import count_draft, read_count
from rag.fakes import HashEmbedder, ScriptedScorer
from rag.library import Library
from rag.protocols import Corpus, Generator
from rag.schema import Answer, Filters, Status, Verdict
from rag.verification import EvidenceVerifier


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Maker]:
    with ExitStack() as stack:

        def make(articles: Sequence[Cut]) -> Corpus:
            library = stack.enter_context(Library.open(tmp_path, create=True, writable=True))
            fill(library, articles, HashEmbedder())
            return library

        yield make


class TestLibrary(CorpusContract):
    @pytest.fixture
    def make(self, make: Maker) -> Maker:
        return make


@pytest.fixture
def library(make: Maker) -> Corpus:
    return make(ARTICLES)


def no_model() -> Generator:
    raise AssertionError("a count was put to the model")


def ask(corpus: Corpus, question: str, filters: Filters | None = None) -> Answer:
    answerer = Answerer(
        FixedRetriever(),
        ScriptedScorer,
        no_model,
        EvidenceVerifier(),
        answer_tokens=40,
        settings_sha256="5" * 64,
        corpus=corpus,
    )
    return answerer.answer(
        question,
        filters or Filters(),
        on_evidence=lambda _: None,
        on_text=lambda _: None,
        stop=lambda: False,
    )


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(rag.answering.counting).failed == 0


def test_articles_are_counted_with_a_sentence_of_each_story_and_copies_apart(
    library: Corpus,
) -> None:
    answer = ask(library, "How many articles mention Ridgeport?")
    assert answer.status is Status.ANSWERED
    assert answer.text == (
        "3 articles with a sentence or a title that has all of: Ridgeport. [1] [2]\n"
        "1 of these is a copy of another."
    )
    assert [c.document.id for c in answer.citations] == ["fair", "flood"]
    assert all("Ridgeport" in c.quote for c in answer.citations)
    count, copies = answer.figures
    assert (str(count.figure.value), count.verdict, count.marker) == ("3", Verdict.COMPUTED, None)
    assert count.formula == "articles with a sentence or a title that has all of: Ridgeport"
    assert (str(copies.figure.value), copies.verdict) == ("1", Verdict.COMPUTED)
    for checked in answer.figures:
        span = checked.figure.span
        assert answer.text[span.start : span.end] == checked.figure.text


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("how many of the articles are about Ridgeport in 2024?", 2),
        ("How many articles are there?", 4),
        ("How many articles are from the Coast Courier?", 2),
        ("How many articles are by Coast Courier in 2024?", 1),
        ("How many articles from Coast Courier mention Ridgeport and a reading?", 1),
        ("How many stories speak of Kim Lee?", 2),
        ("How many articles were published before 2024?", 1),
        ("How many sources say that schools were closed?", 2),
        ("How many articles mention Atlantis?", 0),
    ],
)
def test_what_is_counted_follows_the_question(library: Corpus, question: str, count: int) -> None:
    answer = ask(library, question)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith(f"{count} article")
    assert answer.figures[0].figure.value == count
    assert bool(answer.citations) is bool(count)


def test_filters_of_the_caller_hold_for_counts(library: Corpus) -> None:
    answer = ask(library, "How many articles are there?", Filters(since=date(2024, 5, 3)))
    assert answer.text.startswith("1 article among those chosen.")
    answer = ask(
        library, "How many articles mention Ridgeport in 2024?", Filters(until=date(2024, 5, 2))
    )
    assert answer.text.startswith("1 article among those chosen published from 2024-01-01 to")


@pytest.mark.parametrize(
    ("question", "formula"),
    [
        (
            "How many articles mention Holm since 12 May 2024?",
            "articles published from 2024-05-12 with a sentence or a title that has all of: Holm",
        ),
        (
            "How many articles mention Holm until June 2023?",
            "articles published to 2023-06-30 with a sentence or a title that has all of: Holm",
        ),
        ("How many articles were published after 2023?", "articles published from 2024-01-01"),
        (
            "How many articles were published between May and July 2024?",
            "articles published from 2024-05-01 to 2024-07-31",
        ),
        (
            "How many articles say that sales fell in 2024?",
            "articles with a sentence or a title that has all of: sales, fell, 2024",
        ),
        (
            "How Many Articles Mention Floods?",
            "articles with a sentence or a title that has all of: floods",
        ),
        ("How many documents do you have?", None),
        ("How many articles?", None),
        ("How many articles mention it?", None),
        ("How many articles mention Holm or Rovik?", None),
        ("How many articles do not mention Holm?", None),
        ("How many articles mention no deaths?", None),
        ("How many articles mention more than 5 deaths?", None),
        ("How many articles mention Holm in May?", None),
        ("How many articles mention Holm in the headline?", None),
        ("How many articles mention Holm, and how many Rovik?", None),
        ("How many reports did the agency publish?", None),
        ("How many reports were filed by police?", None),
        ("How many reports were published in May 2024?", None),
        ("How many stories are there in the tower?", None),
        ("How many stories are there?", None),
        ("How many documents were seized in 2024?", None),
        ("How many sources of income are there?", None),
        ("How many people mention Ridgeport?", None),
    ],
)
def test_only_a_question_for_a_number_of_articles_is_a_count(
    question: str, formula: str | None
) -> None:
    count = read_count(question)
    assert (count and count.formula) == formula


def test_reports_from_what_is_no_outlet_are_not_counted(library: Corpus) -> None:
    assert count_draft("How many reports are from Ridgeport?", Filters(), library) is None
    assert count_draft("How many reports are from Coast Courier?", Filters(), library)
