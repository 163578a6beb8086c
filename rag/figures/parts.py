"""Parts of a whole, how many times, and places in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.figures import lexicon
from rag.figures.numerals import SMALL, read_number
from rag.figures.reading import Prose, Reading, any_of
from rag.figures.units import unit_after
from rag.schema import FigureKind

# --- ratios --------------------------------------------------------------------------------

_PART = rf"(?:\d{{1,3}}(?:,\d{{3}})*|{SMALL})"
_WHOLE = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|an?\s(?:hundred|thousand|million)\b|{SMALL})"
_NOT_TIME = r"(?![\s-](?:second|minute|hour|day|week|month|year|decade)s?\b)"
_RATIO = re.compile(
    rf"(?<![\w.,-])(?P<part>{_PART})(?:(?<=one)\s{any_of(lexicon.PEOPLE)})?"
    rf"[\s-](?:in|out\sof|(?:in|of|out\sof)\severy)[\s-](?P<whole>{_WHOLE})"
    rf"(?![\w%-]|[.,]\d|\s?%|\sper\s?cent\b|\s{any_of(lexicon.SCALES)}\b){_NOT_TIME}"
)
# "Two in five" is a ratio, "12 out of 17" are two counts.
_ROUND = frozenset({*range(2, 11), 12, 20, 25, 50, 100, 1000, 10_000, 100_000, 1_000_000})

# --- fractions -----------------------------------------------------------------------------

_PARTS_OF_WHOLE = any_of(word for word in lexicon.FRACTIONS if word not in {"half", "halve"})
# Sure by how it is written: two-thirds, three quarters, one-fifth, one third.
_WRITTEN_OUT = re.compile(
    rf"(?<!first\s)(?<!last\s)(?<!past\s)(?<!next\s)(?<!\w)"
    rf"(?P<times>one|two|three|four|five|six|seven|eight|nine)[\s-]"
    rf"(?P<part>{_PARTS_OF_WHOLE}|half|halve)(?P<many>s?)\b(?![-’'])"
)
# Sure by what follows or goes before: "a third of", "by a third"; a third man is none.
_SMALLER = r"(?:fewer|less|more|higher|lower|larger|smaller|bigger|longer|shorter|cheaper|faster)"
_BY = (
    r"(?:by|about|nearly|almost|around|roughly|some|than|over|under|least|just|only|up|down|to"
    r"|lost|cut|another)"
)
_A_PART = re.compile(
    rf"(?P<before>\b{_BY}\s)?\ban?\s(?P<part>{_PARTS_OF_WHOLE})\b(?![-’'])"
    rf"(?P<after>\sof\b(?!\s[a-z]*\s?\d)|\s{_SMALLER}\b|\sas\b)?"
)
_HALF = re.compile(
    rf"(?P<before>\b(?:{_BY}|most|fewer)\s)?(?:\b(?:an?|one)[\s-])?\b(?P<part>half)\b(?![-’'])"
    r"(?P<after>\sof\b|\sthe\b|\san?\b|\sits\b|\stheir\b|\shis\b|\sher\b|\sour\b|\smy\b|\syour\b"
    rf"|\sas\b|\sthese\b|\sthose\b|\sthat\b|\sall\b|\s{_SMALLER}\b)?"
)
_HALVES_OF_TIME = re.compile(
    r"(?:first|second|last|other|this|that|each|either|final|opening|next|top|bottom|latter"
    r"|better|and|and a|and one)[\s-]$"
)
_STARTS = re.compile(r"\s(?:were|are|have|had|said|say|did|do|would|will)\b")

# --- multiples and ordinals ----------------------------------------------------------------

_MULTIPLE = re.compile(rf"\b(?:{any_of(lexicon.MULTIPLES)}|(?<=\bin\s)half)\b(?![-’'])")
_GROWING = re.compile(
    rf"(?:\b(?:more\sthan|nearly|almost|about|at\sleast|roughly|over|to|will|would|could|may|might"
    rf"|can|should)\s(?P<one>{any_of(lexicon.GROWING)})\b(?!-)"
    rf"|\b(?P<other>{any_of(lexicon.GROWING)})(?=\s(?:the|that|its|their|his|her|what|those|as)\b))"
)
_ORDINAL = re.compile(
    rf"\b(?:{any_of(lexicon.TENS)}-)?{any_of(lexicon.ORDINALS)}\b"
    r"|(?<![\w.,])\d{1,4}(?:st|nd|rd|th)\b"
)
_SPAN = re.compile(r"[\s-](?P<span>quarter|half)\b")
_SHORT_QUARTER = re.compile(r"(?<!\w)(?P<span>[QH])(?P<number>[1-4])(?!\w)")
_SPANS = {"Q": "quarter", "H": "half"}
_NO_SECOND = ("per ", "split ", "split-")


def read_ratios(prose: Prose) -> Iterator[Reading]:
    """Yield parts of a whole in two numbers: one in five, 3 out of 4."""
    for match in _RATIO.finditer(prose.low):
        part, whole = read_number(match["part"]), read_number(match["whole"])
        named = part == 1 or whole in _ROUND
        year = match["whole"].isdecimal() and 1900 <= whole < 2100
        if 0 < part < whole and named and not year:
            yield Reading(match.start(), match.end(), part / whole, FigureKind.RATIO)


def read_fractions(prose: Prose) -> Iterator[Reading]:
    """Yield parts of a whole with a name: a third of, two-thirds, half the."""
    low = prose.low
    for match in _WRITTEN_OUT.finditer(low):
        times = lexicon.SMALL[match["times"]]
        parts = lexicon.FRACTIONS[match["part"]]
        # "Three quarters", and "a three-quarter majority".
        plural = match["many"] or low[match.start("part") - 1] == "-"
        if times < parts and (plural if times > 1 else not match["many"]):
            yield _fraction(match, match.start(), times, parts)
    for match in _A_PART.finditer(low):
        if match["before"] or match["after"]:
            start = match.start() + len(match["before"] or "")
            yield _fraction(match, start, 1, lexicon.FRACTIONS[match["part"]])
    for match in _HALF.finditer(low):
        start = match.start() + len(match["before"] or "")
        begins = not start and _STARTS.match(low, match.end())
        if (match["before"] or match["after"] or begins) and not _HALVES_OF_TIME.search(
            low, max(0, start - 9), start
        ):
            yield _fraction(match, start, 1, 2)


def read_multiples(prose: Prose) -> Iterator[Reading]:
    """Yield how many times: doubled, threefold, double the."""
    for match in _MULTIPLE.finditer(prose.low):
        value = lexicon.MULTIPLES.get(match[0], Decimal("0.5"))
        yield Reading(match.start(), match.end(), value, FigureKind.MULTIPLE)
    for match in _GROWING.finditer(prose.low):
        name = "one" if match["one"] else "other"
        value = lexicon.GROWING[match[name]]
        yield Reading(match.start(name), match.end(name), value, FigureKind.MULTIPLE)


def read_ordinals(prose: Prose) -> Iterator[Reading]:
    """Yield places in a row; quarters and halves of a year or match have theirs as unit."""
    for match in _SHORT_QUARTER.finditer(prose.text):
        unit, number = _SPANS[match["span"]], Decimal(match["number"])
        yield Reading(match.start(), match.end(), number, FigureKind.ORDINAL, unit)
    for match in _ORDINAL.finditer(prose.low):
        word = match[0]
        if word == "second" and _is_of_time(prose, match.start()):
            continue
        span = _SPAN.match(prose.low, match.end())
        tens, _, last = word.rpartition("-")
        digits = re.sub(r"[a-z]", "", word)
        value = int(digits) if digits.isdecimal() else lexicon.ORDINALS[last]
        value += lexicon.TENS.get(tens, 0)
        end = span.end() if span else match.end()
        unit = span["span"] if span else ""
        yield Reading(match.start(), end, Decimal(value), FigureKind.ORDINAL, unit)


def _is_of_time(prose: Prose, start: int) -> bool:
    """Whether a second is a span of time: "per second", "a 30 second clip"."""
    counted = start > 0 and unit_after(prose, start - 1)
    return bool(counted) or prose.low.endswith(_NO_SECOND, 0, start)


def _fraction(match: re.Match[str], start: int, times: int, parts: int) -> Reading:
    """A part as it is written; the s of "two-thirds" belongs to it."""
    end = match.end("many" if "many" in match.re.groupindex else "part")
    return Reading(start, end, Decimal(times) / parts, FigureKind.RATIO)
