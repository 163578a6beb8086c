"""Right figures that say something false: the sense turned, or the subjects exchanged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from evaluation_samples import ANSWERABLE, case_of, info, right_answer, right_summary

from rag.evaluation import (
    Case,
    ExpectedFigure,
    FigureVerdict,
    Outcome,
    Source,
    score_answer,
    score_summary,
)
from rag.evaluation.scoring import figures_right
from rag.evaluation.senses import turned_figures
from rag.evaluation.subjects import swapped_figures
from rag.schema import Answer, Citation, Figure, FigureKind, Span, SummaryPoint

FELL = "Sales fell by 18% in May, the company said."
BOTH = "Sales fell by 18% in May, while costs rose by 7%."
LEVEL = "In May 46,610 goats were counted, and none were lost."
LATER = "Sales have fallen since the spring, to 320 a month."


def share(value: str, scope: str = "sales", period: str = "May") -> ExpectedFigure:
    return ExpectedFigure(Decimal(value), FigureKind.PERCENT, scope=scope, period=period)


def count(value: str, scope: str = "", period: str = "") -> ExpectedFigure:
    return ExpectedFigure(Decimal(value), FigureKind.COUNT, scope=scope, period=period)


def texts(figures: tuple[Figure, ...]) -> list[str]:
    return [figure.text for figure in figures]


# --- the sense of one figure ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        (FELL, "Sales rose by 18% [1]."),
        (FELL, "In May there was an 18% rise in sales [1]."),
        (FELL, "Sales were 18% higher [1]."),
        (FELL, "Sales did not fall by 18% [1]."),
        (FELL, "It was not 18% [1]."),
        (BOTH, "Sales rose by 18%, while costs rose [1]."),
        (BOTH, "Costs rose, and sales were up 18% [1]."),
        ("There were 18% fewer sales, up to May.", "There were 18% more sales [1]."),
        ("Of those asked, 18% did not buy.", "It was not 18% [1]."),
    ],
)
def test_the_opposite_with_the_right_figure_is_wrong(quote: str, said: str) -> None:
    assert texts(turned_figures(case_of(share("18"), quote=quote), said)) == ["18%"]


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        (FELL, FELL),
        (FELL, "The decline was 18% [1]."),
        (FELL, "Sales were 18% lower [1]."),
        (FELL, "18% [1]."),
        (FELL, "No, sales did not rise; they fell by 18% [1]."),
        (FELL, "It was not 7% but 18% [1]."),
        (FELL, "Sales dropped by no less than 18% [1]."),
        (BOTH, BOTH),
        ("The share of sales is 18%.", "The share rose to 18% [1]."),
        ("Sales fell by 18%, then rose by 18%.", "Sales rose by 18% [1]."),
        ("Of those asked, 18% did not buy.", "18% did not buy [1]."),
    ],
)
def test_the_same_sense_in_other_words_is_right(quote: str, said: str) -> None:
    assert turned_figures(case_of(share("18"), quote=quote), said) == ()


def test_only_the_words_around_a_figure_deny_it() -> None:
    case = case_of(count("46610"), quote=LEVEL)
    assert turned_figures(case, "46,610 goats were counted, and none were lost [1].") == ()
    assert texts(turned_figures(case, "46,610 goats were not counted [1].")) == ["46,610"]


def test_a_sense_is_looked_for_in_the_clause_before_too() -> None:
    case = case_of(count("320"), quote=LATER)
    assert texts(turned_figures(case, "Sales have risen to 320 [1].")) == ["320"]
    assert turned_figures(case, "Sales have dropped, to 320 a month [1].") == ()


@pytest.mark.parametrize(
    "more",
    [
        {"question": "How many goats were not counted?"},
        {"texts": (("did not", "was not"),)},
        {"figures": (count("46610", "goats that were not counted"),)},
    ],
)
def test_a_denial_that_is_asked_for_is_none_of_the_answer(more: dict[str, object]) -> None:
    case = case_of(count("46610"), quote="In May 46,610 goats went missing.")
    said = "46,610 goats were not counted [1]."
    assert texts(turned_figures(case, said)) == ["46,610"]
    assert turned_figures(replace(case, **more), said) == ()  # type: ignore[arg-type]


def test_one_sentence_that_agrees_is_enough() -> None:
    sources = (Source("harvest", FELL), Source("market", "Sales rose by 18%, it was said."))
    assert turned_figures(case_of(share("18"), sources=sources), "Sales rose by 18% [1].") == ()


# --- the subjects of two -------------------------------------------------------------------

SHIPS = case_of(
    count("212", "passengers ill, according to the operator"),
    count("248", "passengers ill, according to the port doctors"),
    quote="The operator said 212 were ill and the port doctors 248.",
)
YEARS = case_of(
    share("31", "women", "2023"),
    share("34", "women", "2024"),
    quote="The share of women rose from 31% in 2023 to 34% in 2024.",
)
BARE = case_of(count("20"), count("30"), quote="The herd grew from 20 to 30.")


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (SHIPS, "The operator said 248 were ill and the port doctors 212 [1]."),
        (SHIPS, "248 were ill according to the operator, 212 according to the port doctors [1]."),
        (SHIPS, "By the operator and the port doctors it was 248 and 212 [1]."),
        (SHIPS, "It was 248 (operator) and 212 (doctors) [1]."),
        (YEARS, "It was 34% in 2023 and 31% in 2024 [1]."),
        (YEARS, "It went from 34% in 2023 to 31% in 2024 [1]."),
        (YEARS, "In 2023 it was 34%; in 2024, 31% [1]."),
        (BARE, "The herd went from 30 to 20 [1]."),
    ],
)
def test_two_figures_on_each_others_subjects_are_wrong(case: Case, said: str) -> None:
    assert len(swapped_figures(case, said)) == 2


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (SHIPS, "The operator said 212 were ill and the port doctors 248 [1]."),
        (SHIPS, "By the port doctors 248 were ill, 36 more than the operator said, 212 [1]."),
        (SHIPS, "By the port doctors and the operator it was 248 and 212 [1]."),
        (SHIPS, "212 and 248 [1]."),
        (SHIPS, "After 212 fell ill the ship returned to port. Later 248 were counted [1]."),
        (SHIPS, "The operator said 248 were ill [1]."),
        (YEARS, "It was 34% in 2024, up from 31% in 2023 [1]."),
        (YEARS, "More women came in 2024 (34%) than in 2023 (31%) [1]."),
        (BARE, "The herd went from 20 to 30 [1]."),
        (BARE, "There are 30 of them, and there were 20 [1]."),
    ],
)
def test_two_figures_on_their_own_subjects_are_right(case: Case, said: str) -> None:
    assert swapped_figures(case, said) == ()


def test_equal_figures_cannot_be_exchanged() -> None:
    case = case_of(count("20", "goats"), count("20", "sheep"), quote="20 goats and 20 sheep.")
    assert swapped_figures(case, "There are 20 sheep and 20 goats [1].") == ()


# --- as scores -----------------------------------------------------------------------------


def answered(case: Case, text: str) -> Answer:
    return replace(right_answer(case), text=text)


def test_a_turned_figure_makes_an_answer_wrong_and_is_of_the_right_thing() -> None:
    case = case_of(share("18"), quote=FELL)
    score = score_answer(case, answered(case, "Sales rose by 18% [1]."))
    assert (score.outcome, score.wrong_figures) == (Outcome.WRONG, ("18%",))
    assert [figure.verdict for figure in score.figures] == [FigureVerdict.TURNED]
    assert score.misbound_figures == ()
    assert not figures_right(case, "Sales rose by 18%.")


def test_exchanged_figures_are_misbound() -> None:
    score = score_answer(SHIPS, answered(SHIPS, "The operator said 248, the port doctors 212 [1]."))
    assert (score.outcome, score.misbound_figures) == (Outcome.WRONG, ("248", "212"))
    assert [figure.verdict for figure in score.figures] == [FigureVerdict.WRONG_SCOPE] * 2


def test_a_summary_with_a_turned_key_figure_is_wrong() -> None:
    case = case_of(share("18"), quote=FELL, summarize="harvest")
    cited = (Citation(1, info("harvest"), Span(0, len(FELL)), FELL),)
    for text, outcome in ((FELL, Outcome.RIGHT), ("Sales rose by 18%.", Outcome.WRONG)):
        point = SummaryPoint(f"{text} [1]", cited, (), verified=True)
        summary = replace(right_summary(case), points=(point,))
        assert score_summary(case, summary).outcome is outcome


def test_no_gold_sentence_and_no_right_answer_is_taken_for_the_opposite() -> None:
    for case in ANSWERABLE:
        quotes = [source.quote for source in case.sources]
        for text in (right_answer(case).text, *quotes, " ".join(quotes)):
            assert turned_figures(case, text) == (), case.id
            # Of a summary, where anything may stand beside anything, this is not asked.
            assert case.summarize or swapped_figures(case, text) == (), case.id
