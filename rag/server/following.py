"""One client that waits for its answer and may go away before it comes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self

from fastapi import Request

from rag.schema import Filters
from rag.server.jobs import Event, Job, Jobs

# Connections that carry nothing are cut by some programs on the way after 15 to 60 s.
PATIENCE_S = 10.0


class Follower:
    """Puts a question into the line and hears of it; a client that goes away stops it.

    Args:
        request: of the client, whose body has been read.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._job: Job | None = None
        self._watch: asyncio.Task[None] | None = None

    def start(self, jobs: Jobs, question: str, filters: Filters) -> Self:
        """Join the line.

        Raises:
            BusyError: it is full.
            GenerationStoppedError: the server is about to end.
        """
        job = Job(question, filters, self._tell)
        jobs.start(job)
        self._job = job
        self._watch = asyncio.create_task(self._stop_when_gone(job))
        return self

    async def next(self) -> Event | None:
        """The next event; None where nothing has happened for a while."""
        try:
            return await asyncio.wait_for(self._events.get(), PATIENCE_S)
        except TimeoutError:
            return None

    def close(self) -> None:
        """Stop the question, if it has not ended."""
        if self._job is not None:
            self._job.stop()
        if self._watch is not None:
            self._watch.cancel()

    def _tell(self, event: Event) -> None:
        with suppress(RuntimeError):  # the server has ended, and nobody listens
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    async def _stop_when_gone(self, job: Job) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        job.stop()
