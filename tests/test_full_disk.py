"""A disk that is really full: what was committed stays readable, and the rest is done later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ingestion_desk import Desk
from job_samples import write
from rag_child import SmallDisk, small_disk

from eval.benchmarks.kills import rows
from rag.errors import LibraryError
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.schema import Filters
from rag.vector_store import INDEX_NAME, MANIFEST_NAME

N_ARTICLES = 12


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    news = tmp_path_factory.mktemp("home") / "news"
    for n in range(N_ARTICLES):
        weeks = [
            f"In week {week} the ferry of line {n} carried {(n + 1) * week * 37:,} passengers."
            for week in range(40)
        ]
        write(news / f"n{n:02}.txt", "\n\n".join(weeks))
    return news


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=8) as disk:
        yield disk


def index(folder: Path, news: Path) -> None:
    with Library.open(folder, create=True, writable=True) as library:
        desk = Desk(library, news)
        desk.run()
        open_vectors(library, "words", desk.embedder.dimension, save=True)


def n_readable(folder: Path) -> int:
    """Documents that are there, each found by its words and by its vectors."""
    with Library.open(folder) as library:
        n = library.stats().documents
        hits = Fts5LexicalIndex(library.connection).search("passengers", 9999, Filters())
        assert len(library.sentences(hit.id for hit in hits)) == 40 * n
        keys, _ = library.vector_rows("words")
        assert len(open_vectors(library, "words", 64)) == len(keys)
        assert len({library.document(info.id).text for info in library.documents()}) == n
    return n


@pytest.mark.parametrize(
    ("kilobytes", "at_least"), [(0, 0), (12, 0), (40, 0), (450, 1), (700, 2), (1200, 4)]
)
def test_what_was_committed_before_the_disk_was_full_stays(
    disk: SmallDisk, news: Path, tmp_path: Path, kilobytes: int, at_least: int
) -> None:
    folder = disk.folder / "library"
    disk.fill(leave=kilobytes * 1024)
    for _ in range(2):
        with pytest.raises(LibraryError, match="full; the last change was undone") as caught:
            index(folder, news)
        assert "run the same command again" in caught.value.hint
        disk.fill()
    if at_least:
        assert at_least <= n_readable(folder) < N_ARTICLES
    disk.empty()
    index(folder, news)
    assert n_readable(folder) == N_ARTICLES
    with Library.open(folder, writable=True) as library:
        assert library.check() == ()
    index(tmp_path / "undisturbed", news)
    assert rows(folder) == rows(tmp_path / "undisturbed")


def test_a_library_on_a_full_disk_is_read_and_noticed_when_it_changes(
    disk: SmallDisk, news: Path
) -> None:
    folder = disk.folder / "library"
    index(folder, news)
    disk.fill()
    with Library.open(folder) as reader:
        assert reader.stats().documents == N_ARTICLES
        with pytest.raises(LibraryError, match="is full"):
            Library.open(folder, writable=True)
        disk.empty()
        with Library.open(folder, writable=True) as writer:
            writer.remove(["n00"])
            assert reader.stats().documents == N_ARTICLES - 1
        assert reader.stats().documents == N_ARTICLES - 1


def test_an_index_that_cannot_be_saved_is_used_and_saved_later(
    disk: SmallDisk, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = disk.folder / "library"
    index(folder, news)
    before = {name: (folder / name).read_bytes() for name in (INDEX_NAME, MANIFEST_NAME)}
    with Library.open(folder, writable=True) as library:
        library.remove(["n00", "n01"])
        n_left = len(library.vector_rows("words")[0])
        disk.fill(leave=8192)
        assert len(open_vectors(library, "words", 64, save=True)) == n_left
        disk.fill()
        assert len(open_vectors(library, "words", 64, save=True)) == n_left
        # Whole or not at all, and nothing is left lying about.
        assert {name: (folder / name).read_bytes() for name in before} == before
        assert list(folder.glob("*.tmp")) == []
        disk.empty()
        open_vectors(library, "words", 64, save=True)
        told: list[object] = []
        assert len(open_vectors(library, "words", 64, on_rebuild=told.append)) == n_left
        assert told == []
    assert (folder / INDEX_NAME).stat().st_size < len(before[INDEX_NAME])


def test_a_folder_that_cannot_even_be_made_says_why(disk: SmallDisk) -> None:
    disk.seal()
    with pytest.raises(LibraryError, match="cannot be written: Read-only file system"):
        Library.open(disk.folder / "library", create=True, writable=True)
