"""How much of a question a figure explains, as a scripted chat model has it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from answering_samples import BEST, NEXT, QUESTION, article, shown_figure
from job_samples import HARBOUR

from rag.errors import ContextOverflowError, GenerationStoppedError
from rag.fakes import ScriptedGenerator
from rag.prompts import question_messages
from rag.query_likelihood import QuestionLikelihood
from rag.schema import Message

SAID = (NEXT.sentence, BEST.sentence)
TEXTS = [sentence.text for sentence in SAID]
LEDGER = article("ledger", title="Ships")


def never() -> bool:
    return False


def told(figure: float, title: float) -> ScriptedGenerator:
    """A model that finds a question as likely for any figure, and for a title alone."""

    def likelihood(messages: Sequence[Message], _text: str) -> float:
        return title if shown_figure(messages) == "none" else figure

    return ScriptedGenerator({}, likelihoods=likelihood)


@pytest.mark.parametrize(
    ("figure", "title", "gain"),
    [
        (-5.0, -20.0, 0.75),
        (-5.0, -10.0, 0.5),
        (-20.0, -20.0, 0.0),
        (-30.0, -20.0, -0.5),
        (0.0, -20.0, 1.0),
        (0.0, 0.0, 0.0),
        (-5.0, 0.0, 0.0),
    ],
)
def test_the_gain_is_the_share_that_is_explained_of_what_the_title_leaves(
    figure: float, title: float, gain: float
) -> None:
    explained = QuestionLikelihood(QUESTION, told(figure, title), never).of("300", HARBOUR, SAID)
    assert explained.logprob == figure
    assert explained.gain == pytest.approx(gain)


def test_the_question_is_weighed_for_the_figure_behind_its_sentences() -> None:
    asked: list[str] = []

    def likelihood(_messages: Sequence[Message], text: str) -> float:
        asked.append(text)
        return -1.0

    model = ScriptedGenerator({}, likelihoods=likelihood)
    QuestionLikelihood(QUESTION, model, never).of("some 300", HARBOUR, SAID)
    assert asked == [QUESTION, QUESTION]
    assert model.prompts == [
        question_messages(HARBOUR, (), "none"),
        question_messages(HARBOUR, TEXTS, "some 300"),
    ]


def test_each_article_is_weighed_by_its_title_once() -> None:
    def likelihood(messages: Sequence[Message], _text: str) -> float:
        if shown_figure(messages) != "none":
            return -5.0
        return -20.0 if str(HARBOUR.title) in messages[-1].content else -10.0

    model = ScriptedGenerator({}, likelihoods=likelihood)
    weighing = QuestionLikelihood(QUESTION, model, never)
    gains = [
        weighing.of(figure, document, SAID).gain
        for figure, document in (("1", HARBOUR), ("2", LEDGER), ("3", HARBOUR), ("4", LEDGER))
    ]
    assert gains == pytest.approx([0.75, 0.5, 0.75, 0.5])
    assert [shown_figure(prompt) for prompt in model.prompts] == [
        "none",
        "1",
        "none",
        "2",
        "3",
        "4",
    ]


def test_a_text_in_the_questions_words_explains_more_than_another() -> None:
    weighing = QuestionLikelihood(QUESTION, ScriptedGenerator({}), never)
    near = weighing.of("46,610", HARBOUR, [BEST.sentence])
    far = weighing.of("46,610", HARBOUR, ())
    assert near.logprob > far.logprob
    assert near.gain > far.gain == 0


def test_the_time_that_reading_took_is_told() -> None:
    model = ScriptedGenerator({}, pause_s=0.001)
    assert QuestionLikelihood(QUESTION, model, never).of("300", HARBOUR, SAID).duration_s > 0.01


def test_a_stop_passes_through_and_the_title_is_weighed_again() -> None:
    stops = [True]
    model = told(-5.0, -20.0)
    weighing = QuestionLikelihood(QUESTION, model, lambda: stops[0])
    with pytest.raises(GenerationStoppedError):
        weighing.of("300", HARBOUR, SAID)
    stops[0] = False
    assert weighing.of("300", HARBOUR, SAID).gain == pytest.approx(0.75)


def test_what_is_too_long_to_read_is_an_error_that_passes_through() -> None:
    model = ScriptedGenerator({}, context_tokens=len(QUESTION.split()) + 5)
    with pytest.raises(ContextOverflowError):
        QuestionLikelihood(QUESTION, model, never).of("300", HARBOUR, SAID)
