"""The FAISS index of a library: it always holds what the tables hold."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from library_samples import RAIN, SNOW, another_process, article, embed, saved_library

from rag.errors import LibraryFormatError
from rag.library import DATABASE_NAME, Library, open_vectors, vectors
from rag.vector_store import INDEX_NAME, MANIFEST_NAME, Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved_library(tmp_path / "library")


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
    open_vectors(library, "mini", 4, save=True)
"""


def rebuilt(folder: Path) -> list[Refused]:
    """Open the vectors, hold them to the tables, and tell why they were made again."""
    with Library.open(folder) as library:
        return rebuilt_in(library)


def rebuilt_in(library: Library, *, save: bool = False) -> list[Refused]:
    why: list[Refused] = []
    store = open_vectors(library, "mini", 4, on_rebuild=why.append, save=save)
    keys, blobs = library.vector_rows("mini")
    assert len(store) == len(keys)
    for key, blob in zip(keys, blobs, strict=True):
        (hit,) = store.search(np.frombuffer(blob, "<f4"), 1, [key])
        assert hit.id == key
        assert hit.score == pytest.approx(1)
    return why


def saved_at(folder: Path) -> str:
    """The library's generation when the index was saved."""
    return str(json.loads((folder / MANIFEST_NAME).read_text())["generation"])


def test_an_index_that_is_right_is_not_made_again(folder: Path) -> None:
    assert rebuilt(folder) == []


def test_every_change_is_in_the_index_that_is_opened_next(folder: Path) -> None:
    edited = article("/news/rain.txt", ["Rain fell.", "It rained 12 mm.", "Roads dried."], title="Rain at last")  # fmt: skip  # noqa: E501
    with Library.open(folder, writable=True) as library:
        changes: list[Callable[[], object]] = [
            lambda: library.replace_document(*SNOW),
            lambda: embed(library),
            lambda: library.replace_document(*edited),
            lambda: embed(library),
            lambda: library.remove(["snow"]),
            lambda: library.forget_vectors("other"),
        ]
        for change in changes:
            change()
            assert rebuilt_in(library) == []
            assert rebuilt_in(library) == []


