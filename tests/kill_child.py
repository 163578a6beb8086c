"""Indexes a folder and ends itself with SIGKILL at a named point; tests start it.

    python kill_child.py POINT STORED SKIP LIBRARY NEWS

The point counts once so many documents were stored, and after it was passed so many times.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingestion_desk import Counting, Desk

from rag.library import Library, open_vectors
from rag.vector_store import INDEX_NAME

STATEMENTS = {
    "while the tables are made": "CREATE TABLE passage",
    "before BEGIN": "BEGIN IMMEDIATE",
    "after BEGIN": "INSERT INTO document",
    "after the document row": "INSERT INTO sentence VALUES",
    "after the sentences": "INSERT INTO passage",
    "before COMMIT": "COMMIT",
    "inside finish_file": "INSERT OR REPLACE INTO file",
    "inside store_vectors": "INSERT OR REPLACE INTO vector",
}
"""SQLite tells of a statement before it does anything."""
CALLS = {
    "after COMMIT": (Library, "replace_document"),
    "after finish_file": (Library, "finish_file"),
    "after the FAISS file": (os, "replace"),
}
ENTRIES = {
    "before the vectors": (Counting, "embed_documents"),
    "before the FAISS file": (os, "replace"),
}


class Killer:
    """Waits for its point, then kills this process."""

    def __init__(self, point: str, stored: int, skip: int) -> None:
        self._point = point
        self._stored = stored
        self._skip = skip

    def at(self, point: str) -> None:
        if point != self._point or self._stored > 0:
            return
        self._skip -= 1
        if self._skip < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def stored_one(self) -> None:
        self._stored -= 1

    def wrap(self, point: str, owner: Any, name: str, *, before: bool) -> None:
        """Pass the point whenever a function is called, or when it has returned."""
        inner = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            # Both files of the index are moved into their places; the point is the first.
            passes = name != "replace" or Path(arguments[1]).name == INDEX_NAME
            if before and passes:
                self.at(point)
            result = inner(*arguments, **named)
            if passes and not before:
                self.at(point)
            return result

        setattr(owner, name, wrapped)

    def listen(self) -> None:
        """Hear of every statement of every connection that is opened from now on."""
        connect = sqlite3.connect

        def listened(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **named)
            connection.set_trace_callback(self._heard)
            return connection

        sqlite3.connect = listened  # type: ignore[assignment]

    def _heard(self, statement: str) -> None:
        for point, beginning in STATEMENTS.items():
            if statement.lstrip().startswith(beginning):
                self.at(point)


def count_documents(killer: Killer) -> None:
    """Tell the killer of each document that was stored; wrapped last, so counted last."""
    inner: Callable[..., Any] = Library.replace_document

    def counted(*arguments: Any, **named: Any) -> Any:
        change = inner(*arguments, **named)
        killer.stored_one()
        return change

    Library.replace_document = counted  # type: ignore[method-assign]


def index(folder: Path, news: Path) -> None:
    """What ``rag index`` does, with a quick embedder."""
    with Library.open(folder, create=True, writable=True) as library:
        desk = Desk(library, news)
        desk.run()
        open_vectors(library, desk.embedder.name, desk.embedder.dimension, save=True)


def main() -> None:
    point, stored, skip, folder, news = sys.argv[1:]
    killer = Killer(point, int(stored), int(skip))
    killer.listen()
    for name, (owner, function) in CALLS.items():
        killer.wrap(name, owner, function, before=False)
    for name, (owner, function) in ENTRIES.items():
        killer.wrap(name, owner, function, before=True)
    count_documents(killer)
    index(Path(folder), Path(news))


if __name__ == "__main__":
    main()
