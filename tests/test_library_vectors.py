"""Vectors in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, article, embed, vectors_of

from rag.errors import LibraryError
from rag.library import EmbedderStats, Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, create=True, writable=True) as library:
        yield library
        assert library.check() == ()


def test_embedding_goes_on_where_it_stopped(library: Library) -> None:
    library.replace_document(*RAIN)
    library.replace_document(*SNOW)
    assert library.embedded_share("mini") == 0
    first = library.passages_without_vectors("mini", 1)
    assert [p.text for p in first] == ["Rain at last\nRain fell. It rained 12 mm."]
    assert embed(library, limit=1) == 1
    assert library.embedded_share("mini") == pytest.approx(1 / 3)
    assert embed(library) == 2
    assert library.passages_without_vectors("mini", 9) == []
    assert library.embedded_share("mini") == 1
    assert library.embedded_share("other") == 0


def test_an_edited_article_is_embedded_where_it_was_edited(library: Library) -> None:
    library.replace_document(*RAIN)
    embed(library)
    edited = article("/news/rain.txt", ["Rain fell.", "It rained 12 mm.", "Roads dried."], title="Rain at last")  # fmt: skip  # noqa: E501
    library.replace_document(*edited)
    assert [p.text for p in library.passages_without_vectors("mini", 9)] == [
        "Rain at last\nRoads dried."
    ]
    assert len(library.vector_rows("mini")[0]) == 1
    library.replace_document(*RAIN)
    # The vector of the text that was gone in between is not kept.
    assert [p.text for p in library.passages_without_vectors("mini", 9)] == [
        "Rain at last\nRoads flooded. Share this page."
    ]


def test_equal_passages_share_a_vector_until_the_last_is_gone(library: Library) -> None:
    for name in "ab":
        library.replace_document(*article(f"/{name}", ["Same text."]))
    assert embed(library) == 1
    assert len(library.vector_rows("mini")[0]) == 2
    library.remove(["a"])
    assert library.embedded_share("mini") == 1
    library.remove(["b"])
    library.replace_document(*article("/b", ["Same text."]))
    assert library.embedded_share("mini") == 0


def test_embedders_are_kept_apart_and_forgotten_on_request(library: Library) -> None:
    library.replace_document(*RAIN)
    embed(library, "mini")
    embed(library, "other", limit=1)
    assert library.stats().embedders == (EmbedderStats("mini", 4, 2), EmbedderStats("other", 4, 1))
    before = library.generation()
    library.forget_vectors("mini")
    assert library.stats().embedders == (EmbedderStats("mini", 4, 2),)
    assert library.generation() != before
    before = library.generation()
    library.forget_vectors("mini")
    assert library.generation() == before


def test_vectors_of_texts_that_are_gone_are_not_kept(library: Library) -> None:
    library.replace_document(*RAIN)
    pending = library.passages_without_vectors("mini", 9)
    library.replace_document(*article("/news/rain.txt", ["Dry."]))
    library.store_vectors("mini", [p.sha256 for p in pending], vectors_of(["a", "b"]))
    assert library.vector_rows("mini") == ([], [])


def test_a_name_with_two_dimensions_is_refused(library: Library) -> None:
    library.replace_document(*RAIN)
    embed(library)
    with pytest.raises(LibraryError, match="have 4 numbers, new ones have 5") as caught:
        library.store_vectors("mini", [b"x"], vectors_of(["x"], 5))
    assert "same name" in caught.value.hint
    assert library.stats().embedders == (EmbedderStats("mini", 4, 2),)


def test_vectors_that_are_none_are_refused(library: Library) -> None:
    library.replace_document(*RAIN)
    for bad in (vectors_of(["x"]) * float("nan"), vectors_of(["x", "y"]), vectors_of(["x"])[0]):
        with pytest.raises(ValueError, match="vectors"):
            library.store_vectors("mini", [b"x"], bad)
    assert library.stats().embedders == ()
