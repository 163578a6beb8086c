"""The library's SQLite file: opening it, lending connections, and its errors in words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import LibraryError, LibraryFormatError
from rag.library.failures import (
    BUSY_WAIT_S,
    NO_ROOM_BESIDE,
    damaged,
    explained,
    missing,
    not_writable,
)
from rag.library.lock import WriterLock
from rag.library.migrations import APPLICATION_ID, MIGRATIONS, migrate, schema_version
from rag.vector_store import MANIFEST_NAME

DATABASE_NAME = "citeline.sqlite3"
# What SQLite says when it cannot make its files beside the database.
_NO_FILES_BESIDE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)

# A shorter file is an empty one to SQLite, and would be begun anew without a word.
_HEADER_BYTES = 100


class _Fleeting(sqlite3.Connection):
    """Reads the file as one that does not change, and is not kept: it may change later."""


class Database:
    """Connections to one library: any number of readers, at most one writer.

    A connection serves one ``with`` block of one thread at a time and then waits for the next,
    so that threads that come and go leave none behind.

    Args:
        folder: the library.
        create: make folder and tables where there are none.
        writable: take the writer lock and keep it until :meth:`close`.
        wait_s: seconds to wait for another writer.
        on_wait: told who is in the way, when that takes more than a second.

    Raises:
        LibraryMissingError: there is no library and ``create`` is false.
        LibraryFormatError: a newer version wrote it, or it is no library.
        LibraryBusyError: another process is writing.
        LibraryError: the folder cannot be read or, where needed, written.
    """

    def __init__(
        self,
        folder: Path,
        *,
        create: bool,
        writable: bool,
        wait_s: float,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        self.folder = folder
        self.path = folder / DATABASE_NAME
        self._writable = writable
        self._lock = WriterLock(folder, wait_s, on_wait)
        self._idle: list[sqlite3.Connection] = []
        self._idle_guard = threading.Lock()
        self._write_guard = threading.RLock()
        self._bound = threading.local()
        self._writer: sqlite3.Connection | None = None
        self._closed = False
        if create:
            _make_folder(folder)
        elif not self.path.is_file():
            raise missing(folder)
        if writable:
            self._lock.acquire()
        try:
            with explained(self.path):
                self._prepare(create=create, writable=writable)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for queries.

        Inside :meth:`snapshot` or :meth:`writing` of the same thread it is theirs.
        """
        bound: sqlite3.Connection | None = getattr(self._bound, "connection", None)
        if bound is not None:
            yield bound
            return
        with explained(self.path):
            with self._idle_guard:
                connection = self._idle.pop() if self._idle else None
            connection = connection or self._connect(query_only=True)
            try:
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Let all that this thread reads inside the block be of one moment.

        Not for a generator that yields inside the block: another thread may take it up.
        """
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            self._bound.connection = connection
            try:
                yield connection
            finally:
                self._bound.connection = None
                _end_transaction(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the writer's connection for one transaction: all of the block, or nothing.

        Raises:
            LibraryError: the library was opened for reading, or the disk is full.
        """
        if self._writer is None:
            raise LibraryError(
                f"The library in {self.folder} was opened for reading only.",
                "This is a mistake in the program: open it with writable=True.",
            )
        with self._write_guard, explained(self.path):
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            self._bound.connection = connection
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                self._bound.connection = None
                _end_transaction(connection)

    def close(self) -> None:
        """Close what is idle and let the next writer in; connections in use close later."""
        with self._idle_guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with self._write_guard:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self._lock.release()

    def _prepare(self, *, create: bool, writable: bool) -> None:
        size = self.path.stat().st_size if self.path.is_file() else _HEADER_BYTES
        if size < _HEADER_BYTES and (self.folder / MANIFEST_NAME).exists():
            raise damaged(self.path, f"it has {size} bytes, but vectors were made from it")
        connection = self._connect(query_only=False)
        try:
            self._check_format(connection, create=create)
            if schema_version(connection) < len(MIGRATIONS):
                if not writable:
                    self._lock.acquire()
                migrate(connection, MIGRATIONS)
        except BaseException:
            connection.close()
            raise
        if writable:
            # In WAL mode this cannot damage the file; a power cut may lose the last moments,
            # which the next run of `rag index` does again.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._writer = connection
        else:
            self._lock.release()
            connection.execute("PRAGMA query_only = ON")
            self._give_back(connection)

    def _check_format(self, connection: sqlite3.Connection, *, create: bool) -> None:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = schema_version(connection)
        if application == APPLICATION_ID:
            if version < 1:
                raise damaged(self.path, f"its format cannot be {version}")
            if version > len(MIGRATIONS):
                raise LibraryFormatError(
                    f"The library in {self.folder} has format {version}, written by a newer "
                    f"citeline; this one reads up to format {len(MIGRATIONS)}. "
                    "Nothing was changed.",
                    "Upgrade citeline: pip install --upgrade citeline",
                )
            return
        if application or version or connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise LibraryFormatError(
                f"{self.path} is a database of another program. Nothing was changed.",
                "Choose another folder with --library DIR.",
            )
        if not create:
            raise missing(self.folder)

    def _connect(self, *, query_only: bool) -> sqlite3.Connection:
        """Open the file, also in a folder that cannot be written and on a full disk.

        SQLite needs files beside the database to coordinate readers and writers. Where they
        cannot be made there can be no writer either, so the file is read as one that does not
        change.
        """
        create = not query_only and not self.path.exists()
        connection = self._connect_as("mode=rwc" if create else "mode=rw")
        try:
            connection.execute("PRAGMA user_version")
        except sqlite3.OperationalError as error:
            connection.close()
            full = error.sqlite_errorcode in NO_ROOM_BESIDE and not self._writable
            if not full and error.sqlite_errorcode & 0xFF not in _NO_FILES_BESIDE:
                raise
            self._check_log()
            connection = self._connect_as("mode=ro&immutable=1", _Fleeting)
        except BaseException:
            connection.close()
            raise
        if query_only:
            connection.execute("PRAGMA query_only = ON")
        return connection

    def _check_log(self) -> None:
        """Refuse to read the file without changes that only its log has yet."""
        log = self.path.with_name(DATABASE_NAME + "-wal")
        if log.exists() and log.stat().st_size:
            raise LibraryError(
                f"The library in {self.folder} was not closed after its last change, "
                "which cannot be read because the folder cannot be written.",
                "Copy the whole folder to a place where you may write, and use the copy.",
            )

    def _connect_as(
        self, options: str, factory: type[sqlite3.Connection] = sqlite3.Connection
    ) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?{options}",
            uri=True,
            timeout=BUSY_WAIT_S,
            isolation_level=None,
            check_same_thread=False,
            factory=factory,
        )

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._idle_guard:
            if not self._closed and not isinstance(connection, _Fleeting):
                self._idle.append(connection)
                return
        connection.close()


def _end_transaction(connection: sqlite3.Connection) -> None:
    # SQLite may have ended it by itself: after a COMMIT, or when the disk was full or failed.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(folder, error) from error
