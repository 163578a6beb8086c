"""What was accepted before: written per case, compared per case, moved by nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_runs import (
    CASES,
    DAY,
    SETTINGS,
    all_passed,
    asked,
    entry,
    sample_run,
)
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.evaluation import (
    Baseline,
    CaseResult,
    EvalReport,
    Evaluation,
    Floor,
    Outcome,
    Score,
    Suite,
    accept,
    load_baseline,
    write_baseline,
)
from rag.evaluation.baseline import SIGNIFICANT, Comparison, compare_with
from rag.evaluation.gate import judged
from rag.metrics import mcnemar_exact


def result(name: str, *, passed: bool, tags: tuple[str, ...] = ()) -> CaseResult:
    case = asked(name, f"{name}?", tags=tags)
    outcome = Outcome.ABSTAINED_RIGHT if passed else Outcome.ANSWERED_UNANSWERABLE
    return CaseResult(case, None, Score(name, outcome, "", None), 0.0)


def compared(before: list[bool], now: list[bool], tags: tuple[str, ...] = ()) -> Comparison:
    """Two runs of as many cases, each passed or not."""
    results = [result(f"c{n}", passed=passed, tags=tags) for n, passed in enumerate(now)]
    entries = {
        f"c{n}": entry(Outcome.RIGHT if passed else Outcome.WRONG, passed=passed)
        for n, passed in enumerate(before)
    }
    comparison = compare_with(Baseline({"x": entries}), "x", results, SETTINGS)
    assert comparison is not None
    return comparison


# --- the file ------------------------------------------------------------------------------


def accepted() -> Baseline:
    run = sample_run()
    known = run.suite.known
    return accept(Baseline(), "valley", run.report.results, known=known, day=DAY, settings=SETTINGS)


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "baseline.json"
    write_baseline(accepted(), path)
    assert load_baseline(path) == accepted()
    write_baseline(Baseline(), path)
    assert load_baseline(path) == Baseline()


def test_a_case_is_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(accepted(), path)
    lines = path.read_text().splitlines()
    for case in CASES:
        assert sum(f'"{case.id}"' in line for line in lines) == 1
    assert json.loads(path.read_text())["suites"]["valley"]["wheat"] == {
        "outcome": "right",
        "passed": True,
        "settings": SETTINGS[:12],
    }


def test_a_baseline_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert load_baseline(tmp_path / "none.json") == Baseline()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"suits": {}}',
        '{"suites": {"x": {"a": {"outcome": "good", "passed": true, "settings": ""}}}}',
        '{"suites": {"x": {"a": {"outcome": "right"}}}}',
    ],
)
def test_a_wrong_baseline_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"baseline\.json") as refused:
        load_baseline(path)
    assert "--accept" in refused.value.hint


def test_a_baseline_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_baseline(Baseline(), tmp_path)


# --- accepting -----------------------------------------------------------------------------


def test_accepting_some_cases_leaves_the_others() -> None:
    before = accepted()
    won = [result("barley", passed=True)]
    after = accept(before, "valley", won, known={"wheat", "barley"}, day=DAY, settings="6" * 64)
    entries = after.suites["valley"]
    assert set(entries) == {"wheat", "barley"}, "cases that are no more are dropped"
    assert entries["wheat"] == before.suites["valley"]["wheat"]
    assert (entries["barley"].passed, entries["barley"].settings) == (True, "6" * 12)


def test_accepting_leaves_other_suites_and_adds_to_the_history() -> None:
    run = sample_run()
    after = accept(
        all_passed("other"),
        "valley",
        run.report.results,
        known=run.suite.known,
        day=DAY,
        settings=SETTINGS,
    )
    assert after.suites["other"] == all_passed("other").suites["other"]
    (row,) = after.accepted
    assert (row.day, row.suite, row.passed, row.cases) == (DAY, "valley", 3, 8)


# --- comparing -----------------------------------------------------------------------------


def test_lost_won_and_new_cases() -> None:
    comparison = sample_run(baseline=all_passed()).comparison
    assert comparison is not None
    assert [r.case.id for r in comparison.lost] == ["fare", "boats", "oats", "broken"]
    assert comparison.won == ()
    assert (comparison.new, len(comparison.before), comparison.same_settings) == (1, 7, True)


def test_a_right_answer_that_cites_nothing_right_is_lost() -> None:
    comparison = sample_run(baseline=all_passed()).comparison
    assert comparison is not None
    boats = comparison.lost[1]
    assert (boats.case.id, boats.score.outcome) == ("boats", Outcome.RIGHT)


def test_a_suite_that_the_baseline_does_not_have_is_not_compared() -> None:
    assert sample_run(baseline=all_passed("other")).comparison is None
    assert sample_run(baseline=Baseline()).failures == ()


def test_other_settings_are_told() -> None:
    comparison = compare_with(all_passed(), "valley", sample_run().report.results, "6" * 64)
    assert comparison is not None
    assert not comparison.same_settings


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_the_gate_is_mcnemars_test_on_the_cases_that_changed(
    pairs: list[tuple[bool, bool]],
) -> None:
    comparison = compared([b for b, _ in pairs], [n for _, n in pairs])
    lost, won = pairs.count((True, False)), pairs.count((False, True))
    assert (len(comparison.lost), len(comparison.won)) == (lost, won)
    assert bool(comparison.failures) == (lost > won and mcnemar_exact(lost, won) < SIGNIFICANT)


@pytest.mark.parametrize(
    ("n_lost", "n_won", "stopped"),
    [(5, 0, False), (6, 0, True), (7, 1, False), (8, 1, True), (0, 9, False), (4, 4, False)],
)
def test_a_significant_loss_is_stopped(n_lost: int, n_won: int, stopped: bool) -> None:
    before = [True] * n_lost + [False] * n_won + [True] * 50
    now = [False] * n_lost + [True] * n_won + [True] * 50
    failures = compared(before, now).failures
    assert bool(failures) is stopped
    if stopped:
        assert f"lost against the baseline: {n_lost}, won: {n_won}" in failures[0]


def test_one_lost_case_that_must_never_be_lost_is_stopped() -> None:
    assert compared([True, True], [False, True], ("must",)).failures == (
        "lost cases that must never be lost: c0.",
    )
    assert not compared([False, True], [False, True], ("must",)).failures


def test_what_said_nothing_wrong_then_and_does_now_is_named() -> None:
    run = sample_run(baseline=all_passed())
    assert [r.case.id for r in run.turned_wrong] == ["barley"]


# --- the gate ------------------------------------------------------------------------------


def test_accepting_forgives_what_is_lost_but_not_the_floor() -> None:
    must = replace(all_passed(), suites={"valley": {"rye": entry(Outcome.RIGHT, passed=True)}})
    valley = Suite("valley", (), Path())
    report = EvalReport((result("rye", passed=False, tags=("must",)),))
    lost = Evaluation((judged(valley, report, floor=None, baseline=must),))
    assert (lost.exit_code, replace(lost, accepted=True).exit_code) == (1, 0)
    below = Evaluation((judged(valley, report, floor=Floor(abstention_share=1), baseline=must),))
    assert len(below.failures) == 2
    assert len(replace(below, accepted=True).failures) == 1
