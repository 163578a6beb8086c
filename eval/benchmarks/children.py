"""Other processes that are waited for, but never for ever."""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading
import time
from typing import Self

RAG = ("-m", "rag")
"""Behind the name of the interpreter: the command."""


class NotSeenError(Exception):
    """What was waited for did not come; the message is a sentence that names it."""


class Child:
    """A process of Python; a thread reads what it says, so that no wait is without end.

    Standard output and standard error come as one: `rag ui` prints its address on the latter.

    Args:
        words: behind the name of the interpreter.
        environment: of the process; None: this one's.
    """

    def __init__(self, *words: str, environment: dict[str, str] | None = None) -> None:
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.SimpleQueue[tuple[float, str | None]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def told(self, wanted: re.Pattern[str], what: str, within_s: float) -> tuple[str, float]:
        """What it said that was wanted, and the seconds from its start to then.

        Raises:
            NotSeenError: it did not say so within that many seconds, or ended before.
        """
        last = "nothing"
        while True:
            left = self._started + within_s - time.perf_counter()
            try:
                at, line = self._lines.get(timeout=max(left, 0))
            except queue.Empty:
                raise NotSeenError(f"Waited {within_s:g} s for {what}, in vain.") from None
            if line is None:
                raise NotSeenError(f"Waited for {what}; the process ended and had said: {last}")
            if found := wanted.search(line):
                return found[0], at - self._started
            last = line.strip() or last

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put((time.perf_counter(), line))
        self._lines.put((time.perf_counter(), None))


def printed(*words: str, what: str, within_s: float) -> str:
    """What `rag` prints, run to its end.

    Raises:
        NotSeenError: it took longer, or failed.
    """
    try:
        done = subprocess.run(
            [sys.executable, *RAG, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=within_s,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise NotSeenError(f"Waited {within_s:g} s for {what}, in vain.") from None
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.split())
        raise NotSeenError(f"Waited for {what}; the process failed and had said: {said}") from None
    return done.stdout
