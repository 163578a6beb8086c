"""A run as JUnit XML, for a CI's list of tests.

A case that failed in the baseline too is skipped, with its reason: only what is new is red.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from rag.evaluation.gate import Evaluation, SuiteRun
from rag.evaluation.rendering.words import change, given_text, verdict
from rag.evaluation.reports import CaseResult

# XML 1.0 has no way to write other characters, and parsers refuse them.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_junit(evaluation: Evaluation) -> str:
    """Return one testcase a case, in a suite a kind, and a suite for what the gate asks."""
    suites = [*_kind_suites(evaluation.runs), _gate_suite(evaluation)]
    root = ET.Element("testsuites", {"name": "rag eval", **_counts(suites)})
    root.extend(suites)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _kind_suites(runs: Sequence[SuiteRun]) -> Iterator[ET.Element]:
    for run in runs:
        for kind in run.report.kinds:
            of_kind = [result for result in run.report.results if result.case.kind == kind]
            yield _suite(f"{run.suite.name}.{kind}", [_testcase(run, r) for r in of_kind])


def _suite(name: str, tests: Sequence[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    suite.extend(tests)
    suite.attrib |= {**_counts([suite]), "skipped": str(len(suite.findall("testcase/skipped")))}
    return suite


def _counts(suites: Sequence[ET.Element]) -> dict[str, str]:
    tests = [test for suite in suites for test in suite.findall("testcase")]
    return {
        "tests": str(len(tests)),
        "failures": str(sum(test.find("failure") is not None for test in tests)),
        "errors": str(sum(test.find("error") is not None for test in tests)),
        "time": f"{sum(float(test.get('time', 0)) for test in tests):.3f}",
    }


def _testcase(run: SuiteRun, result: CaseResult) -> ET.Element:
    case, score = result.case, result.score
    name = f"rag.eval.{run.suite.name}.{case.kind}"
    test = ET.Element("testcase", classname=name, name=case.id, time=f"{result.seconds:.3f}")
    if not score.passed:
        known = _is_known(run, result)
        fault = "skipped" if known else "error" if score.error else "failure"
        message = f"{verdict(result)}: {score.explanation}"
        element = ET.SubElement(test, fault, message=_xml(message))
        if not known:
            element.set("type", score.outcome.value)
        element.text = _xml(f"{case.question}\n{given_text(result)}")
    return test


def _is_known(run: SuiteRun, result: CaseResult) -> bool:
    """Whether it failed in the baseline too, and says nothing worse than then."""
    same = change(run, result) == "same"
    return same and result.score.error is None and result not in run.turned_wrong


def _gate_suite(evaluation: Evaluation) -> ET.Element:
    tests = []
    for run in evaluation.runs:
        lost = run.comparison.failures if run.comparison else ()
        for name, failures in (("floor", run.breaches), ("baseline", lost)):
            test = ET.Element(
                "testcase", classname="rag.eval.gate", name=f"{run.suite.name}.{name}", time="0.000"
            )
            if failures:
                ET.SubElement(test, "failure", message=_xml(" ".join(failures)), type=name)
            tests.append(test)
    return _suite("gate", tests)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
