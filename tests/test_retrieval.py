from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from contracts.retriever_contract import Maker, RetrieverContract
from library_samples import Cut, article
from news_samples import NEWS, fill, indexed, retriever_over

import rag.retrieval
from rag.embedding import NumpyEmbedder
from rag.fakes import HashEmbedder
from rag.library import Library
from rag.protocols import Embedder, Retriever, Vectors
from rag.retrieval import HybridRetriever
from rag.schema import Evidence, Filters

NO_FILTERS = Filters()
FERRY = "How many passengers did the island ferry carry in July?"
GOALS = "How many goals did Mira Dahl score?"


class TestHybridRetriever(RetrieverContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Iterator[Maker]:
        with ExitStack() as stack:

            def make(articles: Sequence[Cut]) -> Retriever:
                return stack.enter_context(indexed(tmp_path, articles, HashEmbedder()))

            yield make


@pytest.fixture(scope="module")
def by_hash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HybridRetriever]:
    with indexed(tmp_path_factory.mktemp("hash"), NEWS, HashEmbedder()) as retriever:
        yield retriever


# --- copies --------------------------------------------------------------------------------


def test_a_story_in_two_outlets_is_one_source(tmp_path: Path) -> None:
    story = [f"The ferry to Holm carried {n} passengers on day {n} of July." for n in range(11, 19)]
    wire = article("/wire.txt", story, publisher="Wire")
    daily = article("/daily.txt", ["A ferry's month", *story], publisher="Daily")
    other = article("/other.txt", ["Another ferry carried 15 passengers on day 15 of July."])
    with indexed(tmp_path, [wire, daily, other], HashEmbedder()) as retriever:
        found = retriever.retrieve("How many passengers did the ferry carry on day 15?", NO_FILTERS)
    texts = [evidence.sentence.text for evidence in found.evidence]
    assert len(set(texts)) == len(texts)
    told = {
        e.sentence.text: {e.document.publisher, *(c.publisher for c in e.also_in)}
        for e in found.evidence
    }
    assert told[story[4]] == {"Wire", "Daily"}
    assert told["Another ferry carried 15 passengers on day 15 of July."] == {None}


# --- order ---------------------------------------------------------------------------------


TWINS = [
    article(f"/wire/{n}.txt", ["A rare white heron was seen.", f"It is number {n}.", *extra])
    for n, extra in enumerate([[], ["Herons fly far."], ["White is rare among herons."]])
]


def _check_any_order(folder: Path, embedder: Embedder) -> None:
    """Every order of questions gives each the same sentences, whatever was embedded before."""
    questions = [
        FERRY,
        "How many tonnes of cherries?",
        "How long is it?",
        "Was a white heron seen?",
    ]
    with indexed(folder, [NEWS[0], *TWINS], embedder) as retriever:
        expected = {q: retriever.retrieve(q, NO_FILTERS).evidence for q in questions}
        for seed in range(2):
            fresh = retriever_over(retriever._library, embedder)
            random.Random(seed).shuffle(questions)  # noqa: S311 - an order, no secret
            for question in questions * 2:
                found = fresh.retrieve(question, NO_FILTERS).evidence
                assert places(found) == places(expected[question])
                assert [e.similarity for e in found] == pytest.approx(
                    [e.similarity for e in expected[question]], abs=1e-5
                )


def places(found: Sequence[Evidence]) -> list[tuple[str, int, float]]:
    return [(e.document.id, e.sentence.position, e.score) for e in found]


def test_results_do_not_depend_on_earlier_questions(tmp_path: Path) -> None:
    _check_any_order(tmp_path, HashEmbedder())


@pytest.mark.models
def test_results_of_the_model_do_not_depend_on_earlier_questions(
    tmp_path: Path, embedder_folder: Path
) -> None:
    _check_any_order(tmp_path, NumpyEmbedder(embedder_folder, name="mini"))


def test_sentences_are_embedded_once_and_forgotten_when_there_are_too_many(
    by_hash: HybridRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[int] = []

    class Counting(HashEmbedder):
        def embed_documents(self, texts: Sequence[str]) -> Vectors:
            embedded.append(len(texts))
            return super().embed_documents(texts)

    monkeypatch.setattr(rag.retrieval, "_CACHED_VECTORS", 40)
    retriever = retriever_over(by_hash._library, Counting())
    question, other = FERRY, GOALS
    expected = retriever.retrieve(question, NO_FILTERS).evidence
    n_queries = len(embedded)
    assert max(embedded) <= rag.retrieval._POOL
    retriever.retrieve(question, NO_FILTERS)
    assert embedded[n_queries:] == [1]  # the question itself
    retriever.retrieve(other, NO_FILTERS)
    assert retriever.retrieve(question, NO_FILTERS).evidence == expected
    assert len(retriever._sentence_vectors) <= 40


# --- what comes with a sentence ------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "sentence", "lead"),
    [
        ("What did the footbridge cost?", "It cost $3.2 million", "The new footbridge over"),
        ("How much more than in the year before?", "That was 6% more", "The island ferry"),
        ("What do they pick in a usual year?", "In a usual year they", None),
        ("How long is the bridge?", "The bridge is 140 metres", None),
        ("Who was confirmed in office?", "Mayor Petra Lindqvist", None),
    ],
)
def test_a_sentence_that_leans_on_the_one_before_brings_it_along(
    by_hash: HybridRetriever, question: str, sentence: str, lead: str | None
) -> None:
    found = by_hash.retrieve(question, NO_FILTERS).evidence
    (wanted,) = [e for e in found if e.sentence.text.startswith(sentence)]
    if lead is None:
        assert wanted.lead is None
    else:
        assert wanted.lead is not None
        assert wanted.lead.text.startswith(lead)
        assert wanted.lead.position == wanted.sentence.position - 1
        assert wanted.lead.document_id == wanted.document.id


