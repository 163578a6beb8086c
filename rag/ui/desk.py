"""Puts the questions of all visitors to one asker, one at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from rag.errors import BusyError, RagError
from rag.schema import (
    Answer,
    Digest,
    DigestPoint,
    Evidence,
    Filters,
    Retrieval,
    Summary,
    SummaryPoint,
)
from rag.ui.asker import Asker
from rag.ui.fetching import Fetches
from rag.ui.wanted import Wanted
from rag.web.turns import Turn, Turns

# The model writes 10 to 12 tokens a second, so that faster updates would show nothing new.
UPDATE_EVERY_S = 0.1
# A stopped model ends within one step of decoding, 0.1 s, or one batch of a prompt, seconds.
CLOSE_WITHIN_S = 5.0
# Each one that waits holds one of the server's 40 threads; the others are for everything else.
MAX_WAITING = 20

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_NO_FILTERS = Filters()
Outcome = Answer | Summary | Digest


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a question or a summary has come; each one replaces the one before."""

    ahead: int = 0
    """How many come before it; 0 once it is being answered."""
    evidence: tuple[Evidence, ...] | None = None
    """None until the search is done."""
    draft: str = ""
    """What has been written so far, not checked yet."""
    points: tuple[SummaryPoint | DigestPoint, ...] = ()
    """The sentences of a summary so far, each of them checked."""
    read: tuple[int, int] | None = None
    """How many of how many articles are read, where many are summed up."""
    outcome: Outcome | RagError | None = None
    """The end, once it is there."""


@dataclass(frozen=True, slots=True)
class Warmth:
    """Whether the heavy parts are loaded."""

    ready: bool = False
    error: RagError | None = None
    """Why they could not be loaded."""
    seconds: float = 0.0
    """How long it took, or has taken so far."""

    @property
    def loading(self) -> bool:
        """Whether it may still change by itself."""
        return not self.ready and self.error is None


class Desk:
    """One asker, many visitors.

    Args:
        asker: never asked for what needs the model by two threads at the same time.
        turns: the line in which visitors wait, where something else uses the model too.
    """

    def __init__(self, asker: Asker, turns: Turns | None = None) -> None:
        self.asker = asker
        self.fetches = Fetches(self._fetched)
        self._turns = turns or Turns(MAX_WAITING)
        self._reading = Turns(MAX_WAITING)
        self._stops: dict[tuple[str, str], threading.Event] = {}
        self._warmth = Warmth()
        self._opened = time.monotonic()

    def open(self) -> None:
        """Begin to load the heavy parts in a thread of their own."""
        self._opened = time.monotonic()
        self._warmth = Warmth()
        threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def close(self) -> None:
        """Stop every question and wait until the model rests, 5 s at most.

        An interpreter that ends while a thread is inside the model can crash.
        """
        self.stop_all()
        self.fetches.close()
        self._turns.rest(CLOSE_WITHIN_S)
        self._reading.rest(CLOSE_WITHIN_S)

    def follow(
        self, question: str, visitor: str, filters: Filters = _NO_FILTERS
    ) -> Iterator[Progress]:
        """Ask and yield the progress, at most every 0.1 s; the last one has an outcome.

        A visitor has one question at a time: a newer one stops the older. Closing the iterator
        stops the question.
        """

        def ask(job: _Job) -> Answer:
            return self.asker.ask(
                question,
                filters=filters,
                on_evidence=job.found,
                on_text=job.wrote,
                stop=job.stop.is_set,
            )

        return self._follow((visitor, "ask"), ask, self._turns)

    def summarize(self, wanted: Wanted, visitor: str) -> Iterator[Progress]:
        """Sum articles up and yield the progress, as for :meth:`follow`.

        What needs no model waits in a line of its own, so that a thousand articles that are read
        hold up nobody's question.
        """

        def summarize(job: _Job) -> Summary | Digest:
            if wanted.document is not None:
                return self.asker.summarize(wanted, on_point=job.made, stop=job.stop.is_set)
            return self.asker.digest(
                wanted, on_point=job.made, on_read=job.has_read, stop=job.stop.is_set
            )

        line = self._turns if wanted.needs_model else self._reading
        return self._follow((visitor, "summary"), summarize, line)

    def stop(self, visitor: str, kind: str | None = None) -> None:
        """Stop what a visitor has asked for: the question, the summary, or with None both."""
        for (whose, which), stop in list(self._stops.items()):
            if whose == visitor and kind in {None, which}:
                stop.set()

    def stop_all(self) -> None:
        """Stop the questions of all visitors."""
        for stop in list(self._stops.values()):
            stop.set()

    @property
    def warmth(self) -> Warmth:
        """Whether the heavy parts are loaded."""
        if self._warmth.loading:
            return replace(self._warmth, seconds=time.monotonic() - self._opened)
        return self._warmth

    def _follow(
        self, key: tuple[str, str], work: Callable[[_Job], Outcome], line: Turns
    ) -> Iterator[Progress]:
        if (older := self._stops.get(key)) is not None:
            older.set()
        try:
            job = _Job(work, line.join())
        except BusyError as busy:
            yield Progress(outcome=busy)
            return
        self._stops[key] = job.stop
        threading.Thread(target=job.run, name=key[1], daemon=True).start()
        try:
            progress = job.next()
            while progress.outcome is None:
                yield progress
                job.ended.wait(UPDATE_EVERY_S)
                progress = job.next()
            if line is self._turns and not isinstance(progress.outcome, RagError):
                self._warmth = Warmth(ready=True, seconds=self.warmth.seconds)
            yield progress
        finally:
            job.stop.set()
            if self._stops.get(key) is job.stop:
                del self._stops[key]

    def _fetched(self) -> None:
        if not self.warmth.ready:
            self.open()

    def _warm(self) -> None:
        with self._turns.join().taken(lambda: False):
            error = attempt(self.asker.warm)
        seconds = time.monotonic() - self._opened
        failed = isinstance(error, RagError)
        self._warmth = Warmth(not failed, error if failed else None, seconds)


