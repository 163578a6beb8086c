"""The tables of a library, as numbered steps from an empty database to the present one.

A step that has been released is never changed: a new one is added. ``PRAGMA user_version`` says
how many have been taken.

Why the tables are as they are:

* A sentence's text is stored in the FTS5 table alone, which needs it to take the sentence out
  of the index again, and gives it back by key without reading the whole article. SQLite before
  3.43 cannot delete from an FTS5 table without content of its own, and one with external
  content is silently wrong for good after a single delete with other text.
* Keys are never used twice (AUTOINCREMENT), so that a search result that is older than a
  change finds nothing instead of another sentence.
* Vectors belong to an embedder and to the sum of the embedded text, not to a passage: an edited
  article is embedded anew only where it was edited, and a change of embedder mixes nothing.
* The article's text is the last column: lists of documents read none of its pages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

APPLICATION_ID = 0x6369746C
"""The letters "citl" in the file's header, which `file` and SQLite's tools show."""

_TABLES = """
PRAGMA application_id = 0x6369746C;

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta VALUES ('generation', '0-' || hex(randomblob(8)));

CREATE TABLE file (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    recipe TEXT NOT NULL
) STRICT;

CREATE TABLE document (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    title TEXT,
    publisher TEXT,
    author TEXT,
    published TEXT,
    record_sha256 BLOB NOT NULL,
    indexed_at TEXT NOT NULL,
    page_starts TEXT NOT NULL,
    boilerplate TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX document_path ON document (path);

CREATE TABLE sentence (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    position INTEGER NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    paragraph INTEGER NOT NULL,
    boilerplate INTEGER NOT NULL,
    UNIQUE (document, position)
) STRICT;

CREATE VIRTUAL TABLE sentence_fts USING fts5 (
    text, title, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER sentence_leaves_fts AFTER DELETE ON sentence BEGIN
    DELETE FROM sentence_fts WHERE rowid = old.key;
END;

CREATE TABLE passage (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    position INTEGER NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    first_sentence INTEGER NOT NULL,
    last_sentence INTEGER NOT NULL,
    header TEXT NOT NULL,
    n_tokens INTEGER NOT NULL,
    boilerplate INTEGER NOT NULL,
    text_sha256 BLOB NOT NULL,
    UNIQUE (document, position)
) STRICT;
CREATE INDEX passage_text ON passage (text_sha256);

CREATE TABLE embedder (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL
) STRICT;

CREATE TABLE vector (
    embedder INTEGER NOT NULL REFERENCES embedder ON DELETE CASCADE,
    text_sha256 BLOB NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (text_sha256, embedder)
) STRICT;

CREATE VIEW document_info AS
SELECT key, id, source, media_type, content_sha256, title, publisher, author, published
FROM document;

CREATE VIEW located_sentence AS
SELECT s.key, s.document AS document_key, s.position, s.span_start, s.span_end, f.text,
       s.paragraph, s.boilerplate,
       CASE d.page_starts WHEN '[]' THEN NULL ELSE max(1, (
           SELECT count(*) FROM json_each(d.page_starts) WHERE value <= s.span_start
       )) END AS page,
       d.id, d.source, d.media_type, d.content_sha256, d.title, d.publisher, d.author,
       d.published
FROM sentence AS s
CROSS JOIN document AS d ON d.key = s.document
CROSS JOIN sentence_fts AS f ON f.rowid = s.key;
"""

_COPY_TABLES = """
CREATE TABLE signature (
    document INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
    minhash BLOB NOT NULL
) STRICT;

CREATE TABLE signature_band (
    hash INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    PRIMARY KEY (hash, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX signature_band_document ON signature_band (document);

CREATE TABLE copy (
    document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    PRIMARY KEY (document, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_other ON copy (other);
"""

# Words are never taken out: one that no article has any more only suggests a spelling.
_WORD_TABLE = """
CREATE TABLE word (
    text TEXT PRIMARY KEY,
    documents INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

# Offsets are in the sentence's text. The number is the value's nearest float, to sort by.
_FIGURE_TABLE = """
CREATE TABLE figure (
    sentence INTEGER NOT NULL REFERENCES sentence ON DELETE CASCADE,
    position INTEGER NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    value TEXT NOT NULL,
    number REAL NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    bound TEXT NOT NULL,
    noun TEXT NOT NULL,
    clause_start INTEGER NOT NULL,
    clause_end INTEGER NOT NULL,
    period_first TEXT,
    period_last TEXT,
    period_text TEXT,
    period_resolved INTEGER,
    speaker TEXT,
    PRIMARY KEY (sentence, position)
) STRICT, WITHOUT ROWID;
"""

MIGRATIONS: tuple[str, ...] = (_TABLES, _COPY_TABLES, _WORD_TABLE, _FIGURE_TABLE)


def schema_version(connection: sqlite3.Connection) -> int:
    """How many migrations the database has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def has_whole_tables(connection: sqlite3.Connection) -> bool:
    """Whether every table, index and view is as the steps that were taken have made it.

    Raises:
        sqlite3.DatabaseError: the list of tables itself is damaged.
    """
    listed = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
    with closing(sqlite3.connect(":memory:")) as model:
        model.executescript(";".join(MIGRATIONS[: schema_version(connection)]))
        expected = set(model.execute(listed))
    return expected <= set(connection.execute(listed))


def migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    """Take the steps that are missing, each in a transaction of its own.

    The caller holds the writer lock.

    Raises:
        sqlite3.Error: a step failed; it and the later ones have left nothing behind.
    """
    # A setting of the file that cannot be changed inside a transaction: readers never wait.
    connection.execute("PRAGMA journal_mode = WAL")
    for number in range(schema_version(connection), len(migrations)):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {migrations[number]}; PRAGMA user_version = {number + 1}; COMMIT"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
