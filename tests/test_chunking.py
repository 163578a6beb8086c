from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from contracts.chunker_contract import ChunkerContract, check_cut, document, documents
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.chunking import CountTokens, PassageChunker
from rag.embedding import WordPieces
from rag.library import embedded_text
from rag.protocols import Chunker
from rag.schema import Document, Span

RAIN = "Rain fell on the town. The river rose by four metres. Nobody was hurt."
LONG = "The river" + " rose over the bridge and the river" * 40 + " fell."


def count_words(text: str) -> int:
    return len(text.split()) + 2


def count_letters(text: str) -> int:
    """As a tokenizer of single bytes does, for which the parts never have more than the whole."""
    return len(text.encode(errors="replace")) + 2


def count_odd_runs(text: str) -> int:
    """Whole words of an even length are one token, all others fall to letters."""
    return 2 + sum(1 if len(word) % 2 == 0 else len(word) for word in re.findall(r"\S+", text))


def embedded(whole: Document, header: str, span: Span) -> str:
    return embedded_text(header, whole.text[span.start : span.end])


def check_room(whole: Document, count: CountTokens, max_tokens: int) -> None:
    _, passages = PassageChunker(count, max_tokens).split(whole)
    for passage in passages:
        assert passage.n_tokens == count(embedded(whole, passage.header, passage.span))
        assert passage.n_tokens <= max_tokens


class TestPassageChunker(ChunkerContract):
    @pytest.fixture
    def chunker(self) -> Chunker:
        return PassageChunker(count_words, 24)


@pytest.mark.parametrize("count", [count_words, count_letters, count_odd_runs])
@settings(max_examples=100, deadline=None)
@given(whole=documents(), max_tokens=st.integers(16, 200))
@example(whole=document("ab" * 999), max_tokens=16)
@example(whole=document("a" * 1001 + " b" * 1001, title="odd " * 50), max_tokens=17)
def test_no_passage_is_longer_than_the_embedder_reads(
    count: CountTokens, whole: Document, max_tokens: int
) -> None:
    check_room(whole, count, max_tokens)


@pytest.fixture(scope="session")
def word_pieces(embedder_folder: Path) -> WordPieces:
    return WordPieces(embedder_folder)


@pytest.mark.models
def test_no_passage_is_longer_than_the_real_embedder_reads(word_pieces: WordPieces) -> None:
    @settings(max_examples=150, deadline=None)
    @given(whole=documents(), max_tokens=st.sampled_from([16, 48, 192, 256]))
    @example(whole=document("iloroloire" * 400), max_tokens=16)
    @example(whole=document("한국어의 단어는 길다" * 60, title="한국어" * 50), max_tokens=48)
    def check(whole: Document, max_tokens: int) -> None:
        check_room(whole, word_pieces.count, max_tokens)
        check_cut(whole, PassageChunker(word_pieces.count, max_tokens).split(whole))

    check()


@pytest.mark.models
def test_word_pieces_of_the_parts_may_be_fewer_than_of_the_whole(word_pieces: WordPieces) -> None:
    """Why passages are counted whole."""
    whole, *parts = (word_pieces.count(text) - 2 for text in ("odune", "o", "dune"))
    assert whole > sum(parts)


# --- packing -------------------------------------------------------------------------------


def texts(whole: Document, max_tokens: int) -> list[str]:
    _, passages = PassageChunker(count_words, max_tokens).split(whole)
    return [whole.text[p.span.start : p.span.end] for p in passages]


@pytest.mark.parametrize(
    ("max_tokens", "expected"),
    [
        (99, [RAIN]),
        (16, [RAIN]),
        (15, [RAIN[:53], RAIN[54:]]),
        (12, [RAIN[:22], RAIN[23:]]),
        (9, [RAIN[:22], RAIN[23:53], RAIN[54:]]),
    ],
)
def test_a_passage_holds_as_many_sentences_as_fit(max_tokens: int, expected: list[str]) -> None:
    assert texts(document(RAIN), max_tokens) == expected


