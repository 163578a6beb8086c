"""Puts the questions of all visitors to one asker, one at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from rag.errors import GenerationStoppedError, RagError
from rag.schema import Answer, DocumentInfo, Evidence, Filters, Retrieval
from rag.ui.asker import Asker

# The model writes 10 to 12 tokens a second, so that faster updates would show nothing new.
UPDATE_EVERY_S = 0.1
# A stopped model ends within one step of decoding, 0.1 s, or one batch of a prompt, seconds.
CLOSE_WITHIN_S = 5.0
_TURN_POLL_S = 0.05

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a question has come; each one replaces the one before."""

    evidence: tuple[Evidence, ...] | None = None
    """None until the search is done."""
    draft: str = ""
    """What has been written so far, not checked yet."""
    outcome: Answer | RagError | None = None
    """The end, once it is there."""


@dataclass(frozen=True, slots=True)
class Warmth:
    """Whether the heavy parts are loaded."""

    ready: bool = False
    error: RagError | None = None
    """Why they could not be loaded."""

    @property
    def loading(self) -> bool:
        """Whether it may still change by itself."""
        return not self.ready and self.error is None


class Desk:
    """One asker, many visitors.

    Args:
        asker: never asked by two threads at the same time.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._turn = threading.Lock()
        self._stops: dict[str, threading.Event] = {}
        self._warmth = Warmth()

    def open(self) -> None:
        """Begin to load the heavy parts in a thread of their own."""
        threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def close(self) -> None:
        """Stop every question and wait until the model rests, 5 s at most.

        An interpreter that ends while a thread is inside the model can crash.
        """
        self.stop_all()
        if self._turn.acquire(timeout=CLOSE_WITHIN_S):
            self._turn.release()

    def follow(self, question: str, visitor: str) -> Iterator[Progress]:
        """Ask and yield the progress, at most every 0.1 s; the last one has an outcome.

        A visitor has one question at a time: a newer one stops the older. Closing the iterator
        stops the question.
        """
        job = _Job(self._asker, question)
        if (older := self._stops.get(visitor)) is not None:
            older.set()
        self._stops[visitor] = job.stop
        threading.Thread(target=job.run, args=(self._turn,), name="ask", daemon=True).start()
        try:
            progress = job.next()
            while progress.outcome is None:
                yield progress
                time.sleep(UPDATE_EVERY_S)
                progress = job.next()
            if isinstance(progress.outcome, Answer):
                self._warmth = Warmth(ready=True)
            yield progress
        finally:
            job.stop.set()
            if self._stops.get(visitor) is job.stop:
                del self._stops[visitor]

    def stop(self, visitor: str) -> None:
        """Stop the question of a visitor, if there is one."""
        if (stop := self._stops.get(visitor)) is not None:
            stop.set()

    def stop_all(self) -> None:
        """Stop the questions of all visitors."""
        for stop in list(self._stops.values()):
            stop.set()

    @property
    def warmth(self) -> Warmth:
        """Whether the heavy parts are loaded."""
        return self._warmth

    def documents(self) -> list[DocumentInfo] | RagError:
        """The articles, or why they cannot be listed."""
        return _attempt(self._asker.documents)

    def _warm(self) -> None:
        with self._turn:
            error = _attempt(self._asker.warm)
        self._warmth = Warmth(error=error) if isinstance(error, RagError) else Warmth(ready=True)


class _Job:
    """One question on its way through a thread of its own."""

    def __init__(self, asker: Asker, question: str) -> None:
        self.stop = threading.Event()
        self._asker = asker
        self._question = question
        self._progress = Progress()
        self._changed = threading.Event()

    def run(self, turn: threading.Lock) -> None:
        """Wait for the turn, ask, and leave the outcome."""
        outcome = _attempt(lambda: self._ask(turn))
        self._show(replace(self._progress, outcome=outcome))

    def next(self) -> Progress:
        """Wait for a change; what came since the last call comes as one."""
        self._changed.wait()
        self._changed.clear()
        return self._progress

    def _ask(self, turn: threading.Lock) -> Answer:
        with _taken(turn, self.stop):
            return self._asker.ask(
                self._question,
                filters=Filters(),
                on_evidence=self._found,
                on_text=self._wrote,
                stop=self.stop.is_set,
            )

    def _found(self, retrieval: Retrieval) -> None:
        self._show(replace(self._progress, evidence=retrieval.evidence))

    def _wrote(self, piece: str) -> None:
        self._show(replace(self._progress, draft=self._progress.draft + piece))

    def _show(self, progress: Progress) -> None:
        self._progress = progress
        self._changed.set()


@contextmanager
def _taken(turn: threading.Lock, stop: threading.Event) -> Iterator[None]:
    while not turn.acquire(timeout=_TURN_POLL_S):
        if stop.is_set():
            raise GenerationStoppedError("Stopped before its turn came.")
    try:
        yield
    finally:
        turn.release()


def _attempt(work: Callable[[], _Result]) -> _Result | RagError:
    """Do the work; what goes wrong is returned, because a thread has nobody to raise it to."""
    try:
        return work()
    except RagError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a mistake in the program must not leave the page waiting
        _log.exception("a question or the loading of the models failed")
        return RagError(
            f"Something broke inside citeline ({type(error).__name__}); nothing was lost.",
            "What went wrong is written where the page was started. Please report it.",
        )
