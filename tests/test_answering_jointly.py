"""Several figures that are picked by the whole question."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from answering_samples import (
    LIKELY,
    UNLIKELY,
    TableRetriever,
    ask,
    asking,
    scoring,
    weighing,
)
from job_samples import evidence

from rag.answering.jointly import picked
from rag.fakes import ScriptedScorer
from rag.schema import Answer, Evidence, Retrieval, Status

SPRING = evidence("In spring the ferry took 12,400 people over.", coverage=0.8, position=1)
SUMMER = evidence("Then came 27,055; the kiosk sold 310 ices.", coverage=0.7, position=2)
RISE = evidence("The fare went up by 4%.", coverage=0.6, position=3)
ALL = (SPRING, SUMMER, RISE)
# Grammar makes no simple questions of these.
BUSIER = "Was the ferry's summer busier than its spring, and what are the numbers of both?"
BOTH = {"12,400": 6.0, "27,055": 5.0}
SURE = 6.0


def answer(question: str, scores: Mapping[str, float], *found: Evidence) -> Answer:
    """Ask where the chat model knows nothing."""
    retriever = TableRetriever({question: found or ALL})
    return ask(retriever, weighing({}, silence=LIKELY), question=question, scorer=scoring(scores))


def picks(scores: Mapping[str, float], *, alike: bool = False) -> list[tuple[str, float]]:
    retrieval = Retrieval(BUSIER, BUSIER, ALL, 1.0, 0.1)
    found = picked(asking(BUSIER), retrieval, lambda: scoring(scores), alike=alike)
    return [(one.candidate.statement.figure.text, one.odds) for one in found]


def test_each_figure_is_taken_with_those_before_it_out_of_sight() -> None:
    told = picks({**BOTH, "310": 1.0})
    assert [text for text, _ in told[:3]] == ["12,400", "27,055", "310"]
    rest = 1 + math.exp(1.0) + math.exp(UNLIKELY)
    assert told[0][1] == pytest.approx(6.0 - math.log(rest + math.exp(5.0)), abs=1e-6)
    assert told[1][1] == pytest.approx(5.0 - math.log(rest), abs=1e-6)


def test_only_figures_of_one_kind_are_set_against_each_other() -> None:
    scores = {"4%": 7.0, **BOTH}
    assert [text for text, _ in picks(scores)][:3] == ["4%", "12,400", "27,055"]
    assert [text for text, _ in picks(scores, alike=True)] == ["4%"]


def test_the_same_figure_twice_is_taken_once_and_is_surer() -> None:
    again = evidence("All in all 12,400 people came in spring.", coverage=0.5, position=4)
    retrieval = Retrieval(BUSIER, BUSIER, (*ALL, again), 1.0, 0.1)
    found = picked(asking(BUSIER), retrieval, lambda: scoring(BOTH))
    assert [one.candidate.statement.figure.text for one in found[:2]] == ["12,400", "27,055"]
    assert found[0].odds > picks(BOTH)[0][1]


def test_sentences_that_are_less_near_are_looked_at_too() -> None:
    retrieval = Retrieval(BUSIER, BUSIER, (SPRING,), 1.0, 0.1, more=(SUMMER,))
    found = picked(asking(BUSIER), retrieval, lambda: scoring(BOTH))
    assert {one.candidate.statement.figure.text for one in found} == {"12,400", "27,055", "310"}


def test_what_grammar_does_not_break_up_is_listed_by_the_whole_question() -> None:
    said = answer(BUSIER, BOTH)
    assert said.status is Status.ANSWERED
    assert [f.figure.text for f in said.figures] == ["12,400", "27,055"]
    assert len(said.citations) == 2
    assert said.timing.first_token_s == 0.0


@pytest.mark.parametrize("scores", [{"12,400": SURE}, {"12,400": 0.2, "27,055": 0.1}, {}])
def test_one_figure_or_none_that_is_sure_makes_no_list(scores: Mapping[str, float]) -> None:
    assert answer(BUSIER, scores).status is Status.ABSTAINED


def test_what_is_computed_is_computed_of_what_the_whole_question_picks() -> None:
    said = answer("What is the gap between the ferry's seasons?", BOTH)
    assert said.status is Status.ANSWERED
    assert said.text.startswith("14,655: 27,055 − 12,400 = 14,655.")


def test_the_scorer_is_asked_the_question_as_it_stands() -> None:
    scorer = ScriptedScorer(lambda *_: UNLIKELY)
    ask(TableRetriever({BUSIER: ALL}), weighing({}, silence=LIKELY), question=BUSIER, scorer=scorer)
    assert BUSIER in scorer.questions
