"""How long work tells how far it is: the caller draws the bar."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how far a job is. An exception that it raises, Ctrl-C above all, ends the job.

    ``start`` may be called anew, when a fetch turns to its next source; ``finish`` is called once
    for each ``start``, after a failure too. All calls come from the thread that runs the job.
    """

    def start(self, total_bytes: int, label: str) -> None:
        """A job of that many bytes begins."""
        ...

    def advance(self, n_bytes: int) -> None:
        """So many bytes more are done; fewer than none where some have to be fetched anew."""
        ...

    def finish(self) -> None:
        """The job ended, well or not."""
        ...


class CountedProgress:
    """Passes on what one job does, never more than all of it.

    Args:
        progress: who is told.
        total_bytes: of the job.
        label: what the job is.
    """

    def __init__(self, progress: Progress, total_bytes: int, label: str) -> None:
        self._progress = progress
        self._left = total_bytes
        progress.start(total_bytes, label)

    def advance(self, n_bytes: int) -> None:
        """So many bytes more are done; fewer than none where some have to be fetched anew."""
        n_bytes = min(n_bytes, self._left)
        self._left -= n_bytes
        self._progress.advance(n_bytes)

    def complete(self) -> None:
        """All is done: compressed bytes may have been counted, which are fewer."""
        self.advance(self._left)

    def finish(self) -> None:
        """The job ended, well or not."""
        self._progress.finish()


class _NoProgress:
    def start(self, total_bytes: int, label: str) -> None:
        pass

    def advance(self, n_bytes: int) -> None:
        pass

    def finish(self) -> None:
        pass


NO_PROGRESS: Progress = _NoProgress()
"""Tells nobody."""
