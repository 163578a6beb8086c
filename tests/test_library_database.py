"""The folder: opening it, formats, damage, a full disk, and folders that cannot be written."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, article, python, saved_library

import rag.library.database
from rag.errors import LibraryError, LibraryFormatError, LibraryMissingError
from rag.library import DATABASE_NAME, Library
from rag.library.migrations import MIGRATIONS
from rag.vector_store import INDEX_NAME, MANIFEST_NAME


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved_library(tmp_path / "library")


def test_a_library_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    for writable in (False, True):
        with pytest.raises(LibraryMissingError, match="no library in") as caught:
            Library.open(tmp_path / "none", writable=writable)
        assert "rag index PATH" in caught.value.hint
    assert not (tmp_path / "none").exists()


def test_create_makes_folder_and_tables_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b c#d%20?"
    with Library.open(folder, create=True) as library:
        assert library.stats().documents == 0
        mark = library.generation()
    with Library.open(folder, create=True, writable=True) as library:
        assert library.generation() == mark
    assert (folder / DATABASE_NAME).is_file()


def test_two_new_libraries_have_different_marks(tmp_path: Path) -> None:
    with (
        Library.open(tmp_path / "a", create=True) as first,
        Library.open(tmp_path / "b", create=True) as second,
    ):
        assert first.generation() != second.generation()


def test_a_creation_that_was_cut_short_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).touch()
    with pytest.raises(LibraryMissingError):
        Library.open(tmp_path)
    with Library.open(tmp_path, create=True, writable=True) as library:
        library.replace_document(*RAIN)


def test_the_file_says_what_it_is(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"citl"),)
        assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("writable", [False, True])
def test_a_newer_format_is_left_alone(folder: Path, writable: bool) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = (folder / DATABASE_NAME).read_bytes()
    with pytest.raises(LibraryFormatError, match=f"format 99.*up to format {len(MIGRATIONS)}") as e:
        Library.open(folder, create=True, writable=writable)
    assert "Upgrade citeline" in e.value.hint
    assert (folder / DATABASE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"just some notes\n" * 100, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(content)
    with pytest.raises(LibraryFormatError, match=re.escape(str(tmp_path))):
        Library.open(tmp_path, create=True, writable=True)
    assert (tmp_path / DATABASE_NAME).read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as raw:
        raw.execute("CREATE TABLE recipe (name)")
    before = (tmp_path / DATABASE_NAME).read_bytes()
    with pytest.raises(LibraryFormatError, match="another program"):
        Library.open(tmp_path, create=True, writable=True)
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def test_a_file_in_the_place_of_the_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file")
    with pytest.raises(LibraryMissingError):
        Library.open(tmp_path / "library")
    with pytest.raises(LibraryError, match="cannot be written"):
        Library.open(tmp_path / "library", create=True, writable=True)


def test_damage_in_the_middle_is_explained(folder: Path) -> None:
    path = folder / DATABASE_NAME
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\xaa" * (len(whole) - 4096)
    path.write_bytes(whole)
    with pytest.raises(LibraryFormatError, match="damaged") as caught:
        Library.open(folder).stats()
    assert "rag index PATH" in caught.value.hint


_NEXT = (*MIGRATIONS, "CREATE TABLE extra (name TEXT); INSERT INTO extra VALUES ('here')")


@pytest.mark.parametrize("writable", [False, True])
def test_an_older_format_is_brought_up_to_date(
    folder: Path, monkeypatch: pytest.MonkeyPatch, writable: bool
) -> None:
    monkeypatch.setattr(rag.library.database, "MIGRATIONS", _NEXT)
    with Library.open(folder, writable=writable) as library, library.connection() as connection:
        assert connection.execute("SELECT name FROM extra").fetchall() == [("here",)]
        assert connection.execute("PRAGMA user_version").fetchone() == (len(_NEXT),)
        assert library.document("rain") == RAIN[0]
    with Library.open(folder, writable=True, wait_s=0):
        pass  # the lock is free again


def test_a_step_that_fails_leaves_the_steps_before_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (*_NEXT, "CREATE TABLE half (name); INSERT INTO nowhere VALUES (1)")
    monkeypatch.setattr(rag.library.database, "MIGRATIONS", broken)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Library.open(folder, writable=True)
    monkeypatch.setattr(rag.library.database, "MIGRATIONS", _NEXT)
    with Library.open(folder, writable=True) as library, library.connection() as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(_NEXT),)
        assert not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall()


def test_a_full_disk_undoes_the_last_change_and_says_so(folder: Path) -> None:
    big = article("/news/big.txt", [f"Word{n} and more." for n in range(3000)])
    with Library.open(folder, writable=True) as library:
        with library._database.writing() as connection:
            (used,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {used + 5}")
        with pytest.raises(LibraryError, match="full; the last change was undone") as caught:
            library.replace_document(*big)
        assert "run the same command again" in caught.value.hint
        assert [info.id for info in library.documents()] == ["rain"]
        with library._database.writing() as connection:
            connection.execute(f"PRAGMA max_page_count = {2**30}")
        library.replace_document(*big)
        assert library.check() == ()


_READ = """
import os, sys
from pathlib import Path
import faiss
from library_samples import vectors_of
from rag.errors import LibraryError
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.schema import Filters
if os.geteuid() == 0:
    # The administrator may write everywhere: be nobody.
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
folder, why = Path(sys.argv[1]), []
with Library.open(folder) as library:
    store = open_vectors(library, "mini", 4, on_rebuild=why.append)
    hits = Fts5LexicalIndex(library.connection).search("mm", 5, Filters())
    print(len(store), [refused.reason for refused in why])
    print([s.sentence.text for s in library.sentences([hit.id for hit in hits]).values()])
try:
    Library.open(folder, create=True, writable=True)
except LibraryError as error:
    print(error)
"""


_MAY_LOOK = stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH


@pytest.fixture
def sealed(folder: Path) -> Iterator[Path]:
    """The library in a folder that nobody but its owner may write, also with a stale index."""
    with Library.open(folder, writable=True) as library:
        library.replace_document(*SNOW)
    (folder / "writer.lock").unlink()
    home = Path(tempfile.mkdtemp())
    copy = home / "library"
    shutil.copytree(folder, copy)
    for path in (home, copy):
        path.chmod(_MAY_LOOK)
    for path in copy.iterdir():
        path.chmod(stat.S_IRUSR | stat.S_IROTH)
    yield copy
    for path in (home, copy):
        path.chmod(stat.S_IRWXU)
    shutil.rmtree(home)


def test_a_folder_that_cannot_be_written_can_be_asked(sealed: Path) -> None:
    with python(_READ, sealed) as process:
        said, complaints = process.communicate()
    assert complaints == ""
    counted, found, refused = said.splitlines()
    assert counted == "2 []"
    assert found == "['It rained 12 mm.']"
    assert refused.startswith(f"The library in {sealed} cannot be written: Permission denied.")
    assert {path.name for path in sealed.iterdir()} == {DATABASE_NAME, INDEX_NAME, MANIFEST_NAME}


def test_a_log_that_cannot_be_read_is_not_passed_over(sealed: Path) -> None:
    """Without its log, a library that was copied while in use would show an old state."""
    log = sealed / f"{DATABASE_NAME}-wal"
    sealed.chmod(stat.S_IRWXU)
    log.write_bytes(b"changes")
    log.chmod(0)
    sealed.chmod(_MAY_LOOK)
    with python(_READ, sealed) as process:
        _, complaints = process.communicate()
    assert "rag.errors.LibraryError: The library in" in complaints
    assert "was not closed after its last change" in complaints
