"""Where the words of one figure end and those of the next begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from rag.figures import bounded_span
from rag.schema import Figure, FigureKind


class Link(StrEnum):
    """How the words of a figure go on from those of the one before it."""

    FIRST = "first"
    LISTED = "listed"
    """One more of a list: "12 women and 14 men"."""
    PART = "part"
    """More of the same: "3 goals in 12 games"."""
    APART = "apart"
    """Another thing."""
    RANGE = "range"
    """The other end of a range, which has all words with it: "12 to 14"."""


class Cut(NamedTuple):
    """A place to cut at; of several the one of highest rank, and of these the last."""

    rank: int
    at: int
    link: Link


MASK = "\0"
"""Stands for what is not to be cut: the characters of figures and times."""

_RANGE = re.compile(r"-?\s?[-–—]\s?|-?\s(?P<word>to|and|or)\s")
_MOVING = re.compile(
    r"\b(?:from|rose|rises?|risen|grew|grow|grown|climbed|jumped|up|down|fell|falls?|fallen|dropped"
    r"|declined|increased?|decreased?|reduced?|cut|raised?|lowered|went|gone|moved|slipped|shrank"
    r"|slid|surged|soared|plunged|by)\s(?:by\s|from\s)?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s(?:[a-z]+\s){0,2}$", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\([^()]*\)")
# Two sentences too, where a full stop behind a unit was taken for that of an abbreviation.
# "14 (last week: 10)".
_OPENED = re.compile(rf"\s\((?:[a-z]+\s){{0,2}}{MASK}+:\s$")
_CLOSING = re.compile(r"[^(),;:]{0,20}\)(,?(?:\sand|\sor)?)")
_STOP = (
    r"(?<=[a-z]{2})(?<!Mrs)(?<!Gov)(?<!Sen)(?<!Rep)(?<!Gen)(?<!Inc)(?<!Ltd)(?<!Bros)(?<!Prof)"
    r"(?<!Corp)(?<!Capt)[.!?][”\"]?(?=\s[A-Z“\"])"
)
_HARD = re.compile(rf"[;:()—]|\s[-–]\s|{_STOP}")
BORDER = re.compile(rf";\s|{_STOP}")
"""Where a clause ends in any case."""

_APART = re.compile(
    r",?\s(?:while|whereas|but|although|though|compared\s(?:with|to)|as\sagainst"
    r"|(?:up|down)\sfrom|(?<=,)\s(?:up|down)|after(?=\san?\s|\sthe\s)|instead\sof|unlike|(?:short|shy)\sof)\b"
)
_OF_WHICH = re.compile(
    r"(?!^\sof\b),?\s(?:of\s(?:whom|which|these|those|them)|including|among\sthem)\b"
)
_COMMA_AND = re.compile(r",\s(?:and|or|plus)\b")
_SUBORDINATE = re.compile(
    r",?\s(?:which|who|whose|where|when|because|with|before|after|adding|leaving|making|bringing"
    r"|taking)\b"
)
_AND = re.compile(r"\s(?:and|or|nor|plus|as\swell\sas)\b")
_RELATIVE = re.compile(r",\s(?:which|who|whose|where|when)\b")
_COMMA = re.compile(r",(?=\s)")
# "12 men and women in 3 cities" is cut before "in".
_JUST_A_NOUN = re.compile(r"\s[a-z-]+\s(?:in|of|on|at|from|to|for|by|over|during|within|across)\b")
_COMPARING = re.compile(
    r",?\s(?:from|against|versus|vs\.?|(?:more|less|fewer|higher|lower|larger|smaller)\sthan|than)\b"
)
_PREPOSITION = re.compile(
    r"\s(?:in\sfront\sof|on\stop\sof|to|(?<!in\sfront\s)(?<!on\stop\s)of|in(?!\sfront\sof)|on(?!\stop\sof)|for|by|at|over|during|within|among|across|into|out\sof|per|under|above|below"
    r"|through|until|near|behind|toward|towards|between|about|around|worth)\b"
)
_FINITE = re.compile(
    r"\s(?:was|were|is|are|has|have|had|will|would|can|could|might|should|paid|brought|won|lost|took"
    r"|made|rose|fell|cost|costs|spent|sold|got|came|went|held|stood|gave|did|does|ran|said|says|found|finds|showed|shows|holds|gets|pays|drew|stays|stays|stands|leaves|adds)\b(?:\s[a-z]+)?"
)
_PARTICIPLE = re.compile(r"\s(?!need|speed|seed|feed|hundred)[a-z]{2,}ed\b")
_NAME = re.compile(r"(?:^|(?<=\s))(?:[A-Z][\w'’.-]*\s?){1,4},\s$")
_ADVERBS = frozenset({"only", "just", "still", "already", "then", "now"})
_WORD = re.compile(r"[^\W\d_]+")
# Between a preposition and its figure stand "the", "its", "a record", no more.
_GOVERNED = 3


def cut_between(text: str, masked: str, one: Figure, other: Figure) -> Cut:
    """Return where to cut between two figures that speak for themselves.

    Args:
        text: of the sentence.
        masked: the same with :data:`MASK` where it is not to be cut.
        one: the first figure.
        other: the next one.
    """
    start, end = one.span.end, max(one.span.end, bounded_span(text, other).start)
    if _is_range(text, one, other, end):
        return Cut(0, end, Link.RANGE)
    # A parenthesis that opens and closes between the two is no border.
    part = _PARENTHESIS.sub(lambda match: MASK * len(match[0]), masked[start:end])
    if part.endswith("(") and masked.startswith(")", other.span.end):
        # "Parks ($2m)": what stands before the parenthesis says what the figure is.
        part = f"{part[:-1]}{MASK}"
    best = max(_candidates(part, other), key=lambda cut: (cut.rank, cut.at), default=None)
    if best is None:
        # Nothing but words: "Rovers 3 Athletic 1", "a $3m 12-storey tower".
        if not part.strip() or part.strip().lower() in _ADVERBS:
            return Cut(0, start, Link.PART)
        named = any(word[0][0].isupper() for word in _WORD.finditer(part))
        return Cut(0, start if named else end, Link.LISTED if named else Link.PART)
    return best._replace(at=start + best.at)


def _is_range(text: str, one: Figure, other: Figure, end: int) -> bool:
    """Whether two figures are the ends of one range, or this or that."""
    match = _RANGE.fullmatch(text, one.span.end, end)
    if not match or (one.kind is not other.kind and one.kind is not FigureKind.COUNT):
        return False
    head = text[max(0, one.span.start - 40) : bounded_span(text, one).start]
    if match["word"] == "and":
        return bool(_BETWEEN.search(head))
    return match["word"] != "to" or not _MOVING.search(head)


def _candidates(part: str, other: Figure) -> Iterator[Cut]:
    if opened := _OPENED.search(part):
        yield Cut(10, opened.start(), Link.APART)
    if closing := _CLOSING.match(part):
        yield Cut(9, closing.end(), Link.LISTED if closing[1] else Link.PART)
    if other.kind is FigureKind.AGE and (name := _NAME.search(part)):
        yield Cut(8, name.start(), Link.APART)
    for pattern, rank, link in _PATTERNS:
        for match in pattern.finditer(part):
            yield Cut(rank, match.start(), link)
    yield from _ands(part)
    yield from _commas(part)
    for pattern, rank, link in _GOVERNING:
        for match in pattern.finditer(part):
            if _governs(part[match.end() :]):
                yield Cut(rank, match.start(), link)


def _governs(rest: str) -> bool:
    """Whether a preposition is that of the figure behind it: "to the 45"; "from Holm use 45"."""
    words = _WORD.findall(rest)
    return len(words) <= _GOVERNED and MASK not in rest and not any(map(str.istitle, words))


def _ands(part: str) -> Iterator[Cut]:
    for match in _AND.finditer(part):
        rank = 1 if _JUST_A_NOUN.match(part, match.end()) else 4
        yield Cut(rank, match.start(), Link.LISTED)


def _commas(part: str) -> Iterator[Cut]:
    """The last comma; the first, where the figure stands right behind the last of several."""
    commas = [match.start() for match in _COMMA.finditer(part)]
    if commas:
        aside = len(commas) > 1 and not part[commas[-1] + 1 :].strip()
        aside = aside and not _RELATIVE.match(part, commas[0])
        yield Cut(4, commas[0] if aside else commas[-1], Link.LISTED)


_PATTERNS = (
    (_HARD, 7, Link.APART),
    (_APART, 6, Link.APART),
    (_OF_WHICH, 6, Link.PART),
    (_COMMA_AND, 5, Link.LISTED),
    (_SUBORDINATE, 4, Link.APART),
    (_FINITE, 2, Link.PART),
    (_PARTICIPLE, 0, Link.PART),
)
_GOVERNING = (
    (_COMPARING, 5, Link.APART),
    (_PREPOSITION, 1, Link.PART),
)
