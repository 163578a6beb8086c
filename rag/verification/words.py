"""Words as verification compares them: stems, a few synonyms, and what kind of word each is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from rag.figures import find_figures
from rag.schema import QUANTITIES, Figure, FigureKind
from rag.verification.lexicon import MONTHS, ORDER, SCAFFOLDING, SYNONYMS, TIMES, WEEKDAYS
from rag.words import stemmed

_SPAN_AHEAD = re.compile(
    r"\b(?:in|within|over|for|after|during|on|between|to|at|every|past|last|first|next|by)\s"
    r"(?:(?:the|a|an|those|these|that|same|past|last|first|next|about|some|nearly|more than"
    r"|less than|at least|roughly|around|only)\s)*$",
    re.IGNORECASE,
)
_LOOK_BACK = 60
"""Characters before a word in which what leads to it is looked for."""

_LEAST_PART = 4
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"[’']s?$")
_AGO = re.compile(r"(?:year|month|week|day|hour|season|decade|quarter|minute)s?\s$", re.IGNORECASE)
_LED_TO = re.compile(
    r"\b((?i:in|at|of|from|near|for|among|to|on|off|by|outside|around|across|with|against))"
    r"\s(?:(?:the|its|their|a|an)\s)?(?:[A-Z][\w’'-]*\s)*$",
)


class Sort(StrEnum):
    """What a word can tell of a figure."""

    NAME = "name"
    TIME = "time"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """A word that tells something, or a date, and where it stands."""

    stem: str
    sort: Sort
    start: int
    opens: bool = False
    """Whether it is the first word of a sentence, whose capital says nothing."""
    led: str = ""
    """The preposition that leads to it, if any: in of "in Torvik"."""


@lru_cache(maxsize=4096)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the telling words of a text in order; its quantities are left out.

    >>> [(token.stem, token.sort.value) for token in tokens_of("In May, Holm sold 300 boats.")]
    [('may', 'time'), ('holm', 'name'), ('sell', 'word'), ('boat', 'word')]
    """
    return tuple(sorted(_tokens(text), key=lambda token: token.start))


def stems(tokens: Iterable[Token]) -> frozenset[str]:
    """The stems of some tokens."""
    return frozenset(token.stem for token in tokens)


def is_among(stem: str, offered: Collection[str]) -> bool:
    """Whether a stem is one of others, or begins one, or one of them it: rain and rainfall."""
    return stem in offered or (
        len(stem) >= _LEAST_PART
        and any(
            len(other) >= _LEAST_PART and (other.startswith(stem) or stem.startswith(other))
            for other in offered
        )
    )


def named(tokens: Sequence[Token], names: Collection[str]) -> tuple[Token, ...]:
    """The tokens, the first words of sentences as names where they are known as such."""
    return tuple(
        replace(token, sort=Sort.NAME) if token.opens and token.stem in names else token
        for token in tokens
    )


@cache
def stem_of(word: str) -> str:
    """Return what a word, its inflections and near synonyms have in common.

    >>> stem_of("climbed") == stem_of("rose") == stem_of("increases")
    True
    """
    found = stemmed(word)
    return _same().get(found, found)


def is_setting(text: str, figure: Figure) -> bool:
    """Whether a figure says when or of whom another one is: a date, "over 12 months"."""
    if figure.kind not in QUANTITIES:
        return True
    if figure.kind is FigureKind.AGE:
        return "old" in figure.text.lower()
    start = max(0, figure.span.start - _LOOK_BACK)
    ahead = figure.kind is FigureKind.DURATION and _SPAN_AHEAD.search(
        text, start, figure.span.start
    )
    return bool(ahead)


def _tokens(text: str) -> Iterator[Token]:
    figures = find_figures(text)
    for figure in figures:
        if is_setting(text, figure):
            for stem in _named_time(figure):
                yield Token(stem, Sort.TIME, figure.span.start)
    taken = [figure.span for figure in figures]
    for match in _WORD.finditer(text):
        if not any(span.start <= match.start() < span.end for span in taken):
            yield from _read_word(match, text)


def _read_word(match: re.Match[str], text: str) -> Iterator[Token]:
    written = _POSSESSIVE.sub("", match[0])
    low, start = written.lower(), match.start()
    if low in ORDER and not _AGO.search(text, max(0, start - _LOOK_BACK), start):
        return
    if low in MONTHS and written[0].isupper():
        yield Token(low[:3], Sort.TIME, start)
    elif low in TIMES or low.removesuffix("s") in WEEKDAYS:
        yield Token(TIMES.get(low, low.removesuffix("s")), Sort.TIME, start)
    elif low in SCAFFOLDING:
        return
    elif written[0].isupper() and not _opens(text, start):
        yield Token(stem_of(low), Sort.NAME, start, led=_led(text, start))
    elif len(low) > 1:
        for part in low.split("-"):
            bare = _POSSESSIVE.sub("", part)
            if bare and bare not in SCAFFOLDING:
                opens = written[0].isupper()
                yield Token(stem_of(bare), Sort.WORD, start, opens, _led(text, start))


def _led(text: str, start: int) -> str:
    match = _LED_TO.search(text, max(0, start - _LOOK_BACK), start)
    return match[1].lower() if match else ""


def _named_time(figure: Figure) -> Iterator[str]:
    """Stems for the parts of a date, a place in a row, a span of time."""
    value = f"{figure.value.normalize():f}"
    if figure.kind is FigureKind.YEAR:
        yield f"#{value}{figure.unit}"
    elif figure.kind is FigureKind.ORDINAL:
        yield f"#{value}th {figure.unit}".strip()
    elif figure.kind is FigureKind.DATE:
        number = int(figure.value)
        year, month, day = number // 10_000, number // 100 % 100, number % 100
        if year:
            yield f"#{year}"
        if month:
            yield MONTHS[month - 1][:3]
        if day:
            yield f"day {day}"
    elif figure.kind is FigureKind.IDENTIFIER:
        yield f"#{figure.text.lower()}"
    else:
        yield f"{value} {figure.unit}"


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - _LOOK_BACK) : start].rstrip(" “‘\"'(")
    return not before or before[-1] in ".!?:\n"


@cache
def _same() -> dict[str, str]:
    return {stemmed(word): stemmed(row.split()[0]) for row in SYNONYMS for word in row.split()}
