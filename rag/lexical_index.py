"""BM25 over sentences with SQLite's FTS5.

Ids are keys of sentences. (The vector store finds passages: its hits carry passage keys, so
hits of the two are never mixed without asking the library which sentences a passage holds.)

The tables belong to :mod:`rag.library`, which keeps them; here they are only searched. The FTS5
table ``sentence_fts`` has two columns, the sentence and its article's title, and the tokenizer
``porter unicode61 remove_diacritics 2``: stems of English words, case and accents ignored.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager
from statistics import median
from typing import TypeVar

from rag.schema import Filters, SearchHit
from rag.words import of_a_place

Name = TypeVar("Name", bound=Hashable)
ConnectionProvider = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Lends a connection for the length of a ``with`` block; asked from any thread."""

# 30 questions on the five seed articles, lexical search alone: leaving these words out lifts the
# mean reciprocal rank from 0.83 to 0.91 and the right sentence at rank 1 from 23 to 27.
# Words that can carry the sense of a question ("before", "more", "since") stay in.
# "May" is a month and "us" a country, so they stay in, and so do words in capitals: WHO, IT.
_FUNCTION_WORDS = frozenset(
    "a about an and any are as at be been being but by can could d did do does for from had has "  # noqa: SIM905
    "have he her his how i if in into is it its ll m many me might much must my no not of on or "
    "our re s shall she should so some t than that the their them then there these they this "
    "those to ve was we were what when where which who whom whose why will with would you "
    "your".split()
)
# A title word stands for every sentence of its article: it should lift the article's sentences
# above those of others, never above a sentence that has the word itself. On the questions above
# weights from 0 to 1 rank alike, 2 is worse.
_TITLE_WEIGHT = 0.3
# Captions and footers repeat the article's words in little text, which BM25 takes for a better
# match. Half the score puts them behind a sentence that matches as well, and still finds what
# only a contact block says; on the questions above a quarter loses that, half does not.
_BOILERPLATE_FACTOR = 0.5
# Over 20,000 sentences 64 words take 0.05 s, the 711 different ones of three pasted articles
# 0.4 s. Nobody asks in more words than this.
_MAX_TERMS = 64

# Letters and digits, joined where a digit follows the joint: 46,610 · 4.5bn · COVID-19 · 2019–20.
_WORD = re.compile(r"[^\W_]+(?:[.,/–-](?=\d)[^\W_]+)*")
_JOINT = re.compile(r"[.,/–-]")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_PLAIN = re.compile(r"[1-9]\d{3,14}")

_SEARCH = """
    SELECT f.rowid,
           bm25(sentence_fts, 1.0, :title_weight)
               * CASE WHEN s.boilerplate THEN :boilerplate_factor ELSE 1.0 END AS score
    FROM sentence_fts AS f JOIN sentence AS s ON s.key = f.rowid
    WHERE sentence_fts MATCH :query
      AND (:documents IS NULL OR s.document IN (SELECT value FROM json_each(:documents)))
    ORDER BY score, f.rowid
    LIMIT :top_k
"""
_ALLOWED = """
    SELECT key FROM document
    WHERE (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
      AND (:publishers IS NULL
           OR publisher COLLATE NOCASE IN (SELECT value FROM json_each(:publishers)))
      AND (:since IS NULL OR published >= :since)
      AND (:until IS NULL OR published <= :until)
"""


_MOST_OF_MEDIAN = 1.25
# All that hold a word have to be counted for its idf; to ask of each of some hundred sentences
# whether it is among them takes ten times as long.
_HOLDERS = "SELECT rowid FROM sentence_fts WHERE sentence_fts MATCH ?"
# Outlets and authors are no columns of the index; they are matched as whole words.
_BYLINES = """
    SELECT s.key, coalesce(d.publisher, '') || ' ' || coalesce(d.author, '')
    FROM sentence AS s JOIN document AS d ON d.key = s.document
    WHERE s.key IN (SELECT value FROM json_each(?))
"""


