"""Vectors in the tables, and the FAISS index that is made from them."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, another_process, article, embed, vectors_of

from rag.errors import LibraryError, LibraryFormatError
from rag.library import DATABASE_NAME, EmbedderStats, Library, open_vectors
from rag.vector_store import INDEX_NAME, MANIFEST_NAME, Refused


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, create=True, writable=True) as library:
        yield library
        assert library.check() == ()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of one article with vectors and their index."""
    folder = tmp_path / "library"
    with Library.open(folder, create=True, writable=True) as library:
        library.replace_document(*RAIN)
        embed(library)
        open_vectors(library, "mini", 4)
    return folder


# --- in the tables ---


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


# --- the FAISS file ---

_COMMITS_AND_DIES = """
import os, signal, sys
from pathlib import Path
import rag.library.vectors
from library_samples import article, vectors_of
from rag.library import Library, open_vectors

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

rag.library.vectors.save_index = die
with Library.open(Path(sys.argv[1]), writable=True) as library:
    library.replace_document(*article("/news/snow.txt", ["Snow fell."], title="Snow"))
    pending = library.passages_without_vectors("mini", 9)
    vectors = vectors_of([p.text for p in pending])
    library.store_vectors("mini", [p.sha256 for p in pending], vectors)
    print("ready", flush=True)
    open_vectors(library, "mini", 4)
"""


def rebuilt(folder: Path) -> list[Refused]:
    """Open the vectors, hold them to the tables, and tell why they were made again."""
    why: list[Refused] = []
    with Library.open(folder) as library:
        store = open_vectors(library, "mini", 4, on_rebuild=why.append)
        keys, _ = library.vector_rows("mini")
        texts = [
            f"{p.header}\n{library.document(p.document_id).text[p.span.start : p.span.end]}"
            for p in library.passages(keys).values()
        ]
        assert len(store) == len(keys) == library.stats().passages
        for key, vector in zip(keys, vectors_of(texts), strict=True):
            assert store.search(vector, 1)[0].id == key
    return why


def test_an_index_that_is_right_is_not_made_again(folder: Path) -> None:
    assert rebuilt(folder) == []


def test_every_change_makes_the_index_stale(folder: Path) -> None:
    stale = Refused("the library has changed since it was saved")
    with Library.open(folder, writable=True) as library:
        library.replace_document(*SNOW)
        assert rebuilt_in(library) == [stale]
        assert rebuilt_in(library) == []
        embed(library)
        assert rebuilt_in(library) == [stale]
        library.remove(["snow"])
        assert rebuilt_in(library) == [stale]
    assert rebuilt(folder) == []


def rebuilt_in(library: Library) -> list[Refused]:
    why: list[Refused] = []
    open_vectors(library, "mini", 4, on_rebuild=why.append)
    return why


def test_a_writer_killed_between_commit_and_save_costs_a_rebuild(folder: Path) -> None:
    with another_process(_COMMITS_AND_DIES, folder) as writer:
        assert writer.wait(30) == -signal.SIGKILL
    assert rebuilt(folder) == [Refused("the library has changed since it was saved")]
    assert rebuilt(folder) == []


def test_a_library_that_was_deleted_and_made_anew_does_not_take_the_old_index(
    folder: Path,
) -> None:
    (folder / DATABASE_NAME).unlink()
    with Library.open(folder, create=True, writable=True) as library:
        # As many changes as before.
        library.replace_document(*SNOW)
        embed(library)
    assert rebuilt(folder) == [Refused("the library has changed since it was saved")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-2],
        lambda data: b"",
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
    ],
    ids=["cut", "emptied", "one bit"],
)
@pytest.mark.parametrize("name", [INDEX_NAME, MANIFEST_NAME])
def test_a_damaged_index_is_made_again(
    folder: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    path = folder / name
    path.write_bytes(spoil(path.read_bytes()))
    why = rebuilt(folder)
    assert len(why) == 1
    assert why[0].damaged or name == MANIFEST_NAME
    assert rebuilt(folder) == []


@pytest.mark.parametrize("name", [INDEX_NAME, MANIFEST_NAME])
def test_a_missing_index_is_made_again(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert rebuilt(folder) == [Refused("there was none")]
    assert rebuilt(folder) == []


def test_an_index_that_cannot_be_read_is_made_in_memory(folder: Path) -> None:
    (folder / INDEX_NAME).unlink()
    (folder / INDEX_NAME).mkdir()
    assert [why.damaged for why in rebuilt(folder)] == [True]
    assert [why.damaged for why in rebuilt(folder)] == [True]


def test_a_change_during_a_rebuild_is_in_the_index_and_its_stamp(folder: Path) -> None:
    (folder / INDEX_NAME).unlink()

    def change(_: Refused) -> None:
        with Library.open(folder, writable=True) as writer:
            writer.replace_document(*SNOW)
            embed(writer)

    with Library.open(folder) as library:
        assert len(open_vectors(library, "mini", 4, on_rebuild=change)) == 3
    assert rebuilt(folder) == []


def test_an_empty_library_has_an_empty_store(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        assert len(open_vectors(library, "mini", 4)) == 0


@pytest.mark.parametrize("blob", [b"\x00" * 12, b"\xff" * 16])
def test_damaged_vectors_in_the_tables_are_explained(folder: Path, blob: bytes) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)) as raw:
        raw.execute("UPDATE vector SET vector = ?", (blob,))
        raw.execute("UPDATE meta SET value = '9-other'")
    with Library.open(folder) as library, pytest.raises(LibraryFormatError, match="damaged"):
        open_vectors(library, "mini", 4)
