"""A run as JSON, Markdown and JUnit XML."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from evaluation_samples import CASES, answer, right_answer

from rag.errors import RagError
from rag.evaluation import (
    EvalReport,
    Evaluation,
    report_json,
    report_junit,
    report_markdown,
    run_cases,
)
from rag.schema import Answer

RIGHT = {case.question: right_answer(case) for case in CASES}
BY_ID = {case.id: case for case in CASES}
FOUR = tuple(BY_ID[name] for name in ("nov-stopped", "aid-package", "mexico-troops", "sep-stopped"))
BELOW = ("right answers: 25.0% (1 of 3), the floor asks for 50.0%.",)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """One right answer, one wrong, one stopped by an error, one abstention that is right."""

    def ask(question: str) -> Answer:
        if question == FOUR[1].question:
            return answer("It was <$96 billion> & \x00 more\n | [1].")
        if question == FOUR[2].question:
            raise RagError("The model broke\x07.", "Try again.")
        return RIGHT[question]

    ticks = iter(range(100))
    report = run_cases(FOUR, ask, clock=lambda: float(next(ticks)))
    return Evaluation(report, BELOW)


def test_json_has_every_case_and_every_share(evaluation: Evaluation) -> None:
    report = json.loads(json.dumps(report_json(evaluation), allow_nan=False))
    assert report["totals"]["right"] == {
        "part": 1,
        "whole": 3,
        "share": pytest.approx(1 / 3),
        "low": pytest.approx(0.0615, abs=5e-5),
        "high": pytest.approx(0.7923, abs=5e-5),
    }
    assert report["totals"]["abstention_precision"]["share"] == 1
    assert report["kinds"]["absent-scope"]["right"]["share"] is None
    assert sum(report["totals"]["outcomes"].values()) == 4
    assert report["floor"] == {"reached": False, "breaches": list(BELOW)}
    assert report["seconds"] == {"median": 1.0, "p95": 1.0}
    assert report["settings_sha256"] == ["5" * 64]
    assert [result["id"] for result in report["results"]] == [case.id for case in FOUR]
    first, wrong, broken, abstained = report["results"]
    assert first["answer"]["citations"][0]["quote"] == FOUR[0].sources[0].quote
    assert first["passed"]
    assert wrong["wrong_figures"] == ["$96 billion"]
    assert (broken["answer"], broken["error"]) == (
        None,
        "RagError: The model broke\x07. Try again.",
    )
    assert abstained["citation_right"] is None


def test_json_tells_no_path_of_this_machine(evaluation: Evaluation) -> None:
    assert "/articles/" not in json.dumps(report_json(evaluation))


def test_markdown_has_shares_floor_and_each_failed_case_on_a_line(evaluation: Evaluation) -> None:
    page = report_markdown(evaluation)
    lines = page.splitlines()
    assert lines[0] == "# Evaluation: 4 cases"
    assert "| right answers | 33.3% | 6.1% to 79.2% | 1 of 3 |" in lines
    assert "| lookup | 3 | 1 | 2 | 0 | 0 |" in lines
    assert f"- {BELOW[0]}" in lines
    failed = [line for line in lines if line.startswith("- **")]
    assert [line.split("**")[1] for line in failed] == ["aid-package", "mexico-troops"]
    assert "expected 95000000000 USD, not $96 billion" in failed[0]
    assert "stopped by RagError: The model broke" in failed[1]


def test_markdown_of_a_run_in_which_all_is_well() -> None:
    page = report_markdown(Evaluation(run_cases(FOUR, RIGHT.__getitem__)))
    assert "## " not in page


def test_a_right_answer_that_fails_says_so() -> None:
    uncited = answer("46,610 [1]")
    page = report_markdown(Evaluation(run_cases(FOUR[:1], lambda _: uncited)))
    assert "**nov-stopped** (lookup), right, but:" in page
    assert "no citation is of a sentence that states it" in page


def test_a_share_of_nothing_is_none_and_not_all(evaluation: Evaluation) -> None:
    page = report_markdown(Evaluation(EvalReport(())))
    assert "| right answers | none | | 0 of 0 |" in page
    assert "median none, p95 none" in page


def test_junit_is_xml_with_a_test_a_case_and_one_for_the_floor(evaluation: Evaluation) -> None:
    text = report_junit(evaluation)
    suite = ET.fromstring(text.encode())  # noqa: S314 - our own text
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "time")} == {
        "tests": "5",
        "failures": "2",
        "errors": "1",
        "time": "4.000",
    }
    tests = {test.get("name"): test for test in suite}
    assert list(tests) == [*(case.id for case in FOUR), "floor"]
    wrong = tests["aid-package"].find("failure")
    assert wrong is not None
    assert (wrong.get("type"), tests["aid-package"].get("classname")) == (
        "wrong",
        "rag.eval.lookup",
    )
    assert "<$96 billion> & \ufffd more" in (wrong.text or "")
    assert tests["mexico-troops"].find("error") is not None
    assert not list(tests["nov-stopped"])
    floor = tests["floor"].find("failure")
    assert floor is not None
    assert floor.get("message") == BELOW[0]


def test_junit_has_no_test_for_a_floor_that_is_reached() -> None:
    text = report_junit(Evaluation(run_cases(FOUR, RIGHT.__getitem__)))
    suite = ET.fromstring(text.encode())  # noqa: S314 - our own text
    assert len(suite) == len(FOUR)
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