class Fts5LexicalIndex:
    """Searches the sentences of a library by their words.

    Args:
        connections: lends a connection to the library's database.
    """

    def __init__(self, connections: ConnectionProvider) -> None:
        self._connections = connections

    def search(self, text: str, top_k: int, filters: Filters) -> list[SearchHit]:
        """Return the sentences with the highest BM25 of any word of ``text``, best first.

        Any text is a valid query; one without a letter or digit gives no hits. The score is
        comparable within one query only.

        Raises:
            LibraryError: the database cannot be read.
        """
        query = match_expression(text)
        if not query or top_k < 1:
            return []
        with self._connections() as connection:
            documents = allowed_documents(connection, filters)
            rows = connection.execute(
                _SEARCH,
                {
                    "query": query,
                    "documents": None if documents is None else json.dumps(documents),
                    "title_weight": _TITLE_WEIGHT,
                    "boilerplate_factor": _BOILERPLATE_FACTOR,
                    "top_k": top_k,
                },
            ).fetchall()
        # FTS5 gives better matches a lower (negative) number.
        return [SearchHit(key, -score, rank) for rank, (key, score) in enumerate(rows, start=1)]

    def weights(self, text: str) -> tuple[tuple[str, float], ...]:
        """Return each word of a text with its idf, as in :meth:`coverage`.

        Raises:
            LibraryError: the database cannot be read.
        """
        with self._connections() as connection:
            return tuple((terms[0], weight) for terms, weight, _ in _weighted(connection, text))

    def coverage(self, text: str, groups: Mapping[Name, Collection[int]]) -> dict[Name, float]:
        """Return for each group how much of the text's words its sentences hold, 0 to 1.

        share = sum of idf(w) over words w that are found / sum of idf(w) over all words of the
        text, with idf as in BM25 (Robertson & Zaragoza 2009), so that rare words decide. The
        article's title, publisher and author count as words of each of its sentences. A text
        without words has coverage 0.

        Args:
            text: a question.
            groups: keys of sentences by the name of the group.

        Raises:
            LibraryError: the database cannot be read.
        """
        found = dict.fromkeys(groups, 0.0)
        total = 0.0
        for _, weight, holders in self._held(text, groups):
            total += weight
            for name, group in groups.items():
                if not holders.isdisjoint(group):
                    found[name] += weight
        return {name: share / total if total else 0.0 for name, share in found.items()}

    def unsaid(
        self, text: str, groups: Mapping[Name, Collection[int]]
    ) -> dict[Name, tuple[str, ...]]:
        """Return for each group the words of the text that none of its sentences holds.

        Raises:
            LibraryError: the database cannot be read.
        """
        held = list(self._held(text, groups))
        return {
            name: tuple(word for word, _, holders in held if holders.isdisjoint(group))
            for name, group in groups.items()
        }

    def _held(
        self, text: str, groups: Mapping[Name, Collection[int]]
    ) -> Iterator[tuple[str, float, set[int]]]:
        """Yield each word of a text with its weight and the sentences that hold it."""
        keys = sorted({key for group in groups.values() for key in group})
        with self._connections() as connection:
            rows = connection.execute(_BYLINES, (json.dumps(keys),)).fetchall()
            weighted = _weighted(connection, text)
        bylines = {key: f" {byline.lower()} " for key, byline in rows}
        for terms, weight, holders in weighted:
            names = [f" {term.lower()} " for term in terms]
            named = {key for key, byline in bylines.items() if any(n in byline for n in names)}
            yield terms[0], weight, holders.intersection(keys) | named


def _any_of(terms: Collection[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)


def _weighted(
    connection: sqlite3.Connection, text: str
) -> list[tuple[tuple[str, ...], float, set[int]]]:
    """The telling words of a text with their idf and all sentences that hold them.

    The idf is at most a quarter more than the middle one's.

    A word that no article has ("snowfall" where they write "snow") would outweigh all others.
    """
    (n_sentences,) = connection.execute("SELECT count(*) FROM sentence").fetchone()
    held = [
        (terms, {key for (key,) in connection.execute(_HOLDERS, (_any_of(terms),))})
        for terms in telling_words(text)
    ]
    weights = [_idf(len(holders), n_sentences) for _, holders in held]
    most = _MOST_OF_MEDIAN * median(weights) if weights else 0.0
    return [
        (terms, min(weight, most), holders)
        for (terms, holders), weight in zip(held, weights, strict=True)
    ]


def _idf(n_matches: int, n_sentences: int) -> float:
    return math.log(1 + (n_sentences - n_matches + 0.5) / (n_matches + 0.5))


def allowed_documents(connection: sqlite3.Connection, filters: Filters) -> list[int] | None:
    """Keys of the documents that pass the filters; None where nothing is filtered.

    Publishers are compared without regard to the case of ASCII letters.
    """
    if not filters:
        return None
    rows = connection.execute(
        _ALLOWED,
        {
            "ids": json.dumps(filters.documents) if filters.documents else None,
            "publishers": json.dumps(filters.publishers) if filters.publishers else None,
            "since": filters.since.isoformat() if filters.since else None,
            "until": filters.until.isoformat() if filters.until else None,
        },
    )
    return [key for (key,) in rows]


def match_expression(text: str) -> str:
    """The FTS5 query that finds sentences with any of the words; empty where there are none.

    Every word is quoted, so that nothing in it is syntax. FTS5 cuts a quoted word into tokens
    as it cut the text, and looks for them side by side: 46,610 is only found where 46 and 610
    stand together.

    >>> match_expression("How many people, 46,610?")
    '"people" OR "46,610" OR "46610"'
    >>> match_expression('NEAR("what" WHO')
    '"NEAR" OR "WHO"'
    >>> match_expression("who was it")
    '"who" OR "was" OR "it"'
    >>> match_expression("?!")
    ''
    """
    terms = {term.lower(): term for variants in telling_words(text) for term in variants}
    return " OR ".join(f'"{term}"' for term in list(terms.values())[:_MAX_TERMS])


def telling_words(text: str) -> list[tuple[str, ...]]:
    """The words of a text that can find something, each with its ways to be written.

    All words count where there are only function words.

    >>> telling_words("Was it 46,610 people?")
    [('46,610', '46610'), ('people',)]
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    telling = [word for word in words if not _is_function_word(word)]
    unique = {word.lower(): word for word in telling or words}
    return [tuple(_variants(word)) for word in unique.values()][:_MAX_TERMS]


def _is_function_word(word: str) -> bool:
    return word.lower() in _FUNCTION_WORDS and (word.islower() or word.istitle())


def _variants(word: str) -> Iterator[str]:
    """The word, and how else a text may write it."""
    yield word
    if _GROUPED.fullmatch(word):
        yield word.replace(",", "")
    elif _PLAIN.fullmatch(word):
        yield f"{int(word):,}"
    elif len(parts := _JOINT.split(word)) > 1:
        # COVID-19 also as COVID; 2019–2020 also as either year; but 19 alone is any number.
        yield from (part for part in parts if part.isalpha() or len(part) == 4)
    elif word[0].isupper() and (other := of_a_place(word.removesuffix("s"))):
        yield other