def test_a_passage_reaches_over_paragraphs() -> None:
    assert texts(document("Rain\n\nRain fell.\nIt rose."), 99) == ["Rain\n\nRain fell.\nIt rose."]


def test_a_sentence_that_is_too_long_is_spread_over_passages_at_spaces() -> None:
    whole = document(f"Rain fell. {LONG} It was dry.")
    sentences, passages = PassageChunker(count_words, 34).split(whole)
    assert [s.text for s in sentences] == ["Rain fell.", LONG, "It was dry."]
    pieces = texts(whole, 34)
    assert " ".join(pieces).split() == whole.text.split()
    assert len(pieces) > 7
    assert all(passage.first_sentence <= 1 <= passage.last_sentence for passage in passages)
    # What is left of it goes with its neighbour where both fit.
    assert pieces[-1].endswith("the river fell. It was dry.")


def test_a_word_that_is_too_long_is_cut_anywhere() -> None:
    whole = document("9" * 100)
    _, passages = PassageChunker(count_letters, 20).split(whole)
    assert "".join(whole.text[p.span.start : p.span.end] for p in passages) == whole.text
    assert max(len(p.span) for p in passages) <= 18


# --- boilerplate ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ((), [False, False, False]),
        ((Span(0, 22),), [True, False, False]),
        ((Span(23, 53),), [False, True, False]),
        ((Span(21, 24),), [True, True, False]),
        ((Span(22, 23),), [False, False, False]),
        ((Span(0, 5), Span(54, 60)), [True, False, True]),
        ((Span(0, 1), Span(1, 2), Span(2, 30)), [True, True, False]),
        ((Span(0, len(RAIN)),), [True, True, True]),
    ],
)
def test_a_sentence_that_touches_boilerplate_is_some(
    marked: tuple[Span, ...], expected: list[bool]
) -> None:
    sentences, _ = PassageChunker(count_words, 99).split(document(RAIN, boilerplate=marked))
    assert [sentence.boilerplate for sentence in sentences] == expected


# --- header --------------------------------------------------------------------------------


def header(count: CountTokens = count_words, max_tokens: int = 192, **info: object) -> str:
    build: Callable[..., Document] = document
    _, passages = PassageChunker(count, max_tokens).split(build(RAIN, **info))
    return passages[0].header


def test_a_header_has_what_is_known_of_title_and_date() -> None:
    day = date(2024, 7, 4)
    assert header(title="Rain at last", published=day) == "Rain at last · July 4, 2024"
    assert header(title="Rain at last") == "Rain at last"
    assert header(published=day) == "July 4, 2024"
    assert header() == ""


def test_a_long_title_is_cut_between_words() -> None:
    title = "Rain fell on the town " * 20
    kept = header(title=title)
    assert title.startswith(f"{kept} ")
    assert 140 <= len(kept) <= 150
    assert header(title=title, published=date(2024, 7, 4)) == f"{kept} · July 4, 2024"
    assert header(title="x" * 400) == "x" * 150


def test_a_header_takes_half_of_the_room_at_most() -> None:
    title = " ".join(f"w{n}" for n in range(30))
    day = date(2024, 7, 4)
    assert header(max_tokens=24, title=title, published=day) == "w0 w1 w2 w3 w4 w5 · July 4, 2024"
    assert header(max_tokens=12, title=title, published=day) == "July 4, 2024"[:12]
    assert header(max_tokens=8, title=title, published=day) == ""
    assert header(count_letters, 32, title="단어" * 40) == "단어"


def test_a_title_longer_than_the_room_leaves_room_for_the_text() -> None:
    whole = document(RAIN * 10, title="flood " * 25)
    _, passages = PassageChunker(count_words, 16).split(whole)
    assert passages[0].header == "flood " * 5 + "flood"
    check_room(whole, count_words, 16)


def test_header_and_text_are_counted_as_they_are_embedded() -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return count_words(text)

    whole = document(RAIN, title="Rain")
    _, passages = PassageChunker(count, 99).split(whole)
    assert embedded(whole, passages[0].header, passages[0].span) == "Rain\n" + RAIN
    assert "Rain\n" + RAIN in counted
