"""Opening a file, choosing its reader, and turning what fails into refusals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import UnreadableFileError
from rag.readers.docx import DocxReader
from rag.readers.html import HtmlReader
from rag.readers.markdown import MarkdownReader
from rag.readers.pdf import PdfReader
from rag.readers.plain import PlainReader
from rag.readers.records import RecordsReader
from rag.schema import Document, Refusal

if TYPE_CHECKING:
    from rag.protocols import Reader

MAX_FILE_BYTES = 200 * 1024 * 1024
"""A file is held in memory as bytes, as text and as sentences: about ten times its size."""

_SUFFIXES: dict[str, type[Reader]] = {
    ".txt": PlainReader,
    ".text": PlainReader,
    ".md": MarkdownReader,
    ".markdown": MarkdownReader,
    ".html": HtmlReader,
    ".htm": HtmlReader,
    ".pdf": PdfReader,
    ".docx": DocxReader,
    ".json": RecordsReader,
    ".jsonl": RecordsReader,
    ".ndjson": RecordsReader,
}

SUPPORTED = tuple(_SUFFIXES)
"""Endings of the files that a folder is searched for."""


def choose_reader(data: bytes, suffix: str = "") -> Reader:
    """Choose by the ending and, where it tells nothing or plainly lies, by the content.

    Args:
        data: the file, or as much of its beginning as there is.
        suffix: with the dot, in any case; empty where there is no name.
    """
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return PdfReader()
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return DocxReader()
    if chosen := _SUFFIXES.get(suffix.lower()):
        return chosen()
    start = head.lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<!--")):
        return HtmlReader()
    if start.startswith(b"{") or (start.startswith(b"[") and b"{" in start[:64]):
        return RecordsReader()
    return MarkdownReader() if start.startswith(b"---") else PlainReader()


def read_bytes(data: bytes, source: str, suffix: str = "") -> Iterator[Document | Refusal]:
    """Yield the articles in ``data``; what cannot be read is yielded as a refusal."""
    try:
        if not data.strip():
            raise UnreadableFileError("It is empty; it was not read.", "Check its content.")
        yield from choose_reader(data, suffix).read(data, source)
    except UnreadableFileError as error:
        yield Refusal(source, error.message, error.hint)


def read_path(path: Path) -> Iterator[Document | Refusal]:
    """Yield the articles of a file; a file that cannot be read is one refusal.

    The file is opened for reading only; the source of its documents is its absolute path.
    """
    source = str(path.resolve())
    try:
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 2**20
            yield Refusal(
                source,
                f"It has {size / 2**20:,.0f} MB, more than {limit} MB; it was not read.",
                "Split it into smaller files.",
            )
            return
        data = path.read_bytes()
    except OSError as error:
        yield Refusal(source, f"It cannot be opened: {error.strerror}.", "Check its permissions.")
        return
    yield from read_bytes(data, source, path.suffix)


def read_stdin(data: bytes) -> Iterator[Document | Refusal]:
    """Yield the articles that came by standard input; the format is told from the content."""
    return read_bytes(data, f"stdin:{hashlib.sha256(data).hexdigest()[:12]}")
