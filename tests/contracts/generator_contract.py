"""What every generator must do; subclass and say how to make one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from rag.errors import ContextOverflowError, GenerationStoppedError
from rag.protocols import Generator
from rag.schema import Generation, GenerationParams, Message

SYSTEM = Message("system", "You answer briefly.")
FRUIT = (SYSTEM, Message("user", "Name three fruits that are red, and say where they grow."))
OTHERS = {
    "another question": (SYSTEM, Message("user", "Which rivers flow through Vienna?")),
    "a longer question": (SYSTEM, Message("user", "It rained, and then it rained again. " * 8)),
    "another system message": (Message("system", "You are a poet."), FRUIT[1]),
    "no system message": (Message("user", "Good morning!"),),
    "a conversation": (*FRUIT, Message("assistant", "Apples."), Message("user", "And two more?")),
}
PARAMS = GenerationParams(max_tokens=12)


def never() -> bool:
    return False


def ignore(_text: str) -> None:
    pass


@dataclass
class StopAfter:
    """Says stop from the n-th time on that it is asked, and remembers when it first did."""

    n_calls: int
    calls: int = field(default=0, init=False)
    said_at: float = field(default=0.0, init=False)

    def __call__(self) -> bool:
        self.calls += 1
        if self.calls == self.n_calls:
            self.said_at = time.perf_counter()
        return self.calls >= self.n_calls


def write(
    generator: Generator, messages: Sequence[Message], params: GenerationParams = PARAMS
) -> Generation:
    """Generate, and hold the pieces that came on the way to the text."""
    pieces: list[str] = []
    generation = generator.stream(messages, params, pieces.append, never)
    assert "".join(pieces) == generation.text
    assert all(pieces)
    return generation


class GeneratorContract:
    """Inherit and override :meth:`generator`.

    Its context has to hold the prompts of this suite and be below 1,024 tokens, and its reply to
    FRUIT has to have three words or more.
    """

    @pytest.fixture
    def generator(self) -> Generator:
        raise NotImplementedError

    # --- counting --------------------------------------------------------------------------

    def test_every_word_and_every_message_counts(self, generator: Generator) -> None:
        counts = [
            generator.count_tokens(messages)
            for messages in (
                [Message("user", "")],
                [Message("user", "one")],
                [Message("user", "one two three")],
                [Message("user", "one two three"), Message("assistant", "")],
                [Message("user", "one two three"), Message("assistant", "four")],
            )
        ]
        assert counts == sorted(set(counts))
        assert counts[0] > 0

    @pytest.mark.parametrize("mark", ["<|im_end|>", "<|im_start|>system", "<|endoftext|>", "</s>"])
    def test_a_control_token_in_a_message_counts_as_words(
        self, generator: Generator, mark: str
    ) -> None:
        with_marks = generator.count_tokens([Message("user", "one" + f" {mark}" * 10)])
        assert with_marks - generator.count_tokens([Message("user", "one")]) >= 10

    # --- writing ---------------------------------------------------------------------------

    def test_what_was_used_is_told(self, generator: Generator) -> None:
        generation = write(generator, FRUIT)
        assert generation.prompt_tokens == generator.count_tokens(FRUIT)
        assert 0 <= generation.cached_tokens < generation.prompt_tokens
        assert 3 <= generation.completion_tokens <= PARAMS.max_tokens
        assert 0 <= generation.first_token_s <= generation.duration_s < 60

    @pytest.mark.parametrize("n_tokens", [0, 1, 2])
    def test_max_tokens_ends_the_text(self, generator: Generator, n_tokens: int) -> None:
        generation = write(generator, FRUIT, GenerationParams(n_tokens))
        assert (generation.stop_reason, generation.completion_tokens) == ("length", n_tokens)
        assert write(generator, FRUIT).text.startswith(generation.text)
        assert bool(generation.text) == bool(n_tokens)

    @pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
    def test_an_answer_does_not_depend_on_what_was_asked_before(
        self, generator: Generator, other: Sequence[Message]
    ) -> None:
        first = write(generator, FRUIT)
        write(generator, other)
        again = write(generator, FRUIT)
        # Equal to the last bit, so that no sum was computed in another order.
        assert (again.text, again.logprob) == (first.text, first.logprob)

    @pytest.mark.parametrize("at", [1, 5, 9])
    def test_a_stop_string_ends_the_text_and_is_not_in_it(
        self, generator: Generator, at: int
    ) -> None:
        whole = write(generator, FRUIT).text
        stops = (whole[at + 3 : at + 6], whole[at : at + 4], "no such words")
        generation = write(generator, FRUIT, GenerationParams(PARAMS.max_tokens, stops))
        assert generation.text == whole[: min(whole.find(stop) for stop in stops[:2])]
        assert generation.stop_reason == "stop"

    def test_the_start_of_a_stop_string_is_shown_where_it_goes_on_otherwise(
        self, generator: Generator
    ) -> None:
        whole = write(generator, FRUIT).text
        stops = (f"{whole}§", *(f"{whole[at : at + 3]}§" for at in range(len(whole) - 3)))
        assert write(generator, FRUIT, GenerationParams(PARAMS.max_tokens, stops)).text == whole

    def test_pieces_hold_whole_characters(self, generator: Generator) -> None:
        messages = (
            Message("system", "Repeat what the user says."),
            Message("user", "🙂🙂🙂🙂 東京"),
        )
        assert "\ufffd" not in write(generator, messages).text

    def test_odd_messages_are_read(self, generator: Generator) -> None:
        for content in (
            "",
            " ",
            "\x00",
            "\ud800 half",
            "\ue0000\ue001",
            "{{ messages }} {% raw %}",
        ):
            assert write(generator, [Message("user", content)], GenerationParams(1)).prompt_tokens

    def test_how_likely_a_reply_was_is_told(self, generator: Generator) -> None:
        assert write(generator, FRUIT).logprob <= 0

    # --- limits ----------------------------------------------------------------------------

    def test_a_prompt_longer_than_the_context_is_refused(self, generator: Generator) -> None:
        text = write(generator, FRUIT).text
        too_long = (SYSTEM, Message("user", "word " * generator.context_tokens))
        with pytest.raises(ContextOverflowError, match=str(generator.context_tokens)):
            generator.stream(too_long, GenerationParams(1), ignore, never)
        assert write(generator, FRUIT).text == text

    def test_the_answer_has_to_fit_in_the_context_too(self, generator: Generator) -> None:
        room = generator.context_tokens - generator.count_tokens(FRUIT)
        stop = StopAfter(1)
        with pytest.raises(ContextOverflowError):
            generator.stream(FRUIT, GenerationParams(room + 1), ignore, stop)
        with pytest.raises(GenerationStoppedError):
            generator.stream(FRUIT, GenerationParams(room), ignore, stop)

    @pytest.mark.parametrize("n_calls", [1, 50], ids=["at once", "while it reads"])
    def test_reading_can_be_stopped(self, generator: Generator, n_calls: int) -> None:
        text = write(generator, FRUIT).text
        long = (SYSTEM, Message("user", "It rained on Monday. " * 40))
        stop = StopAfter(n_calls)
        with pytest.raises(GenerationStoppedError):
            generator.stream(long, PARAMS, pytest.fail, stop)
        assert stop.calls >= n_calls
        assert time.perf_counter() - stop.said_at < 1.0
        assert write(generator, FRUIT).text == text

    def test_writing_can_be_stopped(self, generator: Generator) -> None:
        whole = write(generator, FRUIT).text
        pieces: list[str] = []
        with pytest.raises(GenerationStoppedError):
            generator.stream(FRUIT, PARAMS, pieces.append, lambda: len(pieces) >= 2)
        assert len(pieces) == 2
        assert whole.startswith("".join(pieces))
        assert write(generator, FRUIT).text == whole

    # --- how likely a text is --------------------------------------------------------------

    def test_no_text_is_more_than_certain(self, generator: Generator) -> None:
        told = generator.likelihood(FRUIT, "Apples, cherries and beets.", never)
        assert told.logprob < 0
        assert told.text_tokens >= 4
        assert told.prompt_tokens == generator.count_tokens(FRUIT)
        assert generator.likelihood(FRUIT, "", never).logprob == 0

    def test_words_that_were_read_are_likelier_than_others(self, generator: Generator) -> None:
        says = (SYSTEM, Message("user", "Say this again: The old harbour is closed."))
        same = generator.likelihood(says, "The old harbour is closed.", never)
        other = generator.likelihood(says, "Violet kings juggle lemons.", never)
        assert same.logprob > other.logprob

    @pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
    def test_a_likelihood_does_not_depend_on_what_was_asked_before(
        self, generator: Generator, other: Sequence[Message]
    ) -> None:
        first = generator.likelihood(FRUIT, "Apples.", never).logprob
        write(generator, other)
        generator.likelihood(other, "Apples.", never)
        assert generator.likelihood(FRUIT, "Apples.", never).logprob == first

    def test_a_text_is_read_once_for_two_questions(self, generator: Generator) -> None:
        text = "The ferry left at nine and came back at noon. " * 3
        one, two = ((SYSTEM, Message("user", f"{text}\n\n{asked}")) for asked in ("When?", "Who?"))
        fresh = generator.likelihood(two, "At nine.", never)
        generator.likelihood(one, "At nine.", never)
        again = generator.likelihood(two, "At nine.", never)
        assert again.logprob == fresh.logprob
        assert again.cached_tokens >= fresh.cached_tokens

    @pytest.mark.parametrize("text", ["Apples.", "Violet kings juggle lemons.", "12,400"])
    def test_what_is_likely_enough_is_told_exactly_and_the_rest_stays_below(
        self, generator: Generator, text: str
    ) -> None:
        exact = generator.likelihood(FRUIT, text, never).logprob
        for least in (exact, exact - 0.5, exact - 50.0):
            assert generator.likelihood(FRUIT, text, never, least=least).logprob == exact
        for least in (exact + 0.01, exact / 2, exact / 100):
            assert generator.likelihood(FRUIT, text, never, least=least).logprob < least
        assert generator.likelihood(FRUIT, text, never).logprob == exact

    def test_what_is_too_long_to_read_has_no_likelihood(self, generator: Generator) -> None:
        with pytest.raises(ContextOverflowError):
            generator.likelihood(FRUIT, "word " * generator.context_tokens, never)
        with pytest.raises(GenerationStoppedError):
            generator.likelihood(FRUIT, "Apples.", lambda: True)
        assert write(generator, FRUIT).text
