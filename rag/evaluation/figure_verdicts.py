"""How each expected figure of a case fares in an answer.

With x the value that is shown, v the expected one and t the true one (what the case's formula
comes to, else v), a shown figure of the expected kind and unit is

- *exact*: x = v, and the bound is the expected one;
- *rounded*: the case says how many significant digits an answer must have, x has at least so
  many (zeros at the end do not count), and |x - t| <= step / 2, where step is the place of the
  last of them: "57,000" has two digits and the step 1,000. A bound that is shown must hold of t.
  Years, dates, ages, ordinals and identifiers are never rounded, and 0 has no digits to round to;
- *bound lost*: either of them, but for the bound;
- *wrong scale*: x = v * 10^n with n = 3, 6, 9, -3, -6 or -9, the currency right or left out; or,
  where v is a percentage or a ratio, x = v * 100 or v / 100. A v of 0 has no scale;
- *wrong scope*: the case forbids x, and a sentence of a document that states the answer has it;
- *wrong*: any other wrong figure in its place;
- *missing*: no figure in its place.

A percentage and a ratio are the same figure where they have the same value: "one in five" is 20%,
and 20% is "one in five", whichever the case expects; "a third" is 33% only where a formula comes
to it. A date gives the year that a case expects. A figure whose unit the gold sentence leaves out
("61.0, after 58.3 percent a year before"), or writes as it is not read ("$" in an article from
Canada), may be shown as that sentence has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from rag.evaluation.cases import Case, ExpectedFigure
from rag.evaluation.formulas import formula_value
from rag.evaluation.scores import FigureResult, FigureVerdict
from rag.figures import Agreement, agree, find_figures
from rag.schema import Bound, Figure, FigureKind, Span

_NEVER_ROUNDED = frozenset(
    {FigureKind.YEAR, FigureKind.DATE, FigureKind.ORDINAL, FigureKind.AGE, FigureKind.IDENTIFIER}
)
_SHARES = frozenset({FigureKind.PERCENT, FigureKind.RATIO})
_SCALED = frozenset({FigureKind.COUNT, FigureKind.MONEY})
_SCALES = tuple(Decimal(10) ** n for n in (3, 6, 9, -3, -6, -9))
_HUNDREDS: tuple[Decimal, ...] = (Decimal(100), Decimal("0.01"))
_SAME = frozenset({Agreement.EXACT, Agreement.BOUND_LOST})
_WRONG_ONES = (
    FigureVerdict.BOUND_LOST,
    FigureVerdict.WRONG_SCALE,
    FigureVerdict.WRONG_SCOPE,
    FigureVerdict.WRONG,
)
"""The nearest first."""


@lru_cache(maxsize=4096)
def figures_in(text: str) -> tuple[Figure, ...]:
    """As :func:`rag.figures.find_figures`; the same few sentences are asked about many times."""
    return find_figures(text)


def compare(figure: Figure, expected: ExpectedFigure) -> Agreement:
    """How a figure of an article's sentence agrees with one that a case expects.

    As :func:`rag.figures.agree` has it, whose rounding a case may not allow in an answer.
    """
    text = str(expected)
    bound: Bound = figure.bound if expected.bound is None else expected.bound
    span = Span(0, len(text))
    return agree(figure, Figure(text, expected.value, expected.kind, expected.unit, bound, span))


def states_figure(quote: str, expected: ExpectedFigure) -> bool:
    """Whether a sentence states an expected figure, whatever its bound.

    One that leaves the unit out states it too: "61.0, after 58.3 percent a year before".
    """
    return any(
        compare(figure, expected) is not Agreement.DIFFERENT or is_bare(figure, expected)
        for figure in figures_in(quote)
    )


def is_bare(figure: Figure, expected: ExpectedFigure) -> bool:
    """Whether a sentence's figure has the expected value and no unit, or another currency."""
    if figure.value != expected.value:
        return False
    return figure.kind is FigureKind.COUNT or figure.kind is expected.kind is FigureKind.MONEY


def verdict_of(case: Case, expected: ExpectedFigure, figure: Figure) -> FigureVerdict | None:
    """Return how one shown figure fares as the expected one.

    None where it is another figure: whether that is a wrong one depends on the whole answer.
    """
    for read in _readings(case, expected, figure):
        exact = _is_value(expected, read)
        if exact or _rounds(case, expected, read):
            if not _bound_holds(case, expected, read, exact=exact):
                return FigureVerdict.BOUND_LOST
            return FigureVerdict.EXACT if exact else FigureVerdict.ROUNDED
    return FigureVerdict.WRONG_SCALE if _scale_is_wrong(expected, figure) else None


def is_right(case: Case, expected: ExpectedFigure, figure: Figure) -> bool:
    """Whether one shown figure is the expected one, exact or rounded as the case allows."""
    verdict = verdict_of(case, expected, figure)
    return verdict is not None and verdict.right


def figure_results(
    case: Case, figures: Sequence[Figure], wrong: Sequence[Figure], gold: Iterable[str]
) -> tuple[FigureResult, ...]:
    """Return how each expected figure of a case fares, in the order of the case.

    What is right is found first. The wrong figures then stand in the places that are left, the
    nearest first and each in one place at most.

    Args:
        case: what is expected.
        figures: all figures of the answer.
        wrong: those that are shown as the answer and are not it.
        gold: sentences of the documents that state the answer.
    """
    results = {i: right_figure(case, expected, figures) for i, expected in enumerate(case.figures)}
    stated = [figure for sentence in gold for figure in figures_in(sentence)]
    left = list(wrong)
    for wanted in _WRONG_ONES:
        for i in [i for i, result in results.items() if result is None]:
            expected = case.figures[i]
            one = next((f for f in left if _wrong_one(case, expected, f, stated) is wanted), None)
            if one is not None:
                left.remove(one)
                results[i] = FigureResult(expected, wanted, one.text)
    return tuple(
        results[i] or FigureResult(expected, FigureVerdict.MISSING, "")
        for i, expected in enumerate(case.figures)
    )


