"""Whether two figures speak of the same thing, as far as the words around them go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rag.figures import find_figures, same_unit
from rag.schema import Figure, FigureKind, StatedFigure, Statement
from rag.words import CALENDAR, content_words

# Share of the words of two clauses that both have (Dice), and how many those are: "of the women"
# and "the women of" have one word in common and nothing to do with each other.
_LEAST_SHARED = 0.35
_LEAST_SHARED_ALONE = 0.4
"""Where what is counted goes by another noun."""
_FEWEST_SHARED = 2
# "Two pumps" and "pumps for 88 million": what is counted does not grow a hundredfold.
_MOST_TIMES = 100
# Two articles on one event that both have 46,610 mean the same by it; that both have 4, nothing.
_TELLING_DIGITS = 3
# Where vectors are given, they have to agree too: words alone take "ships left" for "ships came".
_LEAST_SIMILAR = 0.6

_COMPARED = frozenset(FigureKind) - {
    FigureKind.DATE,
    FigureKind.YEAR,
    FigureKind.ORDINAL,
    FigureKind.IDENTIFIER,
    FigureKind.AGE,
}
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[’'-][^\W_]+)*")
_EMPTY = frozenset("the and for are was were has had its his her our their said says".split())  # noqa: SIM905
# What makes figures of the same noun different things: a step and a level, a rate and a total.
_CHANGE = re.compile(
    r"\b(?:up|down|more than (?:in|the)|less than (?:in|the)|by|ris\w+|rose|fell|fall\w*|increas\w+"
    r"|decreas\w+|dropp\w+|declin\w+|grew|grow\w*|higher|lower|gain\w*|los[ts]|cut|surg\w+)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(?:(?:an?|per|each|every) (?:second|minute|hour|day|night|week|month|quarter|year|person"
    r"|head|capita)|hourly|daily|weekly|monthly|quarterly|annual(?:ly)?|yearly|average|mean"
    r"|median|high(?:est)?|low(?:est)?|most|least|maximum|minimum|overall|combined|gross|net"
    r"|planned|expected|forecast|target|limit|capacity)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """A figure with the words that say of what it speaks."""

    stated: StatedFigure
    noun: frozenset[str]
    words: frozenset[str]
    """Of noun and clause, without figures and calendar."""
    names: frozenset[str]
    """Capitalised words of the clause."""
    manner: frozenset[str]
    """Rate, rank and certainty."""
    is_change: bool
    values: frozenset[Decimal]
    """Of the other figures of its sentence."""


def read_figure(stated: StatedFigure) -> ReadFigure:
    """Take a figure with the words that say of what it speaks."""
    statement, sentence = stated.statement, stated.sentence.text
    clause = _without_figure(statement, sentence)
    noun = frozenset(_about(statement.noun)) if statement.noun else frozenset()
    opening = _WORD.match(sentence)
    opens = opening.group() if opening else ""
    return ReadFigure(
        stated=stated,
        noun=noun,
        words=noun | frozenset(_about(clause)),
        names=frozenset(_names(clause, opens)),
        manner=frozenset(word.lower() for word in _RATE.findall(clause)),
        is_change=bool(_CHANGE.search(clause)),
        values=frozenset(f.value for f in find_figures(sentence)) - {statement.figure.value},
    )


def _without_figure(statement: Statement, sentence: str) -> str:
    """The words of a figure's clause that say of what it speaks, not how much or when."""
    clause, span = statement.clause, statement.figure.span
    start, end = max(clause.start, span.start), min(clause.end, span.end)
    if start >= end:
        return sentence[clause.start : clause.end]
    words = f"{sentence[clause.start : start]} {sentence[end : clause.end]}"
    for aside in (statement.period and statement.period.text, statement.speaker):
        words = words.replace(aside, " ") if aside else words
    return words


def _about(text: str) -> set[str]:
    words = [w for w in _WORD.findall(text) if len(w) > 2 and w not in CALENDAR]
    return content_words(" ".join(words)) - _EMPTY


def _names(text: str, opening: str) -> Iterator[str]:
    """Capitalised words; the first of a sentence may have its capital from there."""
    for word in _WORD.findall(text):
        if word[0].isupper() and word not in CALENDAR and word != opening:
            yield word


def same_thing(one: ReadFigure, other: ReadFigure, similarity: float | None) -> bool:
    """Whether kind, noun, words and manner are those of one thing; in doubt they are not."""
    figure, second = one.stated.statement.figure, other.stated.statement.figure
    shared = one.words & other.words
    if not shared or figure.kind not in _COMPARED or not _comparable(figure, second):
        return False
    if figure.value == second.value and is_telling(figure):
        return True
    if figure.value in other.values or second.value in one.values:
        return False  # a sentence that states both tells them apart
    if one.is_change is not other.is_change or one.manner != other.manner:
        return False
    dice = 2 * len(shared) / (len(one.words) + len(other.words))
    if one.noun & other.noun:
        least = _LEAST_SHARED
    elif _counts_another(one, other):
        return False
    else:
        least = _LEAST_SHARED_ALONE
    near = similarity is None or similarity >= _LEAST_SIMILAR
    return len(shared) >= _FEWEST_SHARED and dice >= least and near


def _counts_another(one: ReadFigure, other: ReadFigure) -> bool:
    """Whether each counts what the other does not even name: homes and people.

    A measure, in metres or degrees, is told by its unit; its noun may be what it was read from.
    """
    if not one.noun or not other.noun or one.stated.statement.figure.unit:
        return False
    return not (one.noun & other.words or other.noun & one.words)


def _comparable(one: Figure, other: Figure) -> bool:
    """Whether kind, unit and size allow two figures to be of the same thing."""
    small, large = sorted((abs(one.value), abs(other.value)))
    # A count without a unit may be anything: 7,500 of a sum's currency is no distance in km.
    counted = one.kind is FigureKind.COUNT
    same = one.unit == other.unit if counted else same_unit(one.unit, other.unit)
    return one.kind is other.kind and same and large <= _MOST_TIMES * small


def is_telling(figure: Figure) -> bool:
    """Whether a value is so precise that two articles do not have it by chance."""
    return len(figure.value.normalize().as_tuple().digits) >= _TELLING_DIGITS