def read_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Tells how many vectors were read from the tables, opening by opening."""
    counts: list[int] = []
    really = vectors._vectors

    def counted(connection: Any, embedder: str, keys: Any, dimension: int) -> Any:
        counts.append(len(keys))
        return really(connection, embedder, keys, dimension)

    monkeypatch.setattr(vectors, "_vectors", counted)
    return counts


def test_only_vectors_that_are_new_are_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = read_again(monkeypatch)
    with Library.open(folder, writable=True) as library:
        library.replace_document(*SNOW)
        embed(library)
        assert rebuilt_in(library) == []
        library.remove(["rain"])
        library.replace_document(*RAIN)
        embed(library)
        assert rebuilt_in(library) == []
    assert counts == [1, 3]


def test_an_index_of_which_most_is_gone_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(folder, writable=True) as library:
        for number in range(20):
            library.replace_document(*article(f"/{number}", [f"It rained {number} mm."]))
        embed(library)
        lists = open_vectors(library, "mini", 4, exact_up_to=10)
        assert not lists.exact
        library.remove([str(number) for number in range(8)])
        assert not open_vectors(library, "mini", 4, exact_up_to=10).exact
        library.remove([str(number) for number in range(8, 16)])
        assert open_vectors(library, "mini", 4, exact_up_to=10).exact
        assert rebuilt_in(library) == []


@pytest.fixture
def hundred(tmp_path: Path) -> Iterator[Library]:
    """A library of a hundred passages with their index."""
    with Library.open(tmp_path, create=True, writable=True) as library:
        for number in range(100):
            library.replace_document(*article(f"/{number}", [f"It rained {number} mm."]))
        embed(library)
        open_vectors(library, "mini", 4)
        yield library


@pytest.mark.parametrize(
    ("n_new", "save", "saved"), [(4, False, False), (5, False, True), (1, True, True)]
)
def test_a_small_change_is_saved_only_by_who_has_made_it(
    hundred: Library, n_new: int, save: bool, saved: bool
) -> None:
    for number in range(n_new):
        hundred.replace_document(*article(f"/new/{number}", [f"It snowed {number} cm."]))
    embed(hundred)
    before = saved_at(hundred.folder)
    assert rebuilt_in(hundred, save=save) == []
    assert saved_at(hundred.folder) == (hundred.generation() if saved else before)
    assert rebuilt_in(hundred) == []


def test_small_changes_are_saved_when_they_are_many(hundred: Library) -> None:
    before = saved_at(hundred.folder)
    for number in range(5):
        assert saved_at(hundred.folder) == before
        hundred.remove([str(number)])
        assert rebuilt_in(hundred) == []
    assert saved_at(hundred.folder) == hundred.generation()


def test_a_change_of_kind_is_saved(hundred: Library) -> None:
    hundred.replace_document(*article("/new", ["It snowed."]))
    embed(hundred)
    assert not open_vectors(hundred, "mini", 4, exact_up_to=100).exact
    assert saved_at(hundred.folder) == hundred.generation()
    assert not open_vectors(hundred, "mini", 4).exact
    assert rebuilt_in(hundred) == []


def test_a_writer_killed_between_commit_and_save_costs_what_it_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with another_process(_COMMITS_AND_DIES, folder) as writer:
        assert writer.wait(30) == -signal.SIGKILL
    counts = read_again(monkeypatch)
    assert rebuilt(folder) == []
    assert rebuilt(folder) == []
    assert counts == [1]


def test_a_library_that_was_deleted_and_made_anew_does_not_take_the_old_index(
    folder: Path,
) -> None:
    (folder / DATABASE_NAME).unlink()
    with Library.open(folder, create=True, writable=True) as library:
        # As many changes as before and the same keys, for other texts.
        library.replace_document(*article("/news/rain.txt", ["Dry.", "Dry.", "Still dry."]))
        embed(library)
        assert library.vector_rows("mini")[0] == [1, 2]
    assert rebuilt(folder) == []


def test_a_library_that_was_put_back_from_a_copy_does_not_take_what_came_after(
    folder: Path, tmp_path: Path
) -> None:
    """The keys that were given since are given again, most of them for the same texts."""
    copy = tmp_path / "copy"
    shutil.copyfile(folder / DATABASE_NAME, copy)
    edited = [article("/a", ["It hailed."]), article("/a", ["It thawed."])]
    for middle in edited:
        with Library.open(folder, writable=True) as library:
            for cut in (article("/0", ["Fog."]), middle, article("/z", ["Frost."])):
                library.replace_document(*cut)
            embed(library)
            assert library.vector_rows("mini")[0] == [1, 2, 3, 4, 5]
            assert rebuilt_in(library) == []
        if middle is edited[0]:
            shutil.copyfile(copy, folder / DATABASE_NAME)


def _flip(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        (INDEX_NAME, lambda data: data[:-2]),
        (INDEX_NAME, lambda data: b""),
        (INDEX_NAME, lambda data: _flip(data, 60)),
        (MANIFEST_NAME, lambda data: data[:-3]),
        (MANIFEST_NAME, lambda data: b""),
    ],
)
def test_a_damaged_index_is_made_again(
    folder: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    path = folder / name
    path.write_bytes(spoil(path.read_bytes()))
    assert [why.damaged for why in rebuilt(folder)] == [True]
    assert rebuilt(folder) == []


def test_a_flipped_bit_of_the_manifest_never_gives_a_wrong_index(folder: Path) -> None:
    path = folder / MANIFEST_NAME
    whole = path.read_bytes()
    n_rebuilt = 0
    for position in range(0, len(whole), 3):
        path.write_bytes(_flip(whole, position))
        n_rebuilt += len(rebuilt(folder))
        path.write_bytes(whole)
    # Where the bit was in the generation or in a name, the index is found to be right all the same.
    assert n_rebuilt > len(whole) / 6


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


@pytest.mark.parametrize(
    "blobs",
    [(b"\x00" * 12,) * 2, (b"\x00" * 4,) * 2, (b"\xff" * 16,) * 2, (b"\x00" * 12, b"\x00" * 20)],
    ids=["short", "one number", "not a number", "as long together"],
)
def test_damaged_vectors_in_the_tables_are_explained(
    folder: Path, blobs: tuple[bytes, bytes]
) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)) as raw:
        for row, blob in enumerate(blobs, start=1):
            raw.execute("UPDATE vector SET vector = ? WHERE rowid = ?", (blob, row))
    (folder / INDEX_NAME).unlink()
    with Library.open(folder) as library, pytest.raises(LibraryFormatError, match="damaged"):
        open_vectors(library, "mini", 4)
