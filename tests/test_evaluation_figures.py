"""How each expected figure fares, and which figures of an answer are wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from evaluation_samples import answer, case_of, cite, found
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation import Case, ExpectedFigure, Outcome, failed_score, score_answer
from rag.evaluation.figure_verdicts import verdict_of
from rag.evaluation.scoring import FigureVerdict
from rag.figures import find_figures
from rag.schema import Bound, FigureKind, Status

EXACT, ROUNDED, MISSING = FigureVerdict.EXACT, FigureVerdict.ROUNDED, FigureVerdict.MISSING
LOST, SCALE = FigureVerdict.BOUND_LOST, FigureVerdict.WRONG_SCALE
SCOPE, WRONG = FigureVerdict.WRONG_SCOPE, FigureVerdict.WRONG


def expected(value: str, kind: FigureKind = FigureKind.COUNT, **more: object) -> ExpectedFigure:
    return ExpectedFigure(Decimal(value), kind, **more)  # type: ignore[arg-type]


def money(value: str, unit: str = "USD", **more: object) -> ExpectedFigure:
    return expected(value, FigureKind.MONEY, unit=unit, **more)


def percent(value: str, **more: object) -> ExpectedFigure:
    return expected(value, FigureKind.PERCENT, **more)


def verdicts(case: Case, text: str) -> list[FigureVerdict]:
    return [result.verdict for result in score_answer(case, answer(f"{text} [1]")).figures]


ABOUT_47 = expected("46610", digits=2)
MORE = expected("46610", bound=Bound.MORE_THAN)
PLAIN = expected("46610", bound=Bound.EXACT)


@pytest.mark.parametrize(
    ("wanted", "text", "verdict"),
    [
        (PLAIN, "46,610 people", EXACT),
        (PLAIN, "some people", MISSING),
        (PLAIN, "46,611 people", WRONG),
        (PLAIN, "about 46,610 people", LOST),
        (PLAIN, "about 47,000 people", WRONG),  # only the exact value is right
        (MORE, "more than 46,610", EXACT),
        (MORE, "46,610", LOST),
        (MORE, "nearly 46,610", LOST),
        (expected("46610"), "nearly 46,610", EXACT),  # any bound will do
        # Rounded: two digits at least, and half a step at most.
        (ABOUT_47, "47,000", ROUNDED),
        (ABOUT_47, "about 46,600", ROUNDED),
        (ABOUT_47, "46,610", EXACT),
        (ABOUT_47, "46,000", WRONG),
        (ABOUT_47, "48,000", WRONG),
        (ABOUT_47, "50,000", WRONG),  # one digit
        (ABOUT_47, "nearly 47,000", ROUNDED),
        (ABOUT_47, "more than 47,000", LOST),  # they were fewer
        (ABOUT_47, "more than 46,600", ROUNDED),
        (ABOUT_47, "less than 46,600", LOST),
        (expected("46500", digits=2), "47,000", ROUNDED),  # half a step
        (expected("46500", digits=2), "46,000", ROUNDED),
        (expected("46501", digits=2), "46,000", WRONG),
        (expected("46610", digits=2, bound=Bound.EXACT), "about 47,000", ROUNDED),
        (expected("46610", digits=2, bound=Bound.MORE_THAN), "47,000", LOST),
        (expected("46610", digits=2, bound=Bound.MORE_THAN), "more than 46,600", ROUNDED),
        (expected("46610", digits=2, bound=Bound.MORE_THAN), "more than 47,000", LOST),
        (expected("46610", digits=5), "46,610", EXACT),
        (expected("2024", FigureKind.YEAR, digits=2), "in 2020", WRONG),
        # Scale.
        (PLAIN, "46,610,000", SCALE),
        (PLAIN, "46.610", SCALE),
        (PLAIN, "466,100", WRONG),
        (money("95000000000"), "$95 million", SCALE),
        (money("95000000000"), "$95", SCALE),
        (money("95000000000"), "95 people", SCALE),
        (money("95000000000"), "€95", WRONG),
        (money("95000000000"), "95 billion", WRONG),  # of what?
        (percent("18"), "0.18%", SCALE),
        (percent("18"), "0.18", SCALE),
        (percent("18"), "1,800%", SCALE),
        (percent("18"), "18,000%", WRONG),
        (percent("18"), "18", WRONG),
        (percent("18"), "18 percentage points", WRONG),
        (expected("0"), "1,000", WRONG),
        # Percent and ratio.
        (percent("20"), "one in five", EXACT),
        (percent("20", bound=Bound.MORE_THAN), "more than one in five", EXACT),
        (percent("20", bound=Bound.MORE_THAN), "one in five", LOST),
        (percent("25"), "one in five", WRONG),
        (expected("0.2", FigureKind.RATIO), "20%", EXACT),
        (expected("0.2", FigureKind.RATIO), "0.2%", SCALE),
        (expected("0.5", FigureKind.RATIO), "half of them", EXACT),
        (percent("33"), "a third of them", WRONG),
        # Dates and years.
        (expected("20240605", FigureKind.DATE), "on June 5", EXACT),
        (expected("20240605", FigureKind.DATE), "on June 5, 2024", EXACT),
        (expected("20240605", FigureKind.DATE), "on June 4, 2024", WRONG),
        (expected("2020", FigureKind.YEAR), "since July 2020", EXACT),
        (expected("2020", FigureKind.YEAR), "since 2021", WRONG),
        (expected("3", FigureKind.DURATION, unit="day"), "3 days", EXACT),
        (expected("3", FigureKind.DURATION, unit="day"), "3 weeks", WRONG),
    ],
)
def test_how_a_figure_fares(wanted: ExpectedFigure, text: str, verdict: FigureVerdict) -> None:
    score = score_answer(case_of(wanted), answer(f"{text} [1]"))
    (result,) = score.figures
    assert result.verdict is verdict
    assert bool(result.shown) is (verdict is not MISSING)
    assert (score.outcome is Outcome.RIGHT) is verdict.right
    assert (result.shown in score.wrong_figures) is (not verdict.right and verdict is not MISSING)


@pytest.mark.parametrize(
    ("formula", "value", "text", "verdict"),
    [
        ("(3.9 - 2.7) / 2.7 * 100", "44", "44%", EXACT),
        ("(3.9 - 2.7) / 2.7 * 100", "44", "44.4%", ROUNDED),
        ("(3.9 - 2.7) / 2.7 * 100", "44", "44.44 percent", ROUNDED),
        ("(3.9 - 2.7) / 2.7 * 100", "44", "44.5%", WRONG),
        ("(3.9 - 2.7) / 2.7 * 100", "44", "40%", WRONG),
        ("1 / 3 * 100", "33", "a third of them", ROUNDED),
    ],
)
def test_a_computed_figure_is_rounded_from_what_the_formula_comes_to(
    formula: str, value: str, text: str, verdict: FigureVerdict
) -> None:
    case = case_of(percent(value, digits=2), formula=formula)
    assert verdicts(case, text) == [verdict]


# --- as the gold sentence has it -----------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "quote", "text", "verdict"),
    [
        (percent("61.0"), "A year earlier it had been 61.0.", "61.0", EXACT),
        (percent("61.0"), "A year earlier it had been 61.0.", "61.0%", EXACT),
        (percent("61.0"), "A year earlier it had been 61.0%.", "61.0", WRONG),
        (percent("61.0"), "It was 61.0 then, and 61.0% is much.", "61.0", WRONG),
        (money("5.1", "CAD"), "It cost $5.1 to clear.", "$5.1", EXACT),
        (money("5.1", "CAD"), "It cost $5.1 to clear.", "C$5.1", EXACT),
        (money("5.1", "CAD"), "It cost $5.1 to clear.", "€5.1", WRONG),
        (money("5.1", "CAD"), "It cost C$5.1 to clear.", "$5.1", WRONG),
        (percent("61.0", bound=Bound.NEARLY), "It had been nearly 61.0.", "61.0", LOST),
    ],
)
def test_a_unit_may_be_left_out_where_the_sentence_does(
    wanted: ExpectedFigure, quote: str, text: str, verdict: FigureVerdict
) -> None:
    assert verdicts(case_of(wanted, quote=quote), text) == [verdict]


# --- wrong scope ---------------------------------------------------------------------------


def test_a_forbidden_figure_of_a_gold_document_is_of_the_wrong_scope() -> None:
    case = case_of(expected("40"), forbidden=("90", "70"), quote="Of 90 goats, 40 were sold.")
    assert verdicts(case, "90 goats") == [SCOPE]
    assert verdicts(case, "70 goats") == [WRONG]
    assert verdicts(case, "12 goats") == [WRONG]
    quoted = answer("70 goats [1].", [cite("harvest", "In March, 70 goats were sold.")])
    assert [r.verdict for r in score_answer(case, quoted).figures] == [SCOPE]
    elsewhere = answer("70 goats [1].", [cite("weather", "In March, 70 goats were sold.")])
    assert [r.verdict for r in score_answer(case, elsewhere).figures] == [WRONG]
    seen = replace(answer("70 goats [1]."), evidence=(found("harvest", "It was 70 in March."),))
    assert [r.verdict for r in score_answer(case, seen).figures] == [SCOPE]
    other = replace(seen, evidence=(found("a", "It was 70 in March."),))
    assert [r.verdict for r in score_answer(case, other, {"harvest": "a"}).figures] == [SCOPE]


# --- several figures -----------------------------------------------------------------------

TWO = case_of(expected("40"), percent("18"))


@pytest.mark.parametrize(
    ("case", "text", "found"),
    [
        (TWO, "40 goats, 18% fewer", [EXACT, EXACT]),
        (TWO, "18% fewer, 40 goats", [EXACT, EXACT]),
        (TWO, "40 goats", [EXACT, MISSING]),
        (TWO, "40 goats, 19% fewer", [EXACT, WRONG]),
        (TWO, "19 goats", [WRONG, MISSING]),  # it stands in one place
        (TWO, "19 goats, 17% fewer", [WRONG, WRONG]),
        (TWO, "0.18 of them", [MISSING, SCALE]),
        (case_of(expected("5"), expected("5", scope="b")), "5 goats each", [EXACT, EXACT]),
        (case_of(expected("7"), expected("24")), "42 and 7", [EXACT, WRONG]),
        (case_of(expected("24"), MORE), "46,610", [MISSING, LOST]),
    ],
)
def test_each_expected_figure_has_its_verdict(
    case: Case, text: str, found: list[FigureVerdict]
) -> None:
    assert verdicts(case, text) == found


def test_what_refuses_or_breaks_gives_no_figure() -> None:
    refused = score_answer(TWO, answer("Nothing on 40 goats [1].", status=Status.ABSTAINED))
    for score in (refused, failed_score(TWO, ValueError("no"))):
        assert [(r.verdict, r.shown) for r in score.figures] == [(MISSING, "")] * 2


# --- properties ----------------------------------------------------------------------------

values = st.integers(1, 10**7)
digits = st.none() | st.integers(1, 7)


@given(values, values, digits)
def test_right_and_wrong_never_meet(value: int, shown: int, least: int | None) -> None:
    case = case_of(expected(str(value), digits=least))
    score = score_answer(case, answer(f"{shown:,} goats [1]"))
    (result,) = score.figures
    assert result.verdict.right is (not score.wrong_figures)
    assert (result.verdict is EXACT) is (value == shown)


@given(values, values, st.integers(1, 7))
def test_what_is_rounded_is_near(value: int, shown: int, least: int) -> None:
    wanted = expected(str(value), digits=least)
    (figure,) = find_figures(f"{shown:,} goats")
    if verdict_of(case_of(wanted), wanted, figure) is ROUNDED:
        n_digits = len(str(shown).rstrip("0"))
        assert n_digits >= least
        assert abs(value - shown) <= 10 ** (len(str(shown)) - n_digits) / 2
        assert f"{Decimal(value):.{n_digits}g}" == f"{Decimal(shown):.{n_digits}g}" or (
            2 * abs(value - shown) == 10 ** (len(str(shown)) - n_digits)
        )


@given(st.lists(values, min_size=1, max_size=4, unique=True), st.lists(values, max_size=5))
def test_the_order_of_an_answer_does_not_matter_and_it_is_scored_the_same_twice(
    wanted: list[int], shown: list[int]
) -> None:
    case = case_of(*(expected(str(value)) for value in wanted))
    text = " goats, ".join(f"{value:,}" for value in shown) + " goats [1]"
    back = " goats, ".join(f"{value:,}" for value in reversed(shown)) + " goats [1]"
    there = [result.verdict.right for result in score_answer(case, answer(text)).figures]
    assert there == [r.verdict.right for r in score_answer(case, answer(back)).figures]
    assert score_answer(case, answer(text)) == score_answer(case, answer(text))
    assert there == [value in shown for value in wanted]
