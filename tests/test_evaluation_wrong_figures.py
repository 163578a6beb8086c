"""Which figures of an answer are wrong: in place of the expected ones, or beside them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from evaluation_samples import answer, case_of

from rag.evaluation import Case, ExpectedFigure, Outcome, score_answer
from rag.schema import Bound, FigureKind, Status


def expected(value: str, kind: FigureKind = FigureKind.COUNT) -> ExpectedFigure:
    return ExpectedFigure(Decimal(value), kind)


def percent(value: str) -> ExpectedFigure:
    return expected(value, FigureKind.PERCENT)


MORE = replace(expected("46610"), bound=Bound.MORE_THAN)
GAP = case_of(
    expected("65"),
    formula="1204 - 1139",
    allowed=(Decimal(1204), Decimal(1139)),
    quote="Women took 1,204 seats, after 1,139.",
)


@pytest.mark.parametrize(
    ("case", "text", "outcome", "wrong"),
    [
        # Allowed and named figures may stand beside the answer, not instead of it.
        (case_of(expected("57"), allowed=(Decimal(64),)), "57 of 64", Outcome.RIGHT, ()),
        (case_of(expected("57"), allowed=(Decimal(64),)), "64 homes", Outcome.WRONG, ("64",)),
        (case_of(MORE, allowed=(Decimal(5),)), "46,610, 5 ill", Outcome.WRONG, ("46,610",)),
        (case_of(percent("60"), question="Only 30%?"), "Yes, 30%", Outcome.WRONG, ("30%",)),
        (case_of(percent("60"), question="Only 30%?"), "Not 30% but 60%", Outcome.RIGHT, ()),
        (case_of(percent("60"), question="What of 30 goats?"), "30 goats", Outcome.MISSING, ()),
        # All that a figure is computed from, or a part of it.
        (GAP, "1,204 after 1,139", Outcome.MISSING, ()),
        (GAP, "1,204 seats", Outcome.WRONG, ("1,204",)),
        (GAP, "1,204 after 1,139, so 65", Outcome.RIGHT, ()),
        (GAP, "1,204 after 1,139, so 66", Outcome.WRONG, ("66",)),
        (replace(GAP, allowed=()), "1,204 after 1,139, so 65", Outcome.RIGHT, ()),
        (replace(GAP, allowed=()), "65, not 1,240", Outcome.WRONG, ("1,240",)),
        # A conflict with one side shown.
        (case_of(expected("37"), expected("43"), conflict=True), "37", Outcome.MISSING, ()),
        (case_of(expected("37"), expected("43"), conflict=True), "37 or 43", Outcome.RIGHT, ()),
        (
            case_of(expected("37"), expected("43"), conflict=True),
            "37, 12% more",
            Outcome.MISSING,
            (),
        ),
        (
            case_of(expected("37"), expected("43"), conflict=True, forbidden=("90",)),
            "37 or 90",
            Outcome.WRONG,
            ("90",),
        ),
        (
            case_of(expected("37"), expected("43"), conflict=True, allowed=(Decimal(7),)),
            "7",
            Outcome.WRONG,
            ("7",),
        ),
    ],
)
def test_which_figures_are_wrong(
    case: Case, text: str, outcome: Outcome, wrong: tuple[str, ...]
) -> None:
    for status in (Status.ANSWERED, Status.CONFLICT):
        score = score_answer(case, answer(f"{text} [1]", status=status))
        assert (score.outcome, score.wrong_figures) == (outcome, wrong), score.explanation
