"""One call at a time where the chat model is needed, and stopping when nobody waits any more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Protocol, TypeVar

from rag.errors import GenerationStoppedError, RagError
from rag.protocols import StopCheck
from rag.schema import (
    Answer,
    CheckedDraft,
    Filters,
    Retrieval,
    StatedFigure,
    Summary,
)
from rag.web import Turns

CLOSE_WITHIN_S = 5.0
MAX_WAITING = 8

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Source(Protocol):
    """What the tools ask; the pipeline is one.

    :meth:`ask`, :meth:`summarize` and :meth:`warm` need the chat model and are called one at a
    time, the others at any time.
    """

    def ask(self, question: str, *, filters: Filters, stop: StopCheck) -> Answer:
        """Answer a question."""
        ...

    def summarize(self, document: str, *, stop: StopCheck) -> Summary:
        """Sum up one article, by id, title or path."""
        ...

    def search(self, question: str, *, filters: Filters) -> Retrieval:
        """Return the sentences that a question finds, best first."""
        ...

    def figures(self, about: str | None, *, filters: Filters) -> tuple[StatedFigure, ...]:
        """Return the figures of the articles, those about some words, or all."""
        ...

    def check(self, draft: str, *, filters: Filters, stop: StopCheck) -> CheckedDraft:
        """Compare the figures of a draft with those of the articles, or as many until ``stop``."""
        ...

    def warm(self) -> None:
        """Load everything that a question needs."""
        ...


class Desk:
    """Takes the calls of all clients to one source.

    Args:
        source: asked for what needs the chat model by one thread at a time.
        turns: the line in which these calls wait; shared with whatever else uses the chat model.
    """

    def __init__(self, source: Source, turns: Turns) -> None:
        self.source = source
        self._turns = turns
        self._stops: set[threading.Event] = set()

    def warm(self) -> None:
        """Begin to load the heavy parts; calls wait behind it."""
        threading.Thread(target=self._warm, name="warm", daemon=True).start()

    async def call(self, work: Callable[[Source, StopCheck], _T], *, writes: bool) -> _T:
        """Do some work in a thread; a call that is cancelled stops it.

        Args:
            work: gets the source, and what to ask whether to stop.
            writes: whether it needs the chat model, and so waits for its turn.

        Raises:
            RagError: the work failed, or as many as may wait are waiting.
        """
        turn = self._turns.join() if writes else None
        stop = threading.Event()
        self._stops.add(stop)

        def done() -> _T:
            taken: AbstractContextManager[None] = turn.taken(stop.is_set) if turn else nullcontext()
            with taken:
                return work(self.source, stop.is_set)

        try:
            return await _in_thread(done)
        finally:
            stop.set()
            self._stops.discard(stop)

    def close(self) -> None:
        """Stop every call and wait until the model rests, 5 s at most."""
        for stop in list(self._stops):
            stop.set()
        self._turns.rest(CLOSE_WITHIN_S)

    def _warm(self) -> None:
        with suppress(RagError), self._turns.join().taken(lambda: False):
            # What is missing is told by the first call that needs it.
            self.source.warm()


def _in_thread(work: Callable[[], _T]) -> Awaitable[_T]:
    """Run some work in a thread; what is cancelled is left to end by itself."""
    from anyio import to_thread

    return to_thread.run_sync(work, abandon_on_cancel=True)


def explained(error: Exception) -> RagError:
    """What a client is told of an error, which may be a mistake in the program."""
    if isinstance(error, GenerationStoppedError):
        return GenerationStoppedError("Stopped.")
    if isinstance(error, RagError):
        return error
    _log.error("a tool failed", exc_info=error)
    return RagError(f"Something broke inside citeline ({type(error).__name__}); nothing was lost.")
