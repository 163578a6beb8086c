"""kill -9 wherever something could be lost: what was committed stays, and the rest is redone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import kill_child
import numpy as np
import pytest
from ingestion_desk import Counting
from job_samples import write

from eval.benchmarks.kills import kill_at_random, rows
from rag.errors import LibraryMissingError
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.schema import Filters

TESTS = Path(__file__).parent
PER_ARTICLE = 8
"""Paragraphs, each a sentence and a passage."""

Rows = dict[str, list[tuple[Any, ...]]]


def text(name: str, last_week: int = PER_ARTICLE) -> str:
    return "\n\n".join(
        f"In week {week} the ferry of {name} carried {week * 137:,} passengers over the sound, "
        "as the harbour office wrote on a board beside the quay."
        for week in (*range(1, PER_ARTICLE), last_week)
    )


def feed(**last_weeks: int) -> str:
    return "\n".join(
        json.dumps({"id": name, "text": text(name, week)}) for name, week in last_weeks.items()
    )


def embedder() -> Counting:
    return Counting("words")


def texts(held: Rows) -> set[tuple[str, str]]:
    """Source and text of every document."""
    return {(row[2], row[-1]) for row in held["document"]}


class At(NamedTuple):
    """The point, after so many documents were stored and it was passed so many times."""

    point: str
    stored: int
    skip: int = 0

    def __str__(self) -> str:
        return self.point


@dataclass(frozen=True)
class World:
    """Articles, a library from before they changed, and what an undisturbed run makes of it."""

    news: Path
    before: Path | None
    reference: Rows

    def start(self, folder: Path) -> Path:
        if self.before is not None:
            shutil.copytree(self.before, folder)
        return folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Twelve articles, four of them in a feed, and no library yet."""
    home = tmp_path_factory.mktemp("fresh")
    write_news(home / "news")
    kill_child.index(home / "library", home / "news")
    return World(home / "news", None, rows(home / "library"))


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The library of twelve articles, of which two changed since; one is gone, one is new."""
    home = tmp_path_factory.mktemp("changed")
    write_news(home / "news")
    kill_child.index(home / "library", home / "news")
    write(home / "news" / "b.txt", text("b", 9))
    write(home / "news" / "d.jsonl", feed(d1=8, d2=9, d3=8))
    write(home / "news" / "z.txt", text("z"))
    shutil.copytree(home / "library", home / "undisturbed")
    kill_child.index(home / "undisturbed", home / "news")
    return World(home / "news", home / "library", rows(home / "undisturbed"))


def write_news(news: Path) -> None:
    for name in ("a", "b", "c", "e", "f", "g", "h", "i"):
        write(news / f"{name}.txt", text(name))
    write(news / "d.jsonl", feed(d1=8, d2=8, d3=8, d4=8))


def kill(world: World, folder: Path, at: At) -> None:
    words = [TESTS / "kill_child.py", at.point, at.stored, at.skip, folder, world.news]
    child = subprocess.run(
        [sys.executable, *map(str, words)],
        env=os.environ | {"PYTHONPATH": str(TESTS.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr


def found_in(folder: Path) -> tuple[int, int]:
    """Open what a kill has left; how many documents, and how many passages have a vector."""
    with Library.open(folder) as library:
        n_documents = library.stats().documents
        hits = Fts5LexicalIndex(library.connection).search("passengers", 9999, Filters())
        assert len(library.sentences(hit.id for hit in hits)) == PER_ARTICLE * n_documents
        keys, blobs = library.vector_rows("words")
        vectors = open_vectors(library, "words", embedder().dimension)
        assert len(vectors) == len(keys)
        for key, blob in zip(keys, blobs, strict=True):
            assert vectors.search(np.frombuffer(blob, "<f4"), 1, [key])[0].id == key
    with Library.open(folder, writable=True, wait_s=0) as library:
        assert library.check() == ()
    return n_documents, len(keys)


def go_on(world: World, folder: Path) -> None:
    """The same command once more ends where an undisturbed one does."""
    kill_child.index(folder, world.news)
    assert found_in(folder) == (12, 12 * PER_ARTICLE)
    assert rows(folder) == world.reference


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (At("before BEGIN", 4), (4, 0)),
        (At("after the document row", 4), (4, 0)),
        (At("after the sentences", 4), (4, 0)),
        (At("before COMMIT", 4), (4, 0)),
        (At("after COMMIT", 4), (5, 0)),
        (At("inside finish_file", 7), (7, 0)),
        (At("before the vectors", 12), (12, 0)),
        # A batch has 64.
        (At("inside store_vectors", 12, skip=70), (12, 64)),
        (At("before the FAISS file", 12), (12, 96)),
        (At("after the FAISS file", 12), (12, 96)),
    ],
    ids=str,
)
def test_a_first_run_that_is_killed_is_taken_up(
    fresh: World, tmp_path: Path, at: At, left: tuple[int, int]
) -> None:
    folder = fresh.start(tmp_path / "library")
    kill(fresh, folder, at)
    assert found_in(folder) == left
    assert texts(rows(folder)) <= texts(fresh.reference)
    go_on(fresh, folder)


@pytest.mark.parametrize(
    ("at", "left"),
    [
        # The second record of the feed: its old rows are gone when the new one is inserted.
        (At("after BEGIN", 2), (12, 95)),
        (At("after COMMIT", 2), (12, 94)),
        # The feed has lost its last record.
        (At("inside finish_file", 4), (12, 94)),
        (At("after finish_file", 4), (11, 86)),
        (At("inside store_vectors", 5, skip=3), (12, 86)),
    ],
    ids=str,
)
def test_an_update_that_is_killed_keeps_old_or_new_and_is_taken_up(
    changed: World, tmp_path: Path, at: At, left: tuple[int, int]
) -> None:
    assert changed.before is not None
    folder = changed.start(tmp_path / "library")
    kill(changed, folder, at)
    assert found_in(folder) == left
    assert texts(rows(folder)) <= texts(changed.reference) | texts(rows(changed.before))
    go_on(changed, folder)


def test_a_library_that_was_killed_as_it_was_made_is_made(fresh: World, tmp_path: Path) -> None:
    kill(fresh, tmp_path / "library", At("while the tables are made", 0))
    with pytest.raises(LibraryMissingError):
        Library.open(tmp_path / "library")
    go_on(fresh, tmp_path / "library")


def test_killed_twice_is_taken_up_twice(changed: World, tmp_path: Path) -> None:
    folder = changed.start(tmp_path / "library")
    kill(changed, folder, At("after COMMIT", 0))
    kill(changed, folder, At("inside store_vectors", 4, skip=3))
    go_on(changed, folder)


def test_a_file_that_was_put_back_after_the_kill_is_read_again(tmp_path: Path) -> None:
    folder, news = tmp_path / "library", tmp_path / "news"
    path = write(news / "a.txt", text("a"))
    before = path.stat()
    kill_child.index(folder, news)
    world = World(news, None, rows(folder))
    write(path, text("a", 9))
    kill(world, folder, At("after COMMIT", 0))
    assert texts(rows(folder)) == {(str(path), text("a", 9))}
    # Size and time are those that the library knows.
    path.write_text(text("a"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    kill_child.index(folder, news)
    assert texts(rows(folder)) == {(str(path), text("a"))}


def test_ten_kills_at_any_moment_lose_nothing(tmp_path: Path) -> None:
    toll = kill_at_random(10, tmp_path, n_documents=60)
    assert toll.losses == ()
    assert toll.kills == 10
    # Four in five by count of many; a busy machine comes too late for some.
    assert toll.inside >= 3
    assert toll.runs > 0
    assert f"{toll.inside} of 10 kills hit a transaction; 0 times" in toll.table()
