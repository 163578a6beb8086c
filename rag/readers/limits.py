"""What one file may cost: bytes, depth, elements and seconds. What is beyond is refused.

Sizes come first, for with them a file has the same fate on every machine; the seconds are there
for what no size foretells. Beside these hold the limits of the libraries: pypdf unpacks 75 MB of
a stream, libxml2 follows 256 elements in one another and 10 MB of text without markup, and
Python's JSON parser about 1,000 brackets in one another.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn, TypeVar

from rag.errors import UnreadableFileError

T = TypeVar("T")

MAX_FILE_BYTES = 200 * 1024 * 1024
"""A file is held in memory as bytes, as text and as sentences, about thirty times its size: one
of 50 MB with sentences of 38 characters takes 1.5 GB."""

MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes of a .docx, pictures included. A novel of 500 pages unpacks to 5 MB; a zip bomb of 1 MB
to 1 GB."""

MAX_MARKUP = 50 * 1024 * 1024
"""Bytes of XML or characters of HTML: a tree of short elements takes 14 times as much memory."""

MAX_ELEMENTS = 50_000
"""Elements of a web page; long reports have 10,000. With 100,000 trafilatura takes a minute."""

MAX_JSON_MARKS = 5_000_000
"""Brackets and commas that are parsed at once, 100 bytes of memory each; 200 MB of prose have
2 million commas."""

MAX_PDF_CHARACTERS = 50_000_000
"""Text of a PDF. Pages may share their content, so that a small file can have any length."""

MAX_SECONDS = 60.0
SECONDS_PER_MB = 5.0
"""A file may take a minute and five seconds a megabyte: lines of two letters, which are the
slowest text, take 3 s a megabyte on one core; prose takes 0.15 s."""


def seconds_for(n_bytes: int) -> float:
    """How long reading a file of this size may take."""
    return MAX_SECONDS + SECONDS_PER_MB * n_bytes / 1e6


class _OutOfTime(BaseException):
    """No Exception: parsers catch those of a broken part and go on with the next."""


def in_time(items: Iterator[T], seconds: float) -> Iterator[T]:
    """Yield the items; only the time that they take to come counts.

    Interrupts Python code and regular expressions, where the system has an alarm and in the main
    thread, which is where files are indexed; elsewhere there is no bound.

    Raises:
        UnreadableFileError: the time is over.
    """
    if not _has_alarm():
        yield from items
        return
    left = seconds
    while True:
        started = time.monotonic()
        try:
            item = _next(items, left)
        except _OutOfTime:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise UnreadableFileError(
                f"It took more than {seconds:,.0f} s; what was left of it was not read.",
                "Save the article alone as text, or split the file.",
            ) from None
        if item is None:
            return
        left = max(left - (time.monotonic() - started), 0.001)
        yield item


def _has_alarm() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and not any(signal.getitimer(signal.ITIMER_REAL))
    )


def _next(items: Iterator[T], seconds: float) -> T | None:
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        # Once more each second: a library's clean-up may have swallowed the first one.
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        return next(items, None)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)


def _ring(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _OutOfTime
