"""Where the words of one quantity of a sentence end and those of the next begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.schema import Figure, Span
from rag.verification.words import is_setting

BOUND = (
    r"(?:(?:about|nearly|almost|around|some|roughly|only|just|more than|over|less than|fewer than"
    r"|under|at least|at most|up to|a|an|the|another|approximately|as (?:many|much) as)\s+)*"
)
"""Words in front of a number, as a pattern."""

_CLAUSE = (
    r"while|whereas|but|and|or|against|compared|versus|with|of (?:whom|which)|after|up from"
    r"|down from|from|although|though|instead"
)
# The clearest first: of two figures parted by a semicolon and a comma each has its side of the
# semicolon.
_BREAKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[;:–—]|\s-\s|[.!?][”\"’')]*\s",
        rf",\s+(?:{_CLAUSE})\b",
        r"\b(?:while|whereas|but|against|versus|compared)\b",
        r"\band\b",
        rf",\s+{BOUND}[$£€]?$",
        r",",
        r"\b(?:after|or|than)\b",
        r"\b(?:up|down|to|from|with)\b",
        r"\b(?:at|in|for|on|by|within|before)\b",
    )
)
_DETERMINER = (
    r"(?:(?:the|its|their|his|her|all|every|some|about|more than|nearly|at least|a|an)\s+)*"
)
_PART_OF = re.compile(rf"\s+(?:[\w-]+\s+){{0,2}}?(?:out\s+)?of\s+{_DETERMINER}", re.IGNORECASE)
_OF_WHICH = re.compile(
    rf",?\s+(?:.*\s)?of\s(?:whom|which)\s(?:[\w-]+\s){{0,4}}?{BOUND}[$£€]?", re.IGNORECASE
)
_WHOLE = re.compile(rf"(?:^|[,;:]\s)of\s+{_DETERMINER}[$£€]?$", re.IGNORECASE)
_OF_THEM = re.compile(r"\s+of\s+(?:them|these|those|whom|which)\b")
_SCORE = re.compile(r"\s*(?:-|–|—|to|and|or)\s*[$£€]?")
_NEAR = 6
"""Most characters between two dates of one expression: "5 and 16 August"."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The quantities of a sentence, the part of it that is each one's, and how they belong."""

    owners: tuple[Figure, ...]
    spans: tuple[Span, ...]
    parts: tuple[tuple[Figure, Figure], ...]
    """A quantity and the one that it is a part of: "10 of the 14"."""
    scores: tuple[tuple[Figure, Figure], ...]
    """Two quantities that are said in one breath: "19 to 11"."""


def lay_out(text: str, figures: Sequence[Figure], owners: tuple[Figure, ...]) -> Layout:
    """Part a sentence among its quantities; some share a part: "19 to 11", "10 of the 14"."""
    if not owners:
        return Layout((), (), (), ())
    masked = _masked(text, figures)
    cuts, joined = [0], []
    parts: list[tuple[Figure, Figure]] = []
    scores: list[tuple[Figure, Figure]] = []
    for one, other in pairwise(owners):
        between = masked[one.span.end : other.span.start]
        found = _break(between)
        parts += _parts(text, between, one, other)
        scores += [(one, other)] if _SCORE.fullmatch(between) else []
        together = _PART_OF.fullmatch(between) or _SCORE.fullmatch(between)
        joined.append(bool(together) or (found is None and not _alike(one, other)))
        cuts.append(one.span.end + (len(between) if found is None else found))
    spans = [Span(start, end) for start, end in pairwise([*cuts, len(text)])]
    for i, together_ in enumerate(joined):
        if together_:
            spans[i] = spans[i + 1] = Span(spans[i].start, spans[i + 1].end)
    return Layout(owners, tuple(spans), tuple(parts), tuple(scores))


def _parts(text: str, between: str, one: Figure, other: Figure) -> list[tuple[Figure, Figure]]:
    if _PART_OF.fullmatch(between):
        return [(one, other)]
    ahead = _WHOLE.search(text[: one.span.start])
    behind = _OF_THEM.match(text, other.span.end) and _alike(one, other)
    return [(other, one)] if ahead or behind or _OF_WHICH.fullmatch(between) else []


def _alike(one: Figure, other: Figure) -> bool:
    return one.kind is other.kind and one.unit == other.unit


def _masked(text: str, figures: Sequence[Figure]) -> str:
    """The text with dates, and what joins two of them, blanked out."""
    for i, one in enumerate(figures):
        if not is_setting(text, one):
            continue
        end = one.span.end
        if i + 1 < len(figures):
            other = figures[i + 1]
            if other.span.start - end < _NEAR and is_setting(text, other):
                end = other.span.start
        text = text[: one.span.start] + "#" * (end - one.span.start) + text[end:]
    return text


def _break(between: str) -> int | None:
    """The last break of the clearest kind; None where nothing parts the two figures."""
    for pattern in _BREAKS:
        found = [match.start() for match in pattern.finditer(between)]
        if found:
            return found[-1]
    return None
