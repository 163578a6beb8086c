"""Copies of one story: found when a document is stored, kept as pairs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from rag.library.reading import document_info
from rag.near_duplicates import LEAST_RESEMBLANCE, bands, resemblance
from rag.schema import DocumentInfo

_NEAR = """
    SELECT s.document, s.minhash FROM signature AS s
    WHERE s.document IN (
        SELECT document FROM signature_band WHERE hash IN (SELECT value FROM json_each(?))
    )
"""
_RETOLD = """
    SELECT d.id, d.source, d.media_type, d.content_sha256, d.title, d.publisher, d.author,
           d.published
    FROM sentence AS mine
    JOIN sentence_fts AS said ON said.rowid = mine.key
    JOIN copy AS c ON c.document = mine.document
    JOIN document AS d ON d.key = c.other
    WHERE mine.key = ? AND EXISTS (
        SELECT 1 FROM sentence AS s JOIN sentence_fts AS f ON f.rowid = s.key
        WHERE s.document = d.key AND f.text = said.text
    )
    ORDER BY d.published IS NULL, d.published, d.id
"""
_COPIES = """
    SELECT mine.id, d.id FROM copy AS c
    JOIN document AS mine ON mine.key = c.document
    JOIN document AS d ON d.key = c.other
    ORDER BY mine.id, d.id
"""


def link(connection: sqlite3.Connection, document: int, signature: bytes | None) -> None:
    """Remember a document's signature, once, and pair it with the documents that it resembles."""
    known = connection.execute("SELECT 1 FROM signature WHERE document = ?", (document,))
    if signature is None or known.fetchone():
        return
    hashes = bands(signature)
    near = connection.execute(_NEAR, (json.dumps(hashes),)).fetchall()
    others = [key for key, other in near if resemblance(signature, other) >= LEAST_RESEMBLANCE]
    connection.execute("INSERT INTO signature VALUES (?, ?)", (document, signature))
    connection.executemany(
        "INSERT OR IGNORE INTO signature_band VALUES (?, ?)", ((h, document) for h in hashes)
    )
    connection.executemany(
        "INSERT INTO copy VALUES (?1, ?2), (?2, ?1)", ((document, other) for other in others)
    )


def retold(connection: sqlite3.Connection, sentence: int) -> tuple[DocumentInfo, ...]:
    """The copies of a sentence's article that have the same sentence, the earliest first."""
    return tuple(document_info(row) for row in connection.execute(_RETOLD, (sentence,)))


def pairs(connection: sqlite3.Connection) -> Mapping[str, tuple[str, ...]]:
    """Ids of the copies of each document that has any."""
    found: dict[str, list[str]] = {}
    for document, other in connection.execute(_COPIES):
        found.setdefault(document, []).append(other)
    return {document: tuple(others) for document, others in found.items()}
