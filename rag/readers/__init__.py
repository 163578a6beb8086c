"""Readers: from files, standard input and uploads to documents, one adapter a format."""

from __future__ import annotations

from rag.readers.discovery import Discovery, discover
from rag.readers.limits import MAX_FILE_BYTES
from rag.readers.reading import (
    SUPPORTED,
    choose_reader,
    read_bytes,
    read_path,
    read_stdin,
)

__all__ = [
    "MAX_FILE_BYTES",
    "SUPPORTED",
    "Discovery",
    "choose_reader",
    "discover",
    "read_bytes",
    "read_path",
    "read_stdin",
]
