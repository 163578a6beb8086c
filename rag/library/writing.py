"""Changes to the tables; each function is the work of one transaction of its caller.

Two rules hold after each: a vector belongs to at least one passage, and whoever compares the
generation notices that documents or vectors have changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from rag.errors import LibraryError
from rag.library import copies, figures, inserting
from rag.library.values import (
    Change,
    ChangeKind,
    Fingerprint,
    id_suffixes,
    record_sha256,
)
from rag.protocols import Vectors
from rag.schema import Document, Passage, Sentence, Statement
from rag.vector_store import check_vectors


def replace_document(
    connection: sqlite3.Connection,
    document: Document,
    sentences: Sequence[Sentence],
    passages: Sequence[Passage],
    *,
    path: str,
    signature: bytes | None,
    statements: Sequence[Sequence[Statement]],
) -> Change:
    """Store a document in the place of what its source said before.

    Raises:
        ValueError: a sentence's text is not what its span cuts from the document.
    """
    _check_spans(document, sentences, passages)
    info = document.info
    record = record_sha256(document, sentences, passages, path)
    old = connection.execute(
        "SELECT key, id, record_sha256 FROM document WHERE source = ?", (info.source,)
    ).fetchone()
    if old and old[2] == record:
        copies.link(connection, old[0], signature)
        figures.write(connection, old[0], statements)
        return Change(ChangeKind.UNCHANGED, old[1])
    # Not known to its end any more: a file put back as it was has to be read again.
    connection.execute("DELETE FROM file WHERE path = ?", (path,))
    kind = ChangeKind.UPDATED if old else ChangeKind.ADDED
    dropped = _delete(connection, [old[0]]) if old else []
    document_id = _free_id(connection, info.id, info.source, old[1] if old else None)
    key = inserting.insert_document(connection, document, document_id, path, record)
    inserting.insert_sentences(connection, key, info.title or "", sentences)
    inserting.insert_passages(connection, key, document.text, passages)
    figures.write(connection, key, statements)
    copies.link(connection, key, signature)
    inserting.count_words(connection, f"{info.title or ''} {document.text}")
    _drop_vectors_without_passage(connection, dropped)
    _new_generation(connection)
    return Change(kind, document_id)


def finish_file(
    connection: sqlite3.Connection, path: str, fingerprint: Fingerprint, sources: Iterable[str]
) -> list[str]:
    """Remember a file as indexed to its end; documents of it that it has no more are removed.

    Returns:
        The ids of the removed documents.
    """
    kept = json.dumps(list(sources))
    rows = connection.execute(
        """SELECT key, id FROM document
           WHERE path = ? AND source NOT IN (SELECT value FROM json_each(?)) ORDER BY source""",
        (path, kept),
    ).fetchall()
    _remove(connection, [key for key, _ in rows])
    connection.execute(
        "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)",
        (path, fingerprint.size, fingerprint.mtime_ns, fingerprint.sha256, fingerprint.recipe),
    )
    return [document_id for _, document_id in rows]


def remove(connection: sqlite3.Connection, names: Iterable[str]) -> list[str]:
    """Remove documents by id, source or path of their file; names of nothing are passed over.

    Their files are forgotten too: the next run over them indexes them again.

    Returns:
        The ids of the removed documents.
    """
    wanted = json.dumps(list(names))
    rows = connection.execute(
        """WITH wanted (name) AS (SELECT value FROM json_each(?))
           SELECT key, id, path FROM document
           WHERE id IN wanted OR source IN wanted OR path IN wanted ORDER BY source""",
        (wanted,),
    ).fetchall()
    _remove(connection, [key for key, _, _ in rows])
    paths = json.dumps([path for _, _, path in rows])
    connection.execute(
        """DELETE FROM file WHERE path IN (SELECT value FROM json_each(?))
                               OR path IN (SELECT value FROM json_each(?))""",
        (wanted, paths),
    )
    return [document_id for _, document_id, _ in rows]


def store_vectors(
    connection: sqlite3.Connection, embedder: str, sums: Sequence[bytes], vectors: Vectors
) -> None:
    """Keep the vectors of these texts; texts that no passage has any more are passed over.

    Raises:
        ValueError: not float32 [len(sums), d], or a number that is not finite.
        LibraryError: earlier vectors of this embedder have another length.
    """
    dimension = vectors.shape[1] if vectors.ndim == 2 else 0
    check_vectors(vectors, (len(sums), dimension))
    if not len(sums):
        return
    connection.execute("INSERT OR IGNORE INTO embedder VALUES (NULL, ?, ?)", (embedder, dimension))
    key, before = connection.execute(
        "SELECT key, dimension FROM embedder WHERE name = ?", (embedder,)
    ).fetchone()
    if before != dimension:
        raise LibraryError(
            f"The vectors of {embedder} in the library have {before} numbers, "
            f"new ones have {dimension}; nothing was stored.",
            "Two models have the same name: rename one, or index into another --library DIR.",
        )
    little_endian = vectors.astype("<f4", copy=False)
    connection.executemany(
        """INSERT OR REPLACE INTO vector
           SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM passage WHERE text_sha256 = ?2)""",
        ((key, sha, row.tobytes()) for sha, row in zip(sums, little_endian, strict=True)),
    )
    _new_generation(connection)


def forget_vectors(connection: sqlite3.Connection, except_name: str) -> None:
    """Drop the vectors of all embedders but one."""
    gone = connection.execute("DELETE FROM embedder WHERE name <> ?", (except_name,)).rowcount
    if gone:
        _new_generation(connection)


# --- steps ---------------------------------------------------------------------------------


def _check_spans(
    document: Document, sentences: Sequence[Sentence], passages: Sequence[Passage]
) -> None:
    for sentence in sentences:
        if document.text[sentence.span.start : sentence.span.end] != sentence.text:
            raise ValueError(
                f"sentence {sentence.position} of {document.info.source} is not what its span cuts"
            )
    for passage in passages:
        if passage.span.end > len(document.text) or passage.last_sentence >= len(sentences):
            raise ValueError(
                f"passage {passage.position} of {document.info.source} reaches beyond its text"
            )


def _free_id(connection: sqlite3.Connection, wanted: str, source: str, before: str | None) -> str:
    """The wanted id, or where another source has it, one that the source alone decides.

    A document keeps the id that it was given before as long as its reader wants the same.
    """
    candidates = [wanted, *(wanted + suffix for suffix in id_suffixes(source))]
    if before in candidates:
        return before
    taken = {
        row[0]
        for row in connection.execute(
            "SELECT id FROM document WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(candidates),),
        )
    }
    return next(candidate for candidate in candidates if candidate not in taken)


def _remove(connection: sqlite3.Connection, keys: Sequence[int]) -> None:
    if keys:
        _drop_vectors_without_passage(connection, _delete(connection, keys))
        _new_generation(connection)


def _delete(connection: sqlite3.Connection, keys: Sequence[int]) -> list[bytes]:
    """Delete documents with their sentences and passages; gives the sums of the passages."""
    wanted = (json.dumps(keys),)
    rows = connection.execute(
        """SELECT text_sha256 FROM passage
           WHERE document IN (SELECT value FROM json_each(?))""",
        wanted,
    ).fetchall()
    connection.execute("DELETE FROM document WHERE key IN (SELECT value FROM json_each(?))", wanted)
    return [sha for (sha,) in rows]


def _drop_vectors_without_passage(connection: sqlite3.Connection, sums: Sequence[bytes]) -> None:
    connection.executemany(
        """DELETE FROM vector WHERE text_sha256 = ?1
           AND NOT EXISTS (SELECT 1 FROM passage WHERE text_sha256 = ?1)""",
        ((sha,) for sha in sums),
    )


def _new_generation(connection: sqlite3.Connection) -> None:
    # The random part tells apart two libraries that have seen as many changes: one that was
    # deleted and made anew in the same folder, or put back from a copy.
    connection.execute(
        """UPDATE meta SET value = (CAST(value AS INTEGER) + 1) || '-' || hex(randomblob(8))
           WHERE name = 'generation'"""
    )
