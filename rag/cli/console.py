"""Two consoles, and how an error looks: what happened, and what to do next."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from rag.errors import GenerationStoppedError, RagError

if TYPE_CHECKING:
    from rich.console import Console


def out() -> Console:
    """For results."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """For everything else."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Print one JSON value on one line, at once, so that a pipe can read it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def note(message: str) -> None:
    """Say something that is no result."""
    from rich.text import Text

    err().print(Text(message, style="dim"))


def show_error(error: RagError) -> None:
    """Say what happened and what to do next, on one screen."""
    from rich.text import Text

    console = err()
    console.print(Text.assemble(("Error: ", "bold red"), error.message))
    if error.hint:
        console.print(Text.assemble(("Next:  ", "bold"), error.hint))


def make_way() -> None:
    """Let other programs go first, for work in the background: a question must not wait for it.

    Asked beside a run that embeds with all cores, a question took 43 s.
    """
    with suppress(OSError, AttributeError):  # not everywhere, and not for everyone
        os.nice(10)


class Interrupts:
    """Ctrl-C as a flag that long work asks; a second Ctrl-C ends the process as usual."""

    def __init__(self) -> None:
        self._stopped = False

    def __call__(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._stopped

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True

    @contextmanager
    def watch(self) -> Iterator[Interrupts]:
        """Take Ctrl-C for the length of the block."""
        before = signal.signal(signal.SIGINT, self._on_signal)
        try:
            yield self
        finally:
            signal.signal(signal.SIGINT, before)


def leave(error: BaseException) -> int:
    """Explain what ended a command and return its exit code.

    Raises:
        BaseException: what cannot be explained goes on, with its traceback: a bug.
    """
    if isinstance(error, GenerationStoppedError | KeyboardInterrupt):
        note("Stopped. Nothing is lost.")
        return 130
    if isinstance(error, RagError):
        show_error(error)
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        # The reader of our output has gone; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        show_error(RagError("The result cannot be written: the disk is full.", "Free some space."))
        return 2
    raise error
