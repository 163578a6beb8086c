"""Figures that say by how much something changed, and which way."""

from __future__ import annotations

import re

from rag.schema import Span, Statement

_UP = (
    r"rise|rises|rose|risen|rising|increase|increases|increased|up|gain|gained|jump|jumped|growth"
    r"|grew|grown|more|higher|above|better|longer|dearer|climbed"
)
_DOWN = (
    r"fall|falls|fell|fallen|falling|decrease|decreased|down|drop|drops|dropped|decline|declined"
    r"|cut|loss|lost|reduction|reduced|fewer|less|lower|below|worse|shorter|cheaper|shrank|slipped"
)
_BEFORE = re.compile(
    rf"\b(?:by|(?:{_UP}|{_DOWN}|change|difference|another|further|extra|additional)(?: of| by)?)"
    r"(?: (?:about|some|around|nearly|almost|roughly|more than|less than|over|an?|as much as|only"
    r"|just))*\s*$",
    re.IGNORECASE,
)
# "Up to 40" is a bound, "more than 40" too; "lost 14.8 per cent" is a change.
_BOUND = re.compile(
    r"\b(?:more|fewer|less|higher|lower|above|below|up|longer|better|worse)(?: than| to)\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^[\s)”\"-]*(?:(?:[a-z]+ ){0,2}(?:more|fewer|less)\b"
    rf"|(?:[a-z]+ )?(?:{_UP}|{_DOWN}|over normal)\b)",
    re.IGNORECASE,
)
_WAY_UP = re.compile(rf"\b(?:{_UP})\b", re.IGNORECASE)
_WAY_DOWN = re.compile(rf"\b(?:{_DOWN})\b", re.IGNORECASE)
_NEAR = 40


def is_change(text: str, statement: Statement) -> bool:
    """Whether a figure says by how much something changed, not how much there is."""
    span = statement.figure.span
    before, after = text[: span.start], text[span.end : span.end + _NEAR]
    before = _BOUND.sub("", before)
    return bool(_BEFORE.search(before) or _AFTER.search(after))


def direction(text: str, statement: Statement) -> int:
    """1 where the words of a figure say that it rose, -1 where it fell, 0 where that is open."""
    span = _near(statement)
    words = text[span.start : span.end]
    up, down = bool(_WAY_UP.search(words)), bool(_WAY_DOWN.search(words))
    return int(up) - int(down)


def _near(statement: Statement) -> Span:
    figure, clause = statement.figure.span, statement.clause
    start = max(clause.start, figure.start - _NEAR)
    return Span(min(start, figure.start), max(figure.end, min(clause.end, figure.end + _NEAR)))
