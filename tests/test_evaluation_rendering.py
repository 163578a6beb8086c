"""A run as JSON, Markdown and JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from evaluation_runs import (
    ABSTENTION,
    BARLEY,
    CASES,
    FARE,
    RYE,
    WHEAT,
    all_passed,
    answer,
    entry,
    run_of,
    sample,
    sample_run,
    suite,
)

from rag.evaluation import (
    Baseline,
    EvalReport,
    Evaluation,
    Floor,
    Outcome,
    report_json,
    report_junit,
    report_markdown,
)
from rag.evaluation.baseline import Entry
from rag.evaluation.gate import judged
from rag.evaluation.rendering.markdown import N_WORST, plain
from rag.schema import Answer

FLOOR = Floor(right_share=0.9, wrong_figures_max=0)
HOSTILE = "x | y\n![i](http://e.org/p.png) <img src=x onerror=alert(1)> `a` **b** #1 &amp; 12 [1]."


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return sample(FLOOR, all_passed())


@pytest.fixture(scope="module")
def fine() -> Evaluation:
    return run_of(WHEAT, RYE)


def of_one(reply: Answer) -> Evaluation:
    """A run of one question."""
    return run_of(FARE, replies={FARE.question: reply})


# --- JSON ----------------------------------------------------------------------------------


def test_json_has_every_case_and_every_share(evaluation: Evaluation) -> None:
    report = json.loads(json.dumps(report_json(evaluation), allow_nan=False))
    right = report["totals"]["right"]
    assert (right["part"], right["whole"], right["share"]) == (3, 6, 0.5)
    assert right["low"] < 0.5 < right["high"]
    assert report["kinds"]["absent-figure"]["right"]["share"] is None
    assert report["totals"]["outcomes"] == {
        "right": 3,
        "abstained right": 1,
        "wrong": 2,
        "missing": 0,
        "false refusal": 1,
        "answered unanswerable": 1,
    }
    assert [result["id"] for result in report["results"]] == [case.id for case in CASES]
    wheat, barley, *_, broken, short = report["results"]
    assert wheat["answer"]["citations"][0]["quote"].startswith("Farmers brought in")
    assert wheat["figures"] == [{"expected": "4100000", "verdict": "exact", "shown": "4.1 million"}]
    assert (barley["before"], barley["change"]) == ("false refusal", "same")
    assert broken["error"] == "RagError: The model broke\x07. Try again."
    assert (short["answer"], short["summary"]["document"]) == (None, "harvest")


def test_json_tells_what_the_gate_says(evaluation: Evaluation) -> None:
    report = report_json(evaluation)
    (valley,) = report["suites"]
    assert (report["passed"], len(report["failures"])) == (False, 2)
    assert (valley["name"], valley["floor"]["reached"]) == ("valley", False)
    assert valley["baseline"] == {
        "compared": 7,
        "new": 1,
        "lost": ["fare", "boats", "oats", "broken"],
        "lost_musts": [],
        "won": [],
        "p_value": 0.125,
        "same_settings": True,
    }


def test_json_tells_no_path_of_this_machine(evaluation: Evaluation) -> None:
    assert "/articles/" not in json.dumps(report_json(evaluation))


# --- Markdown ------------------------------------------------------------------------------


def test_markdown_has_shares_with_intervals_and_floors(evaluation: Evaluation) -> None:
    lines = report_markdown(evaluation).splitlines()
    assert lines[0] == "# Evaluation failed: 8 cases"
    assert lines[2] == "- **right answers: 50.0% (3 of 6), the floor asks for 90.0%.**"
    (right,) = (line for line in lines if "| right answers |" in line)
    assert right.startswith("| valley | right answers | 50.0% | ")
    assert right.endswith(" | 3 of 6 | at least 90.0% |")
    assert any("wrong figures shown 3 (the floor allows 0)" in line for line in lines)


def test_markdown_has_each_kind_with_its_number_of_cases(evaluation: Evaluation) -> None:
    page = report_markdown(evaluation)
    assert "| lookup | 3 | 1 (33.3%) | 6.1% to 79.2% | 1 | 0 | 1 | 0 |" in page
    assert "| absent-figure | 2 | 1 (50.0%) | " in page


def test_markdown_names_what_was_lost_and_won(evaluation: Evaluation) -> None:
    page = report_markdown(evaluation)
    assert "- lost 4: fare, boats, oats, broken\n- won 0\n" in page
    assert "- said nothing wrong then, and do now: 1: barley\n" in page
    assert "7 cases compared, 1 new. Exact McNemar p = 0.125." in page
    assert "other models" not in page


def test_markdown_names_other_settings() -> None:
    old = Baseline({"valley": {"wheat": entry(Outcome.RIGHT, passed=True, settings="1" * 12)}})
    assert "made with other models, prompts or settings" in report_markdown(sample(None, old))


def test_markdown_tells_why_the_worst_cases_failed(evaluation: Evaluation) -> None:
    page = report_markdown(evaluation)
    lines = page[page.index("## The worst 5 of 5 failed cases") :].splitlines()[2:]
    names = [line.split("**")[1] for line in lines if line.startswith("- **")]
    assert names == ["barley", "boats", "oats", "broken", "fare"]
    *_, fare, answered, expected, why = lines
    assert fare == "- **fare** (valley, lookup), false refusal: What is the fare?"
    assert (answered, expected) == ("  - answer: The articles do not say.", "  - expected: 14 EUR")
    assert why == "  - why: no sentence that answers is among those found (1)"
    assert "), right, but: " in lines[4]
    assert "the right sentence was found, and another is cited" in lines[7]


def test_markdown_names_no_more_than_the_worst() -> None:
    page = report_markdown(run_of(*(replace(FARE, id=f"fare-{n}") for n in range(40))))
    assert page.count("false refusal: ") == N_WORST
    assert "of 40 failed cases" in page


def test_markdown_of_a_run_in_which_all_is_well(fine: Evaluation) -> None:
    page = report_markdown(fine)
    assert page.startswith("# Evaluation passed: 2 cases\n")
    assert "failed cases" not in page


def test_a_share_of_nothing_is_none_and_not_all() -> None:
    empty = Evaluation((judged(suite(), EvalReport(()), floor=None, baseline=None),))
    page = report_markdown(empty)
    assert "| valley | right answers | none |  | 0 of 0 |  |" in page
    assert "median none, p95 none" in page


def test_answers_of_before_and_from_the_cache_are_told(fine: Evaluation) -> None:
    page = report_markdown(replace(fine, runs=(replace(fine.runs[0], resumed=2),), from_cache=3))
    assert "taken up again: 2." in page
    assert "Replies from the cache: 3;" in page


def test_words_of_others_stay_words_in_markdown() -> None:
    lines = report_markdown(of_one(answer(HOSTILE, "fare"))).splitlines()
    line = lines[lines.index("- **fare** (valley, lookup), wrong: What is the fare?") + 1]
    assert "!\\[i\\](http&#58;//" in line
    assert "\\<img src=x" in line
    assert "\\`a\\` \\*\\*b\\*\\* \\#1 \\&amp;" in line


@pytest.mark.parametrize("text", ["a\n# b", "| a |", "<b>", "[a](b)", "`x`", "&#33;", "a\\"])
def test_nothing_of_markdown_is_left_of_plain_text(text: str) -> None:
    bare = plain(text)
    assert "\n" not in bare
    for sign in "|<[]`&#":
        assert bare.count(sign) == bare.count(f"\\{sign}")


# --- JUnit ---------------------------------------------------------------------------------


def parsed(evaluation: Evaluation) -> ET.Element:
    text = report_junit(evaluation)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return ET.fromstring(text.encode())  # noqa: S314 - our own text


def by_name(root: ET.Element) -> dict[str, ET.Element]:
    return {test.get("name", ""): test for test in root.iter("testcase")}


# What Jenkins' schema (junit-10.xsd), the strictest that is in use, allows.
_ALLOWED = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "time", "skipped"},
    "testcase": {"name", "time", "classname"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message", "type"},
}
_CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error", "skipped"},
}


def elements(root: ET.Element) -> Iterator[tuple[ET.Element, set[str]]]:
    for element in root.iter():
        yield element, {child.tag for child in element}


def test_junit_keeps_the_rules_of_its_schema(evaluation: Evaluation) -> None:
    root = parsed(evaluation)
    assert root.tag == "testsuites"
    for element, children in elements(root):
        assert set(element.attrib) <= _ALLOWED[element.tag]
        assert children <= _CHILDREN.get(element.tag, set())
        for name in {"tests", "failures", "errors", "skipped"} & set(element.attrib):
            assert element.attrib[name].isdigit()
        if "time" in element.attrib:
            assert float(element.attrib["time"]) >= 0
    for test in root.iter("testcase"):
        assert len(test) <= 1
        assert test.attrib.keys() >= {"name", "classname", "time"}


def test_junit_counts_are_those_of_its_tests(evaluation: Evaluation) -> None:
    root = parsed(evaluation)
    for suite_ in [root, *root]:
        for name, tag in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]:
            if suite_ is not root or name != "skipped":
                assert int(suite_.attrib[name]) == len(list(suite_.iter(tag)))
        assert int(suite_.attrib["tests"]) == len(list(suite_.iter("testcase")))
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "time")} == {
        "tests": "10",
        "failures": "5",
        "errors": "1",
        "time": "8.000",
    }


def test_junit_has_a_suite_a_kind_and_a_test_a_case(evaluation: Evaluation) -> None:
    root = parsed(evaluation)
    names = ["valley.lookup", "valley.near-miss", "valley.absent-figure", "valley.summary", "gate"]
    assert [suite_.get("name") for suite_ in root] == names
    assert set(by_name(root)) == {*(c.id for c in CASES), "valley.floor", "valley.baseline"}


def test_junit_tells_what_is_wrong(evaluation: Evaluation) -> None:
    tests = by_name(parsed(evaluation))
    fare = tests["fare"].find("failure")
    assert fare is not None
    assert (fare.get("type"), tests["fare"].get("classname")) == (
        "false refusal",
        "rag.eval.valley.lookup",
    )
    assert "expected 14 EUR" in (fare.get("message") or "")
    assert "What is the fare?" in (fare.text or "")
    broken = tests["broken"].find("error")
    assert broken is not None
    assert "The model broke\ufffd." in (broken.get("message") or "")
    assert not list(tests["wheat"])
    floor = tests["valley.floor"].find("failure")
    assert floor is not None
    assert "the floor asks for 90.0%" in (floor.get("message") or "")
    assert not list(tests["valley.baseline"])


@pytest.mark.parametrize(
    ("before", "tag"),
    [
        (entry(Outcome.WRONG, passed=False), "skipped"),
        (entry(Outcome.FALSE_REFUSAL, passed=False), "failure"),
        (entry(Outcome.RIGHT, passed=True), "failure"),
    ],
    ids=["as wrong as before", "silent before", "right before"],
)
def test_only_what_is_new_is_red(before: Entry, tag: str) -> None:
    baseline = Baseline({"valley": {BARLEY.id: before}})
    (fault,) = by_name(parsed(Evaluation((sample_run(baseline=baseline),))))["barley"]
    assert fault.tag == tag


def test_an_error_is_never_known() -> None:
    baseline = Baseline({"valley": {"broken": entry(Outcome.WRONG, passed=False)}})
    (fault,) = by_name(parsed(Evaluation((sample_run(baseline=baseline),))))["broken"]
    assert fault.tag == "error"


def test_junit_of_a_run_in_which_all_is_well(fine: Evaluation) -> None:
    root = parsed(fine)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "0", "0")


def test_junit_is_xml_whatever_was_answered() -> None:
    said = "".join(map(chr, range(256))) + "\ud800\ufffe ]]> <a b='c'> 3"
    root = parsed(of_one(answer(said, "fare")))
    assert "]]> <a b='c'>" in ET.tostring(root, encoding="unicode", method="text")


def test_an_abstention_is_told_in_every_form() -> None:
    evaluation = of_one(ABSTENTION)
    for text in (
        json.dumps(report_json(evaluation)),
        report_markdown(evaluation),
        report_junit(evaluation),
    ):
        assert "The articles do not say." in text
