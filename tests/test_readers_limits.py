from __future__ import annotations

import contextlib
import re
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from rag.errors import UnreadableFileError
from rag.readers import limits, read_bytes, reading
from rag.readers.limits import in_time, seconds_for
from rag.schema import Document, Refusal


def spinning() -> Iterator[int]:
    yield 1
    while True:
        pass


def backtracking() -> Iterator[int]:
    yield 1
    yield len(re.findall("(a+)+b", "a" * 40))


def swallowing() -> Iterator[int]:
    yield 1
    while True:
        with contextlib.suppress(Exception):
            time.sleep(60)


@pytest.mark.parametrize("items", [spinning, backtracking, swallowing])
def test_what_takes_too_long_is_interrupted(items: type) -> None:
    started = time.perf_counter()
    found = in_time(items(), 0.3)
    assert next(found) == 1
    with pytest.raises(UnreadableFileError, match="took more than 0 s") as caught:
        next(found)
    assert caught.value.hint
    assert time.perf_counter() - started < 10


def test_only_the_time_of_reading_counts() -> None:
    found = in_time(iter([1, 2]), 0.2)
    assert next(found) == 1
    time.sleep(0.4)
    assert list(found) == [2]


def test_the_alarm_is_off_and_given_back_afterwards() -> None:
    def own(*_: object) -> None:
        raise AssertionError("rang")

    before = signal.signal(signal.SIGALRM, own)
    try:
        assert list(in_time(iter([1, 2]), 5)) == [1, 2]
        with pytest.raises(UnreadableFileError):
            list(in_time(spinning(), 0.05))
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        assert signal.getsignal(signal.SIGALRM) is own
    finally:
        signal.signal(signal.SIGALRM, before)


def test_an_error_of_the_items_comes_through_and_leaves_no_alarm() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise KeyError("x")

    with pytest.raises(KeyError):
        list(in_time(broken(), 5))
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_alarm_of_another_is_left_alone() -> None:
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 100)
    try:
        assert list(in_time(iter([1, 2]), 5)) == [1, 2]
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_other_threads_have_no_alarm_and_read_all_the_same() -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.extend(in_time(iter([1, 2]), 5)))
    thread.start()
    thread.join()
    assert found == [1, 2]


def test_articles_before_the_end_of_the_time_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def read(self, data: bytes, source: str) -> Iterator[Refusal]:
            yield Refusal(f"{source}#1", "first", "hint")
            yield from ()
            while True:
                pass

    monkeypatch.setattr(reading, "choose_reader", lambda *_: Slow())
    monkeypatch.setattr(reading, "seconds_for", lambda _: 0.2)
    first, last = read_bytes(b"x", "/slow.jsonl", ".jsonl")
    assert isinstance(last, Refusal)
    assert first.source == "/slow.jsonl#1"  # type: ignore[union-attr]
    assert (last.source, "was not read" in last.reason) == ("/slow.jsonl", True)


def test_time_grows_with_the_file() -> None:
    assert seconds_for(0) == limits.MAX_SECONDS
    assert seconds_for(limits.MAX_FILE_BYTES) < 20 * 60


def test_a_want_of_memory_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Huge:
        def read(self, data: bytes, source: str) -> Iterator[Document]:
            yield from ()
            raise MemoryError

    monkeypatch.setattr(reading, "choose_reader", lambda *_: Huge())
    (refusal,) = read_bytes(b"x", "/x")
    assert isinstance(refusal, Refusal)
    assert "not enough memory" in refusal.reason
    assert refusal.hint
