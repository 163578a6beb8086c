"""Names with digits: phone numbers, times of the clock, routes, list numbers, models.

None of them is a quantity; two agree where they name the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.figures import lexicon
from rag.figures.numerals import SMALL, read_number
from rag.figures.reading import Prose, Reading, any_of
from rag.figures.unit_words import SIGNS
from rag.schema import FigureKind

_LINK = re.compile(r"\b(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}|(?<!\w)@\w+")
_PHONE = re.compile(
    r"(?<![\w-])(?:(?:\+?\d{1,3}[\s.-])?\(?\d{3}\)?[\s.-]\d{3}[.-]\d{4}"
    r"|\+\d{1,3}(?:[\s.-]?\(?\d{1,4}\)?){2,5}|\(?0\d{1,5}\)?(?:[\s-]\d{2,4}){2,4}"
    r"|\d\d(?:\s\d\d){3,4}|\d{3}-0\d{3})(?![\w-]|[.,]\d)"
)
# Numbers that only the word before them shows to be dialled.
_DIALLED = re.compile(
    r"\b(?:[Cc]all(?:ing)?|[Dd]ial(?:ling)?|[Tt]ext(?:\sto)?|[Pp]hone|[Tt]el(?:ephone)?|[Ff]ax"
    r"|(?:[Hh]ot|[Hh]elp)?line)[.:]?\s(?P<number>\d{3,6}(?:[\s.-]\d{2,6}){0,4}"
    r"|\d\d(?:[\s.-]\d\d){2,4})(?![\w-]|[.,]\d|\s(?:[a-z]+s|people|men|women)\b)"
)
_HALF_DAY = r"(?P<half>[ap])\.?\s?m\b\.?"
_CLOCK = re.compile(
    rf"(?<![\w.,:/-])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?\s?{_HALF_DAY}"
    rf"|(?<![\w.,:/-])(?P<whole>\d{{1,2}}|{SMALL})\s?o[’']clock\b"
    r"|(?<![\w.,:/-])(?P<hours>[01]\d|2[0-3])(?P<minutes>[0-5]\d)(?=\s(?:gmt|utc|bst|cet)\b)"
    r"|(?<![\w.,:/-])(?P<parts>\d+(?::\d+(?:,\d{3})*)+(?:\.\d+)?)(?![\w:])"
)
_LABEL = re.compile(
    rf"(?<![\w#]){any_of(lexicon.LABELS)}\s?(?<=[\s#.])"
    r"(?P<number>\d{1,4}[A-Z]?"
    r"|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en)\b"
    r"(?:\s?(?:[-–&]|to|and|or)\s?\d{1,4}\b)?(?![.,]?\d|[-%]|\s(?:%|per\s?cent|million|billion))"
)
_NAME = re.compile(
    r"(?<![\w.$€£¥-])(?![QH][1-4]\b)(?:[A-Za-z]{1,20}-\d+[A-Za-z]*|[A-Z]{1,8}\d[A-Z\d]*"
    r"|\d+-?[GD])\b(?![.,]\d)"
)
# Two numbers with a slash, three and more with hyphens or full stops, numbers with a leading zero.
_CODE = re.compile(
    r"(?<![\w.,/-])(?:(?<!\d\s)\d+(?:/\d+)+|\d+(?:-\d+){2,}"
    r"|(?!\d{1,3}(?:\.\d{3})+(?![\d.]))\d+(?:\.\d+){2,}"
    r"|(?<!\d\s)(?<!\d[’'])0\d+(?![.,]?\d)|\d{5}-\d{4})(?![\w/]|-\d|\.\d)"
)
_MARK = re.compile(r"\[\d{1,3}\]|^[^\S\n]{0,8}\(?\d{1,3}[.)](?=\s)", re.M)
_PREFIXES = frozenset(
    "mid pre post early late under over sub non top ex anti plus minus near".split()  # noqa: SIM905
)


def read_links(prose: Prose) -> Iterator[Reading]:
    """Yield web and mail addresses with digits in them."""
    for match in _LINK.finditer(prose.text):
        if any(map(str.isdecimal, match[0])):
            yield _named(match, match[0].lower())


def read_names(prose: Prose) -> Iterator[Reading]:
    """Yield other names with digits; of two that overlap, the first is meant."""
    text, low = prose
    for match in _DIALLED.finditer(text):
        yield _named(match, "phone", "number")
    for match in _PHONE.finditer(text):
        yield _named(match, "phone")
    for match in _CLOCK.finditer(low):
        yield _time(match)
    for match in _LABEL.finditer(text):
        number = match["number"].lower()
        value = Decimal(lexicon.SMALL.get(number) or "".join(filter(str.isdecimal, number)))
        yield Reading(*match.span(), value, FigureKind.IDENTIFIER, match[0].lower())
    for match in _NAME.finditer(text):
        first, hyphen, _ = match[0].partition("-")
        if not hyphen and first.rstrip("0123456789") in SIGNS:
            continue
        if not hyphen or first.lower() not in _PREFIXES:
            yield _named(match, match[0].lower())
    for pattern in (_CODE, _MARK):
        for match in pattern.finditer(text):
            yield _named(match, match[0].strip())


def _named(match: re.Match[str], name: str, group: str | int = 0) -> Reading:
    digits = "".join(filter(str.isdecimal, match[group]))
    start = match.end(group) - len(match[group].lstrip())
    return Reading(start, match.end(group), Decimal(digits or 0), FigureKind.IDENTIFIER, name)


def _time(match: re.Match[str]) -> Reading:
    """A time of the clock as hours and minutes; other numbers with colons as they are."""
    if parts := match["parts"]:
        return _named(match, parts.removeprefix("0"))
    hour = int(match["hour"] or match["hours"] or read_number(match["whole"]))
    minute = int(match["minute"] or match["minutes"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] == "p")
    name = f"{hour}:{minute:02}"
    return Reading(*match.span(), Decimal(100 * hour + minute), FigureKind.IDENTIFIER, name)
