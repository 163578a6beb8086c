"""A part of the process that is opened once, when it is first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Opens a part when it is first asked for, once, whichever thread asks."""

    def __init__(self, open_part: Callable[[], T]) -> None:
        self._open_part = open_part
        self._lock = threading.Lock()
        self._part: T | None = None

    def get(self) -> T:
        """The part; who asks while it is being opened waits for it."""
        with self._lock:
            if self._part is None:
                self._part = self._open_part()
            return self._part

    @property
    def is_open(self) -> bool:
        """Whether the part is there already."""
        return self._part is not None

    def take(self) -> T | None:
        """Forget the part and return it, for closing."""
        with self._lock:
            part, self._part = self._part, None
            return part
