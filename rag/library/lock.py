"""One writer at a time: a lock file, and a file beside it that says who holds it."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import LibraryBusyError
from rag.library.failures import not_writable

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.json"


class WriterLock:
    """The right to write to a library.

    The system frees the lock of a process that dies, so a lock is never stale.

    Args:
        folder: the library.
        wait_s: seconds to wait for another writer before giving up.
    """

    def __init__(self, folder: Path, wait_s: float) -> None:
        self._folder = folder
        self._wait_s = wait_s
        self._holder = folder / HOLDER_NAME
        # Not bound to a thread: a page's server opens and closes in different ones.
        self._lock = FileLock(folder / LOCK_NAME, thread_local=False)

    def acquire(self) -> None:
        """Wait for the lock and write down who has it.

        Raises:
            LibraryBusyError: another writer held it all the time.
            LibraryError: the folder cannot be written.
        """
        try:
            self._lock.acquire(timeout=self._wait_s)
        except Timeout:
            raise LibraryBusyError(
                f"{_describe(self._holder)} is writing to the library in {self._folder}; "
                f"waited {self._wait_s:g} s, nothing was changed.",
                "Try again when it is done. Questions can be asked meanwhile.",
            ) from None
        except OSError as error:
            raise not_writable(self._folder, error) from error
        about = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        # Without the file another writer cannot say who is in its way; it still has to wait.
        with suppress(OSError):
            self._holder.write_text(json.dumps(about), "utf-8")

    def release(self) -> None:
        """Let the next writer in; no error when the lock is not held."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._holder.unlink(missing_ok=True)
            self._lock.release()


def _describe(holder: Path) -> str:
    try:
        about = json.loads(holder.read_text("utf-8"))
        return f"Process {about['pid']} on {about['host']} (since {about['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        return "Another process"
