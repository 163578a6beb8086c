"""A library file with wrong bytes: told in words, found by the check, never quoted."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, article, embed

from rag.errors import LibraryError, LibraryFormatError
from rag.lexical_index import Fts5LexicalIndex
from rag.library import DATABASE_NAME, Library, open_vectors
from rag.schema import Filters


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two articles with vectors, closed."""
    folder = tmp_path_factory.mktemp("whole") / "library"
    with Library.open(folder, create=True, writable=True) as library:
        library.replace_document(*RAIN)
        library.replace_document(*SNOW)
        embed(library)
        open_vectors(library, "mini", 4)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "library"))


def change(folder: Path, statements: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)) as raw:
        raw.executescript(statements)


SCHEMA = "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET "
Use = Callable[[Library], object]


def everything(library: Library) -> None:
    """Ask for all that a question, a list and a run need."""
    library.stats()
    library.known_files()
    for info in library.documents():
        library.document(info.id)
        stored = library.sentences_of(info.id)
        library.passages_of(info.id)
        for one in stored[:1]:
            library.neighbours(one.key, before=1, after=1)
    hits = Fts5LexicalIndex(library.connection).search("rain snow 12 mm", 9, Filters())
    library.sentences(hit.id for hit in hits)
    library.passages_without_vectors("mini", 9)
    library.vector_rows("mini")
    library.embedded_share("mini")
    open_vectors(library, "mini", 4)


# --- told ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "use"),
    [
        ("UPDATE document SET title = CAST(x'61ff' AS TEXT)", Library.documents),
        ("UPDATE document SET published = '2024-13-32'", Library.documents),
        ("UPDATE document SET page_starts = '[0'", lambda library: library.document("rain")),
        ("UPDATE document SET boilerplate = '[7]'", lambda library: library.document("rain")),
        ("UPDATE document SET boilerplate = '[[9, 2]]'", lambda library: library.document("rain")),
        ("UPDATE document SET indexed_at = 'noon'", Library.stats),
        ("UPDATE passage SET span_start = 99", lambda library: library.passages_of("rain")),
        ("DELETE FROM meta", Library.generation),
        ("UPDATE sentence SET span_start = 1", lambda library: library.sentences_of("rain")),
        ("PRAGMA user_version = 0", Library.stats),
        (SCHEMA + "sql = replace(sql, 'publisher TEXT', 'publishxr TEXT')", Library.documents),
        (SCHEMA + "sql = CAST(x'ff' || sql AS TEXT) WHERE name = 'passage'", Library.stats),
        (
            SCHEMA + "name = 'passagx', tbl_name = 'passagx', "
            "sql = replace(sql, 'TABLE passage', 'TABLE passagx') WHERE name = 'passage'",
            Library.stats,
        ),
    ],
)
def test_what_the_library_never_writes_is_damage(folder: Path, statement: str, use: Use) -> None:
    change(folder, statement)
    with (
        pytest.raises(LibraryFormatError, match="is damaged: ") as caught,
        Library.open(folder) as library,
    ):
        use(library)
    assert caught.value.hint == "Move the folder away and index the articles again: rag index PATH"


def test_a_mistake_of_ours_is_not_called_damage(folder: Path) -> None:
    with Library.open(folder) as library:
        reader = library.connection()
        with pytest.raises(sqlite3.OperationalError, match="no such column"), reader as connection:
            connection.execute("SELECT nonsense FROM document")


def test_a_disk_that_fails_while_it_is_read_is_told(folder: Path) -> None:
    def fail(library: Library) -> None:
        failure = sqlite3.OperationalError("disk I/O error")
        failure.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
        with library.snapshot() as connection:
            # As SQLite does by itself.
            connection.execute("ROLLBACK")
            raise failure

    with Library.open(folder) as library:
        with pytest.raises(LibraryError, match="The disk failed"):
            fail(library)
        assert library.stats().documents == 2


