"""Runs pip for the build of llama.cpp: output into a log, progress shown, failures explained.

Standard library only, as all of :mod:`rag.llama_build`.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rag.errors import MissingPartError

FREE_BYTES = 600_000_000
"""Space that a build asks for: measured 350 MB, and some to spare."""

DISK_HINT = (
    f"Free {FREE_BYTES / 1e6:.0f} MB, or set RAG_CACHE_DIR to a folder on another disk. "
    "Then run it again."
)

_STEP = re.compile(r"^\s*\[\s*(?:(\d+)/(\d+)|(\d+)%)\]")
"""A line of ninja, ``[12/140]``, or of make, ``[ 8%]``, as ``pip wheel -v`` shows it."""

_STOP_S = 10.0
"""How long pip has after an interrupt, to put back a package that it is replacing."""

# What stands in pip's output, what it means, and what to do about it.
_CAUSES = (
    ("No space left on device|Disk quota exceeded", "The disk is full", DISK_HINT),
    (
        "DO NOT MATCH THE HASHES",
        "The package index gave another file than the pinned one",
        "Look at the index that pip is set up with: pip config list",
    ),
    (
        r"No module named pip\b",
        "This Python has no pip",
        f"Run: {sys.executable} -m ensurepip --upgrade",
    ),
    (
        "externally-managed-environment",
        "This Python belongs to the system, which does not let pip install into it",
        "Make an environment first: python3 -m venv .venv && .venv/bin/python -m rag.llama_build",
    ),
    (
        "Killed signal terminated program|virtual memory exhausted",
        "The compiler ran out of memory",
        "Close other programs, or run it again with CMAKE_BUILD_PARALLEL_LEVEL=1 set.",
    ),
    (
        # Endings of urllib3's errors, then what pip says when it has found no page or no file.
        r"(Connection|Resolution|Proxy|SSL)Error|(Connect|Read)Timeout|[Nn]o matching distribution",
        "pip cannot get what it needs from its package index",
        "Check the network and pip's settings (pip config list), then run it again.",
    ),
)


@dataclass(slots=True)
class Progress:
    """One line that moves on a terminal, one line for each tenth elsewhere.

    Args:
        out: where the lines go.
        tenths: how many tenths have been told.
    """

    out: TextIO
    tenths: int = 0

    def line(self, text: str) -> None:
        """Look at a line of the build's output, and show how far it is."""
        found = _STEP.match(text)
        if not found:
            return
        done, total, percent = found.groups()
        share = int(percent) if percent else 100 * int(done) // int(total)
        if self.out.isatty():
            self.out.write(f"\r  compiling: {share}% " + ("\n" if share == 100 else ""))
        elif share // 10 > self.tenths:
            self.tenths = share // 10
            self.out.write(f"  compiling: {self.tenths * 10}%\n")
        self.out.flush()


@dataclass(frozen=True, slots=True)
class Pip:
    """pip of the Python that runs this.

    Args:
        log: the open file that takes its output.
        temporary: a folder for its temporary files, which the caller removes.
    """

    log: TextIO
    temporary: Path

    def __call__(
        self,
        doing: str,
        *arguments: str | Path,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda _: None,
        failure: type[MissingPartError] = MissingPartError,
    ) -> None:
        """Run a pip command.

        Args:
            doing: what the command is for, as "compiling llama.cpp".
            arguments: the command and its arguments.
            env: added to the environment.
            on_line: handed each line of output.
            failure: raised where the output tells of no known cause.

        Raises:
            MissingPartError: the disk, the network or the like failed.
        """
        extra = {"TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1", **(env or {})}
        command = [sys.executable, "-m", "pip", "--no-input", *map(str, arguments)]
        output: list[str] = []

        def take(line: str) -> None:
            output.append(line)
            self.log.write(line)
            on_line(line)

        if _run(command, {**os.environ, **extra}, take) != 0:
            self.log.flush()
            raise explain("".join(output), doing, self.log.name, failure)


def explain(
    output: str, doing: str, log: str, failure: type[MissingPartError] = MissingPartError
) -> MissingPartError:
    """Turn what pip printed when it failed into an error that says what to do."""
    for pattern, what, hint in _CAUSES:
        if re.search(pattern, output):
            return MissingPartError(f"{what}; {doing} failed and nothing was changed.", hint)
    # The last three lines that name an error nearly always hold the cause.
    last = [line.rstrip() for line in output.splitlines() if "error" in line.lower()][-3:]
    text = "\n".join((f"{doing.capitalize()} failed and nothing was changed.", *last))
    return failure(text, f"The whole output is in {log}")


def _run(command: Sequence[str], env: Mapping[str, str], on_line: Callable[[str], None]) -> int:
    """Run a command; stop it with all that it has started when this is interrupted."""
    with subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            for line in process.stdout or ():
                on_line(line)
            return process.wait()
        except BaseException:
            _stop_group(process)
            raise


def _stop_group(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=_STOP_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
