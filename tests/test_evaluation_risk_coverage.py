"""Risk against coverage: what is left when the least sure answers are not given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evaluation_runs import ABSTENTION, BROKEN, FARE, RYE, SHORT, answer, citation, evidence, run_of
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import RagError
from rag.evaluation import CaseResult
from rag.evaluation.risk_coverage import Curve, confidence, curve
from rag.schema import Answer

RIGHT, WRONG = "It is 14 euros [1].", "It is 15 euros [1]."


def reply(text: str, coverage: float) -> Answer:
    near = replace(evidence("fare"), coverage=coverage, similarity=0.0)
    return replace(answer(text, "fare"), evidence=(near,))


def results(*given: Answer | RagError) -> list[CaseResult]:
    """Answers to as many cases."""
    cases = [replace(FARE, id=f"c{n}", question=f"Fare {n}?") for n in range(len(given))]
    replies = {case.question: one for case, one in zip(cases, given, strict=True)}
    return list(run_of(*cases, replies=replies).report.results)


def steps(one: Curve) -> list[tuple[int, int]]:
    return [(point.answered, point.wrong) for point in one.points]


def test_the_surest_answers_are_kept_longest() -> None:
    found = curve(
        results(
            reply(WRONG, 0.3), reply(RIGHT, 0.9), reply(RIGHT, 0.5), ABSTENTION, reply(RIGHT, 0.2)
        )
    )
    assert steps(found) == [(1, 0), (2, 0), (3, 1), (4, 1)]
    assert [point.confidence for point in found.points] == [0.9, 0.5, 0.3, 0.2]
    assert found.questions == 5


def test_coverage_at_a_risk_is_the_most_that_can_be_answered() -> None:
    found = curve(
        results(reply(RIGHT, 0.9), reply(WRONG, 0.8), reply(RIGHT, 0.7), reply(RIGHT, 0.6))
    )
    best = {accepted: found.best(accepted) for accepted in (0.0, 0.24, 0.25, 1.0)}
    assert {a: p and p.answered for a, p in best.items()} == {0.0: 1, 0.24: 1, 0.25: 4, 1.0: 4}
    assert found.coverage(found.points[0]) == 0.25


def test_where_the_surest_answer_is_wrong_nothing_is_without_risk() -> None:
    found = curve(results(reply(WRONG, 0.9), reply(RIGHT, 0.8)))
    assert found.best(0.0) is None


def test_equal_confidence_stands_and_falls_together() -> None:
    assert steps(curve(results(reply(RIGHT, 0.5), reply(WRONG, 0.5)))) == [(2, 1)]


def test_errors_and_abstentions_are_questions_and_no_answers() -> None:
    found = curve(results(ABSTENTION, RagError("It broke.", "Mend it.")))
    assert (found.questions, found.points, found.best(1.0)) == (2, (), None)


def test_summaries_are_no_questions() -> None:
    assert curve(run_of(SHORT).report.results).questions == 0
    assert curve(run_of(RYE, BROKEN).report.results).answerable == 1


def test_an_answer_is_as_sure_as_its_least_relevant_citation() -> None:
    both = answer("It is 14 euros, with 6 boats [1] [2].", "fare", "boats")
    near, far = replace(evidence("fare"), coverage=0.9), replace(evidence("boats"), coverage=0.1)
    assert confidence(replace(both, evidence=(near, far))) == pytest.approx(0.1 + 0.35)
    assert confidence(replace(both, evidence=(near,))) == 0
    assert confidence(replace(both, citations=(citation("fare"),), evidence=(near,))) > 1
    assert confidence(replace(both, citations=())) == 0


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=8))
def test_every_answer_is_on_the_curve_once(given_: list[tuple[bool, float]]) -> None:
    found = curve(results(*(reply(RIGHT if right else WRONG, at) for right, at in given_)))
    answered = [point.answered for point in found.points]
    assert answered == sorted(set(answered))
    if given_:
        n_wrong = sum(not right for right, _ in given_)
        assert steps(found)[-1] == (len(given_), n_wrong)
        assert found.best(1.0) == found.points[-1]
