"""One writer at a time, and readers that never wait for it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, another_process, saved_library

import rag.library.database
from rag.errors import LibraryBusyError
from rag.library import DATABASE_NAME, Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved_library(tmp_path / "library")


_HOLD = """
import sys
from pathlib import Path
from rag.library import Library
with Library.open(Path(sys.argv[1]), writable=True):
    print("ready", flush=True)
    sys.stdin.readline()
"""
# Leaves a transaction open: everything is deleted, nothing is committed.
_HALF_WAY = """
import sys
from pathlib import Path
from library_samples import article
from rag.library import Library
library = Library.open(Path(sys.argv[1]), writable=True)
with library._database.writing() as connection:
    connection.execute("DELETE FROM document")
    connection.execute("UPDATE meta SET value = 'half'")
    print("ready", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_is_told_who_is_the_first(folder: Path) -> None:
    with another_process(_HOLD, folder) as first:
        started = time.monotonic()
        with pytest.raises(LibraryBusyError) as caught:
            Library.open(folder, writable=True, wait_s=0.5)
        assert 0.4 < time.monotonic() - started < 5
        message = caught.value.message
        assert f"Process {first.pid} on {socket.gethostname()} (-c {folder}, since 20" in message
        assert "waited 0.5 s, nothing was changed" in message
        assert "RAG_LOCK_TIMEOUT_S" in caught.value.hint
    with Library.open(folder, writable=True):
        holder = json.loads((folder / "writer.json").read_text())
        assert holder["pid"] == os.getpid()
    assert not (folder / "writer.json").exists()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["/usr/bin/rag", "index", "my news"], "rag index 'my news'"),
        (["/site-packages/rag/__main__.py", "ui"], "rag ui"),
        ([""], "Python"),
        ([], "Python"),
        (["rag", "ask", "Who\n came?"], "rag ask 'Who came?'"),
        (["rag", "index", "caf\udce9.txt"], "rag index 'caf?.txt'"),
        (["rag", "index", *(f"{n}.txt" for n in range(99))], "rag index 0.txt 1.txt"),
    ],
)
def test_the_writer_is_named_by_its_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], shown: str
) -> None:
    monkeypatch.setattr(sys, "argv", words)
    with (
        Library.open(folder, writable=True),
        pytest.raises(LibraryBusyError) as caught,
    ):
        Library.open(folder, writable=True, wait_s=0)
    assert f" ({shown}" in caught.value.message
    assert len(caught.value.message) < 400 + len(str(folder))


def test_a_second_writer_says_that_it_waits_and_gets_its_turn(folder: Path) -> None:
    told: list[str] = []
    with another_process(_HOLD, folder) as first:

        def let_go(message: str) -> None:
            told.append(message)
            assert first.stdin is not None
            first.stdin.write("enough\n")
            first.stdin.flush()

        started = time.monotonic()
        with Library.open(folder, writable=True, wait_s=30, on_wait=let_go):
            assert 0.9 < time.monotonic() - started < 10
    (message,) = told
    assert message.startswith(f"Process {first.pid} on ")
    assert message.endswith(f"is writing to the library in {folder}; waiting up to 30 s.")


def test_a_short_wait_is_not_worth_a_word(folder: Path) -> None:
    told: list[str] = []
    with another_process(_HOLD, folder), pytest.raises(LibraryBusyError, match=r"waited 0\.2 s"):
        Library.open(folder, writable=True, wait_s=0.2, on_wait=told.append)
    Library.open(folder, writable=True, on_wait=told.append).close()
    assert told == []


def test_a_wait_in_vain_is_told_and_ends_in_time(folder: Path) -> None:
    told: list[str] = []
    started = time.monotonic()
    with another_process(_HOLD, folder), pytest.raises(LibraryBusyError, match=r"waited 1\.3 s"):
        Library.open(folder, writable=True, wait_s=1.3, on_wait=told.append)
    assert 1.2 < time.monotonic() - started < 6
    assert len(told) == 1


def test_a_second_writer_in_the_same_process_waits_too(folder: Path) -> None:
    with (
        Library.open(folder, writable=True),
        pytest.raises(LibraryBusyError, match=f"Process {os.getpid()} on"),
    ):
        Library.open(folder, writable=True, wait_s=0)


def test_a_writer_may_be_closed_in_another_thread(folder: Path) -> None:
    library = Library.open(folder, writable=True)
    closer = threading.Thread(target=library.close)
    closer.start()
    closer.join()
    Library.open(folder, writable=True, wait_s=0).close()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', '{"since": "noon"}'])
def test_a_broken_note_of_the_writer_does_not_hide_that_there_is_one(
    folder: Path, content: str
) -> None:
    with Library.open(folder, writable=True):
        (folder / "writer.json").write_text(content)
        with pytest.raises(LibraryBusyError, match="Another process is writing"):
            Library.open(folder, writable=True, wait_s=0)


def test_a_writer_that_waits_gets_its_turn(folder: Path) -> None:
    with another_process(_HOLD, folder) as first:
        assert first.stdin is not None
        first.stdin.write("enough\n")
        first.stdin.flush()
        with Library.open(folder, writable=True, wait_s=30) as library:
            library.replace_document(*SNOW)


def test_readers_do_not_wait_for_a_writer_and_see_nothing_half_done(folder: Path) -> None:
    with another_process(_HALF_WAY, folder):
        started = time.monotonic()
        with Library.open(folder) as library:
            assert library.document("rain") == RAIN[0]
            assert library.generation() != "half"
        assert time.monotonic() - started < 1


_EDITIONS = """
import sys
from pathlib import Path
from library_samples import article
from rag.library import Library
with Library.open(Path(sys.argv[1]), writable=True) as library:
    print("ready", flush=True)
    for edition in range(100_000):
        sentences = [f"Edition {edition} says {n}." for n in range(50)]
        library.replace_document(*article("/news/edition.txt", sentences))
"""


def test_readers_beside_a_busy_writer_never_wait_and_read_whole_articles(folder: Path) -> None:
    editions = set()
    slowest = 0.0
    with another_process(_EDITIONS, folder):
        for _ in range(40):
            started = time.monotonic()
            with Library.open(folder) as library:
                stored = library.sentences_of("edition")
            slowest = max(slowest, time.monotonic() - started)
            seen = {s.sentence.text.split()[1] for s in stored}
            assert len(seen) <= 1
            assert len(stored) in {0, 50}
            editions |= seen
            time.sleep(0.01)
    assert slowest < 1
    assert len(editions) > 5


def test_a_writer_that_is_killed_half_way_has_done_nothing(folder: Path) -> None:
    with another_process(_HALF_WAY, folder) as writer:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    with Library.open(folder, writable=True, wait_s=0) as library:
        assert library.document("rain") == RAIN[0]
        assert library.check() == ()


def test_another_programs_lock_is_explained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.library.database, "BUSY_WAIT_S", 0.1)
    with (
        Library.open(folder, writable=True) as library,
        closing(sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusyError, match="Another program"):
            library.replace_document(*SNOW)
        other.execute("ROLLBACK")
        library.replace_document(*SNOW)
