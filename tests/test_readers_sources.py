"""The source articles, where they are at hand: what each says about itself, and no more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.readers import discover, read_path
from rag.readers.metadata import Metadata
from rag.schema import Document
from rag.text import split_sentences


@pytest.fixture
def documents(source_seeds: Path) -> dict[str, Document]:
    found = [one for path in discover([str(source_seeds)]).files for one in read_path(path)]
    return {one.info.id[:3]: one for one in found if isinstance(one, Document)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("000", Metadata(published=date(2025, 1, 1))),
        ("001", Metadata()),
        ("002", Metadata(publisher="CNN", author="Sam Simpson", published=date(2024, 6, 21))),
        ("003", Metadata(title="42,000 migrants")),
        ("004", Metadata(title="The United States and Mexico")),
    ],
)
def test_metadata(documents: dict[str, Document], name: str, expected: Metadata) -> None:
    info = documents[name].info
    beginning = info.title and expected.title and info.title[: len(expected.title)]
    assert Metadata(beginning, info.publisher, info.author, info.published) == expected
    assert (info.title is None) == (expected.title is None)


@pytest.mark.parametrize(
    ("name", "n_marked"), [("000", 0), ("001", 0), ("002", 2), ("003", 5), ("004", 9)]
)
def test_boilerplate(documents: dict[str, Document], name: str, n_marked: int) -> None:
    assert len(documents[name].boilerplate) == n_marked


def test_no_sentence_begins_with_the_stamp(documents: dict[str, Document]) -> None:
    for document in documents.values():
        first = split_sentences(document.text)[0].span
        assert not document.text[first.start : first.end].lower().startswith("date")


@pytest.mark.parametrize(
    ("name", "n_sentences"), [("000", 24), ("001", 17), ("002", 13), ("003", 37), ("004", 28)]
)
def test_sentences(documents: dict[str, Document], name: str, n_sentences: int) -> None:
    assert len(split_sentences(documents[name].text)) == n_sentences
