"""Articles that have words in a sentence or in their title, counted over all of the library."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence

from rag.lexical_index import allowed_documents, telling_words
from rag.library import reading
from rag.schema import Evidence, Filters, Mentions
from rag.text import unaccented

_WORD = re.compile(r"[^\W_]+")
_HAVING = """
    SELECT s.document, s.key, f.text, f.title
    FROM sentence_fts AS f JOIN sentence AS s ON s.key = f.rowid
    WHERE sentence_fts MATCH :query AND NOT s.boilerplate
    ORDER BY s.document, s.position
"""
_FIRST = """
    SELECT document, key FROM sentence WHERE NOT boilerplate ORDER BY document, position
"""
_DATED = """
    SELECT key FROM document WHERE key IN (SELECT value FROM json_each(?))
    ORDER BY published IS NULL, published, source
"""


def mentions(
    connection: sqlite3.Connection, texts: Sequence[str], filters: Filters, shown: int
) -> Mentions:
    """Count the articles in which each of some texts has all of its words in one place.

    A place is a sentence of the article proper or its title. A word with a capital is a name and
    is found as it is written: May is no "may", Gates no "gate". Others are found by their stems.

    Args:
        connection: open for reading.
        texts: a few words each; without any every article counts.
        filters: which articles.
        shown: how many sentences to return at most.
    """
    found = _each_having(connection, texts)
    allowed = allowed_documents(connection, filters)
    keys = found.keys() if allowed is None else found.keys() & set(allowed)
    dated = [key for (key,) in connection.execute(_DATED, (json.dumps(sorted(keys)),))]
    stories = _once_told(connection, dated)
    rows = reading.sentences(connection, [found[key] for key in stories[:shown]])
    evidence = tuple(
        Evidence(row.sentence, row.document, 0.0, similarity=0.0, coverage=1.0, page=row.page)
        for row in rows.values()
    )
    return Mentions(len(dated), len(stories), evidence)


def _each_having(connection: sqlite3.Connection, texts: Sequence[str]) -> dict[int, int]:
    """Keys of the documents that have all texts, each with a sentence that has the first."""
    each = [_having(connection, text) for text in texts]
    if not each:
        return _firsts(connection.execute(_FIRST))
    return {
        document: key
        for document, key in each[0].items()
        if all(document in others for others in each[1:])
    }


def _having(connection: sqlite3.Connection, text: str) -> dict[int, int]:
    words = telling_words(text)
    names = {_folded(word) for word in _WORD.findall(text) if word[0].isupper()}
    query = " AND ".join(
        "(" + " OR ".join(f'"{variant}"' for variant in variants) + ")" for variants in words
    )
    if not query:
        return {}
    found: dict[int, int] = {}
    for place, column in enumerate(("text", "title")):
        rows = connection.execute(_HAVING, {"query": f"{{{column}}} : ({query})"})
        with_names = (row[:2] for row in rows if names <= _capitals(row[2 + place]))
        found = _firsts(with_names) | found
    return found


def _firsts(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The first sentence of each document, of rows in the order of the text."""
    first: dict[int, int] = {}
    for document, key in rows:
        first.setdefault(document, key)
    return first


def _capitals(text: str) -> set[str]:
    return {_folded(word) for word in _WORD.findall(text) if word[0].isupper()}


def _folded(word: str) -> str:
    """Without accents and case, as the index compares words."""
    return unaccented(word).casefold()


def _once_told(connection: sqlite3.Connection, documents: Sequence[int]) -> list[int]:
    """Those of some documents that are no copy of one before them."""
    copies: dict[int, set[int]] = {}
    for one, other in connection.execute("SELECT document, other FROM copy"):
        copies.setdefault(one, set()).add(other)
    before: set[int] = set()
    stories = []
    for document in documents:
        if before.isdisjoint(copies.get(document, ())):
            stories.append(document)
        before.add(document)
    return stories
