"""Which failed cases are named first, and what is said to be the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evaluation_runs import (
    ABSTENTION,
    BARLEY,
    BROKEN,
    CASES,
    FARE,
    OATS,
    RYE,
    WHEAT,
    TableSystem,
    all_passed,
    answer,
    evidence,
    run_of,
    sample,
    suite,
)

from rag.evaluation import Case, run_cases
from rag.evaluation.failing import reason, worst
from rag.evaluation.gate import judged
from rag.schema import Answer, Bound


def test_the_worst_cases_come_first() -> None:
    evaluation = sample(baseline=all_passed())
    order = ["barley", "boats", "oats", "broken", "fare"]
    assert [r.case.id for _, r in worst(evaluation.runs, 15)] == order
    assert [r.case.id for _, r in worst(evaluation.runs, 2)] == order[:2]


def test_a_lost_must_is_worse_than_anything() -> None:
    cases = [BARLEY, replace(WHEAT, question="What is the fare?")]
    report = run_cases(cases, TableSystem())
    run = judged(suite(*cases), report, floor=None, baseline=all_passed())
    assert [r.case.id for _, r in worst([run], 2)] == ["wheat", "barley"]


def test_of_what_was_refused_one_of_each_kind_comes_before_a_second_one() -> None:
    kinds = ["lookup", "lookup", "scope", "text", "scope", "lookup"]
    cases = [replace(FARE, id=f"{kind}-{n}", kind=kind) for n, kind in enumerate(kinds)]
    run = run_of(*cases).runs[0]
    named = [result.case.id for _, result in worst([run], 5)]
    assert named == ["lookup-0", "scope-2", "text-3", "lookup-1", "scope-4"]


def why(case: Case, reply: Answer, *, quoting: bool = True) -> str:
    (result,) = run_of(case, replies={case.question: reply}).report.results
    assert not result.score.passed
    return reason(result, quoting=quoting)


EXACT = replace(FARE, figures=(replace(FARE.figures[0], bound=Bound.EXACT),))
REFUSED = "An answer was written but not shown, for it could not be verified: No cited sentence."
NEAR = replace(evidence("fare"), coverage=0.9)
FAR = replace(evidence("fare"), coverage=0.1, similarity=0.1)


@pytest.mark.parametrize(
    ("case", "reply", "said"),
    [
        (FARE, ABSTENTION, "no sentence that answers is among those found (1)"),
        (
            FARE,
            replace(ABSTENTION, evidence=(evidence("boats"), FAR)),
            "found as number 2 of 2, but not admissible",
        ),
        (
            FARE,
            replace(ABSTENTION, evidence=(NEAR,)),
            "found, number 1 of 1 to be tried, and the model declined",
        ),
        (
            FARE,
            replace(ABSTENTION, evidence=(NEAR,), notes=(REFUSED,)),
            "refused by the verifier: No cited sentence",
        ),
        (FARE, answer("It is 15 euros [1].", "fare"), "15 euros is another figure"),
        (EXACT, answer("It is over 14 euros [1].", "fare"), "has another bound than the sentence"),
        (FARE, answer("It is 14,000 euros [1].", "fare"), "14,000 euros is off by a scale"),
        (FARE, answer("It is 14 euros [1].", "boats"), "the right sentence is not among those"),
        (
            FARE,
            answer("It is 14 euros [1].", "boats", found=("fare",)),
            "the right sentence was found, and another is cited",
        ),
        (FARE, answer("It is 14 euros [1].", "boats"), "stated by no cited sentence: 14 euros"),
        (OATS, answer("It was 900,000 [1].", "barley"), "the articles do not say"),
        (BARLEY, answer("It was 4.1 million [1].", "wheat"), "states it of something else"),
    ],
)
def test_the_reason_names_the_step_at_which_it_was_lost(
    case: Case, reply: Answer, said: str
) -> None:
    assert said in why(case, reply)


def test_a_figure_with_its_sense_turned_is_named() -> None:
    case = replace(FARE, sources=(replace(FARE.sources[0], quote="The fare rose to 14 euros."),))
    turned = "It fell to 14 euros [1]."
    assert "14 euros is said with the opposite sense" in why(case, answer(turned, "fare"))


def test_a_reason_that_may_not_quote_has_no_word_of_the_answer() -> None:
    refused = replace(ABSTENTION, evidence=(NEAR,), notes=(REFUSED,))
    assert why(FARE, refused, quoting=False) == "an answer was written and refused by the verifier"
    (broken,) = run_of(BROKEN).report.results
    assert "The model broke" in reason(broken)
    assert reason(broken, quoting=False) == "an error stopped it"


def test_every_failed_case_of_a_run_has_a_reason() -> None:
    failed = run_of(*CASES, RYE).report.failed
    assert len(failed) == 5
    for result in failed:
        assert reason(result), result.case.id
