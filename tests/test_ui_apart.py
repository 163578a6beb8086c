"""Uploads read in a process of their own: what is hostile or slow is ended and refused."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
import ui_files
from reader_files import packed_pdf

from rag.errors import RagError
from rag.schema import Document, Refusal
from rag.ui import apart
from rag.ui.apart import Limits, read_apart

STARTS_WITHIN_S = 60.0


def slow_pdf(path: Path) -> Path:
    """A PDF of a few kilobytes that takes minutes: all of its pages show one long stream."""
    line = b"BT /F1 9 Tf 72 700 Td (The quay counted 12 ships in May.) Tj ET\n"
    path.write_bytes(packed_pdf(line * 20_000, n_pages=500))
    assert path.stat().st_size < 200_000
    return path


def good(path: Path) -> Path:
    path.write_bytes(ui_files.article("txt"))
    return path


def test_every_format_comes_back_as_it_was_read(tmp_path: Path) -> None:
    told: list[Path] = []
    files = ui_files.write(tmp_path)
    items = read_apart(files, on_file=told.append)
    assert told == files
    texts = [item.text for item in items if isinstance(item, Document)]
    assert len(texts) == len(items) == len(ui_files.FORMATS)
    for kind, text in zip(ui_files.FORMATS, texts, strict=True):
        assert ui_files.sentence(kind) in text


def test_a_slow_file_is_ended_and_refused_and_the_others_are_read(tmp_path: Path) -> None:
    files = [good(tmp_path / "a.txt"), slow_pdf(tmp_path / "slow.pdf"), good(tmp_path / "b.txt")]
    first, refused, last = read_apart(files, limits=Limits(read=2.0, all=600.0))
    assert isinstance(first, Document)
    assert isinstance(refused, Refusal)
    assert refused.source == str(files[1])
    assert "took more than 2 s" in refused.reason
    assert "rag index" in refused.hint
    assert isinstance(last, Document)


def test_all_files_together_have_a_limit_too(tmp_path: Path) -> None:
    slow = slow_pdf(tmp_path / "slow.pdf")
    started = time.monotonic()
    items = read_apart([slow, slow, slow], limits=Limits(read=60.0, all=8.0))
    assert time.monotonic() - started < 8.0 + STARTS_WITHIN_S
    reasons = [item.reason for item in items if isinstance(item, Refusal)]
    assert len(reasons) == 3
    assert "took more than" in reasons[0]
    assert "The files before it took too long" in reasons[-1]


def test_text_that_is_slow_to_cut_is_refused_too(tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("ab\n\n" * 400_000)
    (refused,) = read_apart([long], limits=Limits(cut=0.1))
    assert isinstance(refused, Refusal)
    assert "Finding its sentences" in refused.reason


def test_a_process_that_dies_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = slow_pdf(tmp_path / "slow.pdf")
    begun: list[int] = []
    start = apart._Reader.start.__func__  # type: ignore[attr-defined]

    def started(kind: type[apart._Reader], limits: Limits) -> apart._Reader:
        reader: apart._Reader = start(kind, limits)
        assert reader._process.pid is not None
        begun.append(reader._process.pid)
        threading.Timer(1.0, os.kill, (reader._process.pid, signal.SIGKILL)).start()
        return reader

    monkeypatch.setattr(apart._Reader, "start", classmethod(started))
    (refused,) = read_apart([slow])
    assert isinstance(refused, Refusal)
    assert "ended the reading process" in refused.reason
    assert len(begun) == 1


def test_no_process_is_left(tmp_path: Path) -> None:
    import multiprocessing

    read_apart([slow_pdf(tmp_path / "slow.pdf")], limits=Limits(read=0.5))
    read_apart([good(tmp_path / "a.txt")])
    assert [p for p in multiprocessing.active_children() if p.name.startswith("Spawn")] == []


def test_where_no_process_starts_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_START_WITHIN_S", 0.0)
    with pytest.raises(RagError, match="nothing was added"):
        read_apart([good(tmp_path / "a.txt")])
