"""Readers on spoilt files: documents, refusals, or the one error, and soon."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest
from contracts.reader_contract import outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_checks import READERS, SEEDS, check, word_of

from rag.readers import SUPPORTED, read_bytes

EXAMPLES = {"plain": 200, "markdown": 200, "html": 150, "pdf": 150, "docx": 80, "records": 200}
MAX_SECONDS = 5
"""For one file of some kilobytes; they take 0.05 s."""

spoiling = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
names = pytest.mark.parametrize("name", EXAMPLES)


@contextmanager
def soon() -> Iterator[None]:
    """Fail where the block takes long, in the middle of it: it might never end."""

    def late(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"it took over {MAX_SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def read(name: str, data: bytes) -> None:
    with soon():
        found = outcome(READERS[name], data)
    assert found
    check(found)


@st.composite
def spoilt(draw: st.DrawFn, seeds: list[bytes], others: list[bytes]) -> bytes:
    """A good file with a few bytes flipped, cut, inserted or doubled, or with some of another."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from((1, 2, 8, 64, 1024))))
        match draw(st.sampled_from(("flip", "cut", "insert", "duplicate", "splice"))):
            case "flip" if start < len(data):
                data[start] ^= draw(st.integers(1, 255))
            case "cut":
                del data[start:end]
            case "insert":
                data[start:start] = draw(st.binary(max_size=16) | st.sampled_from(_TROUBLE))
            case "duplicate":
                data[start:start] = data[start:end] * draw(st.sampled_from((1, 3, 50)))
            case "splice":
                other = draw(st.sampled_from(others))
                at = draw(st.integers(0, len(other)))
                data[start:end] = other[at : at + draw(st.sampled_from((16, 256, 4096)))]
    return bytes(data)


_TROUBLE = [
    *(
        b"\0",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\xc3",
        b"\r",
        b"\xe2\x80\xa8",
        b"\xe2\x80\xae",
        b"\x1b",
    ),
    *(b"]]>", b"&#0;", b"&#xD800;", b"<!--", b"<![CDATA[", b"</p>", b'"', b"\\ud800", b"---\n"),
    *(b"<b>" * 300, b"[" * 2000, b"{" * 2000, b"9" * 5000, b"-1", b"1e999", b" 0 R", b"endobj"),
    *(b"? !!int ", b"<<: *a\n", b"a: &a [*a]\n", b"\xcc\x81" * 100, b"\xe2\x80\x8d" * 100),
]


@names
def test_random_bytes_never_break_a_reader(name: str) -> None:
    @settings(spoiling, max_examples=EXAMPLES[name] // 2)
    @given(st.binary(max_size=2000))
    def test(data: bytes) -> None:
        read(name, data)

    test()


@names
def test_a_spoilt_file_never_breaks_its_reader(name: str) -> None:
    others = [data for seeds in SEEDS.values() for data in seeds]

    @settings(spoiling, max_examples=EXAMPLES[name])
    @given(spoilt(SEEDS[name], others))
    def test(data: bytes) -> None:
        read(name, data)

    test()


def test_spoilt_text_in_a_sound_word_file_never_breaks_the_reader() -> None:
    body = (
        b"<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r><w:t>Bread</w:t><w:br/></w:r></w:p>"
        b"<w:sdt><w:sdtContent><w:p><w:ins><w:r><w:t>It is 3%.</w:t></w:r></w:ins></w:p>"
        b"</w:sdtContent></w:sdt><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/>"
        b"<w:vMerge w:val='restart'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"
    )

    @settings(spoiling, max_examples=80)
    @given(spoilt([body], [body, *SEEDS["html"]]))
    def test(data: bytes) -> None:
        read("docx", word_of(data))

    test()


def test_any_bytes_under_any_ending_are_read_or_refused() -> None:
    files = [data for seeds in SEEDS.values() for data in seeds]

    @settings(spoiling, max_examples=100)
    @given(spoilt(files, files), st.sampled_from([*SUPPORTED, "", ".xyz"]))
    def test(data: bytes, suffix: str) -> None:
        with soon():
            found = list(read_bytes(data, f"/x{suffix}", suffix))
        assert found
        check(found)

    test()
