"""A run as JSON, as a short page of Markdown and as JUnit XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from rag.evaluation.reports import CaseResult, Share, Totals
from rag.evaluation.running import Evaluation
from rag.evaluation.scoring import Outcome
from rag.schema import JSON, Answer, Citation

# XML 1.0 has no way to write other characters, and parsers refuse them.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_json(evaluation: Evaluation) -> JSON:
    """Return everything about a run as plain JSON values; a share of nothing is null."""
    report = evaluation.report
    return {
        "settings_sha256": list(report.settings_sha256),
        "totals": _totals_json(report.totals),
        "kinds": {name: _totals_json(totals) for name, totals in report.kinds.items()},
        "seconds": {"median": report.median_s, "p95": report.p95_s},
        "floor": {"reached": not evaluation.breaches, "breaches": list(evaluation.breaches)},
        "results": [_result_json(result) for result in report.results],
    }


def _totals_json(totals: Totals) -> JSON:
    return {
        "cases": totals.cases,
        "answerable": totals.answerable,
        "outcomes": {outcome.value: totals.count(outcome) for outcome in Outcome},
        "right": _share_json(totals.right),
        "citation": _share_json(totals.citation),
        "abstention": _share_json(totals.abstention),
        "abstention_precision": _share_json(totals.abstention_precision),
        "wrong_figures": totals.wrong_figures,
        "unsupported_figures": totals.unsupported_figures,
        "errors": totals.errors,
    }


def _share_json(share: Share) -> JSON:
    low, high = share.interval or (None, None)
    return {
        "part": share.part,
        "whole": share.whole,
        "share": share.value,
        "low": low,
        "high": high,
    }


def _result_json(result: CaseResult) -> JSON:
    case, score = result.case, result.score
    return {
        "id": case.id,
        "kind": case.kind,
        "tags": list(case.tags),
        "question": case.question,
        "outcome": score.outcome.value,
        "passed": score.passed,
        "explanation": score.explanation,
        "citation_right": score.citation_right,
        "wrong_figures": list(score.wrong_figures),
        "unsupported_figures": list(score.unsupported_figures),
        "error": score.error,
        "seconds": result.seconds,
        "answer": _answer_json(result.answer) if result.answer else None,
    }


def _answer_json(answer: Answer) -> JSON:
    """The words and what they cite, without the paths of one machine."""
    return {
        "status": answer.status.value,
        "text": answer.text,
        "citations": [_citation_json(citation) for citation in answer.citations],
    }


def _citation_json(citation: Citation) -> JSON:
    return {
        "marker": citation.marker,
        "document": citation.document.id,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
    }


# --- Markdown ------------------------------------------------------------------------------


def report_markdown(evaluation: Evaluation) -> str:
    """Return the headline, a table of the kinds, the floor and each failed case with its reason."""
    report = evaluation.report
    totals = report.totals
    lines = [
        f"# Evaluation: {totals.cases} cases",
        "",
        "| measure | share | 95% interval | cases |",
        "| --- | ---: | ---: | ---: |",
        _share_row("right answers", totals.right),
        _share_row("citations of the right sentence", totals.citation),
        _share_row("abstentions where the articles do not say", totals.abstention),
        "",
        f"Wrong figures shown: {totals.wrong_figures}.",
        f"Unsupported figures: {totals.unsupported_figures}.",
        f"Questions stopped by an error: {totals.errors}.",
        f"Seconds a question: median {_seconds(report.median_s)}, p95 {_seconds(report.p95_s)}.",
        "",
        "| kind | cases | right | wrong | missing | refused or answered against the articles |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(_kind_row(name, row) for name, row in report.kinds.items()),
    ]
    if evaluation.breaches:
        lines += ["", "## Below the floor", ""]
        lines += [f"- {breach}" for breach in evaluation.breaches]
    if report.failed:
        lines += ["", f"## Failed cases: {len(report.failed)}", ""]
        lines += [_failure(result) for result in report.failed]
    return "\n".join(lines) + "\n"


def _share_row(name: str, share: Share) -> str:
    if share.interval is None or share.value is None:
        return f"| {name} | none | | 0 of 0 |"
    low, high = share.interval
    return (
        f"| {name} | {share.value:.1%} | {low:.1%} to {high:.1%} | {share.part} of {share.whole} |"
    )


def _kind_row(name: str, totals: Totals) -> str:
    right = totals.count(Outcome.RIGHT) + totals.count(Outcome.ABSTAINED_RIGHT)
    against = totals.count(Outcome.FALSE_REFUSAL) + totals.count(Outcome.ANSWERED_UNANSWERABLE)
    wrong, missing = totals.count(Outcome.WRONG), totals.count(Outcome.MISSING)
    return f"| {name} | {totals.cases} | {right} | {wrong} | {missing} | {against} |"


def _failure(result: CaseResult) -> str:
    outcome = result.score.outcome
    name = "right, but" if result.score.right else outcome
    return " ".join(
        f"- **{result.case.id}** ({result.case.kind}), {name}: {result.case.question} "
        f"{result.score.explanation}.".split()
    )


def _seconds(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"


# --- JUnit ---------------------------------------------------------------------------------


def report_junit(evaluation: Evaluation) -> str:
    """Return JUnit XML: one testcase a case, one more for the floor where it is not reached."""
    report = evaluation.report
    tests = [*map(_testcase, report.results), *_floor_testcases(evaluation.breaches)]
    suite = ET.Element(
        "testsuite",
        name="rag eval",
        tests=str(len(tests)),
        failures=str(sum(test.find("failure") is not None for test in tests)),
        errors=str(sum(test.find("error") is not None for test in tests)),
        time=f"{sum(result.seconds for result in report.results):.3f}",
    )
    suite.extend(tests)
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suite, encoding="unicode")}\n'


def _testcase(result: CaseResult) -> ET.Element:
    case, score = result.case, result.score
    test = ET.Element(
        "testcase", classname=f"rag.eval.{case.kind}", name=case.id, time=f"{result.seconds:.3f}"
    )
    if not score.passed:
        fault = ET.SubElement(
            test, "error" if score.error else "failure", message=_xml(score.explanation)
        )
        fault.set("type", score.outcome.value)
        fault.text = _xml(f"{case.question}\n{result.answer.text if result.answer else ''}")
    return test


def _floor_testcases(breaches: tuple[str, ...]) -> Iterator[ET.Element]:
    if breaches:
        test = ET.Element("testcase", classname="rag.eval", name="floor", time="0.000")
        ET.SubElement(test, "failure", message=_xml(" ".join(breaches)), type="floor")
        yield test


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
