"""Whether the file is sound: its pages, its words, and every article as it was stored.

SQLite finds pages that do not fit together, but has no sums of what stands in them. So the sum
that each document was stored with is made again from its rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rag.library import figures, passages, reading
from rag.library.values import id_suffixes, record_sha256
from rag.schema import Document, Passage, Sentence

# Vectors have unit length; an embedder's rounding stays far below, a wrong exponent far above.
_LENGTH_TOLERANCE = 1e-3


def problems(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What is wrong with the file; needs a connection that may write, and writes nothing.

    Raises:
        sqlite3.DatabaseError: the file is too damaged to be looked through.
    """
    return (
        *_pages(connection),
        *_words(connection),
        *_documents(connection),
        *_figures(connection),
        *_vectors(connection),
    )


def _pages(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield str(line)
    for table, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row without parent in {table}"


def _words(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        connection.execute("INSERT INTO sentence_fts (sentence_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        yield f"index of words: {error}"
    unlike = sum(
        _n_unlike(connection, key, text)
        for key, text in connection.execute("SELECT key, text FROM document")
    )
    (indexed,) = connection.execute("SELECT count(*) FROM sentence_fts").fetchone()
    (located,) = connection.execute("SELECT count(*) FROM located_sentence").fetchone()
    if unlike or indexed != located:
        yield f"{unlike} sentences differ from their article, {indexed - located} are left over"


def _n_unlike(connection: sqlite3.Connection, document: int, text: str) -> int:
    # Not SQLite's substr, which counts the characters from the start of the text every time.
    rows = connection.execute(
        "SELECT span_start, span_end, text FROM located_sentence WHERE document_key = ?",
        (document,),
    )
    return sum(text[start:end] != sentence for start, end, sentence in rows)


def _documents(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute("SELECT id, source, path, record_sha256 FROM document").fetchall()
    for document_id, source, path, expected in rows:
        try:
            cut = (
                reading.document(connection, document_id),
                tuple(s.sentence for s in reading.sentences_of(connection, document_id)),
                passages.passages_of(connection, document_id),
            )
        except sqlite3.DatabaseError as error:
            yield f"document {document_id}: {error}"
            continue
        if all(record_sha256(*as_given, path) != expected for as_given in _as_given(*cut, source)):
            yield f"document {document_id} is not what was stored"


def _figures(connection: sqlite3.Connection) -> Iterator[str]:
    if wrong := figures.misplaced(connection):
        yield f"{wrong} figures reach beyond their sentences"


def _as_given(
    document: Document, sentences: tuple[Sentence, ...], passages: tuple[Passage, ...], source: str
) -> Iterator[tuple[Document, tuple[Sentence, ...], tuple[Passage, ...]]]:
    """The document under each id that it may have had before it was given a free one."""
    stored = document.info.id
    for suffix in ("", *id_suffixes(source)):
        if stored.endswith(suffix):
            name = stored.removesuffix(suffix)
            yield (
                replace(document, info=replace(document.info, id=name)),
                tuple(replace(sentence, document_id=name) for sentence in sentences),
                tuple(replace(passage, document_id=name) for passage in passages),
            )


def _vectors(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute(
        """SELECT e.name, e.dimension, v.vector
           FROM vector AS v JOIN embedder AS e ON e.key = v.embedder"""
    )
    wrong = sum(not _is_unit(blob, dimension) for _, dimension, blob in rows)
    if wrong:
        yield f"{wrong} vectors are none"


def _is_unit(blob: object, dimension: int) -> bool:
    if not isinstance(blob, bytes) or len(blob) != 4 * dimension:
        return False
    vector = np.frombuffer(blob, dtype="<f4").astype(np.float64)
    # A sum that is no number is not near either.
    return bool(abs(float(vector @ vector) - 1.0) < 2 * _LENGTH_TOLERANCE)
