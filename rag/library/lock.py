"""One writer at a time: a lock file, and a file beside it that says who holds it."""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import LibraryBusyError
from rag.library.failures import not_writable

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.json"
# Most runs are over by then; who waits longer would think that the program hangs.
_SILENT_WAIT_S = 1.0
# So that the error stays on one screen, whatever the pattern that the shell has expanded.
_LONGEST_COMMAND = 100


class WriterLock:
    """The right to write to a library.

    The system frees the lock of a process that dies, so a lock is never stale.

    Args:
        folder: the library.
        wait_s: seconds to wait for another writer before giving up.
        on_wait: told once who is in the way, when the wait takes more than a second.
    """

    def __init__(
        self, folder: Path, wait_s: float, on_wait: Callable[[str], None] | None = None
    ) -> None:
        self._folder = folder
        self._wait_s = wait_s
        self._on_wait = on_wait
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
            if not self._got_within(min(self._wait_s, _SILENT_WAIT_S)):
                self._wait_aloud()
        except OSError as error:
            raise not_writable(self._folder, error) from error
        about = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": _command(),
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

    def _wait_aloud(self) -> None:
        left_s = self._wait_s - _SILENT_WAIT_S
        if left_s > 0:
            if self._on_wait is not None:
                self._on_wait(f"{self._busy()}; waiting up to {self._wait_s:g} s.")
            if self._got_within(left_s):
                return
        raise LibraryBusyError(
            f"{self._busy()}; waited {self._wait_s:g} s, nothing was changed.",
            "Try again when it is done, or wait longer with RAG_LOCK_TIMEOUT_S=600. "
            "Questions can be asked meanwhile.",
        )

    def _busy(self) -> str:
        return f"{_describe(self._holder)} is writing to the library in {self._folder}"

    def _got_within(self, seconds: float) -> bool:
        try:
            self._lock.acquire(timeout=seconds)
        except Timeout:
            return False
        return True


def _command() -> str:
    """What this process was started as, as a person would type it, in one line."""
    program, *words = sys.argv or [""]
    path = Path(program)
    name = path.parent.name if path.name == "__main__.py" else path.name
    command = " ".join(shlex.join([name, *words]).split()) if name else "Python"
    if len(command) > _LONGEST_COMMAND:
        command = command[: _LONGEST_COMMAND - 1] + "…"
    # A path that is no UTF-8 has halves of surrogate pairs.
    return command.encode(errors="replace").decode()


def _describe(holder: Path) -> str:
    try:
        about = json.loads(holder.read_text("utf-8"))
        # In the time of who reads it, wherever it was written.
        since = datetime.fromisoformat(about["since"]).astimezone()
        who = f"Process {about['pid']} on {about['host']}"
        return f"{who} ({about['command']}, since {since:%Y-%m-%d %H:%M:%S})"
    except (OSError, ValueError, LookupError, TypeError):
        return "Another process"
