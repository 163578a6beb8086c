"""What a run comes to, and the floor that it must reach."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from evaluation_samples import answer, cite, found, info

from rag.errors import InputError
from rag.evaluation import (
    Case,
    CaseResult,
    EvalReport,
    ExpectedFigure,
    FigureVerdict,
    Floor,
    Outcome,
    Share,
    Source,
    Totals,
    breaches,
    failed_score,
    load_floor,
    score_answer,
    score_summary,
)
from rag.evaluation.reports import total
from rag.metrics import effective_size, wilson_interval
from rag.schema import Answer, FigureKind, Status, Summary, SummaryPoint

QUOTE = "In May, 40 goats were sold."


def case_of(name: str, document: str = "a", **changes: object) -> Case:
    case = Case(
        id=name,
        kind="lookup",
        question="How many goats?",
        answerable=True,
        figures=(ExpectedFigure(Decimal(40), FigureKind.COUNT),),
        sources=(Source(document, QUOTE, 0, len(QUOTE)),),
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def nothing(name: str) -> Case:
    return case_of(name, answerable=False, figures=(), sources=())


def result(case: Case, given: Answer | Exception, seconds: float = 1.0) -> CaseResult:
    if isinstance(given, Exception):
        return CaseResult(case, None, failed_score(case, given), seconds)
    return CaseResult(case, given, score_answer(case, given), seconds)


def says(text: str, *documents: str, at: int = 1) -> Answer:
    """An answer that cites the quote in documents; it was found at a rank in the first."""
    cited = [cite(document, QUOTE, marker=n) for n, document in enumerate(documents, start=1)]
    evidence = [found("z", "It rained.")] * (at - 1) + [found("a", QUOTE)]
    return replace(answer(f"{text} [1]", cited), evidence=tuple(evidence))


REFUSAL = answer("The articles do not say.", status=Status.ABSTAINED)
ERROR = ValueError("It broke.")
RESULTS = (
    result(case_of("right"), says("40 goats", "a")),
    result(case_of("half-cited"), says("40 goats", "a", "z", at=2)),
    result(case_of("wrong"), says("41 goats", "z", at=4)),
    result(case_of("refused"), replace(REFUSAL, evidence=says("", at=1).evidence)),
    result(case_of("broken"), ERROR),
    result(nothing("silent"), REFUSAL),
    result(nothing("talks"), says("40 goats", "a")),
    result(nothing("breaks"), ERROR),
)
TOTALS = total(RESULTS)


def test_denominators_are_fixed_by_the_cases() -> None:
    assert {
        field.name: str(getattr(TOTALS, field.name))
        for field in fields(Totals)
        if isinstance(getattr(TOTALS, field.name), Share)
    } == {
        "figures": "2 of 5",
        "right": "2 of 5",
        "citation": "2 of 5",
        "citation_precision": "1.50 of 4",  # 1, 1/2, 0 and 0 for the error
        "citation_recall": "2 of 5",
        "false_refusal": "1 of 5",
        "abstention": "1 of 3",
        "abstention_precision": "1 of 2",
        "all_evidence": "4 of 5",
        "any_hit": "4 of 5",
        "reciprocal_rank": "2.75 of 5",
        "summary_precision": "0 of 0",
        "summary_coverage": "0 of 0",
    }
    assert (TOTALS.cases, TOTALS.answerable, TOTALS.errors) == (8, 5, 2)
    assert (TOTALS.wrong_figures, TOTALS.misbound_figures, TOTALS.unsupported_figures) == (2, 1, 1)


def test_every_case_has_one_outcome_and_every_figure_one_verdict() -> None:
    assert TOTALS.outcomes == {
        Outcome.RIGHT: 2,
        Outcome.WRONG: 3,
        Outcome.FALSE_REFUSAL: 1,
        Outcome.ABSTAINED_RIGHT: 1,
        Outcome.ANSWERED_UNANSWERABLE: 1,
    }
    assert TOTALS.count(Outcome.MISSING) == 0
    assert TOTALS.figure_verdicts == {
        FigureVerdict.EXACT: 2,
        FigureVerdict.WRONG: 1,
        FigureVerdict.MISSING: 2,
    }


def test_a_share_of_nothing_is_none() -> None:
    totals = total(())
    shares = [v for f in fields(Totals) if isinstance(v := getattr(totals, f.name), Share)]
    assert {(share.value, share.interval, str(share)) for share in shares} == {
        (None, None, "0 of 0")
    }
    assert totals.summary_words is None


@pytest.mark.parametrize("value", [math.nan, None])
def test_what_is_no_number_counts_as_nothing(value: float | None) -> None:
    right = RESULTS[0]
    assert right.score.retrieval is not None
    retrieval = replace(right.score.retrieval, reciprocal_rank=value)
    score = replace(
        right.score, citation_precision=value, citation_recall=value, retrieval=retrieval
    )
    totals = total([replace(right, score=score), RESULTS[1]])
    assert totals.citation_precision == Share(0.5, 2, effective=1)
    assert totals.citation_recall.value == 0.5
    assert totals.reciprocal_rank.value == 0.25


def test_an_error_never_makes_a_share_better() -> None:
    """But for those of abstentions: what breaks has not abstained."""
    names = {f.name for f in fields(Totals) if isinstance(getattr(TOTALS, f.name), Share)}
    for i, one in enumerate(RESULTS):
        totals = total([*RESULTS[:i], result(one.case, ERROR), *RESULTS[i + 1 :]])
        for name in names - {"false_refusal", "abstention_precision"}:
            before, after = getattr(TOTALS, name).value, getattr(totals, name).value
            assert (before is after is None) or after <= before, (one.case.id, name)
        assert totals.errors == TOTALS.errors + (one.score.error is None)


# --- intervals -----------------------------------------------------------------------------


def test_cases_on_one_article_hang_together() -> None:
    alike = [result(case_of(f"a-{n}"), says("40", "a")) for n in range(10)]
    alike += [result(case_of(f"b-{n}", "b"), says("41", "b")) for n in range(10)]
    apart = [result(case_of(f"{n}", f"d{n}"), says("40", f"d{n}")) for n in range(10)]
    apart += [result(case_of(f"x{n}", f"x{n}"), says("41", f"x{n}")) for n in range(10)]
    one, other = total(alike).right, total(apart).right
    assert (one.part, one.whole) == (other.part, other.whole) == (10, 20)
    assert one.effective == pytest.approx(1)
    assert other.effective == pytest.approx(19)
    assert one.interval is not None
    assert other.interval is not None
    assert one.interval.low < other.interval.low < other.interval.high < one.interval.high


def test_the_interval_is_that_of_the_effective_size() -> None:
    values, articles = [1.0, 1, 0, 0, 0], "aaaaa"
    size = effective_size(values, articles)
    assert TOTALS.right.effective == size
    assert TOTALS.right.interval == wilson_interval(0.4 * size, size)
    assert Share(3, 4).interval == wilson_interval(3, 4)


def test_a_case_without_sources_stands_alone() -> None:
    silent = [result(nothing(f"n{n}"), REFUSAL) for n in range(4)]
    assert total(silent).abstention.effective == 4
    assert case_of("x", "b").documents == ("b",)
    assert result(case_of("x", "b"), ERROR).cluster == "b"


# --- summaries -----------------------------------------------------------------------------


def summed_up(name: str, *texts: str) -> CaseResult:
    case = case_of(name, summarize="a")
    points = tuple(
        SummaryPoint(f"{text} [1]", (cite("a", QUOTE),), (), verified=True) for text in texts
    )
    summary = Summary(info("a"), points, 1, 1, (), 0.5, "5" * 64)
    return CaseResult(case, None, score_summary(case, summary), 1.0, summary)


def test_summaries_are_summed_up_on_their_own() -> None:
    broken = result(case_of("broken", summarize="a"), ERROR)
    totals = total(
        [summed_up("s1", "In May, 40 goats.", "Or 41."), summed_up("s2", "Goats."), broken]
    )
    assert str(totals.summary_precision) == "1 of 2"
    assert str(totals.summary_coverage) == "1 of 3"
    assert totals.summary_words == 1  # of the two that were written, 1 and 6
    assert str(totals.right) == "1 of 3"
    assert str(totals.all_evidence) == "0 of 0"  # nothing is searched for


# --- the report ----------------------------------------------------------------------------


def test_kinds_and_failures_are_in_the_order_of_the_cases() -> None:
    other = replace(RESULTS[0], case=case_of("other", kind="scope"))
    report = EvalReport((*RESULTS, other))
    assert list(report.kinds) == ["lookup", "scope"]
    assert [totals.cases for totals in report.kinds.values()] == [8, 1]
    assert [failed.case.id for failed in report.failed] == [
        *("wrong", "refused", "broken", "talks", "breaks"),
    ]
    assert report.settings_sha256 == ("5" * 64,)


# --- the floor -----------------------------------------------------------------------------

REPORT = EvalReport(RESULTS)


@pytest.mark.parametrize(
    ("floor", "said"),
    [
        (Floor(), []),
        (
            Floor(
                right_share=0.4,
                abstention_share=0.3,
                citation_share=0.4,
                citation_precision=0.375,
                citation_recall=0.4,
                false_refusal_share_max=0.2,
                wrong_figures_max=2,
                unsupported_figures_max=1,
                misbound_figures_max=1,
            ),
            [],
        ),
        (Floor(right_share=0.41), ["right answers: 40.0% (2 of 5), the floor asks for 41.0%."]),
        (
            Floor(citation_share=1),
            ["citations of the right sentence: 40.0% (2 of 5), the floor asks for 100.0%."],
        ),
        (
            Floor(citation_precision=0.38),
            ["precision of citations: 37.5% (1.50 of 4), the floor asks for 38.0%."],
        ),
        (
            Floor(citation_recall=0.41),
            ["recall of citations: 40.0% (2 of 5), the floor asks for 41.0%."],
        ),
        (
            Floor(false_refusal_share_max=0.19),
            ["false refusals: 20.0% (1 of 5), the floor allows 19.0%."],
        ),
        (Floor(wrong_figures_max=1), ["wrong figures shown: 2, the floor allows 1."]),
        (Floor(unsupported_figures_max=0), ["unsupported figures: 1, the floor allows 0."]),
        (Floor(misbound_figures_max=0), ["misbound figures: 1, the floor allows 0."]),
    ],
)
def test_what_does_not_reach_the_floor(floor: Floor, said: list[str]) -> None:
    assert list(breaches(REPORT, floor)) == said


def test_a_breach_names_what_was_measured() -> None:
    (sentence,) = breaches(REPORT, Floor(abstention_share=0.6))
    assert sentence.startswith("abstentions where the articles do not say: 33.3% (1 of 3), ")


@pytest.mark.parametrize("field", [f.name for f in fields(Floor) if not f.name.endswith("s_max")])
def test_a_share_of_nothing_reaches_no_floor(field: str) -> None:
    (sentence,) = breaches(EvalReport(()), replace(Floor(), **{field: 0.5}))  # type: ignore[arg-type]
    assert "no case measures them" in sentence


def test_a_floor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_text("right_share = 0.6\nwrong_figures_max = 2\nfalse_refusal_share_max = 0.1\n")
    assert load_floor(path) == Floor(
        right_share=0.6, wrong_figures_max=2, false_refusal_share_max=0.1
    )


@pytest.mark.parametrize(
    "text",
    [
        *("right_share = 60", "right_share = nan", "right = 0.6", "wrong_figures_max = -1"),
        *("misbound_figures_max = 0.5", "right_share", "\udcff"),
    ],
)
def test_a_wrong_floor_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floor.toml"
    path.write_text(text, errors="surrogateescape")
    with pytest.raises(InputError, match=r"floor\.toml"):
        load_floor(path)


def test_a_floor_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_floor(tmp_path / "none.toml")


def test_the_shipped_floor_is_a_floor() -> None:
    floor = load_floor(Path(__file__).resolve().parents[1] / "eval" / "floor.toml")
    assert floor.right_share is not None