@pytest.mark.parametrize("size", [0, 1, 99, 100, 4095, 4096, 8192, 50_000])
def test_a_file_that_was_cut_short_is_told_and_left_alone(folder: Path, size: int) -> None:
    path = folder / DATABASE_NAME
    path.write_bytes(path.read_bytes()[:size])
    for writable in (False, True):
        with pytest.raises(LibraryFormatError, match="rag index PATH"):
            everything(Library.open(folder, create=writable, writable=writable))
    assert path.stat().st_size == size


def is_told(folder: Path, *, writable: bool) -> bool:
    """Whether using the library ends in words; nothing else may be raised."""
    try:
        with Library.open(folder, writable=writable) as library:
            everything(library)
            if writable:
                library.check()
    except LibraryError as error:
        return bool(error.hint)
    return False


def test_wrong_bytes_anywhere_end_in_words_or_in_nothing(whole: Path, tmp_path: Path) -> None:
    data = (whole / DATABASE_NAME).read_bytes()
    chance = random.Random(7)  # noqa: S311 - places, no secret
    told = 0
    for n in range(120):
        folder = tmp_path / str(n)
        folder.mkdir()
        spoiled = bytearray(data)
        # The header and the list of tables are small, so that chance alone would miss them.
        at = chance.choice([n % 100, chance.randrange(100, len(data))])
        for place in range(at, min(at + chance.choice([1, 16]), len(data))):
            spoiled[place] ^= chance.randrange(1, 256)
        (folder / DATABASE_NAME).write_bytes(spoiled)
        told += sum(is_told(folder, writable=writable) for writable in (False, True))
    assert told > 20


# --- never quoted --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sentence_fts SET text = 'It rained 19 mm.' WHERE text = 'It rained 12 mm.'",
        "UPDATE document SET text = replace(text, '12 mm', '19 mm')",
        "UPDATE sentence SET span_end = span_end - 1 WHERE position = 1 AND document = 1",
    ],
)
def test_a_sentence_that_is_not_its_articles_is_never_given_out(
    folder: Path, statement: str
) -> None:
    change(folder, statement)
    with Library.open(folder) as library:
        (hit,) = Fts5LexicalIndex(library.connection).search("mm", 9, Filters())
        for use in (
            lambda: library.sentences([hit.id]),
            lambda: library.sentences_of("rain"),
            lambda: library.neighbours(hit.id, before=1, after=1),
        ):
            with pytest.raises(LibraryFormatError, match="sentence 1 of rain is not what"):
                use()
        assert library.sentences_of("snow")


# --- found by the check --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE document SET publisher = 'Daily Drip' WHERE id = 'rain'", "document rain is not"),
        ("UPDATE document SET published = '2024-03-02' WHERE id = 'rain'", "document rain is not"),
        ("UPDATE document SET published = 'noon' WHERE id = 'rain'", "document rain: "),
        ("UPDATE passage SET header = 'Sleet' WHERE document = 2", "document snow is not"),
        ("UPDATE sentence SET boilerplate = 1 WHERE document = 2", "document snow is not"),
        ("UPDATE document SET text = text || ' More.' WHERE id = 'snow'", "document snow is not"),
        ("UPDATE vector SET vector = zeroblob(16)", "3 vectors are none"),
        ("UPDATE vector SET vector = x'00' WHERE rowid = 1", "1 vectors are none"),
        (
            "UPDATE sentence_fts_data SET block = zeroblob(40) WHERE id > 10",
            "index of words",
        ),
    ],
)
def test_the_check_finds_what_sqlite_does_not(folder: Path, statement: str, found: str) -> None:
    with Library.open(folder, writable=True) as library:
        assert library.check() == ()
    change(folder, statement)
    with Library.open(folder, writable=True) as library:
        assert any(line.startswith(found) for line in library.check()), library.check()


def test_the_check_knows_documents_by_the_id_that_they_were_given(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True, writable=True) as library:
        for source in ("/a/report.txt", "/b/report.txt", "/c/report.txt"):
            library.replace_document(*article(source, ["Rain fell.", "Roads flooded."]))
        assert len({info.id for info in library.documents()}) == 3
        assert library.check() == ()
