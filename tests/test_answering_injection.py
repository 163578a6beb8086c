"""Twenty kinds of planted instructions change no answer: it stays, or there is none."""

from __future__ import annotations

import doctest
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from answering_samples import ask, believing
from ingestion_desk import Observer
from news_samples import retriever_over
from planted import LIE, PLACES, PLANTS, QUESTION, TRUE, write_articles

import rag.instructions
from rag.chunking import PassageChunker
from rag.fakes import HashEmbedder
from rag.generation import LlamaGenerator, LlamaWeights
from rag.ingestion import Ingestor
from rag.instructions import instructs
from rag.library import Library
from rag.prompts import NOT_STATED
from rag.protocols import Embedder, Generator
from rag.retrieval import HybridRetriever
from rag.schema import Message, Status

Obeys = Callable[[Sequence[Message]], str]
ANSWER = f"48,200: “{TRUE}” [1]"


def obeys_what_it_reads(messages: Sequence[Message]) -> str:
    """A model that copies, and does as it is told where it is told."""
    text = messages[-1].content
    return LIE if LIE in text else "48,200" if "48,200" in text else NOT_STATED


def obeys_always(_messages: Sequence[Message]) -> str:
    return LIE


def obeys_in_a_sentence(_messages: Sequence[Message]) -> str:
    return f"The island ferry carried {LIE} passengers in July."


@contextmanager
def retriever(folder: Path, embedder: Embedder | None = None) -> Iterator[HybridRetriever]:
    """Over the articles of a folder, read as a person's files are."""
    embedder = embedder or HashEmbedder(256)
    chunker = PassageChunker(lambda text: len(text.split()), 200)
    with Library.open(folder.with_name("library"), create=True, writable=True) as library:
        ingestor = Ingestor(library, chunker, embedder.name, lambda _: embedder, recipe="words")
        report = ingestor.index(
            [str(folder)], observer=Observer(), stdin=b"", prune=False, stop=lambda: False
        )
        assert len(report.added) == 2
        yield retriever_over(library, embedder)


def test_twenty_kinds_are_tried() -> None:
    assert len(set(PLANTS.values())) >= 20


def test_without_a_plant_the_article_is_quoted(tmp_path: Path) -> None:
    write_articles(tmp_path / "news")
    with retriever(tmp_path / "news") as clean:
        answer = ask(clean, believing(obeys_what_it_reads), question=QUESTION)
    assert (answer.status, answer.text) == (Status.ANSWERED, ANSWER)


# Without its markers one of its sentences is a statement: "Passengers in July were 99,999."
@pytest.mark.parametrize("kind", PLANTS)
def test_a_plant_changes_no_answer_though_the_model_obeys(tmp_path: Path, kind: str) -> None:
    for place in PLACES:
        folder = tmp_path / place / "news"
        folder.parent.mkdir()
        write_articles(folder, PLANTS[kind], place)
        with retriever(folder) as found:
            for obeys in (obeys_what_it_reads, obeys_always, obeys_in_a_sentence):
                answer = ask(found, believing(obeys), question=QUESTION)
                assert LIE not in answer.text, (place, obeys.__name__)
                assert answer.status is Status.ABSTAINED or answer.text == ANSWER


@pytest.mark.parametrize("kind", PLANTS)
def test_a_plant_in_the_text_takes_no_answer_from_a_model_that_copies(
    tmp_path: Path, kind: str
) -> None:
    write_articles(tmp_path / "news", PLANTS[kind], "after")
    with retriever(tmp_path / "news") as found:
        answer = ask(found, believing(lambda _: "48,200"), question=QUESTION)
    assert answer.text == ANSWER


# --- a lie in plain words ------------------------------------------------------------------

PLAIN_LIE = TRUE.replace("48,200", LIE)


@pytest.mark.parametrize("place", ["before", "after", "beside"])
@pytest.mark.parametrize("obeys", [obeys_what_it_reads, obeys_always, lambda _: "48,200"])
def test_an_article_that_contradicts_itself_is_shown_as_such(
    tmp_path: Path, place: str, obeys: Obeys
) -> None:
    write_articles(tmp_path / "news", PLAIN_LIE, place)
    with retriever(tmp_path / "news") as found:
        answer = ask(found, believing(obeys), question=QUESTION)
    assert answer.status is Status.CONFLICT
    assert {c.quote for c in answer.citations} == {TRUE, PLAIN_LIE}
    assert "They contradict each other." in answer.text


def test_what_one_article_alone_says_in_plain_words_is_quoted_with_it(tmp_path: Path) -> None:
    write_articles(tmp_path / "news")
    article = tmp_path / "news" / "ferry.md"
    article.write_text(article.read_text().replace(TRUE, PLAIN_LIE))
    with retriever(tmp_path / "news") as found:
        answer = ask(found, believing(obeys_always), question=QUESTION)
    assert answer.status is Status.ANSWERED
    assert [c.quote for c in answer.citations] == [PLAIN_LIE]
    assert answer.citations[0].document.publisher == "Coast Courier"


@pytest.mark.parametrize(
    "sentence",
    [
        TRUE,
        PLAIN_LIE,
        "They answer 4,000 calls a day.",
        "Volunteers listen and answer 4,000 calls, the charity said.",
        "When asked how many would stay, 40% said yes.",
        "The answer came in 1996, when 12 members voted.",
        "He told them to ignore the noise: 300 people came.",
        "Sales rose 4% [1], the company said “in all shops” [2].",
        "Prices: 4 < 5 and 6 > 3.",
        "The system: 400 km of pipes.",
        "Question time lasted 40 minutes.",
        "Read the rules: 4 players a side, 2 substitutes.",
    ],
)
def test_what_articles_state_is_no_instruction(sentence: str) -> None:
    assert not instructs(sentence)


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(rag.instructions).failed == 0


# --- real models ---------------------------------------------------------------------------

ROTATED = [(kind, PLACES[n % len(PLACES)]) for n, kind in enumerate(PLANTS)]


def ask_planted(
    folder: Path,
    plant: tuple[str, str],
    model: Generator,
    embedder: Embedder,
    figure_reader: Generator | None = None,
) -> None:
    kind, place = plant
    write_articles(folder, PLANTS[kind][:1500], place)
    with retriever(folder, embedder) as found:
        answer = ask(found, model, question=QUESTION, figure_reader=figure_reader)
    assert LIE not in answer.text
    assert answer.status is Status.ABSTAINED or answer.text == ANSWER


@pytest.fixture(scope="module")
def small_model(small_gguf: Path) -> Iterator[Generator]:
    with closing(
        LlamaGenerator(LlamaWeights(small_gguf), name="small", context_tokens=4096, threads=1)
    ) as model:
        yield model


@pytest.mark.models
@pytest.mark.parametrize("plant", ROTATED)
def test_a_plant_changes_no_answer_of_a_small_model(
    tmp_path: Path, small_model: Generator, plant: tuple[str, str]
) -> None:
    ask_planted(tmp_path / "news", plant, small_model, HashEmbedder(256))


@pytest.mark.default_model
@pytest.mark.parametrize("plant", ROTATED)
def test_a_plant_changes_no_answer_of_the_default_model(
    tmp_path: Path,
    default_parts: tuple[Generator, Embedder, Generator],
    plant: tuple[str, str],
) -> None:
    ask_planted(tmp_path / "news", plant, *default_parts)
