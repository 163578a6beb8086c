"""Questions to the tables about documents, sentences and words, on a connection that is lent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from rag.lexical_index import allowed_documents
from rag.library.failures import DamagedValueError, as_written
from rag.library.values import EmbedderStats, Fingerprint, LibraryStats, StoredSentence
from rag.schema import Document, DocumentInfo, Filters, Sentence, Span

Row = tuple[Any, ...]


# --- documents -----------------------------------------------------------------------------


def generation(connection: sqlite3.Connection) -> str:
    """The mark that is another one after every change of documents or vectors."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()
    with as_written():
        return _text(row[0])


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
    with as_written():
        return [document_info(row[1:]) for row in rows]


def document(connection: sqlite3.Connection, document_id: str) -> Document:
    """The document of an id that is there."""
    row = connection.execute(
        """SELECT i.*, d.text, d.page_starts, d.boilerplate
           FROM document_info AS i JOIN document AS d USING (key) WHERE i.id = ?""",
        (document_id,),
    ).fetchone()
    *info, text, page_starts, boilerplate = row[1:]
    with as_written():
        return Document(
            info=document_info(info),
            text=text,
            page_starts=tuple(json.loads(page_starts)),
            boilerplate=tuple(Span(start, end) for start, end in json.loads(boilerplate)),
        )


def document_info(row: Sequence[Any]) -> DocumentInfo:
    """From the columns of the view ``document_info``, the key aside."""
    document_id, source, media_type, sha256, title, publisher, author, published = row
    return DocumentInfo(
        id=_text(document_id),
        source=_text(source),
        media_type=_text(media_type),
        content_sha256=_text(sha256),
        title=_text_or_none(title),
        publisher=_text_or_none(publisher),
        author=_text_or_none(author),
        published=date.fromisoformat(published) if published else None,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r:.40}")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


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
    with as_written():
        return LibraryStats(
            documents=n_documents,
            sentences=n_sentences,
            passages=n_passages,
            embedders=tuple(EmbedderStats(*row) for row in embedders),
            indexed_at=datetime.fromisoformat(indexed_at) if indexed_at else None,
        )


def sizes(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """How many passages and figures each document has, by its id."""
    rows = connection.execute(
        """SELECT i.id, coalesce(p.n, 0), coalesce(f.n, 0) FROM document_info AS i
           LEFT JOIN (SELECT document, count(*) AS n FROM passage GROUP BY document) AS p
                  ON p.document = i.key
           LEFT JOIN (SELECT document, count(*) AS n FROM figure
                      JOIN sentence ON sentence.key = figure.sentence GROUP BY document) AS f
                  ON f.document = i.key"""
    )
    return {document_id: (passages, figures) for document_id, passages, figures in rows}


# --- sentences -----------------------------------------------------------------------------


def sentences(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, StoredSentence]:
    """The sentences of these keys, in their order; keys that are gone are left out.

    SQLite has no sums of its pages: one wrong bit in a stored sentence would be quoted as the
    article's own words. Each is there twice, so it is held to the article on the way out.
    """
    wanted = list(dict.fromkeys(keys))
    rows = connection.execute(
        """SELECT s.*, s.text IS substr(d.text, s.span_start + 1, s.span_end - s.span_start)
           FROM located_sentence AS s JOIN document AS d ON d.key = s.document_key
           WHERE s.key IN (SELECT value FROM json_each(?))""",
        (json.dumps(wanted),),
    )
    with as_written():
        found = {row[0]: _stored_sentence(row) for row in rows}
    return {key: found[key] for key in wanted if key in found}


def sentences_of(connection: sqlite3.Connection, document_id: str) -> tuple[StoredSentence, ...]:
    """All sentences of a document, in its order."""
    keys = connection.execute(
        """SELECT key FROM sentence
           WHERE document = (SELECT key FROM document WHERE id = ?) ORDER BY position""",
        (document_id,),
    )
    return tuple(sentences(connection, [key for (key,) in keys]).values())


def neighbours(
    connection: sqlite3.Connection, key: int, before: int, after: int
) -> tuple[StoredSentence, ...]:
    """The sentence and those around it in its document, in order; none when it is gone."""
    keys = connection.execute(
        """SELECT n.key FROM sentence AS s JOIN sentence AS n
           ON n.document = s.document
              AND n.position BETWEEN s.position - :before AND s.position + :after
           WHERE s.key = :key ORDER BY n.position""",
        {"key": key, "before": before, "after": after},
    )
    return tuple(sentences(connection, [key for (key,) in keys]).values())


def _stored_sentence(row: Row) -> StoredSentence:
    key, _, position, start, end, text, paragraph, boilerplate, page, *info, genuine = row
    document = document_info(info)
    if not genuine:
        raise DamagedValueError(
            f"sentence {position} of {document.id} is not what its article says"
        )
    sentence = Sentence(document.id, position, Span(start, end), text, paragraph, bool(boilerplate))
    return StoredSentence(key, sentence, document, page)


# --- words ---------------------------------------------------------------------------------


def known_words(connection: sqlite3.Connection, words: Collection[str]) -> set[str]:
    """Those of some words that stand in the vocabulary."""
    rows = connection.execute(
        "SELECT text FROM word WHERE text IN (SELECT value FROM json_each(?))",
        (json.dumps(list(words)),),
    )
    return {text for (text,) in rows}


def vocabulary(connection: sqlite3.Connection) -> dict[str, int]:
    """All words and in how many documents each was found."""
    return dict(connection.execute("SELECT text, documents FROM word").fetchall())
