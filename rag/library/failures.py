"""What can go wrong with the files of a library, in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import (
    InputError,
    LibraryBusyError,
    LibraryError,
    LibraryFormatError,
    LibraryMissingError,
    RagError,
)

# Readers wait for nobody but a process that opens or closes the file, which takes milliseconds;
# writers have the lock file before they come here.
BUSY_WAIT_S = 10.0


_EXPLANATIONS: dict[int, tuple[type[RagError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        LibraryBusyError,
        f"Another program holds {{path}}; waited {BUSY_WAIT_S:g} s.",
        "Close the program that has it open, then try again.",
    ),
    sqlite3.SQLITE_FULL: (
        LibraryError,
        "The disk of {path} is full; the last change was undone.",
        "Free some space, then run the same command again: it goes on where it stopped.",
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
        "Choose another folder with --library DIR.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        LibraryFormatError,
        "{path} is damaged: {error}.",
        "Move the folder away and index the articles again: rag index PATH",
    ),
}


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
    except sqlite3.DatabaseError as error:
        explanation = _explain(error, path)
        if explanation is None:
            raise
        raise explanation from error


def not_writable(folder: Path, error: Exception) -> LibraryError:
    """The error for a folder that cannot be written."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return LibraryError(
        f"The library in {folder} cannot be written: {reason}.",
        "Make the folder writable, or choose another with --library DIR.",
    )


def missing(folder: Path) -> LibraryMissingError:
    """The error for a folder in which nothing was indexed."""
    return LibraryMissingError(
        f"There is no library in {folder} yet.", "Index some articles first: rag index PATH"
    )


def _explain(error: sqlite3.DatabaseError, path: Path) -> RagError | None:
    # The low byte is the kind; the rest tells apart causes that make no difference here.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code not in _EXPLANATIONS:
        return None
    kind, message, hint = _EXPLANATIONS[code]
    return kind(message.format(path=path, error=error), hint)
