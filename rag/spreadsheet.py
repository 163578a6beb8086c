"""Figures as CSV that spreadsheets open: one row a figure, with a link to its sentence."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from rag.schema import DocumentInfo, Sentence, StatedFigure

COLUMNS = (
    *("figure", "value", "kind", "unit", "bound", "of", "first", "last", "period", "resolved"),
    *("speaker", "sentence", "document", "title", "publisher", "published", "start", "end"),
    "link",
)
# Spreadsheets read a cell that begins so as a formula, which may call other programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
# A longer sentence is linked to by its first and its last words.
_LONGEST_QUOTE = 80
_EDGE_WORDS = 4


def write_csv(file: TextIO, figures: Iterable[StatedFigure]) -> None:
    """Write a head and one row a figure.

    Args:
        file: to write to; opened with ``newline=""``, or standard output.
        figures: the rows, in order.
    """
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for stated in figures:
        writer.writerow([_cell(value) for value in _row(stated)])


def link_to(document: DocumentInfo, sentence: Sentence) -> str:
    """An address that a browser opens at the sentence, or the source with the sentence's offsets.

    Text and HTML are opened by browsers, which mark the words of a text fragment.
    """
    path = Path(document.source)
    browsed = document.media_type.startswith("text/") and path.is_absolute()
    if not browsed or "#" in document.source:
        return f"{document.source}#{sentence.span.start}-{sentence.span.end}"
    return f"{path.as_uri()}#:~:text={_fragment(sentence.text)}"


def _row(stated: StatedFigure) -> tuple[object, ...]:
    statement, sentence, document = stated.statement, stated.sentence, stated.document
    figure, period = statement.figure, statement.period
    offset = sentence.span.start
    return (
        figure.text,
        _plain(figure.value),
        figure.kind.value,
        figure.unit,
        figure.bound.value,
        statement.noun,
        period and period.first.isoformat(),
        period and period.last.isoformat(),
        period and period.text,
        period and ("yes" if period.resolved else "no"),
        statement.speaker,
        sentence.text,
        document.id,
        document.title,
        document.publisher,
        document.published and document.published.isoformat(),
        offset + figure.span.start,
        offset + figure.span.end,
        link_to(document, sentence),
    )


def _plain(value: Decimal) -> str:
    """A value without exponent and without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cell(value: object) -> str:
    """What a spreadsheet shows as it is: a formula gets an apostrophe, a number stays one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _fragment(text: str) -> str:
    words = text.split()
    if len(text) <= _LONGEST_QUOTE or len(words) < 2 * _EDGE_WORDS:
        return _encoded(text)
    edges = words[:_EDGE_WORDS], words[-_EDGE_WORDS:]
    return ",".join(_encoded(" ".join(edge)) for edge in edges)


def _encoded(text: str) -> str:
    """Percent-encoded, with the hyphen, which means something in a text fragment."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")