def right_figure(
    case: Case, expected: ExpectedFigure, figures: Sequence[Figure]
) -> FigureResult | None:
    """Return the result of an expected figure that is there, the exact before a rounded one."""
    verdicts = [(verdict_of(case, expected, figure), figure) for figure in figures]
    for wanted in (FigureVerdict.EXACT, FigureVerdict.ROUNDED):
        for verdict, figure in verdicts:
            if verdict is wanted:
                return FigureResult(expected, wanted, figure.text)
    return None


def _wrong_one(
    case: Case, expected: ExpectedFigure, figure: Figure, stated: Sequence[Figure]
) -> FigureVerdict:
    near = verdict_of(case, expected, figure)
    if near is not None:
        return near
    forbidden = figure.value in case.forbidden_values
    if forbidden and any(agree(figure, one) is not Agreement.DIFFERENT for one in stated):
        return FigureVerdict.WRONG_SCOPE
    return FigureVerdict.WRONG


# --- how one figure fares ------------------------------------------------------------------


def _readings(case: Case, expected: ExpectedFigure, figure: Figure) -> Iterator[Figure]:
    """Yield a shown figure in the kind and unit that are expected, where it can be had in them."""
    same_unit = not (figure.unit and expected.unit) or figure.unit == expected.unit
    if figure.kind is expected.kind and same_unit:
        yield figure
    elif {figure.kind, expected.kind} == _SHARES:
        yield replace(figure, value=_as_share(figure, expected.kind), kind=expected.kind)
    elif (figure.kind, expected.kind) == (FigureKind.DATE, FigureKind.YEAR):
        yield replace(figure, value=figure.value // 10_000, kind=FigureKind.YEAR)
    elif _as_the_sentence_has_it(case, expected, figure):
        yield replace(figure, kind=expected.kind, unit=expected.unit)


def _as_share(figure: Figure, kind: FigureKind) -> Decimal:
    """The value of a percentage as a ratio, or of a ratio as a percentage."""
    if figure.kind is kind:
        return figure.value
    return figure.value * 100 if kind is FigureKind.PERCENT else figure.value / 100


def _as_the_sentence_has_it(case: Case, expected: ExpectedFigure, figure: Figure) -> bool:
    """Whether the unit is left out, or misread, only as it is in the gold sentence."""
    stated = [f for source in case.sources for f in figures_in(source.quote)]
    same = [f for f in stated if compare(f, expected) in _SAME]
    if same:
        return any(agree(figure, f) in _SAME for f in same)
    return any(
        is_bare(f, expected) and (f.kind, f.unit) == (figure.kind, figure.unit) for f in stated
    )


def _is_value(expected: ExpectedFigure, read: Figure) -> bool:
    if expected.kind is FigureKind.DATE:
        return compare(read, expected) is not Agreement.DIFFERENT
    return read.value == expected.value


def _rounds(case: Case, expected: ExpectedFigure, read: Figure) -> bool:
    if expected.digits is None or expected.kind in _NEVER_ROUNDED or not read.value:
        return False
    digits = read.value.normalize().as_tuple()
    if not isinstance(digits.exponent, int) or len(digits.digits) < expected.digits:
        return False
    step = Decimal(10) ** digits.exponent
    return abs(read.value - _truth(case, expected)) * 2 <= step


def _truth(case: Case, expected: ExpectedFigure) -> Decimal:
    """What a rounded figure is rounded from; a formula is that of the only figure of a case."""
    return formula_value(case.formula) if case.formula else expected.value


def _bound_holds(case: Case, expected: ExpectedFigure, read: Figure, *, exact: bool) -> bool:
    """Whether a bound is the expected one, or none is; that of a rounded figure has to be true."""
    same = expected.bound in {None, read.bound}
    if exact:
        return same
    x, t = read.value, _truth(case, expected)
    true = {
        Bound.MORE_THAN: t > x,
        Bound.AT_LEAST: t >= x,
        Bound.NEARLY: t < x,
        Bound.LESS_THAN: t < x,
        Bound.AT_MOST: t <= x,
    }.get(read.bound, True)
    # What is rounded is about so much, whether it says so or not.
    return true and (same or expected.bound in {Bound.EXACT, Bound.ABOUT})


def _scale_is_wrong(expected: ExpectedFigure, figure: Figure) -> bool:
    if not expected.value or expected.kind in _NEVER_ROUNDED:
        return False
    if expected.kind in _SHARES:
        near = figure.kind in _SHARES | {FigureKind.COUNT}
        x, scales = figure.value, _HUNDREDS
        if figure.kind in _SHARES:
            x = _as_share(figure, expected.kind)
    else:
        near = figure.kind is expected.kind or {figure.kind, expected.kind} == _SCALED
        near = near and (not (expected.unit and figure.unit) or expected.unit == figure.unit)
        x, scales = figure.value, _SCALES
    return near and any(x == expected.value * scale for scale in scales)
