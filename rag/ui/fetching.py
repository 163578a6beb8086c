"""Fetches missing weights behind the page, one fetch at a time, and tells how far it is.

In a process of its own, for three reasons: the page's own is told to ask nobody (Gradio and
huggingface_hub read that once, when they are imported); it can be stopped within a second while a
server is silent; and what goes wrong in it ends nothing else. A fetch that is stopped goes on later
where it was, as :mod:`rag.models.fetching` does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from rag.errors import FetchError, RagError

OFFLINE = "HF_HUB_OFFLINE"
"""Set for Gradio; the fetch has it as it was before."""
# A stopped fetch lets go of its files and ends its pips at once; a child that hangs is killed.
STOP_WITHIN_S = 5.0
_TELL_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Fetching:
    """How far the latest fetch is; each one replaces the one before."""

    running: bool = False
    label: str = ""
    """What is fetched from where; empty as long as no fetch was begun."""
    done: int = 0
    total: int = 0
    """Bytes of the model that is fetched; 0 as long as they are not known."""
    stopped: bool = False
    error: RagError | None = None
    """Why it failed."""


Run = Callable[[Sequence[str], Connection, "str | None"], None]


class Fetches:
    """The fetches of one page: whoever asks sees the same one.

    Args:
        on_done: called when all that was asked for is here.
        run: what the process does; must be a function that it can import.
    """

    def __init__(self, on_done: Callable[[], None], run: Run | None = None) -> None:
        self._on_done = on_done
        self._run = run or fetch_all
        self._offline = os.environ.get(OFFLINE)
        self._lock = threading.Lock()
        self._state = Fetching()
        self._process: BaseProcess | None = None
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> Fetching:
        """How far it is."""
        return self._state

    def start(self, models: Sequence[str]) -> bool:
        """Begin to fetch registered models; False where a fetch is running, which goes on."""
        with self._lock:
            if self._state.running or not models:
                return False
            self._state = Fetching(running=True, label=f"Beginning with {models[0]}")
            # Spawned, never forked: the threads of this process do not survive a fork.
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=self._run, args=(tuple(models), theirs, self._offline), daemon=True
            )
            process.start()
            theirs.close()
            self._process = process
            self._thread = threading.Thread(target=self._listen, args=(ours, process), daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """End the fetch, if there is one; what has arrived is kept for the next."""
        with self._lock:
            process = self._process
            if process is None or not self._state.running:
                return
            self._state = replace(self._state, stopped=True)
        process.terminate()
        threading.Thread(target=_end, args=(process,), daemon=True).start()

    def close(self) -> None:
        """End the fetch and wait for it."""
        self.stop()
        if self._thread is not None:
            self._thread.join(2 * STOP_WITHIN_S)

    def _listen(self, told: Connection, process: BaseProcess) -> None:
        """Take what the process tells until it has ended."""
        outcome: RagError | None = _ended()
        with suppress(EOFError, OSError):
            while True:
                message = told.recv()
                if not isinstance(message, Fetching):
                    outcome = message
                    break
                with self._lock:
                    self._state = replace(message, stopped=self._state.stopped)
        told.close()
        process.join()
        with self._lock:
            stopped = self._state.stopped and outcome is not None
            error = None if stopped else outcome
            self._state = replace(self._state, running=False, stopped=stopped, error=error)
            self._process = None
        if outcome is None:
            self._on_done()


def _end(process: BaseProcess) -> None:
    process.join(STOP_WITHIN_S)
    if process.is_alive():
        process.kill()


def _ended() -> RagError:
    return FetchError(
        "The process that fetched the model ended before it was done.",
        "Try again, what has arrived is kept; or run: rag models fetch",
    )


# --- in the other process ------------------------------------------------------------------


def fetch_all(models: Sequence[str], told: Connection, offline: str | None) -> None:
    """Fetch models, tell how far it is, and last None or what went wrong."""
    # As Ctrl-C would: unwinding ends the pips that were begun. Ctrl-C itself is the parent's.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.pop(OFFLINE, None)
    if offline is not None:
        os.environ[OFFLINE] = offline
    from rag.models import fetch, load_registry

    outcome: RagError | None = None
    try:
        for name in models:
            fetch(load_registry().get(name), progress=_Told(told))
    except RagError as error:
        outcome = error
    except KeyboardInterrupt:
        return
    with suppress(OSError):  # the page has ended
        told.send(outcome)


class _Told:
    """Sends how far a fetch is, a few times a second."""

    def __init__(self, told: Connection) -> None:
        self._told = told
        self._state = Fetching(running=True)
        self._next = 0.0

    def start(self, total_bytes: int, label: str) -> None:
        """A job of that many bytes begins."""
        self._state = Fetching(running=True, label=label, total=total_bytes)
        self._told.send(self._state)

    def advance(self, n_bytes: int) -> None:
        """So many bytes more are done."""
        self._state = replace(self._state, done=self._state.done + n_bytes)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _TELL_EVERY_S
            self._told.send(self._state)

    def finish(self) -> None:
        """The job ended, well or not."""
        self._told.send(self._state)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
