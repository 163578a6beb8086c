"""A predicate cut into phrases: what is said, when, where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rag.facets.grammar import (
    AUXILIARIES,
    OTHER,
    PLACE,
    PREPOSITIONS,
    RELATIVES,
    TIME,
    is_past,
)
from rag.figures import find_figures
from rag.periods import find_times
from rag.question import with_months


class Role(StrEnum):
    """What a phrase tells; phrases of one role stand in for each other."""

    TIME = "time"
    PLACE = "place"
    OTHER = "other"
    PLAIN = "plain"
    """No preposition begins it: a verb, its subject and object."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that belong together."""

    text: str
    role: Role

    @property
    def first(self) -> str:
        """Its first word, in lower case."""
        return self.text.split()[0].lower() if self.text else ""


_WORD = re.compile(r"[^\s,;:?()]+")
_EDGE = (
    r"(?:(?:(?:up )?to|from|as of|on|by|at|in|since|until|before|after|first on|then on) )?"
    r"(?:the )?(?:(?:season|end|start|beginning|middle|close|month|winter|summer|spring|autumn"
    r"|year|years|half|quarter|night|business|financial|fiscal) )?(?:year )?(?:of )?"
)
_BEFORE = re.compile(rf"(?<![\w-]){_EDGE}\Z", re.IGNORECASE)
_AFTER = re.compile(r"\A,? ?(?:night|morning|evening|afternoon|of \d{4}|that year)\b")
_NOW = re.compile(r"\b(?:now|today|at present)\b", re.IGNORECASE)


def time_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text names times, each with its preposition; neighbours are one.

    >>> text = "was it in April 2023 or at the end of September that year?"
    >>> [text[start:end] for start, end in time_spans(text)]
    ['in April 2023', 'at the end of September that year']
    """
    months = with_months(text)
    found = [(t.span.start, t.span.end) for t in find_times(months, find_figures(months), None)]
    found += [m.span() for m in _NOW.finditer(text)]
    spans: list[tuple[int, int]] = []
    for start, end in (_widened(text, *span) for span in sorted(found)):
        if _names_a_thing(text[start:end], text[end:]):
            continue
        if spans and re.fullmatch(
            r"\s*(?:(?:to|of|in)\s)?|,\s*(?=that)", text[spans[-1][1] : start]
        ):
            spans[-1] = (spans[-1][0], end)
        elif not spans or start >= spans[-1][1]:
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
    return tuple(spans)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """With the words around a time that belong to it: "up to the end of", "night"."""
    before, after = _BEFORE.search(text[:start]), _AFTER.match(text[end:])
    return before.start() if before else start, end + (after.end() if after else 0)


_THING = re.compile(r"\s(?P<word>[^\W\d_][\w’'-]*)")
_ENDS = re.compile(r"\b(?:the|a|an|its|their|this|that)\s(?:[A-Z][a-z]+\s)?(?:\d{4}|[A-Z][a-z]+)\Z")


def _names_a_thing(time: str, after: str) -> bool:
    """Whether a time is part of a name: "in *the 2025* race"."""
    following = _THING.match(after)
    if following is None or not _ENDS.search(time):
        return False
    word = following["word"].lower()
    known = PREPOSITIONS | AUXILIARIES | RELATIVES | {"and", "or", "but", "compared", "alone"}
    return word not in known and not is_past(word)


def phrases(text: str) -> tuple[Phrase, ...]:
    """Cut a predicate at its prepositions and times; "of" and the ends of a range cut nothing.

    >>> [p.text for p in phrases("did the clinic at Elm treat for burns in May 2019")]
    ['did the clinic', 'at Elm treat', 'for burns', 'in May 2019']
    """
    times = time_spans(text)
    cuts = {0, len(text)} | {edge for span in times for edge in span}
    open_range = False
    for match in _WORD.finditer(text):
        word, start = match[0].lower(), match.start()
        if any(begin <= start < end for begin, end in times):
            continue
        closes = open_range and word in {"to", "and"}
        if word in PLACE | TIME | OTHER and not closes and not _is_particle(text[match.end() :]):
            cuts.add(start)
        open_range = word in {"from", "between"} or (open_range and not closes)
    edges = sorted(cuts)
    pieces = [(text[begin:end].strip(), begin) for begin, end in pairwise(edges)]
    starts = {begin for begin, _ in times}
    return tuple(
        Phrase(piece, Role.TIME if begin in starts else _role(piece))
        for piece, begin in pieces
        if piece.strip(" ,;:?")
    )


def _is_particle(after: str) -> bool:
    """Whether a preposition belongs to its verb: "handed *in* for", "passed *on*"."""
    following = _WORD.match(after.lstrip())
    return following is None or following[0].lower() in PREPOSITIONS


def _role(piece: str) -> Role:
    first = piece.split(maxsplit=1)[0].lower()
    if first in TIME:
        return Role.TIME
    if first in PLACE:
        return Role.PLACE
    return Role.OTHER if first in OTHER else Role.PLAIN


def times_of(text: str) -> tuple[str, ...]:
    """The times that a text names, as it writes them."""
    return tuple(text[start:end].strip(" ,") for start, end in time_spans(text))


def without_times(text: str) -> str:
    """A text without the times that it names.

    >>> without_times("the harvest in Jutta in 2018")
    'the harvest in Jutta'
    """
    for start, end in reversed(time_spans(text)):
        text = f"{text[:start].rstrip(' ,')} {text[end:].lstrip()}"
    return " ".join(text.split())


_ON = re.compile(r"\A(?:the )?(?:\d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)", re.IGNORECASE)
_AT = re.compile(r"\A(?:the )?(?:end|start|beginning|close|turn)\b", re.IGNORECASE)
_BARE = re.compile(r"\A(?:(?:last|this|next|that) |now\b|today\b|yesterday\b)", re.IGNORECASE)
_YEAR = re.compile(r"\A(?:19|20)\d\d\b")
_LED = re.compile(
    r"\A(?:in|on|at|by|since|during|for|until|till|before|after|from|between|within|over|up to"
    r"|as of)\b",
    re.IGNORECASE,
)


def at_time(time: str) -> str:
    """A time with the preposition that it takes.

    >>> at_time("2019"), at_time("the end of May"), at_time("3 May"), at_time("by June")
    ('in 2019', 'at the end of May', 'on 3 May', 'by June')
    """
    time = time.removeprefix("of ")
    if _LED.match(time) or _BARE.match(time):
        return time
    if _AT.match(time):
        return f"at {time}"
    return f"on {time}" if _ON.match(time) and not _YEAR.match(time) else f"in {time}"
