"""The figures of the library: a row for each that a sentence states, written with the sentence.

A row holds what :func:`rag.statements.statements` found; the figure's own text is cut from the
sentence again. The value is exact, as text; beside it stands its nearest float, to sort by.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from rag.lexical_index import allowed_documents
from rag.library import reading
from rag.library.failures import DamagedValueError
from rag.schema import (
    Bound,
    Figure,
    FigureKind,
    Filters,
    Sentence,
    Span,
    StatedFigure,
    StatedPeriod,
    Statement,
)

_Row = tuple[Any, ...]


def write(
    connection: sqlite3.Connection, document: int, statements: Sequence[Sequence[Statement]]
) -> None:
    """Store what the sentences of a document say, in the place of what is stored of them.

    Args:
        connection: inside the transaction that stores the document.
        document: its key.
        statements: of each sentence, in order; nothing for sentences beyond them.
    """
    keys = connection.execute(
        "SELECT key FROM sentence WHERE document = ? ORDER BY position", (document,)
    )
    rows = [
        (key, position, *_row(statement))
        for (key,), stated in zip(keys.fetchall(), statements, strict=False)
        for position, statement in enumerate(stated)
    ]
    held = """SELECT * FROM figure WHERE sentence IN (SELECT key FROM sentence WHERE document = ?)
              ORDER BY sentence, position"""
    if connection.execute(held, (document,)).fetchall() == rows:
        return
    connection.execute(
        "DELETE FROM figure WHERE sentence IN (SELECT key FROM sentence WHERE document = ?)",
        (document,),
    )
    connection.executemany(
        "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
    )


def stated(
    connection: sqlite3.Connection,
    filters: Filters,
    kinds: Collection[FigureKind],
    of: Sequence[Sentence] | None,
) -> tuple[StatedFigure, ...]:
    """Figures with their sentences, in the order of the documents' sources.

    Args:
        connection: of one moment.
        filters: which documents.
        kinds: which kinds; empty takes all.
        of: the only sentences that are looked at, in whose order the figures are then given.
    """
    documents = allowed_documents(connection, filters)
    keys = None if of is None else _keys(connection, of)
    rows = connection.execute(
        """SELECT f.* FROM figure AS f
           JOIN sentence AS s ON s.key = f.sentence
           JOIN document_info AS d ON d.key = s.document
           WHERE (:documents IS NULL OR d.key IN (SELECT value FROM json_each(:documents)))
             AND (:kinds IS NULL OR f.kind IN (SELECT value FROM json_each(:kinds)))
             AND (:keys IS NULL OR f.sentence IN (SELECT value FROM json_each(:keys)))
           ORDER BY d.source, s.position, f.position""",
        {
            "documents": None if documents is None else json.dumps(documents),
            "kinds": json.dumps([kind.value for kind in kinds]) if kinds else None,
            "keys": None if keys is None else json.dumps(keys),
        },
    ).fetchall()
    if keys is not None:
        order = {key: number for number, key in enumerate(keys)}
        rows.sort(key=lambda row: order[row[0]])
    return tuple(_stated(connection, rows))


def _keys(connection: sqlite3.Connection, of: Sequence[Sentence]) -> list[int]:
    """Keys of sentences in their order; those that are gone are left out."""
    places = json.dumps([(sentence.document_id, sentence.position) for sentence in of])
    rows = connection.execute(
        """SELECT s.key FROM json_each(?) AS p
           JOIN document_info AS d ON d.id = json_extract(p.value, '$[0]')
           JOIN sentence AS s
             ON s.document = d.key AND s.position = json_extract(p.value, '$[1]')
           ORDER BY p.key""",
        (places,),
    )
    return list(dict.fromkeys(key for (key,) in rows))


def misplaced(connection: sqlite3.Connection) -> int:
    """How many figures reach beyond their sentence."""
    (count,) = connection.execute(
        """SELECT count(*) FROM figure AS f JOIN sentence AS s ON s.key = f.sentence
           WHERE f.clause_end > s.span_end - s.span_start OR f.span_start < f.clause_start
              OR f.span_end > f.clause_end OR f.span_start >= f.span_end"""
    ).fetchone()
    return int(count)


def _row(statement: Statement) -> _Row:
    figure, period = statement.figure, statement.period
    return (
        figure.span.start,
        figure.span.end,
        str(figure.value),
        float(figure.value),
        figure.kind.value,
        figure.unit,
        figure.bound.value,
        statement.noun,
        statement.clause.start,
        statement.clause.end,
        period and period.first.isoformat(),
        period and period.last.isoformat(),
        period and period.text,
        period and int(period.resolved),
        statement.speaker,
    )


def _stated(connection: sqlite3.Connection, rows: Sequence[_Row]) -> Iterator[StatedFigure]:
    found = reading.sentences(connection, (row[0] for row in rows))
    for key, _, *columns in rows:
        if key in found:
            sentence = found[key].sentence
            yield StatedFigure(_statement(sentence.text, columns), sentence, found[key].document)


def _statement(text: str, columns: Sequence[Any]) -> Statement:
    """From the columns of a row behind its key and position.

    Raises:
        DamagedValueError: they are not what was written.
    """
    start, end, value, _, kind, unit, bound, noun, first, last, *rest = columns
    try:
        span = Span(start, end)
        figure = Figure(text[start:end], Decimal(value), FigureKind(kind), unit, Bound(bound), span)
        return Statement(figure, noun, Span(first, last), _period(rest[:4]), rest[4])
    except (ValueError, TypeError, InvalidOperation) as error:
        raise DamagedValueError(str(error)) from error


def _period(columns: Sequence[Any]) -> StatedPeriod | None:
    first, last, text, resolved = columns
    if first is None:
        return None
    return StatedPeriod(date.fromisoformat(first), date.fromisoformat(last), text, bool(resolved))
