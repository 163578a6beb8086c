"""What can go wrong with the files of a library, in words."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rag.errors import (
    InputError,
    LibraryBusyError,
    LibraryError,
    LibraryFormatError,
    LibraryMissingError,
    RagError,
)
from rag.library.migrations import has_whole_tables

# Readers wait for nobody but a process that opens or closes the file, which takes milliseconds;
# writers have the lock file before they come here.
BUSY_WAIT_S = 10.0

NO_ROOM_BESIDE = (sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE)
"""What SQLite says when the disk is too full for the 32 kB that readers and writers share."""

_FREE_SOME_SPACE = "Free some space, then run the same command again: it goes on where it stopped."
_INDEX_AGAIN = "Move the folder away and index the articles again: rag index PATH"

_EXPLANATIONS: dict[int, tuple[type[RagError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        LibraryBusyError,
        f"Another program holds {{path}}; waited {BUSY_WAIT_S:g} s.",
        "Close the program that has it open, then try again.",
    ),
    sqlite3.SQLITE_FULL: (
        LibraryError,
        "The disk of {path} is full; the last change was undone.",
        _FREE_SOME_SPACE,
    ),
    sqlite3.SQLITE_READONLY: (
        LibraryError,
        "{path} cannot be written: {error}.",
        "Make file and folder writable, or choose another folder with --library DIR.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        LibraryError,
        "{path} cannot be opened: {error}.",
        "Check the rights of the file and of its folder.",
    ),
    sqlite3.SQLITE_IOERR: (
        LibraryError,
        "The disk failed while {path} was used ({error}); the last change was undone.",
        "Check the disk and its free space, then run the same command again.",
    ),
    sqlite3.SQLITE_NOTADB: (
        LibraryFormatError,
        "{path} is no library: {error}.",
        f"Choose another folder with --library DIR. Where it was one: {_INDEX_AGAIN}",
    ),
    sqlite3.SQLITE_CORRUPT: (LibraryFormatError, "{path} is damaged: {error}.", _INDEX_AGAIN),
}


class DamagedValueError(sqlite3.DatabaseError):
    """A row holds what the library never writes: SQLite itself has no sums of its pages."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


@contextmanager
def as_written() -> Iterator[None]:
    """Tell what the library never writes from a mistake of ours.

    Raises:
        DamagedValueError: the block could make nothing of what it was given.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        raise DamagedValueError(str(error)) from error


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file into errors that say what to do.

    Errors that only a mistake of ours can cause pass unchanged.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise InputError(
            f"{error.object[:80]!r} holds characters that are no text; nothing of it was stored.",
            "Rename the file, or save it as UTF-8.",
        ) from error
    except UnicodeDecodeError as error:
        # SQLite names a damaged table by what is left of its name.
        raise damaged(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        explanation = _explain(error, path)
        if explanation is None:
            raise
        raise explanation from error


def not_writable(folder: Path, error: Exception) -> LibraryError:
    """The error for a folder that cannot be written."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return LibraryError(
        f"The library in {folder} cannot be written: {reason}.",
        _FREE_SOME_SPACE
        if full
        else "Make the folder writable, or choose another with --library DIR.",
    )


def damaged(path: Path, why: str) -> LibraryFormatError:
    """The error for a file that is not as the library has written it."""
    return LibraryFormatError(f"{path} is damaged: {why}.", _INDEX_AGAIN)


def missing(folder: Path) -> LibraryMissingError:
    """The error for a folder in which nothing was indexed."""
    return LibraryMissingError(
        f"There is no library in {folder} yet.", "Index some articles first: rag index PATH"
    )


def _explain(error: sqlite3.DatabaseError, path: Path) -> RagError | None:
    cause = _cause(error, path)
    if cause not in _EXPLANATIONS:
        return None
    kind, message, hint = _EXPLANATIONS[cause]
    return kind(message.format(path=path, error=error), hint)


def _cause(error: sqlite3.DatabaseError, path: Path) -> int:
    """SQLite's code for what is wrong with the file, where it is the file."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Python's own, which has no code: bytes of a text that are none.
        return sqlite3.SQLITE_CORRUPT if "decode to UTF-8" in str(error) else sqlite3.SQLITE_ERROR
    if code in NO_ROOM_BESIDE:
        return sqlite3.SQLITE_FULL
    if code == sqlite3.SQLITE_ERROR and not _has_whole_tables(path):
        # One wrong byte in the name of a column makes every question about it a wrong one.
        return sqlite3.SQLITE_CORRUPT
    # The low byte is the kind; the rest tells apart causes that make no difference here.
    return int(code) & 0xFF


def _has_whole_tables(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            return has_whole_tables(file)
    except sqlite3.DatabaseError:
        return False
