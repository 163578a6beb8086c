"""One summary against the key figures of its article."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from evaluation_samples import cite, info

from rag.evaluation import (
    Case,
    ExpectedFigure,
    FigureVerdict,
    Outcome,
    Source,
    SummaryScore,
    failed_score,
    score_summary,
)
from rag.figures import find_figures
from rag.schema import Bound, CheckedFigure, Citation, FigureKind, Summary, SummaryPoint

SOLD = "More than 40 of 90 goats were sold in May."
FELL = "That was 18% fewer than in April."
RAIN = "It rained on 12 days."
SOLD_THERE, FELL_THERE = cite("harvest", SOLD, 0), cite("harvest", FELL, 43)
RAIN_THERE, RAIN_ELSEWHERE = cite("harvest", RAIN, 77), cite("weather", RAIN, 0)
CASE = Case(
    id="harvest-summary",
    kind="summary",
    question="Summarise: Fewer goats",
    answerable=True,
    summarize="harvest",
    figures=(
        ExpectedFigure(Decimal(40), FigureKind.COUNT, bound=Bound.MORE_THAN),
        ExpectedFigure(Decimal(18), FigureKind.PERCENT, bound=Bound.EXACT),
    ),
    sources=(Source("harvest", SOLD, 0, 42), Source("harvest", FELL, 43, 76)),
    forbidden=("17", "sheep"),
)


def point(text: str, *citations: Citation) -> SummaryPoint:
    return SummaryPoint(text, citations, (), verified=True)


def summary(*points: SummaryPoint) -> Summary:
    return Summary(info("harvest"), points, 1, 1, (), 0.5, "5" * 64)


GOOD = (point("More than 40 goats were sold [1].", SOLD_THERE), point("18% fewer [2].", FELL_THERE))


@pytest.mark.parametrize(
    ("points", "outcome", "wrong", "unsupported"),
    [
        (GOOD, Outcome.RIGHT, (), ()),
        ((*GOOD, point("It rained on 12 days [3].", RAIN_THERE)), Outcome.RIGHT, (), ()),
        (GOOD[:1], Outcome.MISSING, (), ()),
        ((), Outcome.MISSING, (), ()),
        (
            (point("Over 40 of 90 goats, 18% fewer [1][2].", SOLD_THERE, FELL_THERE),),
            Outcome.RIGHT,
            (),
            (),
        ),
        # The figure is there, but not in the sentence that its own point cites.
        ((GOOD[0], point("18% fewer [1].", SOLD_THERE)), Outcome.RIGHT, (), ("18%",)),
        ((*GOOD, point("It rained on 13 days [3].", RAIN_THERE)), Outcome.RIGHT, (), ("13 days",)),
        # A bound that is lost, a figure and a word that are forbidden.
        ((point("40 goats [1].", SOLD_THERE), GOOD[1]), Outcome.WRONG, ("40",), ()),
        ((*GOOD, point("About 12 days [3].", RAIN_THERE)), Outcome.WRONG, ("12 days",), ()),
        ((*GOOD, point("Or 17 [1].", SOLD_THERE)), Outcome.WRONG, ("17",), ("17",)),
        ((*GOOD, point("No sheep [1].", SOLD_THERE)), Outcome.WRONG, (), ()),
    ],
)
def test_what_a_summary_says(
    points: tuple[SummaryPoint, ...],
    outcome: Outcome,
    wrong: tuple[str, ...],
    unsupported: tuple[str, ...],
) -> None:
    score = score_summary(CASE, summary(*points))
    assert score.outcome is outcome
    assert score.wrong_figures == wrong
    assert score.unsupported_figures == unsupported
    assert score.passed is (outcome is Outcome.RIGHT and not unsupported)


def test_texts_are_expected_of_a_summary_too() -> None:
    case = replace(CASE, texts=(("Åre", "Are town"),))
    assert score_summary(case, summary(*GOOD)).outcome is Outcome.MISSING
    where = point("It was in ÅRE [1].", SOLD_THERE)
    assert score_summary(case, summary(*GOOD, where)).outcome is Outcome.RIGHT


def test_key_figures_have_their_verdicts() -> None:
    score = score_summary(CASE, summary(point("40 goats, 19% fewer [1].", SOLD_THERE)))
    assert [(result.verdict, result.shown) for result in score.figures] == [
        (FigureVerdict.BOUND_LOST, "40"),
        (FigureVerdict.MISSING, ""),
    ]


def test_a_computed_figure_of_a_summary_needs_no_sentence() -> None:
    text = "That left 50 goats [1]."
    figures = tuple(
        CheckedFigure(figure, "computed", None)  # type: ignore[arg-type]
        for figure in find_figures("That left 50 goats")
    )
    left = point(text, SOLD_THERE)
    assert score_summary(CASE, summary(*GOOD, left)).unsupported_figures == ("50",)
    assert score_summary(CASE, summary(*GOOD, replace(left, figures=figures))).passed


def test_measures_of_a_summary() -> None:
    points = (GOOD[0], point("It rained on 12 days, and on 13 [2].", RAIN_THERE))
    score = score_summary(CASE, summary(*points))
    assert score.summary == SummaryScore(
        stated_figures=2, shown_figures=3, covered_figures=1, key_figures=2, words=14
    )
    assert score.summary.figure_precision == pytest.approx(2 / 3)
    assert score.summary.coverage == pytest.approx(1 / 2)
    nothing = score_summary(CASE, summary()).summary
    assert nothing is not None
    assert (nothing.figure_precision, nothing.coverage, nothing.words) == (None, 0, 0)


@pytest.mark.parametrize(
    ("points", "precision", "recall", "right"),
    [
        (GOOD, 1, 1, True),
        (GOOD[:1], 1, 1 / 2, True),
        ((*GOOD, point("Rain [3].", RAIN_THERE)), 1, 1, True),  # of the article, if no key figure
        ((*GOOD, point("Rain [3].", RAIN_ELSEWHERE)), 2 / 3, 1, True),
        ((point("Rain [1].", RAIN_THERE),), 1, 0, False),
        ((), 0, 0, False),
    ],
)
def test_citations_of_a_summary(
    points: tuple[SummaryPoint, ...], precision: float, recall: float, right: bool
) -> None:
    score = score_summary(CASE, summary(*points))
    assert score.citation_precision == pytest.approx(precision)
    assert score.citation_recall == pytest.approx(recall)
    assert score.citation_right is right
    assert score.retrieval is None


def test_a_summary_of_another_edition() -> None:
    there = (cite("a-12", "In May, over 40 goats went.", 5), cite("a-12", "It fell by 18%.", 60))
    moved = summary(*(replace(p, citations=(c,)) for p, c in zip(GOOD, there, strict=True)))
    score = score_summary(CASE, moved, {"harvest": "a-12"})
    assert (score.citation_precision, score.citation_recall) == (1, 1)
    assert score.passed
    assert score_summary(CASE, moved).citation_right is False


def test_a_summary_that_an_error_stopped() -> None:
    score = failed_score(CASE, ValueError("no"))
    assert score.summary == SummaryScore(0, 0, 0, key_figures=2, words=0)
    assert score.outcome is Outcome.WRONG
    assert (score.citation_precision, score.citation_recall, score.retrieval) == (0, 0, None)
