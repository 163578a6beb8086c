"""One at a time, first come first served, and a limit to the line.

A chat model has one context: two questions at once would wait for each other anyway, and neither
would end sooner.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import BusyError, GenerationStoppedError
from rag.protocols import StopCheck

# How often someone who waits asks whether to stop waiting.
_POLL_S = 0.05


class Turns:
    """Who is served, and who waits.

    Args:
        max_waiting: how many may wait besides the one that is served.
    """

    def __init__(self, max_waiting: int) -> None:
        self._max_waiting = max_waiting
        self._line: deque[Turn] = deque()
        self._moved = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many wait, the one that is served not counted."""
        return max(len(self._line) - 1, 0)

    def join(self) -> Turn:
        """Take a place at the end of the line; :meth:`Turn.leave` gives it up.

        Raises:
            BusyError: the line is full.
        """
        with self._moved:
            if len(self._line) > self._max_waiting:
                raise BusyError(
                    f"Someone is being answered and {self._max_waiting} are waiting; "
                    "this question was not taken.",
                    "Ask again in a few seconds.",
                )
            turn = Turn(self)
            self._line.append(turn)
            return turn

    def rest(self, within_s: float) -> bool:
        """Wait until nobody is served or waits, and say whether that came about in time."""
        with self._moved:
            return self._moved.wait_for(lambda: not self._line, within_s)

    def place_of(self, turn: Turn) -> int:
        """How many come before; 0 is being served."""
        with self._moved:
            return self._line.index(turn)

    def remove(self, turn: Turn) -> None:
        """Take a place out of the line, wherever it is; one that has gone is no error."""
        with self._moved:
            if turn in self._line:
                self._line.remove(turn)
            self._moved.notify_all()

    def wait_for(self, turn: Turn, stop: StopCheck) -> None:
        """Return when the turn has come.

        Raises:
            GenerationStoppedError: ``stop`` said so first.
        """
        with self._moved:
            while self._line[0] is not turn:
                if stop():
                    raise GenerationStoppedError("Stopped before its turn came.")
                self._moved.wait(_POLL_S)


class Turn:
    """A place in the line."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    @property
    def place(self) -> int:
        """How many come before; 0 is being served."""
        return self._turns.place_of(self)

    @contextmanager
    def taken(self, stop: StopCheck) -> Iterator[None]:
        """Wait for the turn and keep it for the length of the block.

        Raises:
            GenerationStoppedError: ``stop`` said so before the turn came.
        """
        try:
            self._turns.wait_for(self, stop)
            yield
        finally:
            self.leave()

    def leave(self) -> None:
        """Give the place up; more than once is no error."""
        self._turns.remove(self)
