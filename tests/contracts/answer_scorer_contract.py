"""What every answer scorer must do; subclass and say how to make one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from job_samples import evidence

from rag.figures import find_figures
from rag.protocols import AnswerScorer
from rag.schema import Evidence, Span

QUESTION = "How many ships arrived in May?"
FOUND = (
    evidence("In May 46,610 ships arrived, 18% more than in April."),
    evidence("Nobody came.", position=2),
    evidence("The café sold 312 teas and 95 coffees.", lead="It was cold.", position=3),
)
ODD = (
    "",
    " ",
    "🙂 12",
    "\ud800 12 came",
    "[SEP] 12 [CLS]",
    "12 " * 900,
    "x" * 5000 + " 12",
    "\x00",
)


def spans_of(found: Sequence[Evidence]) -> list[list[Span]]:
    return [[figure.span for figure in find_figures(e.sentence.text)] for e in found]


class AnswerScorerContract:
    """Inherit and override :meth:`scorer`."""

    @pytest.fixture
    def scorer(self) -> AnswerScorer:
        raise NotImplementedError

    def test_a_row_a_sentence_and_a_score_a_span(self, scorer: AnswerScorer) -> None:
        spans = spans_of(FOUND)
        scores = scorer.score(QUESTION, FOUND, spans)
        assert [len(row) for row in scores] == [len(of_item) for of_item in spans] == [2, 0, 2]
        assert all(math.isfinite(score) for row in scores for score in row)

    def test_nothing_is_scored_of_nothing(self, scorer: AnswerScorer) -> None:
        assert scorer.score(QUESTION, (), ()) == []

    def test_a_sentence_has_the_same_scores_whatever_is_beside_it(
        self, scorer: AnswerScorer
    ) -> None:
        spans = spans_of(FOUND)
        together = scorer.score(QUESTION, FOUND, spans)
        for item, of_item, row in zip(FOUND, spans, together, strict=True):
            assert scorer.score(QUESTION, [item], [of_item])[0] == pytest.approx(row, abs=1e-3)

    @pytest.mark.parametrize("text", ODD)
    def test_any_text_is_scored(self, scorer: AnswerScorer, text: str) -> None:
        found = [evidence(text)]
        spans = spans_of(found)
        for question in (QUESTION, text):
            (row,) = scorer.score(question, found, spans)
            assert len(row) == len(spans[0])
            assert not any(math.isnan(score) or score == math.inf for score in row)

    def test_it_has_a_name(self, scorer: AnswerScorer) -> None:
        assert scorer.name
