"""One answer against one case: words, citations, retrieval."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from evaluation_samples import answer, cite, computed

from rag.evaluation import (
    Case,
    ExpectedFigure,
    Outcome,
    RetrievalScore,
    Source,
    failed_score,
    parse_case,
    score_answer,
)
from rag.evaluation.scoring import figures_right
from rag.schema import Bound, FigureKind, Status, Verdict

GOLD = "Of 90 goats, more than 40 were sold in May, 18% fewer than in April."
CITED = (cite("harvest", GOLD, start=10),)


def goats(**changes: object) -> Case:
    case = Case(
        id="goats",
        kind="lookup",
        question="How many goats were sold in May?",
        answerable=True,
        figures=(ExpectedFigure(Decimal(40), FigureKind.COUNT, bound=Bound.MORE_THAN),),
        sources=(Source("harvest", GOLD, 10, 10 + len(GOLD)),),
    )
    return replace(case, **changes)  # type: ignore[arg-type]


PERCENT = (ExpectedFigure(Decimal(18), FigureKind.PERCENT, bound=Bound.EXACT),)
ANY_BOUND = (ExpectedFigure(Decimal(40), FigureKind.COUNT),)
WHERE = {"figures": (), "texts": (("Åre", "Are town"), ("north",))}


@pytest.mark.parametrize(
    ("changes", "text", "outcome", "wrong"),
    [
        ({}, "More than 40 goats were sold in May.", Outcome.RIGHT, ()),
        ({}, "More than 40, 18% fewer than in April.", Outcome.RIGHT, ()),  # of another kind
        ({}, "40 goats.", Outcome.WRONG, ("40",)),  # the bound is lost
        ({"figures": ANY_BOUND}, "40 goats.", Outcome.RIGHT, ()),
        ({"figures": ANY_BOUND}, "More than 40 goats.", Outcome.RIGHT, ()),
        ({}, "More than 41 goats.", Outcome.WRONG, ("41",)),
        ({}, "More than 40 of 90 goats.", Outcome.WRONG, ("90",)),  # which of them?
        ({"allowed": (Decimal(90),)}, "More than 40 of 90 goats.", Outcome.RIGHT, ()),
        ({"question": "How many of the 90 goats?"}, "More than 40 of 90.", Outcome.RIGHT, ()),
        (
            {"question": "Were 40 or 90 sold?", "forbidden": ("90",)},
            "More than 40 of 90.",
            Outcome.WRONG,
            ("90",),
        ),
        ({"forbidden": ("18",)}, "More than 40, 18% fewer.", Outcome.WRONG, ("18%",)),
        ({}, "Some goats were sold.", Outcome.MISSING, ()),
        ({}, "18% fewer than in April.", Outcome.WRONG, ("18%",)),  # stands in its place
        ({"figures": PERCENT}, "18% fewer.", Outcome.RIGHT, ()),
        ({"figures": PERCENT}, "18 fewer.", Outcome.WRONG, ("18",)),
        ({"figures": PERCENT}, "18 percentage points.", Outcome.WRONG, ("18 percentage points",)),
        (WHERE, "In Are town, in the North.", Outcome.RIGHT, ()),
        (WHERE, "In ÅRE, up north, with 12 goats.", Outcome.RIGHT, ()),
        (WHERE, "In Åre.", Outcome.MISSING, ()),
        (WHERE, "In Arendal.", Outcome.WRONG, ()),
        (WHERE, "In Share town.", Outcome.WRONG, ()),
        ({**WHERE, "forbidden": ("south",)}, "In Åre, north, not south.", Outcome.WRONG, ()),
        ({"texts": (("May",),)}, "More than 40 goats.", Outcome.MISSING, ()),
    ],
)
def test_what_an_answer_says(
    changes: dict[str, object], text: str, outcome: Outcome, wrong: tuple[str, ...]
) -> None:
    score = score_answer(goats(**changes), answer(f"{text} [1]", CITED))
    assert (score.outcome, score.wrong_figures) == (outcome, wrong), score.explanation


def test_markers_are_no_figures() -> None:
    score = score_answer(goats(), answer("More than 40 [1][2, 3].", CITED))
    assert score.passed


def test_a_conflict_is_an_answer() -> None:
    conflict = answer("More than 40 [1]; 50 [2].", CITED, Status.CONFLICT)
    assert score_answer(goats(), conflict).outcome is Outcome.WRONG
    both = goats(allowed=(Decimal(50),))
    assert score_answer(both, conflict).outcome is Outcome.RIGHT


def test_an_abstention_counts_as_one_whatever_it_names() -> None:
    nearest = answer("The articles do not say. Nearest: 41 goats [1].", CITED, Status.ABSTAINED)
    score = score_answer(goats(), nearest)
    assert (score.outcome, score.wrong_figures) == (Outcome.FALSE_REFUSAL, ())
    assert not score.passed
    nothing = parse_case('{"id": "a", "kind": "b", "question": "c", "answerable": false}', "")
    assert score_answer(nothing, nearest).outcome is Outcome.ABSTAINED_RIGHT


def test_an_answer_where_the_articles_say_nothing() -> None:
    case = goats(answerable=False, figures=(), sources=(), question="How many cows in 2023?")
    score = score_answer(case, answer("More than 40 cows in 2023 [1].", CITED))
    assert score.outcome is Outcome.ANSWERED_UNANSWERABLE
    assert (score.wrong_figures, score.citation_right) == (("40",), None)


def test_figures_that_no_cited_sentence_states() -> None:
    score = score_answer(goats(allowed=(Decimal(7),)), answer("More than 40, 7 ill [1].", CITED))
    assert (score.outcome, score.unsupported_figures) == (Outcome.RIGHT, ("7",))
    assert not score.passed
    assert "7" in score.explanation


def test_figures_that_verification_refused() -> None:
    right = answer("More than 40 goats [1].", CITED)
    refused = tuple(replace(figure, verdict=Verdict.UNSUPPORTED) for figure in right.figures)
    assert score_answer(goats(), right).passed
    assert not score_answer(goats(), replace(right, figures=refused)).passed


def test_a_computed_figure_needs_no_sentence() -> None:
    case = goats(figures=(ExpectedFigure(Decimal(50), FigureKind.COUNT),), formula="90 - 40")
    right = answer("50 goats were left [1].", CITED)
    assert score_answer(case, right).unsupported_figures == ("50",)
    assert score_answer(case, computed(right)).passed
    other = replace(computed(right), text="50 goats and 3 cows were left [1].")
    assert score_answer(replace(case, allowed=(Decimal(3),)), other).unsupported_figures == ("3",)


@pytest.mark.parametrize(
    ("formula", "unsupported"),
    [("600 ÷ 12 months = 50", ()), ("600 ÷ 4 = 50", ("12 months",)), (None, ("12 months",))],
)
def test_what_a_formula_takes_from_no_article_needs_no_sentence(
    formula: str | None, unsupported: tuple[str, ...]
) -> None:
    case = goats(figures=(ExpectedFigure(Decimal(50), FigureKind.COUNT),), formula="600 / 12")
    said = computed(answer("50 goats a month over 12 months [1].", CITED))
    shown = tuple(replace(one, formula=formula) for one in said.figures[:1])
    assert score_answer(case, replace(said, figures=shown)).unsupported_figures == unsupported


def test_a_text_of_any_maker_is_judged_alike() -> None:
    assert figures_right(goats(), "More than 40 goats.")
    assert not figures_right(goats(), "40 goats.")
    assert not figures_right(goats(), "Some goats.")


def test_an_error_is_a_failure_in_every_measure() -> None:
    score = failed_score(goats(), ValueError("It broke."))
    assert (score.outcome, score.citation_right, score.passed) == (Outcome.WRONG, False, False)
    assert (score.citation_precision, score.citation_recall) == (0, 0)
    assert score.retrieval == RetrievalScore(False, False, 0.0)
    assert score.error == "ValueError: It broke."
    unanswerable = failed_score(goats(answerable=False, figures=(), sources=()), ValueError("no"))
    assert unanswerable.outcome is Outcome.WRONG
    assert (unanswerable.citation_precision, unanswerable.retrieval) == (None, None)


# --- misbound ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "text", "misbound"),
    [
        ({}, "More than 40 goats.", ()),
        ({}, "90 goats.", ("90",)),
        ({}, "More than 40 of 90 goats.", ("90",)),
        ({}, "91 goats.", ()),  # wrong, but no cited sentence says so
        ({}, "40 goats.", ()),  # of the right goats
        ({}, "More than 40,000 goats.", ()),
        ({"forbidden": ("18",)}, "More than 40 goats, 18% fewer.", ("18%",)),
        ({"answerable": False, "figures": (), "sources": ()}, "90 goats.", ("90",)),
        ({"answerable": False, "figures": (), "sources": ()}, "91 goats.", ()),
    ],
)
def test_a_cited_figure_of_something_else_is_misbound(
    changes: dict[str, object], text: str, misbound: tuple[str, ...]
) -> None:
    score = score_answer(goats(**changes), answer(f"{text} [1]", CITED))
    assert score.misbound_figures == misbound
    assert set(misbound) <= set(score.wrong_figures)
