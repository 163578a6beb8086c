from __future__ import annotations

import math
from dataclasses import replace

import pytest
from answering_samples import BEST, NEXT, QUESTION
from job_samples import HARBOUR, asked, evidence, in_turn

from rag.errors import GenerationStoppedError
from rag.extraction import extract, in_context, passage_around
from rag.fakes import ScriptedGenerator
from rag.prompts import NOT_STATED
from rag.schema import Sentence


def never() -> bool:
    return False


def read(model: ScriptedGenerator, *sentences: Sentence) -> str:
    return extract(QUESTION, HARBOUR, sentences or (BEST.sentence,), model, never).text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("46,610", "46,610"),
        (" 46,610 ships [1]\nQuestion: more?", "46,610 ships"),
        (NOT_STATED, ""),
        (f"{NOT_STATED.upper()}. [1]", ""),
        (f"It is {NOT_STATED.lower()} here.", ""),
        ("", ""),
        ("[1]", ""),
        pytest.param("46,610 " * 40, "", id="cut off after 32 words"),
    ],
)
def test_the_answer_is_the_first_line_without_markers(written: str, text: str) -> None:
    assert read(in_turn(written)) == text


def test_how_sure_the_model_is_is_told() -> None:
    model = ScriptedGenerator({"": "46,610"}, logprob=math.log(0.25))
    read_ = extract(QUESTION, HARBOUR, (BEST.sentence,), model, never)
    assert read_.probability == pytest.approx(0.25)
    assert read_.first_token_s > 0


def test_the_prompt_holds_the_title_the_day_and_the_sentences_in_order() -> None:
    model = in_turn("46,610")
    read(model, BEST.sentence, NEXT.sentence)
    (prompt,) = asked(model)
    places = [prompt.index(text) for text in (HARBOUR.title or "", "2031-06-21")]
    places += [prompt.index(e.sentence.text) for e in (BEST, NEXT)]
    assert places == sorted(places)
    assert prompt.endswith(f"\n\nQuestion: {QUESTION}")


def test_stopping_passes_through() -> None:
    with pytest.raises(GenerationStoppedError):
        extract(QUESTION, HARBOUR, (BEST.sentence,), in_turn("46,610"), lambda: True)


def sentence(position: int, *, boilerplate: bool = False) -> Sentence:
    found = evidence(f"Sentence {position}.", position=position).sentence
    return replace(found, boilerplate=boilerplate)


def test_a_sentence_is_read_behind_the_two_before_it() -> None:
    found = replace(evidence("Sentence 4.", position=4), before=(*map(sentence, (1, 2, 3)),))
    assert [s.position for s in in_context(found)] == [2, 3, 4]


def test_captions_before_it_are_left_out() -> None:
    caption = sentence(3, boilerplate=True)
    found = replace(evidence("Sentence 4.", position=4), before=(sentence(2), caption))
    assert [s.position for s in in_context(found)] == [2, 4]
    assert [s.position for s in passage_around([found])] == [4]


def test_a_passage_is_of_one_article_in_its_order_and_each_sentence_once() -> None:
    late = replace(evidence("Sentence 7.", position=7), before=(sentence(6),))
    early = replace(evidence("Sentence 6.", position=6), before=(sentence(5),))
    other = evidence("Elsewhere.", position=1, document=replace(HARBOUR, id="other"))
    assert [s.position for s in passage_around([late, other, early])] == [5, 6, 7]
