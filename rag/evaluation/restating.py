"""Writing another number in the place of a figure, in the way that the place writes numbers.

"46,610" becomes "51,370" and "Seventy-one" "Fifty-eight"; sign, scale word, unit and bound stay.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from rag.evaluation.cases import Case
from rag.evaluation.editing import Article, Edit, place_text
from rag.evaluation.occurrences import Occurrence, rounding_of
from rag.figures import Agreement, agree, find_figures
from rag.figures.lexicon import TENS, UNITS
from rag.schema import Figure, FigureKind

RESTATABLE = frozenset(
    {
        FigureKind.COUNT,
        FigureKind.MONEY,
        FigureKind.PERCENT,
        FigureKind.PERCENTAGE_POINTS,
        FigureKind.DURATION,
        FigureKind.AGE,
    }
)
"""Kinds whose number can be another one. The others are set in words ("half", "doubled"), or
weekdays and other sentences hang on them (dates, years)."""

_WHOLE = frozenset({FigureKind.COUNT, FigureKind.AGE, FigureKind.DURATION})
"""Kinds that do not get decimals where they have none: no three and a half passengers."""

_DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+")
_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join(TENS)})(?:-(?:{'|'.join(sorted(UNITS, key=len, reverse=True))}))?"
    rf"|{'|'.join(sorted(UNITS, key=len, reverse=True))})\b",
    re.I,
)
# Far enough for no rounding of one number to be the other, near enough to stay likely.
_LEAST_CHANGE, _LOWEST, _HIGHEST = Decimal("0.1"), Decimal("0.55"), Decimal("1.75")
_N_CANDIDATES = 60
_ONE_ORDER = 10
_MAX_DECIMALS = 3
_HUNDRED = Decimal(100)


def restated(figure: Figure, value: Decimal) -> str | None:
    """Return the figure's text with another value, in the same style.

    None where its number is in no digits and no plain number word ("a dozen"), or the value
    cannot be written beside its scale word.

    Args:
        figure: as it was found; its ``text`` is what is restated.
        value: above 0, in the figure's unit.
    """
    number = _number(figure)
    if number is None or not figure.value or value <= 0:
        return None
    match, old = number
    new = value * old / figure.value
    if new != int(new) and old == figure.value == int(old) and figure.kind in _WHOLE:
        return None
    written = _in_words(match[0], new) if match.re is _WORDS else None
    written = written or _in_digits(match[0], new)
    return figure.text[: match.start()] + written + figure.text[match.end() :] if written else None


def other_values(figure: Figure, rng: random.Random) -> Iterator[Decimal]:
    """Yield values that could stand in the figure's place, with as many significant digits.

    Each differs by a tenth at least; a percentage up to 100 stays below 100.
    """
    number = _number(figure)
    if number is None or not number[1] or figure.value <= 0:
        return
    _, old = number
    step = _step(old)
    lowest, highest = max(2, int(old * _LOWEST / step)), int(old * _HIGHEST / step) + 2
    for _ in range(_N_CANDIDATES):
        new = rng.randint(lowest, highest) * step
        value = new * figure.value / old
        too_much = figure.kind is FigureKind.PERCENT and figure.value <= _HUNDRED <= value
        if far_apart(new, old) and not too_much and _step(new) == step:
            yield value.normalize()


def of_one_order(one: Figure, other: Figure) -> bool:
    """Whether two figures are of one order: 612 of 61 shops is nonsense that nobody reads on."""
    return max(one.value, other.value) <= _ONE_ORDER * min(one.value, other.value)


def far_apart(one: Decimal, other: Decimal) -> bool:
    """Whether no rounding of one value is the other: they differ by a tenth."""
    return one > 0 and abs(one - other) >= _LEAST_CHANGE * max(one, other)


def restated_at(occurrences: Sequence[Occurrence], value: Decimal) -> list[Edit] | None:
    """Put a value wherever a figure stands; None where a place would not state it then."""
    edits = []
    for occurrence in occurrences:
        text = restated(occurrence.figure, value)
        edit = Edit(occurrence.place.key, occurrence.figure.span, text or "")
        if text is None or not _states(occurrence, edit, value):
            return None
        edits.append(edit)
    return edits


def _states(occurrence: Occurrence, edit: Edit, value: Decimal) -> bool:
    """Whether the place says the same with the edit made, but for that one value."""
    text = place_text(occurrence.place, [edit])
    wanted = [
        (f.value if f is not occurrence.figure else value, f.kind, f.unit, f.bound)
        for f in occurrence.place.figures
    ]
    return text is not None and wanted == [
        (f.value, f.kind, f.unit, f.bound) for f in find_figures(text)
    ]


def is_new(
    value: Decimal,
    old: Figure,
    case: Case,
    everywhere: Sequence[Occurrence],
    articles: Mapping[str, Article],
) -> bool:
    """Whether nothing in the articles that are edited, nor in the case, has that value."""
    new = replace(old, value=value)
    others = [*find_figures(case.question)]
    for id_ in {occurrence.place.key[0] for occurrence in everywhere}:
        others += [figure for place in articles[id_].places for figure in place.figures]
    near = any(
        other.value == value
        or (other.kind is old.kind and rounding_of(new, other))
        or agree(new, other) is Agreement.EXACT
        for other in others
        if other.kind in RESTATABLE
    )
    return not near and value not in {*case.allowed, *case.forbidden_values}


def _number(figure: Figure) -> tuple[re.Match[str], Decimal] | None:
    """The number of a figure's text without sign, scale and unit, and its value."""
    if match := _DIGITS.search(figure.text):
        return match, Decimal(match[0].replace(",", ""))
    if match := _WORDS.search(figure.text):
        words = match[0].lower().split("-")
        return match, Decimal(sum(TENS.get(word, UNITS.get(word, 0)) for word in words))
    return None


def _step(number: Decimal) -> Decimal:
    """The place of the last significant digit; ones for whole numbers below a hundred."""
    exponent = number.normalize().as_tuple().exponent
    whole = isinstance(exponent, int) and exponent > 0 and number < _HUNDRED
    return Decimal(1) if whole or not isinstance(exponent, int) else Decimal(10) ** exponent


def _in_digits(style: str, number: Decimal) -> str | None:
    """Digits grouped as those before were; None where they would be longer than anyone writes."""
    decimals = len(style.partition(".")[2])
    exact = number.normalize()
    exponent = exact.as_tuple().exponent
    needed = max(0, -exponent) if isinstance(exponent, int) else 0
    if needed > max(decimals, _MAX_DECIMALS):
        return None
    # Prices keep their cents: $18.50 becomes $22.00.
    shown = max(needed, decimals) if decimals == 2 else needed
    rounded = number.quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP)
    grouped = "," in style or ("." in style and number >= 1000) or len(style) <= 3
    return f"{rounded:,f}" if grouped else f"{rounded:f}"


def _in_words(style: str, number: Decimal) -> str | None:
    """A whole number from two to ninety-nine in words, capital kept."""
    if number != int(number) or not 2 <= number < _HUNDRED:
        return None
    tens, units = divmod(int(number), 10)
    names = {value: word for word, value in (UNITS | TENS).items()}
    words = names.get(int(number)) or f"{names[tens * 10]}-{names[units]}"
    return words.capitalize() if style[0].isupper() else words
