"""Right answers with one figure spoilt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from evaluation_samples import spelled, stated_figures
from mutants import Mutant, Mutate, date_parts, spoilt

from rag.evaluation import Case, ExpectedFigure
from rag.figures import find_figures
from rag.schema import Bound, FigureKind

# Figures of these kinds are never bounded, and "more than June 4" is no date.
_UNBOUNDED = frozenset(
    {FigureKind.DATE, FigureKind.YEAR, FigureKind.ORDINAL, FigureKind.IDENTIFIER}
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCALE = re.compile(r"(?<=[\d\s-])(thousand|million|billion|trillion|bn|m)\b")
_OTHER_SCALE = {
    "thousand": "million",
    "million": "billion",
    "billion": "million",
    "trillion": "billion",
    "bn": "m",
    "m": "bn",
}


def digit_off_by_one(case: Case) -> Iterator[Mutant]:
    """The first and the last digit one higher or lower."""
    for i, words in enumerate(stated_figures(case)):
        places = [match.start() for match in _DIGIT.finditer(words)]
        for at in sorted({*places[:1], *places[-1:]}):
            other = "1" if words[at] == "0" else str(int(words[at]) - 1)
            yield from spoilt(case, i, words[:at] + other + words[at + 1 :])


def digit_dropped(case: Case) -> Iterator[Mutant]:
    """The first and the last digit left out."""
    yield from _renumbered(case, lambda digits: {digits[1:], digits[:-1]})


def digits_swapped(case: Case) -> Iterator[Mutant]:
    """Two neighbouring digits that differ, each pair once."""

    def swapped(digits: str) -> set[str]:
        return {
            digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
            for i in range(len(digits) - 1)
            if digits[i] != digits[i + 1]
        }

    yield from _renumbered(case, swapped)


def unit_dropped(case: Case) -> Iterator[Mutant]:
    """The number without percent sign, currency or unit of time."""
    for i, expected in enumerate(case.figures):
        if expected.unit or expected.kind in {FigureKind.PERCENT, FigureKind.MULTIPLE}:
            bare = replace(expected, kind=FigureKind.COUNT, unit="")
            if not _stands_bare(case, expected) and not _is_lent(case, expected):
                yield from spoilt(case, i, spelled(bare))


def unit_changed(case: Case) -> Iterator[Mutant]:
    """Percentage points for percent, another currency, another unit of time."""
    for i, expected in enumerate(case.figures):
        if expected.kind is FigureKind.PERCENT:
            other = replace(expected, kind=FigureKind.PERCENTAGE_POINTS)
        elif expected.kind is FigureKind.MONEY:
            other = replace(expected, unit="JPY" if expected.unit != "JPY" else "EUR")
        elif expected.kind is FigureKind.DURATION:
            other = replace(expected, unit="hour" if expected.unit != "hour" else "day")
        else:
            continue
        yield from spoilt(case, i, spelled(other))


def scale_changed(case: Case) -> Iterator[Mutant]:
    """Million for billion, or a thousand times as much or as little."""
    for i, (expected, words) in enumerate(zip(case.figures, stated_figures(case), strict=True)):
        if scale := _SCALE.search(words):
            other = _OTHER_SCALE[scale[1]]
            yield from spoilt(case, i, words[: scale.start()] + other + words[scale.end() :])
        if expected.kind in {FigureKind.COUNT, FigureKind.MONEY}:
            yield from spoilt(case, i, spelled(expected, expected.value * 1000))
            yield from spoilt(case, i, spelled(expected, expected.value / 1000))
        if expected.kind in {FigureKind.PERCENT, FigureKind.RATIO}:
            yield from spoilt(case, i, spelled(expected, expected.value / 100))


def scope_swapped(case: Case) -> Iterator[Mutant]:
    """A near-miss figure in the place of the expected one."""
    for i, expected in enumerate(case.figures):
        for value in case.forbidden_values:
            yield from spoilt(case, i, _written(expected, value))


def bound_changed(case: Case) -> Iterator[Mutant]:
    """The bound dropped, or another one in its place."""
    for i, expected in enumerate(case.figures):
        if expected.bound is None or expected.kind in _UNBOUNDED:
            continue
        for bound in (Bound.EXACT, Bound.MORE_THAN, Bound.LESS_THAN, Bound.NEARLY):
            words = spelled(replace(expected, bound=bound))
            says_so = [figure.bound for figure in find_figures(words)] == [bound]
            if says_so and bound is not expected.bound:
                yield from spoilt(case, i, words)


def second_figure_added(case: Case) -> Iterator[Mutant]:
    """Another figure of the kind beside the right one, near-misses and a made-up one."""
    excused = {*case.allowed, *(figure.value for figure in find_figures(case.question))}
    excused |= {expected.value for expected in case.figures}
    for i, (expected, words) in enumerate(zip(case.figures, stated_figures(case), strict=True)):
        step = 1 if expected.kind in _UNBOUNDED else expected.value * 2 + 1
        for value in [*case.forbidden_values, expected.value + step]:
            second = _written(replace(expected, bound=Bound.EXACT), value)
            kinds = [figure.kind for figure in find_figures(second)]
            if value not in excused and kinds == [expected.kind]:
                yield from spoilt(case, i, f"{words} or {second}")


FIGURE_MUTATIONS: tuple[Mutate, ...] = (
    digit_off_by_one,
    digit_dropped,
    digits_swapped,
    unit_dropped,
    unit_changed,
    scale_changed,
    scope_swapped,
    bound_changed,
    second_figure_added,
)


# --- their parts ---------------------------------------------------------------------------


def _renumbered(case: Case, others: Callable[[str], set[str]]) -> Iterator[Mutant]:
    """Other digits in the place of those of each figure, decimals and commas kept."""
    for i, words in enumerate(stated_figures(case)):
        number = _NUMBER.search(words)
        if number is None:
            continue
        whole, _, decimals = number[0].replace(",", "").partition(".")
        for digits in sorted(others(whole + decimals)):
            left = digits[: len(digits) - len(decimals)]
            if left and Decimal(digits) != Decimal(whole + decimals):
                grouped = f"{int(left):,}" if "," in number[0] else left
                written = f"{grouped}.{digits[len(left) :]}" if decimals else grouped
                yield from spoilt(
                    case, i, words[: number.start()] + written + words[number.end() :]
                )


def _written(expected: ExpectedFigure, value: Decimal) -> str:
    """Another value in the place of an expected one."""
    if expected.kind is not FigureKind.DATE:
        return spelled(expected, value)
    year, month, day = date_parts(value)
    if not 1 <= month <= len(_MONTHS):
        return str(value)
    name = _MONTHS[month - 1]
    return f"{name} {day or year}" + (f", {year}" if day and year else "")


def _stands_bare(case: Case, expected: ExpectedFigure) -> bool:
    """Whether the gold sentence itself leaves the unit out, so that an answer may."""
    stated = [figure for source in case.sources for figure in find_figures(source.quote)]
    texts = [figure.text for figure in stated if figure.value == expected.value]
    return any(figure.kind is FigureKind.COUNT for text in texts for figure in find_figures(text))


def _is_lent(case: Case, expected: ExpectedFigure) -> bool:
    """Whether another figure of the answer lends its unit: "17.6% and 17.9"."""
    alike = [(other.kind, other.unit) for other in case.figures]
    return alike.count((expected.kind, expected.unit)) > 1
