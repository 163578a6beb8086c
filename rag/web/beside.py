"""Other addresses beside those of a server, with what has to run while it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Beside:
    """Routes that a server takes up beside its own."""

    path: str
    """Where they begin, for people to read."""
    routes: Sequence[Any]
    """Of Starlette."""
    running: Callable[[], AbstractAsyncContextManager[None]]
    """Entered once while the server runs."""


def lifespan_of(beside: Beside | None) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """The lifespan of an application that has taken up the routes, or none."""
    return lambda _: beside.running() if beside else nullcontext()
