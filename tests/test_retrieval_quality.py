"""Whether the right sentence is found, with words alone and with the real embedder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts.retriever_contract import MOST_FOLLOWED
from news_samples import NEWS, indexed

from rag.embedding import NumpyEmbedder
from rag.evidence import admissible
from rag.fakes import HashEmbedder
from rag.protocols import Retriever
from rag.retrieval import HybridRetriever
from rag.schema import Filters

NO_FILTERS = Filters()


@pytest.fixture(scope="module")
def by_hash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HybridRetriever]:
    with indexed(tmp_path_factory.mktemp("hash"), NEWS, HashEmbedder()) as retriever:
        yield retriever


@pytest.fixture(scope="module")
def by_model(
    tmp_path_factory: pytest.TempPathFactory, embedder_folder: Path
) -> Iterator[HybridRetriever]:
    embedder = NumpyEmbedder(embedder_folder, name="mini")
    with indexed(tmp_path_factory.mktemp("model"), NEWS, embedder) as retriever:
        yield retriever


# Questions that share words with the sentence that answers them.
BY_WORDS = [
    ("How many passengers did the island ferry carry in July?", "The island ferry carried 48,200"),
    ("How many tonnes do growers pick in a usual year?", "In a usual year they pick 1,700"),
    ("How long is the bridge that is closed to cars?", "The bridge is 140 metres"),
    ("How many goals did Mira Dahl score?", "Mira Dahl scored eleven goals"),
    ("How many paintings were damaged by rain?", "Rain came through the roof"),
    ("How many nurses does the clinic employ?", "The clinic employs 310 nurses"),
    ("When will the comet come nearest to the Earth?", "It will come nearest"),
    ("How much does a loaf of bread cost on average?", "A loaf of a kilo now costs"),
    ("How many books did the public library lend?", "The public library lent 402,000"),
    ("What share of long-distance trains was on time?", "Last month 87%"),
    ("How many hectares burned near Morvan?", "A wildfire burned 2,300"),
    ("What was the turnout at the council election?", "Turnout at the council election"),
    ("How many tonnes of herring were landed?", "Fishermen landed 730 tonnes"),
    ("How much is the prize of the chess champion?", "The prize is $20,000"),
]
# Questions in other words than the articles'.
BY_SENSE = [
    ("What did it cost to build the walkway across the river?", "It cost $3.2 million"),
    ("How many people were evacuated from their homes by the fire?", "About 900 residents"),
    ("Who taught the young chess player?", "His teacher found him"),
    ("How far away will the comet be?", "Its distance then will be"),
    ("What is the price of a berth on the sleeper?", "A bed in a compartment"),
    (
        "How long must heart patients be patient before they see a specialist?",
        "Patients of the district",
    ),
]


def rank_of(retriever: Retriever, question: str, beginning: str) -> int:
    """The place of a sentence, from 1; 99 where it was not found."""
    found = retriever.retrieve(question, NO_FILTERS).evidence
    ranks = [n for n, e in enumerate(found, start=1) if e.sentence.text.startswith(beginning)]
    return ranks[0] if ranks else 99


def first_admissible(retriever: Retriever, question: str) -> str:
    found = admissible(question, retriever.retrieve(question, NO_FILTERS).evidence)
    return found[0].sentence.text if found else ""


def check_first(retriever: Retriever) -> None:
    """Of sentences that share words with the question, the right one is first, or once second."""
    ranks = {q: rank_of(retriever, q, beginning) for q, beginning in BY_WORDS}
    assert max(ranks.values()) <= 2, ranks
    assert list(ranks.values()).count(1) >= len(ranks) - 1, ranks


def test_words_bring_the_right_sentence_first(by_hash: HybridRetriever) -> None:
    check_first(by_hash)


@pytest.mark.parametrize(("question", "beginning"), BY_WORDS)
def test_the_right_sentence_is_the_first_that_may_state_the_answer(
    by_hash: HybridRetriever, question: str, beginning: str
) -> None:
    assert first_admissible(by_hash, question).startswith(beginning)


@pytest.mark.models
def test_the_model_brings_the_right_sentence_first(by_model: HybridRetriever) -> None:
    check_first(by_model)


@pytest.mark.models
@pytest.mark.parametrize(("question", "beginning"), BY_WORDS)
def test_with_the_model_the_right_sentence_is_the_first_that_may_state_the_answer(
    by_model: HybridRetriever, question: str, beginning: str
) -> None:
    assert first_admissible(by_model, question).startswith(beginning)


@pytest.mark.models
@pytest.mark.parametrize(("question", "beginning"), BY_SENSE)
def test_the_model_finds_what_is_asked_in_other_words(
    by_model: HybridRetriever, question: str, beginning: str
) -> None:
    assert rank_of(by_model, question, beginning) <= 3


@pytest.mark.models
@pytest.mark.parametrize(
    "question",
    [
        "How many wolves live in the national park?",
        "What is the unemployment rate in the capital?",
        "How many satellites did the company launch?",
        "Who composed the opera?",
        "?!…",
    ],
)
def test_what_no_article_tells_has_no_sentence_that_may_state_it(
    by_model: HybridRetriever, question: str
) -> None:
    assert admissible(question, by_model.retrieve(question, NO_FILTERS).evidence) == ()


@pytest.mark.models
def test_any_text_can_be_asked_of_the_model(by_model: HybridRetriever) -> None:
    for question in ("", "?!", "\x00", "\ud800", "ferry " * 2000):
        assert len(by_model.retrieve(question, NO_FILTERS).evidence) <= 8 + MOST_FOLLOWED
