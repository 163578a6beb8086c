"""Reads uploads apart from the page: in a process of its own, each file within a time limit.

A PDF can be made so that its reading takes hours or all memory, and in a thread of the page
nothing could end it: the alarm of :mod:`rag.readers.limits` rings in a main thread only. Here the
process is ended, the file is refused with the reason, and the next one is read by a new process.
What is read is cut there too, as a trial: cutting can be what is slow, and the page does it again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from rag.chunking import PassageChunker
from rag.cutting import cut
from rag.errors import RagError
from rag.readers import read_path
from rag.schema import Document, Refusal

Item = Document | Refusal
READ_WITHIN_S = 60.0
"""A report of 500 pages takes half of it; what takes longer is for the command line."""
CUT_WITHIN_S = 10.0
"""Half a minute's worth of prose in megabytes: 60; of two-letter lines, the slowest text: 3."""
ALL_WITHIN_S = 300.0
"""All files of an upload together, so that twenty slow ones hold nobody for twenty minutes."""
# The limits of one file are of processor time, so that its fate is not that of a busy machine; by
# the clock it may take so many times as long.
_PATIENCE = 3
# Starting Python on a machine that is busy with a question.
_START_WITHIN_S = 60.0
MEMORY_BYTES = 4 * 10**9
"""Of addresses, of which a fresh Python has one: 50 MB of short sentences take 1.5 GB."""
_NICE = 5
_COMMAND_LINE = "If it is to be trusted, index it on the command line: rag index PATH"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long reading may take, in seconds."""

    read: float = READ_WITHIN_S
    """Of processor time, a file."""
    cut: float = CUT_WITHIN_S
    """Of processor time, the articles of a file."""
    all: float = ALL_WITHIN_S
    """By the clock, all files."""


def read_apart(
    files: Sequence[Path],
    *,
    on_file: Callable[[Path], None] = lambda _: None,
    limits: Limits | None = None,
) -> tuple[Item, ...]:
    """The articles of some files; what cannot be read in time, or at all, is a refusal.

    Args:
        files: read in their order.
        on_file: told which one is read next.
        limits: how long it may take.

    Raises:
        RagError: no process can be started.
    """
    limits = limits or Limits()
    end = time.monotonic() + limits.all
    items: list[Item] = []
    reader: _Reader | None = None
    try:
        for path in files:
            left = end - time.monotonic()
            if left <= 0:
                items.append(_refusal(path, "The files before it took too long; it was not read."))
                continue
            on_file(path)
            reader = reader or _Reader.start(limits)
            found = reader.read(path, left)
            items += found if isinstance(found, tuple) else (found,)
            if isinstance(found, Refusal):  # of the whole file, by ending its process
                reader.end()
                reader = None
    finally:
        if reader is not None:
            reader.end()
    return tuple(items)


class _Reader:
    """A process that reads one file after the other."""

    def __init__(self, process: BaseProcess, line: Connection, limits: Limits) -> None:
        self._process = process
        self._line = line
        self._limits = limits

    @classmethod
    def start(cls, limits: Limits) -> Self:
        # Spawned, never forked: the threads of this process do not survive a fork.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_read_on_demand, args=(theirs, limits), daemon=True)
        process.start()
        theirs.close()
        reader = cls(process, ours, limits)
        if reader._answer(_START_WITHIN_S) != _READY:
            reader.end()
            raise RagError(
                "No process could be started to read the files; nothing was added.",
                "Free some memory and try again, or index them: rag index PATH",
            )
        return reader

    def read(self, path: Path, left_s: float) -> tuple[Item, ...] | Refusal:
        """The articles of a file, or one refusal where the process is of no more use."""
        limits = self._limits
        with suppress(OSError):
            self._line.send(path)
        items = self._answer(min(limits.read * _PATIENCE, left_s))
        if not isinstance(items, tuple):
            return self._ended(path, items, f"Reading it took more than {limits.read:,.0f} s")
        done = self._answer(limits.cut * _PATIENCE)
        if done != _READY:
            late = f"Finding its sentences took more than {limits.cut:,.0f} s"
            return self._ended(path, done, late)
        return items

    def end(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()
        self._process.join()
        self._line.close()

    def _answer(self, within_s: float) -> object:
        """What the process says; None where it has ended, ``_LATE`` where it says nothing."""
        try:
            return self._line.recv() if self._line.poll(within_s) else _LATE
        except (EOFError, OSError):
            return None

    def _ended(self, path: Path, answer: object, late: str) -> Refusal:
        if answer is None:  # it has ended, or is about to
            self._process.join(1.0)
        if answer == _LATE or self._process.exitcode == _OUT_OF_TIME:
            return _refusal(path, f"{late}; it was not added.")
        return _refusal(path, "Reading it ended the reading process; it was not added.")


_READY, _LATE = "ready", "late"
_OUT_OF_TIME = -getattr(signal, "SIGXCPU", 0) or None


def _refusal(path: Path, reason: str) -> Refusal:
    return Refusal(str(path), reason, f"Save the article alone as text. {_COMMAND_LINE}")


# --- in the other process ------------------------------------------------------------------


def _read_on_demand(line: Connection, limits: Limits) -> None:
    """Read each file that is named, until the page closes the line or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the page's to handle
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _restrain()
    line.send(_READY)
    with suppress(EOFError, OSError):
        while True:
            path = line.recv()
            _allow(limits.read)
            items = tuple(read_path(path))
            line.send(items)
            _allow(limits.cut)
            for item in items:
                cut(item, _TRIAL)
            line.send(_READY)


def _restrain() -> None:
    """Let questions go first, and end for want of memory before others have to."""
    with suppress(AttributeError, OSError):
        os.nice(_NICE)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))


def _allow(seconds: float) -> None:
    """Let the system end this process after so many more seconds of work."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(time.process_time() + seconds), hard))


def _roughly(text: str) -> int:
    """About as many word pieces as a text has; the real ones need the embedder's table."""
    return len(text) // 4 + 2


_TRIAL = PassageChunker(_roughly, 256)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
