"""One way each to change a sentence, and what a fact-checker says of the changed figures.

A rule is given a sentence and the text of all articles; it returns None where it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.drafts import is_checked
from rag.figures import find_figures
from rag.schema import Bound, ClaimVerdict, Figure, FigureKind, Span

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SHARES = (FigureKind.PERCENT, FigureKind.COUNT, FigureKind.MONEY)
# Each with one that means another amount; none is in use for the same thing in the articles.
_UNITS = {
    "metres": "feet",
    "kilometres": "miles",
    "millimetres": "centimetres",
    "mm": "cm",
    "centimetres": "inches",
    "hectares": "square kilometres",
    "per cent": "percentage points",
    "percent": "percentage points",
    "million": "billion",
    "billion": "million",
    "euros": "pounds",
    "pounds": "euros",
    "dollars": "euros",
    "kronor": "euros",
    "pesos": "dollars",
    "days": "weeks",
    "weeks": "months",
    "months": "weeks",
    "hours": "days",
    "minutes": "hours",
    "miles": "kilometres",
    "kilograms": "tonnes",
    "degrees": "percent",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A changed sentence, and the verdict by the span of a figure; others are supported."""

    text: str
    verdicts: tuple[tuple[Span, ClaimVerdict], ...] = ()


def true(sentence: str, _all: str) -> Made | None:
    """Leave it as it is."""
    return Made(sentence)


def digit_changed(sentence: str, articles: str) -> Made | None:
    """Change the second digit, or the only one, where the result stands in no article."""
    figure = _one(sentence, lambda f: bool(_NUMBER.search(f.text)) and f.value >= 5)
    if figure is None:
        return None
    digits = [match.start() for match in re.finditer(r"\d", figure.text)]
    at = digits[min(1, len(digits) - 1)]
    digit = (int(figure.text[at]) + 3) % 10
    new = figure.text[:at] + str(digit or 4) + figure.text[at + 1 :]
    if _NUMBER.search(new)[0] in articles:  # type: ignore[index]
        return None
    return _with(sentence, figure.span, new, ClaimVerdict.CONTRADICTED)


def unit_changed(sentence: str, _all: str) -> Made | None:
    """Write another unit behind a number."""
    match = re.search(rf"\b[\d.,]+ (?:a |the )?({'|'.join(_UNITS)})\b", sentence)
    if match is None or sentence.count(match[1]) > 1 or " between " in sentence:
        return None
    text = sentence[: match.start(1)] + _UNITS[match[1]] + sentence[match.end(1) :]
    figure = next((f for f in _checked(text) if f.span.start <= match.start() < f.span.end), None)
    return Made(text, ((figure.span, ClaimVerdict.CONTRADICTED),)) if figure else None


def rounded(sentence: str, _all: str) -> Made | None:
    """Write two digits of three and more, and "about"."""
    figure = _one(
        sentence, lambda f: f.bound is Bound.EXACT and f.kind in _SHARES and f.value >= 10
    )
    number = _NUMBER.search(figure.text) if figure else None
    if figure is None or number is None:
        return None
    value = Decimal(number[0].replace(",", ""))
    new = _to_two_digits(value)
    before = sentence[: figure.span.start]
    if new == value or abs(new - value) / value < Decimal("0.001") or before.endswith("by "):
        return None
    written = f"{new:,f}" if new >= 1000 else f"{new:f}"
    start, end = number.span()
    text = f"about {figure.text[:start]}{written}{figure.text[end:]}"
    return _with(sentence, figure.span, text, ClaimVerdict.ROUNDED)


def _to_two_digits(value: Decimal) -> Decimal:
    step = Decimal(10) ** (value.adjusted() - 1)
    return (value / step).quantize(Decimal(1)) * step


def _checked(sentence: str) -> list[Figure]:
    return [figure for figure in find_figures(sentence) if is_checked(figure)]


def _one(sentence: str, fits: Callable[[Figure], bool]) -> Figure | None:
    """The first figure of a sentence that fits."""
    return next((figure for figure in _checked(sentence) if fits(figure)), None)


def swapped(
    sentence: str, replacements: Sequence[str], figures: Sequence[str], verdict: ClaimVerdict
) -> Made:
    """Put words in place of others; figures, as they are written then, get the verdict.

    Raises:
        ValueError: the sentence does not have the words or the figures.
    """
    text = sentence
    for replacement in replacements:
        text = _replaced(text, replacement)
    found = _checked(text)
    verdicts = []
    for written in figures:
        # The one that was added stands last.
        of = [figure for figure in found if figure.text == written]
        if not of:
            raise ValueError(f"{written!r} is no figure of {text!r}")
        verdicts.append((of[-1].span, verdict))
    return Made(text, tuple(verdicts))


def _replaced(text: str, replacement: str) -> str:
    one, sign, other = re.split(r"( <> | => )", replacement)
    if one not in text or (sign == " <> " and other not in text):
        raise ValueError(f"{replacement!r} has no place in {text!r}")
    if sign == " => ":
        return text.replace(one, other, 1)
    mark = "\0"
    return text.replace(one, mark, 1).replace(other, one, 1).replace(mark, other, 1)


def _with(sentence: str, span: Span, new: str, verdict: ClaimVerdict) -> Made:
    """The sentence with a figure rewritten; the verdict is that of the figure there."""
    text = sentence[: span.start] + new + sentence[span.end :]
    place = Span(span.start, span.start + len(new))
    return Made(text, tuple((f.span, verdict) for f in _checked(text) if f.span.overlaps(place)))
