"""Units: what a number is a number of, by the sign before it or the words behind it."""

from __future__ import annotations

import re

from rag.figures.reading import Prose
from rag.figures.unit_words import GLUED, LINKING, SHARED_NAMES, SIGNS, UNITS, Unit
from rag.schema import FigureKind

_WORD = r"[^\W\d_]+"
_FOLLOWING = re.compile(
    rf"(?P<gap>[^\S\n]|-)?(?P<one>[%％$€£¥₹]|°[^\S\n]?[cf]\b|°|u\.s\.|{_WORD}(?:/[a-z]+)?)(?!\d)"
    rf"(?:[\s-](?P<two>{_WORD})(?:[\s-](?P<three>{_WORD}))?)?"
)
_LONGEST_FIRST = sorted(SIGNS, key=len, reverse=True)
_ENDINGS = tuple(SIGNS)


def sign_before(text: str, start: int) -> tuple[Unit, int] | None:
    """Return the currency of the sign or code before a number, and where that begins.

    >>> unit, start = sign_before("for US$3m", 7)
    >>> unit.name, start
    ('USD', 4)
    """
    end = start - text[max(0, start - 1) : start].isspace()
    head = text[max(0, end - 5) : end]
    if not head.endswith(_ENDINGS):
        return None
    sign = next(sign for sign in _LONGEST_FIRST if head.endswith(sign))
    begin = end - len(sign)
    if text[max(0, begin - 1) : begin].isalpha():
        # "J$" is some dollar that is not known here, "Bush 5" no sum of shillings.
        return (Unit(FigureKind.MONEY, text[begin - 1 : end]), begin - 1) if sign == "$" else None
    return Unit(FigureKind.MONEY, SIGNS[sign]), begin


def unit_after(prose: Prose, end: int) -> tuple[Unit, int] | None:
    """Return the unit that stands behind a number which ends at ``end``, and where it ends.

    >>> unit, end = unit_after(Prose("60 degrees C", "60 degrees c"), 2)
    >>> unit.name, end
    ('celsius', 12)
    """
    found = _FOLLOWING.match(prose.low, end)
    if not found:
        return None
    words = [found["one"], found["two"], found["three"]]
    ends = [found.end("one"), found.end("two"), found.end("three")]
    linked = words[0] in LINKING
    for count in (3, 2, 1):
        phrase = words[linked : linked + count]
        unit = UNITS.get(" ".join(phrase)) if all(phrase) else None
        if unit and (_is_time(unit) if linked else _is_written_well(prose, found, phrase[0])):
            return unit, ends[linked + len(phrase) - 1]
    return None


def same_unit(one: str, other: str) -> bool:
    """Whether two units may be the same: equal, left out, or a name that several share.

    >>> same_unit("krone", "NOK"), same_unit("krone", "EUR")
    (True, False)
    """
    if not one or not other or one == other:
        return True
    return not _meanings(one).isdisjoint(_meanings(other))


def _meanings(unit: str) -> frozenset[str]:
    return SHARED_NAMES.get(unit, frozenset({unit}))


def _is_time(unit: Unit) -> bool:
    return unit.kind in {FigureKind.DURATION, FigureKind.AGE}


def _is_written_well(prose: Prose, found: re.Match[str], word: str) -> bool:
    """Whether a word is a unit as it is written, and not an ordinal or a letter of a name."""
    gap, start = found["gap"], found.start()
    if word in {"c", "f"}:
        return gap is None and prose.text[found.start("one")].isupper()
    if word in {"p", "x"}:
        return gap is None
    if word == "second" and gap != "-":  # "two second places", but "a 5 second delay"
        before = prose.low[max(0, start - 6) : start]
        counted = before.endswith(("one", "half a")) or before[-1:].isdecimal()
        return counted and found["two"] not in {"half", "quarter", "place", "places"}
    return gap is not None or word in GLUED
