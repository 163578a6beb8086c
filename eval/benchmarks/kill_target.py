"""The process that :mod:`eval.benchmarks.kills` kills: it indexes, and marks where it is.

python -m eval.benchmarks.kill_target LIBRARY NEWS MARKS
"""

from __future__ import annotations

import json
import mmap
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from sqlite3 import Connection

from rag.chunking import PassageChunker
from rag.fakes import HashEmbedder
from rag.ingestion import Ingestor
from rag.library import Library, open_vectors
from rag.library.database import Database

EMBEDDER = HashEmbedder(32)
TELLING_WORD = "harbour"
"""Stands once in each article."""

_RECORDS = 20
"""Records of a feed; every second article stands in one."""


class Moment(IntEnum):
    """Where the process is."""

    STARTING = 0
    OUTSIDE = 1
    INSIDE = 2
    COMMITTING = 3


class Marks:
    """What the process tells of itself in shared memory, which outlives it.

    Args:
        path: a file; made where there is none.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(5 * 4))
        with path.open("r+b") as file:
            # Whole words: no kill can leave half of one.
            self._words = memoryview(mmap.mmap(file.fileno(), 0)).cast("I")

    @property
    def moment(self) -> Moment:
        """Where the process is, or was when it was killed."""
        return Moment(self._words[0])

    @moment.setter
    def moment(self, moment: Moment) -> None:
        self._words[0] = moment

    @property
    def allowed(self) -> set[tuple[int, int]]:
        """Documents and vectors that the library may hold now."""
        committed = (self._words[1], self._words[2])
        pending = (self._words[3], self._words[4])
        return {committed, pending} if self.moment is Moment.COMMITTING else {committed}

    def begin(self, connection: Connection) -> None:
        """Write down what the library holds: the last COMMIT may have succeeded unseen."""
        self._words[1], self._words[2] = counts(connection)
        self.moment = Moment.OUTSIDE

    def about_to_commit(self, connection: Connection) -> None:
        """Write down what the library holds if the next COMMIT succeeds."""
        self._words[3], self._words[4] = counts(connection)
        self.moment = Moment.COMMITTING

    def committed(self) -> None:
        """Write down that it did."""
        self._words[1], self._words[2] = self._words[3], self._words[4]
        self.moment = Moment.OUTSIDE

    def clear(self) -> None:
        """Begin with an empty library."""
        for at in range(5):
            self._words[at] = 0


def counts(connection: Connection) -> tuple[int, int]:
    """Documents and vectors."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM vector)"
    ).fetchone()
    return int(row[0]), int(row[1])


def index(folder: Path, news: Path) -> None:
    """Do what ``rag index`` does, with a quick embedder."""
    with Library.open(folder, create=True, writable=True) as library:
        chunker = PassageChunker(_count_words, 48)
        ingestor = Ingestor(library, chunker, EMBEDDER.name, lambda _: EMBEDDER, recipe="kills")
        ingestor.index([str(news)], stdin=b"", prune=False, observer=_Silent(), stop=_never)
        open_vectors(library, EMBEDDER.name, EMBEDDER.dimension, save=True)


def write_articles(news: Path, n_documents: int, edition: int) -> None:
    """Write half of the articles into files of their own, half into feeds.

    Args:
        news: the folder.
        n_documents: how many.
        edition: every third article is another one in each.
    """
    news.mkdir(exist_ok=True)
    n_files = n_documents // 2
    for n in range(n_files):
        (news / f"{n:04}.txt").write_text(_article(n, edition), "utf-8")
    for first in range(n_files, n_documents, _RECORDS):
        numbers = range(first, min(first + _RECORDS, n_documents))
        lines = [json.dumps({"id": f"r{n}", "text": _article(n, edition)}) for n in numbers]
        (news / f"{first:04}.jsonl").write_text("\n".join(lines), "utf-8")


def _article(n: int, edition: int) -> str:
    edited = edition if n % 3 == edition % 3 else 0
    first = f"The {TELLING_WORD} office counted {(n + 1) * 1_013:,} boats in year {edited}."
    weeks = [
        f"In week {week} the ferry number {n} carried {(n + week) * 37:,} passengers and "
        f"{(n + week) % 41} cars over the sound, which is more than in the week before it."
        for week in range(1, 9)
    ]
    return "\n\n".join([first, *weeks])


def _count_words(text: str) -> int:
    return len(text.split()) + 2


def _never() -> bool:
    return False


class _Silent:
    """An observer that draws nothing."""

    def files(self, total: int) -> None: ...

    def file_done(self, path: str) -> None: ...

    def passages(self, total: int) -> None: ...

    def passages_done(self, count: int) -> None: ...

    def note(self, message: str) -> None: ...


def _mark_transactions(marks: Marks) -> None:
    writing = Database.writing

    @contextmanager
    def marked(database: Database) -> Iterator[Connection]:
        with writing(database) as connection:
            marks.moment = Moment.INSIDE
            yield connection
            marks.about_to_commit(connection)
        marks.committed()

    setattr(Database, "writing", marked)  # noqa: B010 - mypy lets no method be assigned


def main() -> None:
    """Index, to the end or to the kill."""
    folder, news, path = map(Path, sys.argv[1:])
    marks = Marks(path)
    _mark_transactions(marks)
    with Library.open(folder, create=True) as library, library.connection() as connection:
        marks.begin(connection)
    index(folder, news)


if __name__ == "__main__":
    main()
