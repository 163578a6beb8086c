"""Quantities: numerals with the units that make them money, shares, spans of time or counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.figures import lexicon
from rag.figures.numerals import Numeral, and_part, find_numerals
from rag.figures.reading import Prose, Reading, any_of
from rag.figures.unit_words import Unit
from rag.figures.units import sign_before, unit_after
from rag.schema import FigureKind

_PLAIN = Unit(FigureKind.COUNT)
_BIG = any_of(lexicon.SCALES)
# "half a million", "a quarter of an hour", "three-quarters of a mile", "half-dozen".
_PART_OF = re.compile(
    r"\b(?:(?P<times>an?|one|two|three)[\s-])?(?P<part>half|quarter|third)(?P<many>s?)"
    rf"(?P<link>\sof\san?\s|\san?\s|[\s-])(?:(?P<scale>{_BIG})\b)?"
)
# One of something without a numeral: "for a decade", "an hour and a half".
_ONE_OF = re.compile(
    r"\ban?(?=\s(?:decade|century|fortnight)\b|\s[a-z]+\sand\sa\s(?:half|quarter)\b)"
)
_MULTIPLYING = re.compile(
    r"\s(?:as|more|higher|larger|bigger|greater|faster|longer|stronger|worse|better|likelier|less"
    r"|fewer|lower|smaller|the|that|those|its|their|his|her|what|over)\b"
)
# "A quarter point" is a part of a point, "the third quarter hour" is the third of four.
_QUARTERED = frozenset({"point", "mile", "", "year", "cent"})
_DEGREES = frozenset({"degree", "celsius", "fahrenheit"})
_BELOW_ZERO = " below zero"
_BOUNDED = ("at least ", "more than ", "fewer than ", "less than ", "up to ")
_NO_ZERO_AFTER = ("net ", "net-", "sub-", "ground ", "absolute ", "below ", "above ", "from ")
_NO_ZERO_BEFORE = re.compile(r"-|\s(?:tolerance|sum|emissions?)\b")
_SPACED_SCALE = re.compile(r"\s([mb])\b(?!\w|/)")
_WEIGHED = re.compile(r"\b(?:weigh\w*|heav\w+|los[et]|gained)\b.{0,20}$")


def read_parts_of_units(prose: Prose) -> Iterator[Reading]:
    """Yield quantities that are a part of a scale or unit: half a million, half an hour."""
    for match in _PART_OF.finditer(prose.low):
        part, times, link = match["part"], match["times"], match["link"]
        half = part == "half" and times in {None, "a", "an", "one"} and not match["many"]
        added = prose.low.endswith(("and ", "and-"), 0, match.start())  # "four and a half points"
        if added or not (half or "of" in link or part == "quarter"):
            continue
        value = Decimal(lexicon.SMALL.get(times or "", 1)) / lexicon.FRACTIONS[part]
        if scale := lexicon.SCALES.get(match["scale"] or ""):
            numeral = Numeral(match.start(), match.end(), value * scale, scaled=True)
        else:
            # The unit is looked for behind the number, with the gap that stands before it.
            numeral = Numeral(match.start(), match.end() - 1, value, scaled=False)
            unit = unit_after(prose, numeral.end)
            if not unit or (unit[0].name not in _QUARTERED and not (half or "of" in link)):
                continue
        reading = _read(prose, numeral, part=True)
        if reading and (scale or reading.end > numeral.end):
            yield reading


def read_quantities(prose: Prose) -> Iterator[Reading]:
    """Yield numerals with their signs and units."""
    for match in _ONE_OF.finditer(prose.low):
        numeral = Numeral(match.start(), match.end(), Decimal(1), scaled=False)
        reading = _read(prose, numeral) if unit_after(prose, numeral.end) else None
        if reading and reading.end > numeral.end:
            yield reading
    for numeral in find_numerals(prose.low):
        if reading := _read(prose, numeral):
            yield reading


def _read(prose: Prose, numeral: Numeral, *, part: bool = False) -> Reading | None:
    """The quantity of a numeral, which may be a part of what follows; None where it is none."""
    start, end, value = numeral.start, numeral.end, numeral.value
    unit = _PLAIN
    if money := sign_before(prose.text, start):
        unit, start = money
        if scale := _SPACED_SCALE.match(prose.low, end):
            end, value = scale.end(), value * lexicon.SHORT_SCALES[scale[1]]
    elif after := unit_after(prose, end):
        unit, stop = _fitting(prose.low, numeral, *after)
        value, end = _completed(prose.low, numeral, unit, stop)
        # A measure stands behind its number as a noun does, and is no part of the figure's text.
        if end == stop and unit.kind is FigureKind.COUNT and not part:
            end = stop if prose.low[numeral.end].isalpha() else numeral.end
    if unit is _PLAIN and not _is_count(prose, numeral):
        return None
    start, negative = _minus(prose, start)
    value *= -unit.factor if negative else unit.factor
    return Reading(start, end, value, unit.kind, unit.name)


def _completed(low: str, numeral: Numeral, unit: Unit, end: int) -> tuple[Decimal, int]:
    """The value with what stands behind the unit: "an hour and a half", "3 degrees below zero"."""
    if unit.name in _DEGREES and low.startswith(_BELOW_ZERO, end):
        return -numeral.value, end + len(_BELOW_ZERO)
    if unit.kind in {FigureKind.DURATION, FigureKind.COUNT}:
        part, stop = and_part(low, end)
        if not low.startswith((" marathon", "-"), stop):
            return numeral.value + part, stop
    return numeral.value, end


def _fitting(low: str, numeral: Numeral, unit: Unit, end: int) -> tuple[Unit, int]:
    """The unit, or none where the word behind the number is no unit of it."""
    word = low[numeral.end : end].strip(" -")
    if word in {"time", "times"}:
        compared = numeral.value % 1 or _MULTIPLYING.match(low, end)
        return (unit, end) if compared and word == "times" else (_PLAIN, numeral.end)
    if unit.name == "KRW" and numeral.value < 1000:  # "the three won their seats"
        return _PLAIN, numeral.end
    if word.startswith("pound") and not numeral.scaled:
        before = low[max(0, numeral.start - 40) : numeral.start]
        if low.startswith(" of ", end) or _WEIGHED.search(before):
            return Unit(FigureKind.COUNT, "pound"), end
    return unit, end


def _is_count(prose: Prose, numeral: Numeral) -> bool:
    """Whether a number without a unit counts something."""
    text, low = prose
    start, end = numeral.start, numeral.end
    word = low[start:end]
    if word == "one":  # "one of them", "no one", "one day"
        return low.endswith(_BOUNDED, 0, start)
    if word == "zero":
        return not low.endswith(_NO_ZERO_AFTER, 0, start) and not _NO_ZERO_BEFORE.match(low, end)
    return numeral.scaled or not text[end : end + 1].isalpha()


def _minus(prose: Prose, start: int) -> tuple[int, bool]:
    """Where a number with its minus begins, and whether it has one."""
    text, low = prose
    for word in ("minus ", "negative "):
        if low.endswith(word, 0, start):
            return start - len(word), True
    if start and text[start - 1] in "-−–" and not text[start].isalpha():
        before = text[max(0, start - 3) : start - 1]
        if not before or before[-1] in "([" or (before[-1].isspace() and not before[0].isdigit()):
            return start - 1, True
    return start, False