class _Job:
    """One piece of work for the model, on its way through a thread of its own."""

    def __init__(self, work: Callable[[_Job], Outcome], turn: Turn) -> None:
        self.stop = threading.Event()
        self.ended = threading.Event()
        self._work = work
        self._turn = turn
        self._begun = False
        self._lock = threading.Lock()
        self._progress = Progress(ahead=turn.place)
        self._changed = threading.Event()
        self._changed.set()

    def run(self) -> None:
        """Wait for the turn, do the work, and leave the outcome."""
        outcome = attempt(self._done)
        self._show(ahead=0, outcome=outcome)
        self.ended.set()

    def next(self) -> Progress:
        """Wait for a change; what came since the last call comes as one."""
        while not self._changed.wait(UPDATE_EVERY_S):
            self._look_ahead()
        self._changed.clear()
        return self._progress

    def found(self, retrieval: Retrieval) -> None:
        self._show(evidence=retrieval.evidence)

    def wrote(self, piece: str) -> None:
        self._show(draft=self._progress.draft + piece)

    def made(self, point: SummaryPoint | DigestPoint) -> None:
        self._show(points=(*self._progress.points, point))

    def has_read(self, done: int, total: int) -> None:
        self._show(read=(done, total))

    def _done(self) -> Outcome:
        with self._turn.taken(self.stop.is_set):
            with self._lock:
                self._begun = True
            self._show(ahead=0)
            return self._work(self)

    def _look_ahead(self) -> None:
        """See whether the line has moved."""
        with self._lock, suppress(ValueError):  # the turn is over this moment
            if not self._begun and (ahead := self._turn.place) != self._progress.ahead:
                self._progress = replace(self._progress, ahead=ahead)
                self._changed.set()

    def _show(self, **fields: Any) -> None:
        with self._lock:
            self._progress = replace(self._progress, **fields)
        self._changed.set()


def attempt(work: Callable[[], _Result]) -> _Result | RagError:
    """Do the work; what goes wrong is returned, because a thread has nobody to raise it to."""
    try:
        return work()
    except RagError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a mistake in the program must not leave the page waiting
        _log.exception("something that the page asked for failed")
        return RagError(
            f"Something broke inside citeline ({type(error).__name__}); nothing was lost.",
            "What went wrong is written where the page was started. Please report it.",
        )
