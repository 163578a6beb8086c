from __future__ import annotations

import doctest
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from contracts.lexical_index_contract import LexicalIndexContract, Made, Maker
from library_samples import Cut, article

import rag.lexical_index
from rag.errors import LibraryError
from rag.lexical_index import Fts5LexicalIndex, match_expression
from rag.library import Library
from rag.schema import Filters


class TestFts5LexicalIndex(LexicalIndexContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Iterator[Maker]:
        with ExitStack() as stack:

            def make(articles: Sequence[Cut]) -> Made:
                library = stack.enter_context(Library.open(tmp_path, create=True, writable=True))
                for document, sentences, passages in articles:
                    library.replace_document(document, sentences, passages)
                text_of = lambda key: library.sentences([key])[key].sentence.text  # noqa: E731
                return Fts5LexicalIndex(library.connection), text_of

            yield make


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(rag.lexical_index).failed == 0


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("", ""),
        ("?!_", ""),
        ("Was it in May?", '"May"'),
        ("the US and the WHO", '"US" OR "WHO"'),
        ("what IT costs", '"IT" OR "costs"'),
        ("Wheat wheat WHEAT", '"WHEAT"'),
        ("the farmer's well-known plan", '"farmer" OR "well" OR "known" OR "plan"'),
        ("10-year", '"10" OR "year"'),
        ("$4.5bn", '"4.5bn"'),
        ("1,234,567", '"1,234,567" OR "1234567"'),
        ("1234567", '"1234567" OR "1,234,567"'),
        ("0042", '"0042"'),
        ("F-16", '"F-16" OR "F"'),
        ("2023-24", '"2023-24" OR "2023"'),
        ("Nigerian ports", '"Nigerian" OR "Nigeria" OR "ports"'),
        ("Nigerians in Ghana", '"Nigerians" OR "Nigeria" OR "Ghana" OR "Ghanan"'),
        ("ports of Nigeria", '"ports" OR "Nigeria" OR "Nigerian"'),
        ("the nigerian plan", '"nigerian" OR "plan"'),
        ("Kim and Ian", '"Kim" OR "Ian"'),
        ('a "quoted" word', '"quoted" OR "word"'),
    ],
)
def test_query_words(text: str, expression: str) -> None:
    assert match_expression(text) == expression


def test_a_pasted_article_is_cut_to_a_query_that_answers_at_once() -> None:
    expression = match_expression(" ".join(f"word{n}" for n in range(5000)))
    assert expression.count(" OR ") == 63


def test_quotes_cannot_leave_the_quotes(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True, writable=True) as library:
        library.replace_document(*article("/a", ["Say cheese.", "Say it."], title="Title word"))
        index = Fts5LexicalIndex(library.connection)
        assert index.search('x" OR "cheese', 5, Filters()) == index.search("x cheese", 5, Filters())
        assert len(index.search("say NOT cheese", 5, Filters())) == 2


def test_a_place_and_its_people_find_each_other(tmp_path: Path) -> None:
    said = ["Ports in Nigeria were full.", "Nigerian cocoa sold well.", "Ghana sold gold."]
    with Library.open(tmp_path, create=True, writable=True) as library:
        library.replace_document(*article("/a", said))
        index = Fts5LexicalIndex(library.connection)
        for name in ("Nigeria", "Nigerian", "Nigerians"):
            keys = [hit.id for hit in index.search(name, 5, Filters())]
            found = {s.sentence.text for s in library.sentences(keys).values()}
            assert found == set(said[:2]), name


def test_a_removed_or_replaced_sentence_is_not_found(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True, writable=True) as library:
        index = Fts5LexicalIndex(library.connection)
        library.replace_document(*article("/a", ["Old barley.", "Rye stays."]))
        library.replace_document(*article("/b", ["Old oats."]))
        library.replace_document(*article("/a", ["New barley.", "Rye stays."]))
        library.remove(["/b"])
        assert index.search("old", 5, Filters()) == []
        assert index.search("oats", 5, Filters()) == []
        keys = [hit.id for hit in index.search("new rye", 5, Filters())]
        assert [s.sentence.text for s in library.sentences(keys).values()] == [
            "New barley.",
            "Rye stays.",
        ]


def test_a_broken_index_is_explained(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True, writable=True) as library:
        library.replace_document(*article("/a", ["Old barley."]))
    with sqlite3.connect(tmp_path / "citeline.sqlite3") as raw:
        raw.execute("UPDATE sentence_fts_data SET block = x'00' WHERE id > 10")
    raw.close()
    with Library.open(tmp_path) as library, pytest.raises(LibraryError, match="damaged"):
        Fts5LexicalIndex(library.connection).search("barley", 5, Filters())
