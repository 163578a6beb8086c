"""What a figure leaves out because a neighbour says it.

Ends of a range share scale and unit ("$10 to $12 million"), and a later figure of a sentence the
currency or the per cent of an earlier one ("rose to 5.9 billion yen from 5.2 billion").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from rag.figures import lexicon
from rag.figures.reading import any_of
from rag.schema import Figure, FigureKind

_BOUND = rf"(?:{any_of(phrase for phrase in lexicon.BEFORE if phrase[0].isalpha())}\s)?"
_TO = re.compile(rf"-?\s?[-–—]\s?|-?\s(?:to|or|and)\s{_BOUND}")
_BETWEEN = re.compile(rf"\bbetween\s{_BOUND}$", re.IGNORECASE)
_SHARED = frozenset(
    {
        FigureKind.PERCENT,
        FigureKind.PERCENTAGE_POINTS,
        FigureKind.MONEY,
        FigureKind.DURATION,
        FigureKind.AGE,
    }
)
_SCALE = re.compile(
    rf"\b{any_of(lexicon.SCALES)}s?\b|(?<=\d){any_of(lexicon.SHORT_SCALES)}\b", re.IGNORECASE
)
_NOUN = re.compile(r"[\s-](?P<word>[^\W\d_]+)")
# Words between two figures of one thing. "12% from 500" and "5% to 27.75" speak of two.
_COMPARED = re.compile(r"\b(?:(?:up|down)\sfrom|against|compared\s(?:with|to)|instead\sof)\s$")
_CHANGE = re.compile(r"\b(?:by|up|down|rose|fell|grew|climbed|dropped|gained|lost|of)\s$")
_SENTENCE_END = re.compile(r"[.!?][”’\"')]*\s+[“‘\"'(]*[A-Z]|\n")
_LONGEST = 30
_MOST_NAMED = 8
_MILLION = 10**6


def complete_ranges(text: str, figures: Sequence[Figure]) -> list[Figure]:
    """Give each end of a range what only the other one says: scale, unit, currency sign."""
    completed = list(figures)
    for i, (first, second) in enumerate(pairwise(figures)):
        if not _joined(text, first, second):
            continue
        signed = first.kind is FigureKind.MONEY and second.kind is FigureKind.COUNT
        if first.kind in {FigureKind.COUNT, second.kind}:
            completed[i] = _like_last(completed[i], second)
        elif signed and not is_counting(text, second):
            completed[i + 1] = replace(second, kind=first.kind, unit=first.unit)
            completed[i] = _scaled_like(completed[i], second)
    return completed


def complete_ellipses(text: str, figures: Sequence[Figure]) -> list[Figure]:
    """Give a bare number the currency or per cent that its sentence has named before.

    In 100 news articles 57 numbers get theirs here, all of them rightly. Of 100 others behind a
    sum or share some mean one too ("89 euros; it will be 98 next year"), but as many count
    something, and no words tell which.
    """
    completed: list[Figure] = []
    named: list[Figure] = []
    for i, found in enumerate(figures):
        if i and _SENTENCE_END.search(text, figures[i - 1].span.end, found.span.start):
            named = []
        figure = found
        if found.kind is FigureKind.COUNT and not found.unit and not is_counting(text, found):
            source = next((other for other in named if _goes_on(text, other, found)), None)
            if source:
                figure = replace(found, kind=source.kind, unit=source.unit)
        if figure.kind in {FigureKind.MONEY, FigureKind.PERCENT}:
            named = [figure, *named][:_MOST_NAMED]
        completed.append(figure)
    return completed


def _goes_on(text: str, named: Figure, bare: Figure) -> bool:
    """Whether a bare number is of the kind of one that the sentence has named."""
    before = text[max(0, bare.span.start - _LONGEST) : bare.span.start]
    compared = bool(_COMPARED.search(before))
    if named.kind is FigureKind.MONEY:
        if min(named.value, bare.value) >= _MILLION:
            return True
        alike = named.value < 20 * bare.value < 400 * named.value
        return (
            (compared or before.endswith("from ")) and alike and not _TO.match(text, bare.span.end)
        )
    places = _places(named.value)
    if bare.value >= 100 or places != _places(bare.value):
        return False
    if compared:
        return not _CHANGE.search(text[max(0, named.span.start - 12) : named.span.start])
    return places > 0 and not before.endswith((" to ", " at "))


def _places(value: Decimal) -> int:
    """Digits behind the point, as they are written."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def is_counting(text: str, figure: Figure) -> bool:
    """Whether a noun stands behind a figure, which is what it counts."""
    noun = _NOUN.match(text, figure.span.end)
    return noun is not None and noun["word"].lower() not in lexicon.FUNCTION_WORDS


def _joined(text: str, first: Figure, second: Figure) -> bool:
    if first.unit and second.unit and first.unit != second.unit:
        return False
    between = text[first.span.end : second.span.start]
    if len(between) > _LONGEST or not _TO.fullmatch(between):
        return False
    start = first.span.start
    return "and" not in between or bool(_BETWEEN.search(text, max(0, start - _LONGEST), start))


def _like_last(first: Figure, last: Figure) -> Figure:
    first = _scaled_like(first, last)
    if last.kind in _SHARED or (last.unit and not first.unit):
        return replace(first, kind=last.kind, unit=last.unit)
    return first


def _scaled_like(first: Figure, last: Figure) -> Figure:
    """Scale the first figure as the last one: 10 in "10 to 12 million", not 900 in "900 to 1.2"."""
    words = _SCALE.findall(last.text)
    if not words or _SCALE.search(first.text) or last.text.lower().startswith(("a ", "an ")):
        return first
    factor = Decimal(1)
    for word in words:
        low = word.lower()
        factor *= lexicon.SHORT_SCALES.get(low) or lexicon.SCALES[low.removesuffix("s")]
    if first.value >= 1000 or first.value > 10 * last.value / factor:
        return first
    return replace(first, value=first.value * factor)
