"""Rows of a document: its own, its sentences', its passages' and its words'."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from rag.library.values import embedded_text
from rag.schema import Document, Passage, Sentence
from rag.spelling import words


def insert_document(
    connection: sqlite3.Connection, document: Document, document_id: str, path: str, record: bytes
) -> int:
    """Insert the row of a document; gives its key."""
    info = document.info
    row = connection.execute(
        """INSERT INTO document VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           RETURNING key""",
        (
            document_id,
            info.source,
            path,
            info.media_type,
            info.content_sha256,
            info.title,
            info.publisher,
            info.author,
            info.published and info.published.isoformat(),
            record,
            datetime.now(UTC).isoformat(timespec="seconds"),
            json.dumps(document.page_starts),
            json.dumps([(span.start, span.end) for span in document.boilerplate]),
            document.text,
        ),
    ).fetchone()
    return int(row[0])


def insert_sentences(
    connection: sqlite3.Connection, document: int, title: str, sentences: Sequence[Sentence]
) -> None:
    """Insert the sentences of a document, and their words."""
    connection.executemany(
        "INSERT INTO sentence VALUES (NULL, ?, ?, ?, ?, ?, ?)",
        (
            (document, s.position, s.span.start, s.span.end, s.paragraph, s.boilerplate)
            for s in sentences
        ),
    )
    connection.executemany(
        """INSERT INTO sentence_fts (rowid, text, title)
           SELECT key, ?, ? FROM sentence WHERE document = ? AND position = ?""",
        ((s.text, title, document, s.position) for s in sentences),
    )


def insert_passages(
    connection: sqlite3.Connection, document: int, text: str, passages: Sequence[Passage]
) -> None:
    """Insert the passages of a document with the sums of their texts."""
    connection.executemany(
        "INSERT INTO passage VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                document,
                p.position,
                p.span.start,
                p.span.end,
                p.first_sentence,
                p.last_sentence,
                p.header,
                p.n_tokens,
                p.boilerplate,
                _text_sha256(embedded_text(p.header, text[p.span.start : p.span.end])),
            )
            for p in passages
        ),
    )


def count_words(connection: sqlite3.Connection, text: str) -> None:
    """Count the words of a text once more."""
    connection.execute(
        """INSERT INTO word SELECT value, 1 FROM json_each(?) WHERE true
           ON CONFLICT (text) DO UPDATE SET documents = documents + 1""",
        (json.dumps(sorted(words(text))),),
    )


def _text_sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
