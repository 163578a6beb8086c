"""Which figures of an answer are shown as the answer and are not it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluation.cases import Case
from rag.evaluation.figure_verdicts import figures_in, is_right, verdict_of
from rag.evaluation.formulas import formula_numbers, stands_for
from rag.figures import Agreement, agree
from rag.schema import QUANTITIES, Figure, FigureKind

_ASKED_FOR = QUANTITIES - {FigureKind.DURATION, FigureKind.AGE}
"""Kinds that a reader takes for an answer; the others are context unless they are asked for."""


def wrong_figures(case: Case, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return the figures that are shown as the answer to a case and are not it, in order.

    Those are

    - the forbidden ones;
    - of the kinds that are asked for, each that is new: neither expected nor allowed nor named
      in the question. Where an expected figure is not there, of every kind of quantity: 18
      stands in the place of 18%. Where the articles state no answer, of every such kind too;
    - of a kind of which no expected figure is there, the allowed and the named ones as well:
      they may stand beside the answer, not instead of it. But all the numbers that a figure is
      computed from, shown together, are not taken for it: it is missing.

    Of a conflict with one side shown, the other side is missing, and nothing stands in its place.
    """
    others = [f for f in figures if not any(is_right(case, e, f) for e in case.figures)]
    named = figures_in(case.question)
    asked, replaced = _asked_kinds(case, figures), _replaced_kinds(case, figures)
    return tuple(
        figure
        for figure in others
        if figure.value in case.forbidden_values
        or figure.kind in replaced
        or (figure.kind in asked and not _may_stand_beside(case, figure, named))
    )


def _asked_kinds(case: Case, figures: Sequence[Figure]) -> frozenset[FigureKind]:
    """The kinds of which a new figure is taken for the answer."""
    if not case.figures:
        return frozenset() if case.answerable else _ASKED_FOR
    asked = frozenset(expected.kind for expected in case.figures)
    return asked if _is_there(case, figures) else asked | _ASKED_FOR


def _replaced_kinds(case: Case, figures: Sequence[Figure]) -> frozenset[FigureKind]:
    """The kinds of which no expected figure is there, whatever its bound and scale."""
    if not case.figures or _is_there(case, figures) or _shows_its_numbers(case, figures):
        return frozenset()
    near = {
        expected.kind
        for expected in case.figures
        if any(verdict_of(case, expected, figure) is not None for figure in figures)
    }
    return frozenset(expected.kind for expected in case.figures) - near


def _is_there(case: Case, figures: Sequence[Figure]) -> bool:
    """Whether all expected figures are there; of a conflict, one of them."""
    there = [any(is_right(case, e, f) for f in figures) for e in case.figures]
    return any(there) if case.conflict else all(there)


def _shows_its_numbers(case: Case, figures: Sequence[Figure]) -> bool:
    """Whether all that the formula is made of, and a source states, is there."""
    numbers = formula_numbers(case.formula) if case.formula else ()
    stated = [figure for source in case.sources for figure in figures_in(source.quote)]
    needed = [n for n in numbers if any(stands_for(n, figure.value) for figure in stated)]
    return bool(needed) and all(any(stands_for(n, f.value) for f in figures) for n in needed)


def _may_stand_beside(case: Case, figure: Figure, named: Sequence[Figure]) -> bool:
    computed_from = formula_numbers(case.formula) if case.formula else ()
    if figure.value in case.allowed or any(stands_for(n, figure.value) for n in computed_from):
        return True
    return any(agree(figure, other) is Agreement.EXACT for other in named)
