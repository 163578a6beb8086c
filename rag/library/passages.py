"""Questions to the tables about passages and their vectors, on a connection that is lent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from rag.lexical_index import allowed_documents
from rag.library.failures import DamagedValueError, as_written
from rag.library.values import PendingText, embedded_text
from rag.schema import Filters, Passage, Span

_Row = tuple[Any, ...]


def passages(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, Passage]:
    """The passages of these keys, in their order; keys that are gone are left out."""
    wanted = list(dict.fromkeys(keys))
    rows = connection.execute(
        """SELECT p.key, d.id, p.position, p.span_start, p.span_end, p.first_sentence,
                  p.last_sentence, p.header, p.n_tokens, p.boilerplate
           FROM passage AS p JOIN document AS d ON d.key = p.document
           WHERE p.key IN (SELECT value FROM json_each(?))""",
        (json.dumps(wanted),),
    )
    with as_written():
        found = {row[0]: _passage(row[1:]) for row in rows}
    return {key: found[key] for key in wanted if key in found}


def passages_of(connection: sqlite3.Connection, document_id: str) -> tuple[Passage, ...]:
    """All passages of a document, in its order."""
    rows = connection.execute(
        """SELECT d.id, p.position, p.span_start, p.span_end, p.first_sentence,
                  p.last_sentence, p.header, p.n_tokens, p.boilerplate
           FROM passage AS p JOIN document AS d ON d.key = p.document
           WHERE d.id = ? ORDER BY p.position""",
        (document_id,),
    )
    with as_written():
        return tuple(_passage(row) for row in rows)


def _passage(row: _Row) -> Passage:
    document_id, position, start, end, first, last, header, n_tokens, boilerplate = row
    return Passage(
        document_id, position, Span(start, end), first, last, header, n_tokens, bool(boilerplate)
    )


def passage_keys(connection: sqlite3.Connection, filters: Filters) -> list[int] | None:
    """Keys of the passages whose documents pass the filters; None where nothing is filtered."""
    documents = allowed_documents(connection, filters)
    if documents is None:
        return None
    rows = connection.execute(
        "SELECT key FROM passage WHERE document IN (SELECT value FROM json_each(?))",
        (json.dumps(documents),),
    )
    return [key for (key,) in rows]


def sentence_keys(
    connection: sqlite3.Connection, passage_keys: Iterable[int]
) -> dict[int, tuple[int, ...]]:
    """The sentences of each passage, in order; passages that are gone are left out."""
    wanted = list(dict.fromkeys(passage_keys))
    rows = connection.execute(
        """SELECT p.key, s.key FROM passage AS p JOIN sentence AS s
           ON s.document = p.document
              AND s.position BETWEEN p.first_sentence AND p.last_sentence
           WHERE p.key IN (SELECT value FROM json_each(?)) ORDER BY s.document, s.position""",
        (json.dumps(wanted),),
    )
    found: dict[int, tuple[int, ...]] = {}
    for passage, sentence in rows:
        found[passage] = (*found.get(passage, ()), sentence)
    return {key: found[key] for key in wanted if key in found}


def texts_without_vectors(
    connection: sqlite3.Connection, embedder: str, limit: int, after: int
) -> list[PendingText]:
    """Texts that the embedder has not read yet, each once, oldest first, behind a key."""
    rows = connection.execute(
        """SELECT p.text_sha256, p.header, d.text, p.span_start, p.span_end, p.key,
                  (SELECT count(*) FROM passage AS s WHERE s.text_sha256 = p.text_sha256)
           FROM passage AS p JOIN document AS d ON d.key = p.document
           WHERE p.key > ? AND NOT EXISTS (
               SELECT 1 FROM vector AS v JOIN embedder AS e ON e.key = v.embedder
               WHERE v.text_sha256 = p.text_sha256 AND e.name = ?)
             AND NOT EXISTS (
               SELECT 1 FROM passage AS earlier
               WHERE earlier.text_sha256 = p.text_sha256 AND earlier.key < p.key)
           ORDER BY p.key LIMIT ?""",
        (after, embedder, limit),
    )
    return [
        PendingText(sha, embedded_text(head, text[a:b]), key, n)
        for sha, head, text, a, b, key, n in rows
    ]


def embedded_share(connection: sqlite3.Connection, embedder: str) -> float:
    """How much of the passages has a vector, 0 to 1; 0 where there are no passages."""
    total, embedded = connection.execute(
        """SELECT count(*), count(v.embedder) FROM passage AS p
           LEFT JOIN vector AS v ON v.text_sha256 = p.text_sha256
               AND v.embedder = (SELECT key FROM embedder WHERE name = ?)""",
        (embedder,),
    ).fetchone()
    return embedded / total if total else 0.0


def vector_rows(connection: sqlite3.Connection, embedder: str) -> tuple[list[int], list[bytes]]:
    """Keys of the passages that have a vector, in order, and the vectors as stored."""
    rows = connection.execute(
        """SELECT p.key, v.vector FROM passage AS p
           JOIN vector AS v ON v.text_sha256 = p.text_sha256
           WHERE v.embedder = (SELECT key FROM embedder WHERE name = ?) ORDER BY p.key""",
        (embedder,),
    ).fetchall()
    if not all(isinstance(vector, bytes) for _, vector in rows):
        raise DamagedValueError("a vector is no bytes")
    return [key for key, _ in rows], [vector for _, vector in rows]