def test_the_first_sentence_of_an_article_leans_on_none(tmp_path: Path) -> None:
    articles = [article("/a.txt", ["It rained frogs."]), article("/b.txt", ["He saw frogs rain."])]
    with indexed(tmp_path, articles, HashEmbedder()) as retriever:
        found = retriever.retrieve("Did it rain frogs?", NO_FILTERS).evidence
        assert [e.lead for e in found] == [None, None]


def test_a_page_comes_with_the_sentence(tmp_path: Path) -> None:
    paged = article("/a.pdf", ["Frogs rained.", "Toads followed."], page_starts=(0, 14))
    with indexed(tmp_path, [paged], HashEmbedder()) as retriever:
        found = retriever.retrieve("Which toads followed?", NO_FILTERS).evidence
        assert {e.sentence.text: e.page for e in found} == {
            "Frogs rained.": 1,
            "Toads followed.": 2,
        }


def test_words_of_the_sentence_before_count_but_less(tmp_path: Path) -> None:
    articles = [
        article("/a.txt", ["A heron landed in the garden.", "It was 90 cm tall."]),
        article("/b.txt", ["A dog came.", "It was 90 cm tall."]),
        article("/c.txt", ["The heron of the garden was 90 cm tall."]),
    ]
    with indexed(tmp_path, articles, HashEmbedder()) as retriever:
        found = retriever.retrieve("How tall was the heron in the garden?", NO_FILTERS).evidence
    coverage = {(e.document.id, e.sentence.position): e.coverage for e in found}
    assert coverage["c", 0] == pytest.approx(1)
    assert coverage["b", 1] < coverage["a", 1] < coverage["c", 0]


# --- how much there is ---------------------------------------------------------------------


def test_what_has_no_vector_yet_is_found_by_its_words(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    with Library.open(tmp_path, create=True, writable=True) as library:
        fill(library, NEWS[:3], embedder)
        document, sentences, passages = NEWS[3]
        library.replace_document(document, sentences, passages)
        found = retriever_over(library, embedder).retrieve(GOALS, NO_FILTERS)
        assert found.embedded_share == pytest.approx(9 / 12)
        assert found.evidence[0].sentence.text.startswith("Mira Dahl")
        assert found.evidence[0].dense_rank is None
        assert found.evidence[0].lexical_rank == 1


@pytest.mark.parametrize("n_evidence", [1, 3])
def test_no_more_sentences_than_asked_for_and_those_behind_them(
    by_hash: HybridRetriever, n_evidence: int
) -> None:
    retriever = retriever_over(by_hash._library, HashEmbedder(), n_evidence=n_evidence)
    found = retriever.retrieve(FERRY, NO_FILTERS).evidence
    nearest, behind = found[:n_evidence], found[n_evidence:]
    assert found[0].sentence.text.startswith("The island ferry")
    assert all(e.dense_rank or e.lexical_rank for e in nearest)
    places = {(e.document.id, e.sentence.position + 1) for e in nearest}
    assert behind
    assert {(e.document.id, e.sentence.position) for e in behind} <= places


def test_the_sentence_behind_comes_once_and_only_from_the_same_article(tmp_path: Path) -> None:
    articles = [
        article("/a.txt", ["Of the frogs 62 percent stayed.", "Of the toads it was 31 percent."]),
        article("/b.txt", ["The frogs of Holm.", "It rained."]),
    ]
    with indexed(tmp_path, articles, HashEmbedder()) as retriever:
        one = retriever.wide(1).retrieve("What percent of the frogs stayed?", NO_FILTERS).evidence
        all_ = retriever.retrieve("What percent of the frogs stayed?", NO_FILTERS).evidence
    assert [(e.document.id, e.sentence.position) for e in one] == [("a", 0), ("a", 1)]
    assert len({(e.document.id, e.sentence.position) for e in all_}) == len(all_)


def test_ranks_tell_which_search_found_a_sentence(by_hash: HybridRetriever) -> None:
    found = by_hash.retrieve(FERRY, NO_FILTERS).evidence
    assert found[0].lexical_rank == 1
    assert found[0].dense_rank is not None
    assert all(e.dense_rank or e.lexical_rank for e in found)
