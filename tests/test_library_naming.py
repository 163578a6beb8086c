"""What a person calls a document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, article

from rag.errors import UnknownDocumentError
from rag.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, create=True, writable=True) as library:
        yield library
        assert library.check() == ()


@pytest.fixture
def named(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    library.replace_document(*RAIN)
    library.replace_document(*SNOW)
    library.replace_document(*article("/news/rainbow.txt", ["Colours."], title="Rainbow"))
    library.replace_document(*article("/else/snow-2.txt", ["More."], title="Snow, too"))
    monkeypatch.chdir("/")
    return library


@pytest.mark.parametrize(
    ("name", "document_id"),
    [
        ("rain", "rain"),
        ("rainb", "rainbow"),
        ("snow-", "snow-2"),
        ("/news/snow.txt", "snow"),
        ("news/snow.txt", "snow"),
        ("./news/../news/snow.txt", "snow"),
        ("rain at LAST", "rain"),
    ],
)
def test_a_document_is_found_by_what_a_person_calls_it(
    named: Library, name: str, document_id: str
) -> None:
    assert named.resolve(name).id == document_id
    assert named.document(name).info.id == document_id


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("Snow, too", "can mean 2", "snow-2 (Snow, too), snow (Snow, too)"),
        ("rian", "no document 'rian'", "Did you mean rain (Rain at last)"),
        ("snow.tx", "no document", "snow (Snow, too)"),
        ("zzzz", "no document", "It holds snow-2 (Snow, too), rain (Rain at last), rainbow"),
        ("", "no document", "and 1 more"),
        ("\0", "no document", "It holds"),
        ("x" * 5000, "no document", "It holds"),
    ],
)
def test_an_unknown_name_comes_with_the_nearest(
    named: Library, name: str, message: str, hint: str
) -> None:
    with pytest.raises(UnknownDocumentError, match=message) as caught:
        named.document(name)
    assert hint in caught.value.hint


def test_in_an_empty_library_the_hint_is_to_index(library: Library) -> None:
    with pytest.raises(UnknownDocumentError) as caught:
        library.resolve("x")
    assert "rag index PATH" in caught.value.hint


def test_many_meanings_are_cut_short(library: Library) -> None:
    for n in range(5):
        library.replace_document(*article(f"/a/x{n}", ["Text."]))
    with pytest.raises(UnknownDocumentError) as caught:
        library.resolve("x")
    assert caught.value.hint == "Choose one: x0, x1, x2 and 2 more"
