"""First questions to ask, made from the figures that the library itself has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.schema import FigureKind, StatedFigure

MOST = 4
_LONGEST_NOUN = 60
_AT = re.compile(r"^(?:in|on|during|between|from|since|by|until|at|over|after|before)\b", re.I)
# A period that begins with one of these takes no preposition.
_BARE = frozenset({"last", "this", "next", "yesterday", "today", "that", "so"})
_PLURAL = re.compile(r"(?:[^s]s|\b(?:people|men|women|children))$", re.I)
_FIGURE_SIGN = re.compile(r"[\d%$€£]")


def suggestions(figures: Iterable[StatedFigure]) -> tuple[str, ...]:
    """At most four questions that an article answers, each from another article.

    Only counts with words for what is counted and when: of the others a question made by rule
    would not read like one that a person asks.
    """
    found: dict[str, str] = {}
    for row in figures:
        question = _question(row)
        if question and row.document.id not in found and question not in found.values():
            found[row.document.id] = question
        if len(found) == MOST:
            break
    return tuple(found.values())


def _question(row: StatedFigure) -> str | None:
    statement = row.statement
    noun, period = statement.noun.strip(), statement.period
    if statement.figure.kind is not FigureKind.COUNT or statement.figure.unit or period is None:
        return None
    words = " ".join(period.text.split())
    fits = (
        _PLURAL.search(noun) is not None
        and len(noun) <= _LONGEST_NOUN
        and not _FIGURE_SIGN.search(noun)
        and bool(words)
        and not row.sentence.boilerplate
    )
    if not fits:
        return None
    if _AT.match(words):
        words = words[0].lower() + words[1:]
    elif words.split()[0].lower() not in _BARE:
        words = f"in {words}"
    return f"How many {noun} were there {words}?"
