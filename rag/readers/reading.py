"""Opening a file, choosing its reader, and turning what fails into refusals."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import UnreadableFileError
from rag.readers.docx import DocxReader
from rag.readers.html import HtmlReader
from rag.readers.limits import MAX_FILE_BYTES, in_time, seconds_for
from rag.readers.markdown import MarkdownReader
from rag.readers.pdf import PdfReader
from rag.readers.plain import PlainReader
from rag.readers.records import RecordsReader
from rag.schema import Document, Refusal

if TYPE_CHECKING:
    from rag.protocols import Reader

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
        if not data or data.isspace():
            raise UnreadableFileError("It is empty; it was not read.", "Check its content.")
        _check_size(len(data))
        items = choose_reader(data, suffix).read(data, source)
        yield from in_time(items, seconds_for(len(data)))
    except UnreadableFileError as error:
        yield Refusal(source, error.message, error.hint)
    except MemoryError:
        yield Refusal(
            source,
            "There is not enough memory for it; what was left of it was not read.",
            "Split it into smaller files.",
        )


def read_path(path: Path) -> Iterator[Document | Refusal]:
    """Yield the articles of a file; a file that cannot be read is one refusal.

    The file is opened for reading only; the source of its documents is its absolute path.
    """
    source = os.path.realpath(path)  # as Path.resolve, but no loop of links is an error
    try:
        data = _content(path)
    except UnreadableFileError as error:
        yield Refusal(source, error.message, error.hint)
    except OSError as error:
        yield Refusal(source, f"It cannot be opened: {error.strerror}.", "Check its permissions.")
    else:
        yield from read_bytes(data, source, path.suffix)


def _content(path: Path) -> bytes:
    """Return the bytes of a file that stays as it is while it is read.

    Raises:
        UnreadableFileError: it is too large, a pipe or device, or another process writes to it.
        OSError: it cannot be opened.
    """
    before = path.stat()
    # A pipe would wait for a writer, and /dev/zero never ends.
    if not stat.S_ISREG(before.st_mode) and not stat.S_ISDIR(before.st_mode):
        raise UnreadableFileError(
            "It is no regular file; it was not read.",
            "Copy its content into a file, or pass it by standard input: rag index -",
        )
    _check_size(before.st_size)
    with path.open("rb") as file:
        data = file.read(before.st_size + 1)
        after = os.fstat(file.fileno())
    if len(data) != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise UnreadableFileError(
            "It changed while it was read; it was not read to its end.",
            "Index it again when nothing writes to it.",
        )
    return data


def _check_size(n_bytes: int) -> None:
    if n_bytes > MAX_FILE_BYTES:
        raise UnreadableFileError(
            f"It has {n_bytes / 2**20:,.0f} MB, more than {MAX_FILE_BYTES // 2**20} MB; "
            "it was not read.",
            "Split it into smaller files.",
        )


def read_stdin(data: bytes) -> Iterator[Document | Refusal]:
    """Yield the articles that came by standard input; the format is told from the content."""
    return read_bytes(data, f"stdin:{hashlib.sha256(data).hexdigest()[:12]}")
