"""The shortest answer that a text states: copied, or how likely each of some answers is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from answering_samples import BEST, NEXT, QUESTION, article, weighing
from hypothesis import given, settings
from hypothesis import strategies as st
from job_samples import HARBOUR, asked, evidence, in_turn

from rag.errors import ContextOverflowError, GenerationStoppedError
from rag.extraction import (
    Passage,
    Replies,
    extract,
    in_context,
    passages_around,
    weigh_replies,
)
from rag.fakes import ScriptedGenerator
from rag.prompts import NOT_STATED, extraction_messages
from rag.protocols import StopCheck
from rag.schema import Likelihood, Message, Sentence


def never() -> bool:
    return False


def read(model: ScriptedGenerator, *sentences: Sentence) -> str:
    return extract(QUESTION, [Passage(HARBOUR, sentences or (BEST.sentence,))], model, never).text


ONE = (Passage(HARBOUR, (BEST.sentence,)),)


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
    read_ = extract(QUESTION, ONE, model, never)
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
        extract(QUESTION, ONE, in_turn("46,610"), lambda: True)


# --- what is read --------------------------------------------------------------------------


def sentence(position: int, *, boilerplate: bool = False) -> Sentence:
    found = evidence(f"Sentence {position}.", position=position).sentence
    return replace(found, boilerplate=boilerplate)


def positions(passage: Passage) -> list[int]:
    return [s.position for s in passage.sentences]


def test_a_sentence_is_read_behind_the_two_before_it() -> None:
    found = replace(evidence("Sentence 4.", position=4), before=(*map(sentence, (1, 2, 3)),))
    passage = in_context(found)
    assert (passage.document, positions(passage)) == (HARBOUR, [2, 3, 4])


def test_captions_before_it_are_left_out() -> None:
    caption = sentence(3, boilerplate=True)
    found = replace(evidence("Sentence 4.", position=4), before=(sentence(2), caption))
    assert positions(in_context(found)) == [2, 4]
    (passage,) = passages_around([found])
    assert positions(passage) == [4]


def test_a_caption_that_was_found_itself_is_read() -> None:
    found = replace(evidence("Sentence 4.", position=4), sentence=sentence(4, boilerplate=True))
    (passage,) = passages_around([found])
    assert positions(passage) == [4]


def test_of_each_article_a_passage_in_its_order_and_each_sentence_once() -> None:
    late = replace(evidence("Sentence 7.", position=7), before=(sentence(5), sentence(6)))
    early = replace(evidence("Sentence 6.", position=6), before=(sentence(5),))
    ledger = article("ledger")
    other = evidence("Elsewhere.", position=1, document=ledger)
    found = passages_around([late, other, early])
    assert [(p.document, positions(p)) for p in found] == [(HARBOUR, [5, 6, 7]), (ledger, [1])]
    assert [p.document for p in passages_around([other, early])] == [ledger, HARBOUR]
    assert passages_around([]) == ()


# --- how likely each answer is -------------------------------------------------------------

FIGURES = ("46,610", "300", "Some 300")


def weigh(told: Mapping[str, float], *replies: str, silence: float = -3.0) -> Replies:
    """What a model tells of replies that it finds as likely as is said."""
    return weigh_replies(QUESTION, ONE, replies, weighing(told, silence=silence), never)


def test_each_reply_is_weighed_once_behind_the_text_and_its_question() -> None:
    model = weighing({})
    passages = (*ONE, Passage(article("ledger"), (NEXT.sentence,)))
    weigh_replies(QUESTION, passages, [*FIGURES, "300"], model, never)
    texts = [text for _, text in model.weighed]
    assert sorted(texts) == sorted([NOT_STATED, *FIGURES])
    prompt = extraction_messages(
        QUESTION, [(p.document, [s.text for s in p.sentences]) for p in passages]
    )
    assert set(model.prompts) == {prompt}
    assert model.writing == []


def test_what_the_model_tells_is_told_of_each_reply_and_of_silence() -> None:
    replies = weigh({"46,610": -0.5, "300": -2.0}, *FIGURES, silence=-4.0)
    assert replies.logprobs == {"46,610": -0.5, "300": -2.0, "Some 300": -9.0}
    assert replies.not_stated == -4.0


@pytest.mark.parametrize("n", [0, 1])
def test_the_time_is_that_until_the_first_is_known(n: int) -> None:
    slow = ScriptedGenerator({}, pause_s=0.001)
    replies = weigh_replies(QUESTION, ONE, FIGURES[:n], slow, never)
    assert replies.duration_s > 0.01
    assert set(replies.logprobs) == set(FIGURES[:n])


class Recording(ScriptedGenerator):
    """Keeps how unlikely a reply may be and still has to be told exactly."""

    def __init__(self, told: Mapping[str, float]) -> None:
        super().__init__({}, likelihoods=lambda _, text: told[text])
        self.least: dict[str, float] = {}

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,
    ) -> Likelihood:
        self.least[text] = least
        return super().likelihood(messages, text, stop, least=least)


def test_only_what_is_not_far_less_likely_than_another_has_to_be_told_exactly() -> None:
    model = Recording({NOT_STATED: -5.0, "300": -8.0, "46,610": -1.0, "12": -9.0})
    weigh_replies(QUESTION, ONE, ["300", "46,610", "12"], model, never)
    far = model.least["300"] - -5.0
    assert far < -3
    assert model.least == {
        NOT_STATED: -math.inf,
        "300": pytest.approx(-5.0 + far),
        "46,610": pytest.approx(-5.0 + far),
        "12": pytest.approx(-1.0 + far),
    }


def test_any_of_some_wordings_is_as_likely_as_all_of_them_together() -> None:
    replies = weigh({"300": math.log(0.5), "Some 300": math.log(0.2)}, *FIGURES)
    assert replies.any_of(["300", "Some 300"]) == pytest.approx(math.log(0.7))
    assert replies.any_of(["300"]) == pytest.approx(math.log(0.5))
    assert replies.any_of([]) < -15


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("46", "46,610"),
        ("46", "460"),
        ("46", "46.5"),
        ("more than 46", "more than 46,610"),
        ("$4", "$4.5"),
    ],
)
def test_a_number_that_goes_on_is_another_number(shorter: str, longer: str) -> None:
    told = {shorter: math.log(0.9), longer: math.log(0.7)}
    for replies in ((shorter, longer), (longer, shorter)):
        own = weigh(told, *replies).logprobs
        assert own[shorter] == pytest.approx(math.log(0.2))
        assert own[longer] == pytest.approx(math.log(0.7))


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [("46", "46 ships"), ("46", "46%"), ("46", "46,"), ("46", "146"), ("Some 46", "46,610")],
)
def test_a_number_that_does_not_go_on_is_the_same(shorter: str, longer: str) -> None:
    own = weigh({shorter: math.log(0.9), longer: math.log(0.7)}, shorter, longer).logprobs
    assert own[shorter] == pytest.approx(math.log(0.9))


def test_of_numbers_that_go_on_from_each_other_each_has_what_is_left_to_it() -> None:
    told = {"46": math.log(0.5), "4": math.log(0.9), "46,610": math.log(0.45)}
    own = weigh(told, *told).logprobs
    assert {reply: math.exp(logprob) for reply, logprob in own.items()} == {
        "4": pytest.approx(0.4),
        "46": pytest.approx(0.05),
        "46,610": pytest.approx(0.45),
    }


def test_a_number_that_always_goes_on_is_next_to_impossible() -> None:
    alike = weigh({"46": -0.1, "46,610": -0.1}, "46", "46,610")
    assert alike.logprobs["46"] < -15
    # Rough values may make it less than nothing.
    less = weigh({"46": -0.2, "46,610": -0.1, "46,700": -0.1}, "46", "46,610", "46,700")
    assert -math.inf < less.logprobs["46"] < -15


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.from_regex(r"[12]{1,4}", fullmatch=True), st.floats(-30, 0), max_size=6))
def test_no_reply_gets_likelier_by_what_others_there_are(told: dict[str, float]) -> None:
    own = weigh(told, *told).logprobs
    assert own.keys() == told.keys()
    assert all(own[reply] <= logprob or own[reply] < -15 for reply, logprob in told.items())


def test_stopping_and_too_long_a_text_pass_through() -> None:
    with pytest.raises(GenerationStoppedError):
        weigh_replies(QUESTION, ONE, FIGURES, weighing({}), lambda: True)
    short = ScriptedGenerator({}, context_tokens=10)
    with pytest.raises(ContextOverflowError):
        weigh_replies(QUESTION, ONE, FIGURES, short, never)
