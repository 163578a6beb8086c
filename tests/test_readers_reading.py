from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from reader_files import docx_bytes, pdf_bytes

from rag.readers import (
    MAX_FILE_BYTES,
    SUPPORTED,
    choose_reader,
    read_bytes,
    read_path,
    read_stdin,
    reading,
)
from rag.readers.docx import DocxReader
from rag.readers.html import HtmlReader
from rag.readers.markdown import MarkdownReader
from rag.readers.pdf import PdfReader
from rag.readers.plain import PlainReader
from rag.readers.records import RecordsReader
from rag.schema import Document, Refusal

ARTICLES = Path(__file__).parent / "data" / "articles"


@pytest.mark.parametrize(
    ("data", "suffix", "reader"),
    [
        (b"text", ".txt", PlainReader),
        (b"text", ".TXT", PlainReader),
        (b"text", ".markdown", MarkdownReader),
        (b"text", ".htm", HtmlReader),
        (b"text", ".ndjson", RecordsReader),
        (b"{}", ".txt", PlainReader),
        (pdf_bytes([["a"]]), ".txt", PdfReader),
        (docx_bytes(["a"]), "", DocxReader),
        (b"\xef\xbb\xbf <!DOCTYPE html><html>", "", HtmlReader),
        (b"<HTML>", ".dat", HtmlReader),
        (b'{"text": "a"}', "", RecordsReader),
        (b'[\n{"text": "a"}]', "", RecordsReader),
        (b"[1] A footnote", "", PlainReader),
        (b"---\ntitle: a\n---\n", "", MarkdownReader),
        (b"text", "", PlainReader),
    ],
)
def test_the_reader_is_chosen_by_ending_and_content(data: bytes, suffix: str, reader: type) -> None:
    assert type(choose_reader(data, suffix)) is reader


def test_every_supported_ending_has_a_reader() -> None:
    assert {".txt", ".md", ".html", ".pdf", ".docx", ".json", ".jsonl"} < set(SUPPORTED)


def test_an_article_of_plain_text() -> None:
    (document,) = read_path(ARTICLES / "bakery.txt")
    assert isinstance(document, Document)
    assert document.info.source == str((ARTICLES / "bakery.txt").resolve())
    assert document.info.title == "Bakery chain opens ten new shops as bread prices level off"
    assert [document.text[span.start : span.end][:20] for span in document.boilerplate] == [
        *("exclusive", "By Ann Ray, Example ", "Published: 5 June 20", "Customers queue outs"),
        *(
            "Share this article",
            "Read more: Why flour",
            "Contact Us. To book ",
            "© 2023 Example Heral",
        ),
    ]


def test_hard_wrapped_text_is_joined() -> None:
    (document,) = read_path(ARTICLES / "wrapped.txt")
    assert isinstance(document, Document)
    assert "98 years after it had opened with 1,200 volumes" in document.text


def test_standard_input_is_named_by_its_sum() -> None:
    data = b"The bakery sold 4,500 loaves."
    (document,) = read_stdin(data)
    assert isinstance(document, Document)
    assert document.info.source == "stdin:67dd064a90ff"
    assert document.info.id == "stdin-67dd064a90ff"
    found = list(read_stdin((ARTICLES / "orchard.json").read_bytes()))
    assert [one.info.id[-2:] for one in found if isinstance(one, Document)] == ["-1", "-2"]


@pytest.mark.parametrize("suffix", SUPPORTED)
@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\x00\x01\x02" * 500], ids=["empty", "blank", "binary"]
)
def test_a_bad_file_is_one_refusal_with_its_name(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"bad{suffix}"
    path.write_bytes(data)
    (refusal,) = read_path(path)
    assert isinstance(refusal, Refusal)
    assert refusal.source == str(path)
    assert "not read" in refusal.reason
    assert refusal.hint


def test_too_large_a_file_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # sparse: takes no room
    monkeypatch.setattr(Path, "open", None)
    (refusal,) = read_path(path)
    assert isinstance(refusal, Refusal)
    assert "It has 200 MB, more than 200 MB" in refusal.reason


def test_a_file_that_is_gone_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.txt", tmp_path):
        (refusal,) = read_path(path)
        assert isinstance(refusal, Refusal)
        assert "cannot be opened" in refusal.reason


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.txt"
    path.write_text("It sells.")
    path.chmod(0)
    (refusal,) = read_path(path)
    assert isinstance(refusal, Refusal)
    assert "Permission denied" in refusal.reason


def test_records_after_a_bad_one_are_read() -> None:
    data = b'{"text": "One."}\n{"text": \n{"text": "Three."}\n'
    kinds = [type(one) for one in read_bytes(data, "/feed.jsonl", ".jsonl")]
    assert kinds == [Document, Refusal, Document]


def test_importing_the_readers_imports_nothing_heavy() -> None:
    heavy = "numpy trafilatura lxml pypdf docx dateparser yaml charset_normalizer torch"
    code = f"import sys, rag.readers; print([m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("target", ["pipe", "/dev/zero"])
def test_what_never_ends_is_refused_unopened(tmp_path: Path, target: str) -> None:
    path = tmp_path / "endless.txt"
    if target == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(target)
    (refusal,) = read_path(path)
    assert isinstance(refusal, Refusal)
    assert "no regular file" in refusal.reason
    assert refusal.hint


@pytest.mark.parametrize("change", ["shorter", "longer", "other"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = tmp_path / "growing.txt"
    path.write_text("It rained 12 mm.")
    opened = Path.open

    def changing(self: Path, mode: str = "r") -> Any:
        file = opened(self, mode)
        with opened(self, "ab") as writer:
            if change == "shorter":
                writer.truncate(10)
            else:
                writer.write(b" More." if change == "longer" else b"")
        os.utime(self, ns=(0, 10**18))
        return file

    monkeypatch.setattr(Path, "open", changing)
    (refusal,) = read_path(path)
    assert isinstance(refusal, Refusal)
    assert "changed while it was read" in refusal.reason
    assert refusal.hint


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (refusal,) = read_path(tmp_path / "a.txt")
    assert isinstance(refusal, Refusal)
    assert "symbolic links" in refusal.reason


def test_standard_input_has_the_limit_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 2**20)
    (refusal,) = read_stdin(b"It rained. " * 2**20)
    assert isinstance(refusal, Refusal)
    assert "more than 1 MB" in refusal.reason
