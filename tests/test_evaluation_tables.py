"""The rows that every form of a report has: controls, summaries, models, risk against coverage."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from evaluation_runs import (
    ABSTENTION,
    CASES,
    DAY,
    FARE,
    OATS,
    RYE,
    SETTINGS,
    WHEAT,
    run_of,
    sample,
    suite,
    with_controls,
)

from rag.evaluation import (
    Control,
    Evaluation,
    FigureVerdict,
    Split,
    report_html,
    report_json,
    report_markdown,
    report_record,
)
from rag.evaluation.control_runs import CHEAP, cases_for, controls_of
from rag.evaluation.rendering.groups import grouped
from rag.evaluation.rendering.tables import tables
from rag.evaluation.reports import Spread
from rag.schema import Timing

ASKED = (RYE.question, OATS.question, FARE.question)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return with_controls()


def rows(evaluation: Evaluation, title: str) -> list[tuple[str, ...]]:
    (found,) = (table for table in tables(evaluation) if table.title == title)
    assert all(len(row) == len(found.heads) for row in found.rows)
    return list(found.rows)


# --- rows ----------------------------------------------------------------------------------


def test_the_controls_stand_under_the_pipeline(evaluation: Evaluation) -> None:
    assert [row[:5] for row in rows(evaluation, "Honesty controls")] == [
        ("valley", "citeline", "3 of 6 (50.0%)", "3", "1 of 2 (50.0%)"),
        ("valley", "always abstain", "1 of 6 (16.7%)", "0", "2 of 2 (100.0%)"),
        ("valley", "first figure", "3 of 6 (50.0%)", "3", "1 of 2 (50.0%)"),
        ("valley", "citeline, of 7 cases", "2 of 5 (40.0%)", "3", "1 of 2 (50.0%)"),
        ("valley", "model alone", "2 of 5 (40.0%)", "3", "1 of 2 (50.0%)"),
    ]


def test_summaries_are_compared_with_both_baselines(evaluation: Evaluation) -> None:
    assert [row[1:4] for row in rows(evaluation, "Summaries")] == [
        ("citeline", "1 of 1 (100.0%)", "1 of 1 (100.0%)"),
        ("first three sentences", "1 of 1 (100.0%)", "1 of 1 (100.0%)"),
        ("model alone, given the whole text", "1 of 1 (100.0%)", "1 of 1 (100.0%)"),
    ]


def test_each_model_has_rows_and_changed_articles_are_one(evaluation: Evaluation) -> None:
    found = [row[:4] for row in rows(evaluation, "Models")]
    assert found == [
        ("valley", "one", "3 of 6 (50.0%)", "3"),
        ("valley-mutated", "one", "2 of 2 (100.0%)", "0"),
        ("valley-two", "two", "1 of 1 (100.0%)", "1"),
    ]


def test_what_has_no_rows_is_not_there() -> None:
    everything = ["Summaries", "Time and memory", "Expected figures", "Coverage at a risk"]
    assert [table.title for table in tables(sample())] == everything
    assert [table.title for table in tables(run_of(RYE))] == ["Time and memory"]


def test_times_and_memory_stand_beside_each_suite_and_model(evaluation: Evaluation) -> None:
    first, *others = evaluation.runs
    told = replace(evaluation, runs=(replace(first, peak_mb=812.4), *others))
    valley, changed, two = rows(told, "Time and memory")
    assert valley == ("valley", "one", "8", "1.00", "1.00", "6", "0.20", "0.20", "812")
    assert (changed[0], changed[2], changed[-1]) == ("valley-mutated", "2", "unknown")
    assert two[:2] == ("valley-two", "two")


def test_an_answer_for_which_the_model_was_not_asked_has_no_first_token() -> None:
    slow = replace(ABSTENTION, timing=Timing(0.1, 1.5, 2.0))
    silent = replace(ABSTENTION, timing=Timing(0.1, 0.0, 0.1))
    run = run_of(RYE, OATS, FARE, replies=dict(zip(ASKED, (slow, silent, silent), strict=True)))
    assert run.report.to_first_token == Spread(1, 1.5, 1.5)
    assert run.report.to_answer.n == 3
    (row,) = rows(run, "Time and memory")
    assert row[5:8] == ("1", "1.50", "1.50")
    (none,) = rows(run_of(OATS, replies={OATS.question: silent}), "Time and memory")
    assert none[5:8] == ("0", "none", "none")


def test_a_group_has_the_largest_memory_of_its_runs(evaluation: Evaluation) -> None:
    first, *others = evaluation.runs
    peaks = zip(others, (70.0, 90.0, None), strict=True)
    several = [replace(run, peak_mb=peak) for run, peak in peaks]
    _, changed, two = grouped((first, *several))
    assert (changed.peak_mb, two.peak_mb) == (90.0, None)


def test_each_kind_has_its_expected_figures_by_verdict(evaluation: Evaluation) -> None:
    (found,) = (table for table in tables(evaluation) if table.title == "Expected figures")
    assert found.heads[2:] == tuple(FigureVerdict)
    assert [row[0] for row in found.rows] == ["lookup", "near-miss", "summary", "all"]
    for row in found.rows:
        assert int(row[1]) == sum(map(int, row[2:]))
    *kinds, everything = ([int(cell) for cell in row[1:]] for row in found.rows)
    assert everything == [sum(column) for column in zip(*kinds, strict=True)]


def test_coverage_is_told_at_each_accepted_risk(evaluation: Evaluation) -> None:
    valley, two = rows(evaluation, "Coverage at a risk")
    assert valley[:3] == ("valley", "71.4%", "2 of 4")
    assert two[:3] == ("valley-two", "50.0%", "1 of 2")
    assert set(valley[3:]) == {"nothing"}, "all are equally sure, and half of them are wrong"


def test_another_model_is_no_more_cases(evaluation: Evaluation) -> None:
    assert evaluation.report.totals.cases == len(CASES) + 2
    assert [group.name for group in grouped(evaluation.first)] == ["valley", "valley-mutated"]
    assert evaluation.seconds >= sum(r.seconds for r in evaluation.runs[0].report.results)


def test_controls_that_need_the_model_are_asked_where_they_say_something() -> None:
    plain, *_ = grouped(with_controls().runs)
    its = plain.first.suite
    assert controls_of(its, Control) == tuple(Control)
    assert controls_of(replace(its, mutated_from="valley"), Control) == CHEAP
    assert controls_of(replace(its, model="two"), Control) == CHEAP
    theirs = replace(its, mapping={document: "a" for c in CASES for document in c.documents})
    assert controls_of(theirs, Control) == (*CHEAP, Control.MODEL_ALONE)


def test_controls_that_need_the_model_are_asked_the_gate_alone() -> None:
    one = suite(replace(WHEAT, split=Split.DEV), OATS)
    assert cases_for(Control.MODEL_ALONE, one) == one.cases[1:]
    assert cases_for(Control.FIRST_FIGURE, one) == one.cases
    dev = replace(one, cases=one.cases[:1])
    assert cases_for(Control.MODEL_ALONE, dev) == dev.cases, "there is no gate"


# --- in each form --------------------------------------------------------------------------


def test_markdown_has_the_tables_under_the_headline(evaluation: Evaluation) -> None:
    page = report_markdown(evaluation)
    heads = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert heads[:7] == [
        "Honesty controls",
        "Summaries",
        "Models",
        "Time and memory",
        "Expected figures",
        "Coverage at a risk",
        "By kind",
    ]
    assert "| all | 8 | 5 | 0 | 0 | 0 | 0 | 0 | 1 | 2 |" in page
    assert "1" * 64 not in page, "only what is kept needs every digit"


def test_a_committed_page_names_settings_and_weights_of_each_row(evaluation: Evaluation) -> None:
    page = report_markdown(evaluation, committed=True)
    assert f"| valley | 8 | {SETTINGS} | one {'1' * 64}; words {'3' * 64} |" in page
    assert f"| valley-two | 2 | {SETTINGS} | two {'2' * 64} |" in page
    assert "All answers together, those of controls and other models too, took 0 min." in page


def test_the_page_draws_a_curve_a_suite(evaluation: Evaluation) -> None:
    page = report_html(evaluation, DAY)
    drawings = re.findall(r"<svg[^>]*class=\"risk\".*?</svg>", page)
    assert len(drawings) == 2
    for drawing in drawings:
        svg = ET.fromstring(drawing)  # noqa: S314 - ours
        (path,) = (e for e in svg if e.get("class") == "curve")
        assert re.fullmatch(r"M[\d.]+ [\d.]+(?:V[\d.]+H[\d.]+)+", path.get("d", ""))
        title = svg[0]
        assert (title.tag, svg.get("role")) == ("title", "img")
        assert title.get("id") == svg.get("aria-labelledby")
    assert "always abstain" in page
    assert 'class="risk"' not in report_html(run_of(FARE), DAY)


def test_json_has_controls_models_and_curve(evaluation: Evaluation) -> None:
    valley, *_ = json.loads(json.dumps(report_json(evaluation), allow_nan=False))["suites"]
    assert list(valley["controls"]) == ["always abstain", "first figure", "model alone"]
    assert valley["controls"]["always abstain"]["totals"]["abstention"]["share"] == 1
    assert valley["models"] == {"one": "1" * 64, "words": "3" * 64}
    assert valley["risk_coverage"]["points"] == [[pytest.approx(1.15), 4, 2]]
    assert valley["risk_coverage"]["coverage"]["0.05"]["answered"] == 0


def test_json_has_times_and_memory(evaluation: Evaluation) -> None:
    first, *others = evaluation.runs
    report = report_json(replace(evaluation, runs=(replace(first, peak_mb=812.4), *others)))
    valley, changed, *_ = report["suites"]
    assert valley["seconds"] == {"n": 8, "median": 1.0, "p95": 1.0}
    assert valley["first_token_seconds"] == {"n": 6, "median": 0.2, "p95": 0.2}
    assert (valley["peak_process_mb"], changed["peak_process_mb"]) == (812.4, None)
    assert [one["first_token_seconds"] for one in report["results"][6:8]] == [None, None]


# --- what is kept --------------------------------------------------------------------------


def test_a_record_has_numbers_and_a_verdict_a_case(evaluation: Evaluation) -> None:
    record = json.loads(report_record(evaluation, DAY))
    valley, changed, two = record["suites"]
    assert (record["day"], record["passed"]) == ("2025-03-04", True)
    assert (valley["model"], changed["totals"]["cases"], two["model"]) == ("one", 2, "two")
    assert valley["verdicts"]["boats"] == "right, but"
    assert valley["controls"]["always abstain"]["abstained_rightly"] == "2 of 2"
    text = report_record(evaluation, DAY)
    assert not any(case.question in text for case in CASES)


def test_a_record_of_everything_can_be_committed() -> None:
    """700 cases, as many changed ones, and other models are under 300 kB."""
    long = "seeds-with-a-name-of-forty-letters-as-longest"
    cases = [replace(FARE, id=f"{long}-{n}") for n in range(1600)]
    run = run_of(*cases).runs[0]
    assert len(report_record(Evaluation((run,)), DAY).encode()) < 300_000
