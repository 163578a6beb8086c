"""Numerals: the value of a number in digits or in words, scales and halves included.

A run of digits and separators is read as a whole or not at all: of "1.2.3" or "46,61" no part is
a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from rag.figures import lexicon
from rag.figures.reading import any_of
from rag.figures.unit_words import SIGNS


class Numeral(NamedTuple):
    """A number at ``text[start:end]``."""

    start: int
    end: int
    value: Decimal
    scaled: bool
    """Whether a word or letter of scale belongs to it: million, bn, dozen."""


ONES = any_of(lexicon.ONES)
_TENS = any_of(lexicon.TENS)
_BIG = any_of(lexicon.SCALES)
SMALL = rf"(?:{_TENS}(?:[-‑]{ONES}\b|\s{ONES}\b(?![-‑]))?|{any_of(lexicon.TEENS)}|{ONES}|zero)\b"
"""A number below a hundred in words; in "twenty two-year terms" it is twenty."""

_HUNDREDS = (
    rf"(?:(?:{SMALL}|an?)[\s-]hundred\b(?:\sand\s{SMALL}(?!\shundred)|\s{SMALL}(?![-‑]))?|{SMALL})"
)
# "two thousand and six" is one number, "two million and six years" are two.
_WORDS = re.compile(
    rf"\b(?=[aefnostz])(?<![\w.])(?:{_HUNDREDS}|an?(?=[\s-]{_BIG}\b))"
    rf"(?:[\s-](?:thousand\b(?:\s(?:and\s)?{_HUNDREDS}(?![-‑]))?"
    rf"|{_BIG}\b(?:\s{_HUNDREDS}(?=[\s-]{_BIG}\b))?))*"
)
# Groups of thousands, of lakhs, with an apostrophe, with a space, with full stops; plain digits.
_INTEGER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[’']\d{3})+"
    r"|[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+(?!-)|\d{1,3}(?:\.\d{3}){2,}|\d+)"
)
_VULGARS = "".join(lexicon.VULGAR)
_VULGAR = f"[{_VULGARS}]"
# Decimal commas are read where they cannot be anything else.
_COMMA = rf"\d{{1,3}},\d{{1,2}}(?=[\s-]?(?:%|per\s?cent\b|{_BIG}s?\b))"
# "EUR5bn", "Rs500": a code of money may touch the number.
_BEHIND_CODE = "|".join(rf"(?<=\b{sign.lower()})" for sign in SIGNS if sign.isalpha())
_DIGITS = re.compile(
    rf"(?=[\d.{_VULGARS}])(?:(?<![\w.,/])(?<![^\W\d_][-'’])|(?<=[a-z]-)(?=\d+\.\d)|{_BEHIND_CODE})"
    rf"(?:{_COMMA}|{_INTEGER}(?:\.\d+)?(?:\s?{_VULGAR}|\s[1-9]/[2-9]\b)?|\.\d+|{_VULGAR})"
    r"(?!\d|[.,’']\d|[/:]\d)"
)
_SCALES = re.compile(rf"(?:\s?(?:bn|mn|mln|tn|trn)\b|(?:k|m|b)\b|(?:[\s-]{_BIG}s?\b){{1,2}})")
_AND_PART = re.compile(
    r"[\s-]and[\s-](?:(?:an?|one)[\s-](?P<part>half|(?:third|quarter)(?!\sof\b))"
    r"|three[\s-]quarters(?!\sof\b))\b"
)
_PARTS = {"half": Decimal("0.5"), "third": Decimal(1) / 3, "quarter": Decimal("0.25")}
_SUMS = ("$", "€", "£", "¥", "₹")
_LENGTHS = re.compile(
    r"m(?=[\s-](?:tall|deep|wide|high|long|sprint|race|freestyle|butterfly|backstroke|breaststroke"
    r"|hurdles|relay|dash|final|heats?|medley|pool|runner)\b)"
)


def find_numerals(low: str) -> Iterator[Numeral]:
    """Yield the numerals of a text in lower case, those in digits first."""
    for match in _DIGITS.finditer(low):
        yield _scaled(low, match.start(), match.end(), read_digits(match[0]))
    position = 0
    while found := _WORDS.search(low, position):
        start, position = found.span()
        if low.endswith("between ", 0, start):
            # "Between one hundred and two hundred" has two numbers.
            position = start + len(found[0].partition(" and ")[0])
        words = low[start:position]
        unit = lexicon.SCALES.get(re.split(r"[\s-]", words)[-1], Decimal(1))
        numeral = _scaled(low, start, position, read_words(words), unit)
        scaled = numeral.scaled or any(scale in words for scale in lexicon.SCALES)
        yield numeral._replace(scaled=scaled)


def and_part(low: str, end: int) -> tuple[Decimal, int]:
    """Return the part that "and a half" behind a number adds, and where it ends; 0 where none."""
    match = _AND_PART.match(low, end)
    if not match:
        return Decimal(0), end
    return _PARTS.get(match["part"] or "", Decimal("0.75")), match.end()


def read_number(text: str) -> Decimal:
    """Value of a number in digits or words that stands alone."""
    return read_digits(text) if text[-1].isdigit() else read_words(text)


def read_digits(text: str) -> Decimal:
    """Value of digits with any separators.

    >>> [str(read_digits(text)) for text in ("1,500", "1 500", "1.500.000", "2½", "1,5")]
    ['1500', '1500', '1500000', '2.5', '1.5']
    """
    if re.fullmatch(r"\d{1,3},\d{1,2}", text):
        return Decimal(text.replace(",", "."))
    part = Decimal(0)
    if mixed := re.search(r"\s(\d)/(\d)$", text):
        part = Decimal(mixed[1]) / Decimal(mixed[2])
        text = text[: mixed.start()]
    elif text[-1] in lexicon.VULGAR:
        part = lexicon.VULGAR[text[-1]]
        text = text[:-1]
    bare = re.sub(r"[\s,’']", "", text)
    if bare.count(".") > 1:
        bare = bare.replace(".", "")
    return Decimal(bare or 0) + part


def read_words(text: str) -> Decimal:
    """Value of a number in words.

    >>> [str(read_words(text)) for text in ("two hundred and six", "a dozen", "two lakh crore")]
    ['206', '12', '2000000000000']
    """
    total = group = Decimal(0)
    for word in re.findall(r"[a-z]+", text):
        scale = lexicon.SCALES.get(word)
        if word in {"a", "an"}:
            group = Decimal(1)
        elif scale is None:
            group += lexicon.SMALL.get(word, 0)
        elif scale <= 100:
            group *= scale
        elif group:
            total, group = total + group * scale, Decimal(0)
        else:
            total *= scale
    return total + group


def _scaled(low: str, start: int, end: int, value: Decimal, unit: Decimal = Decimal(1)) -> Numeral:
    """Add what stands behind the digits or words: a part of their last unit, scales."""
    part, end = and_part(low, end)
    value += part * unit
    match = _SCALES.match(low, end)
    if not match or (low[start - 1 : start] not in _SUMS and _LENGTHS.match(low, end)):
        return Numeral(start, end, value, scaled=False)
    for word in re.findall(r"[a-z]+", match[0]):
        value *= lexicon.SHORT_SCALES.get(word) or lexicon.SCALES[word.removesuffix("s")]
    return Numeral(start, match.end(), value, scaled=True)
