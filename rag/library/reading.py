"""Questions to the tables; every function works on a connection that it is lent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from rag.lexical_index import allowed_documents
from rag.library.values import (
    EmbedderStats,
    Fingerprint,
    LibraryStats,
    PendingText,
    StoredSentence,
    embedded_text,
)
from rag.schema import Document, DocumentInfo, Filters, Passage, Sentence, Span

Row = tuple[Any, ...]


# --- documents -----------------------------------------------------------------------------


def generation(connection: sqlite3.Connection) -> str:
    """The mark that is another one after every change of documents or vectors."""
    return str(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])


def known_files(connection: sqlite3.Connection) -> dict[str, Fingerprint]:
    """Every file that was indexed to its end, by path."""
    rows = connection.execute("SELECT path, size, mtime_ns, sha256, recipe FROM file")
    return {path: Fingerprint(*rest) for path, *rest in rows}


def documents(connection: sqlite3.Connection, filters: Filters) -> list[DocumentInfo]:
    """The documents that pass the filters, in the order of their sources."""
    keys = allowed_documents(connection, filters)
    rows = connection.execute(
        """SELECT * FROM document_info
           WHERE ?1 IS NULL OR key IN (SELECT value FROM json_each(?1))
           ORDER BY source""",
        (None if keys is None else json.dumps(keys),),
    )
    return [_info(row[1:]) for row in rows]


def document(connection: sqlite3.Connection, document_id: str) -> Document:
    """The document of an id that is there."""
    row = connection.execute(
        """SELECT i.*, d.text, d.page_starts, d.boilerplate
           FROM document_info AS i JOIN document AS d USING (key) WHERE i.id = ?""",
        (document_id,),
    ).fetchone()
    *info, text, page_starts, boilerplate = row[1:]
    return Document(
        info=_info(info),
        text=text,
        page_starts=tuple(json.loads(page_starts)),
        boilerplate=tuple(Span(start, end) for start, end in json.loads(boilerplate)),
    )


def _info(row: Sequence[Any]) -> DocumentInfo:
    document_id, source, media_type, sha256, title, publisher, author, published = row
    return DocumentInfo(
        id=document_id,
        source=source,
        media_type=media_type,
        content_sha256=sha256,
        title=title,
        publisher=publisher,
        author=author,
        published=date.fromisoformat(published) if published else None,
    )


def stats(connection: sqlite3.Connection) -> LibraryStats:
    """How much there is of everything."""
    counts = connection.execute(
        """SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM sentence),
                  (SELECT count(*) FROM passage), (SELECT max(indexed_at) FROM document)"""
    ).fetchone()
    embedders = connection.execute(
        """SELECT e.name, e.dimension, count(p.key)
           FROM embedder AS e
           LEFT JOIN vector AS v ON v.embedder = e.key
           LEFT JOIN passage AS p ON p.text_sha256 = v.text_sha256
           GROUP BY e.key ORDER BY e.name"""
    )
    n_documents, n_sentences, n_passages, indexed_at = counts
    return LibraryStats(
        documents=n_documents,
        sentences=n_sentences,
        passages=n_passages,
        embedders=tuple(EmbedderStats(*row) for row in embedders),
        indexed_at=datetime.fromisoformat(indexed_at) if indexed_at else None,
    )


# --- sentences -----------------------------------------------------------------------------


def sentences(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, StoredSentence]:
    """The sentences of these keys, in their order; keys that are gone are left out."""
    wanted = list(dict.fromkeys(keys))
    rows = connection.execute(
        "SELECT * FROM located_sentence WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(wanted),),
    )
    found = {row[0]: _stored_sentence(row) for row in rows}
    return {key: found[key] for key in wanted if key in found}


def sentences_of(connection: sqlite3.Connection, document_id: str) -> tuple[StoredSentence, ...]:
    """All sentences of a document, in its order."""
    rows = connection.execute(
        """SELECT * FROM located_sentence
           WHERE document_key = (SELECT key FROM document WHERE id = ?) ORDER BY position""",
        (document_id,),
    )
    return tuple(_stored_sentence(row) for row in rows)


def neighbours(
    connection: sqlite3.Connection, key: int, before: int, after: int
) -> tuple[StoredSentence, ...]:
    """The sentence and those around it in its document, in order; none when it is gone."""
    rows = connection.execute(
        """SELECT n.* FROM sentence AS s JOIN located_sentence AS n
           ON n.document_key = s.document
              AND n.position BETWEEN s.position - :before AND s.position + :after
           WHERE s.key = :key ORDER BY n.position""",
        {"key": key, "before": before, "after": after},
    )
    return tuple(_stored_sentence(row) for row in rows)


def _stored_sentence(row: Row) -> StoredSentence:
    key, _, position, start, end, text, paragraph, boilerplate, page, *info = row
    document = _info(info)
    sentence = Sentence(document.id, position, Span(start, end), text, paragraph, bool(boilerplate))
    return StoredSentence(key, sentence, document, page)


# --- passages ------------------------------------------------------------------------------


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
    return tuple(_passage(row) for row in rows)


def _passage(row: Row) -> Passage:
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
    connection: sqlite3.Connection, embedder: str, limit: int
) -> list[PendingText]:
    """Texts that the embedder has not read yet, each once, oldest first."""
    rows = connection.execute(
        """SELECT p.text_sha256, p.header, d.text, p.span_start, p.span_end
           FROM passage AS p JOIN document AS d ON d.key = p.document
           WHERE NOT EXISTS (
               SELECT 1 FROM vector AS v JOIN embedder AS e ON e.key = v.embedder
               WHERE v.text_sha256 = p.text_sha256 AND e.name = ?)
             AND NOT EXISTS (
               SELECT 1 FROM passage AS earlier
               WHERE earlier.text_sha256 = p.text_sha256 AND earlier.key < p.key)
           ORDER BY p.key LIMIT ?""",
        (embedder, limit),
    )
    return [PendingText(sha, embedded_text(head, text[a:b])) for sha, head, text, a, b in rows]


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
    return [key for key, _ in rows], [vector for _, vector in rows]


# --- soundness -----------------------------------------------------------------------------


def problems(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What is wrong with the file; needs a connection that may write, and writes nothing."""
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    found = [line for line in found if line != "ok"]
    found += [
        f"row without parent in {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")
    ]
    try:
        connection.execute("INSERT INTO sentence_fts (sentence_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        found.append(f"index of words: {error}")
    (unlike,) = connection.execute(
        """SELECT count(*) FROM located_sentence AS s JOIN document AS d ON d.key = s.document_key
           WHERE s.text <> substr(d.text, s.span_start + 1, s.span_end - s.span_start)"""
    ).fetchone()
    (indexed,) = connection.execute("SELECT count(*) FROM sentence_fts").fetchone()
    (located,) = connection.execute("SELECT count(*) FROM located_sentence").fetchone()
    if unlike or indexed != located:
        found.append(
            f"{unlike} sentences differ from their article, {indexed - located} are left over"
        )
    return tuple(found)
