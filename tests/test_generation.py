from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from contracts.generator_contract import (
    FRUIT,
    OTHERS,
    SYSTEM,
    GeneratorContract,
    StopAfter,
    ignore,
    never,
    write,
)
from generation_samples import ByteContext
from library_samples import another_process

from rag.errors import GenerationStoppedError
from rag.generation import LlamaGenerator, LlamaWeights
from rag.llama_build.tiny_gguf import write_tiny_gguf
from rag.protocols import Generator
from rag.schema import GenerationParams, Message

OverBytes = Callable[..., tuple[LlamaGenerator, ByteContext]]


@pytest.fixture
def over_bytes(monkeypatch: pytest.MonkeyPatch) -> OverBytes:
    """Makes a generator over a context whose class attributes are given."""

    def make(**attributes: object) -> tuple[LlamaGenerator, ByteContext]:
        context = type("Context", (ByteContext,), attributes)(
            Path("x"), context_tokens=0, threads=1
        )
        monkeypatch.setattr("rag.generation.generator.LlamaContext", lambda *_, **__: context)
        return LlamaGenerator(context, name="bytes", context_tokens=0, threads=1), context

    return make


# --- what is read again --------------------------------------------------------------------


def test_messages_that_were_there_already_are_not_read_again(over_bytes: OverBytes) -> None:
    generator, context = over_bytes(reply=b"")
    write(generator, [Message("system", "S"), Message("user", "A"), Message("user", "B")])
    assert list(map(bytes, context.evaluated)) == [b"<s>S", b"<u>A", b"<u>B<a>"]
    context.evaluated.clear()
    again = write(generator, [Message("system", "S"), Message("user", "A"), Message("user", "C")])
    assert list(map(bytes, context.evaluated)) == [b"<u>C<a>"]
    assert (again.cached_tokens, again.prompt_tokens) == (8, 15)
    context.evaluated.clear()
    write(generator, [Message("system", "S"), Message("user", "D")])
    assert list(map(bytes, context.evaluated)) == [b"<u>D<a>"]
    assert context.n_evaluated == 11


def test_what_follows_a_message_that_changed_is_read_again(over_bytes: OverBytes) -> None:
    generator, context = over_bytes(reply=b"")
    write(generator, [Message("system", "S"), Message("user", "A"), Message("user", "B")])
    context.evaluated.clear()
    write(generator, [Message("system", "T"), Message("user", "A"), Message("user", "B")])
    assert list(map(bytes, context.evaluated)) == [b"<s>T", b"<u>A", b"<u>B<a>"]


def test_a_whole_prompt_is_read_once(over_bytes: OverBytes) -> None:
    generator, context = over_bytes()
    messages = [Message("system", "S"), Message("user", "A")]
    first = write(generator, messages)
    context.evaluated.clear()
    again = write(generator, messages)
    assert again.text == first.text == "It rose."
    assert (first.cached_tokens, again.cached_tokens) == (0, 11)
    assert bytes(token for tokens in context.evaluated for token in tokens) == b"It rose."
    with pytest.raises(GenerationStoppedError):
        generator.stream(messages, GenerationParams(5), ignore, lambda: True)
    # Half of it is no prompt that anything may follow.
    context.evaluated.clear()
    write(generator, [Message("system", "S"), Message("user", "B")])
    assert write(generator, messages).cached_tokens == 4
    assert b"<u>A<a>" in map(bytes, context.evaluated)


def test_what_was_not_read_to_its_end_is_read_again(over_bytes: OverBytes) -> None:
    generator, context = over_bytes(reply=b"")
    messages = [Message("system", "S"), Message("user", "A"), Message("user", "B")]
    with pytest.raises(GenerationStoppedError):
        generator.stream(messages, GenerationParams(5), ignore, StopAfter(2))
    context.evaluated.clear()
    assert write(generator, messages).cached_tokens == 4
    assert list(map(bytes, context.evaluated)) == [b"<u>A", b"<u>B<a>"]


@pytest.mark.parametrize(("template", "first"), [("", 7), ("\x07", 7)])
def test_a_prompt_begins_with_the_token_that_the_model_wants_once(
    over_bytes: OverBytes, template: str, first: int
) -> None:
    source = template + "{% for m in messages %}{{ m.content }}{% endfor %}"
    generator, context = over_bytes(first_token=first, reply=b"", metadata=lambda *_: source)
    assert generator.count_tokens([Message("user", "A")]) == 2
    write(generator, [Message("user", "A")])
    assert context.evaluated == [(7, 65)]


# --- from bytes to text --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "pieces"),
    [
        ("Ræin".encode(), ["R", "æ", "i", "n"]),
        ("🙂é".encode(), ["🙂", "é"]),
        (b"a\xffb", ["a", "\ufffd", "b"]),
        (b"a\xf0\x9fb", ["a", "\ufffdb"]),
        (b"a\xf0\x9f", ["a"]),
        (b"\x00", ["\x00"]),
        (b"", []),
    ],
)
def test_characters_come_whole(over_bytes: OverBytes, reply: bytes, pieces: list[str]) -> None:
    generator, _ = over_bytes(reply=reply)
    found: list[str] = []
    generation = generator.stream(FRUIT, GenerationParams(50), found.append, never)
    assert found == pieces
    assert generation.text == "".join(pieces)
    assert (generation.stop_reason, generation.completion_tokens) == ("end", len(reply))


@pytest.mark.parametrize(
    ("stops", "text", "n_tokens", "reason"),
    [
        (("\n",), "It rose.", 9, "stop"),
        (("rose", "t r"), "I", 4, "stop"),
        (("ose", "rose"), "It ", 7, "stop"),
        (("s",), "It ro", 6, "stop"),
        (("ros!", "rose!", "e.\n."), "It rose.\nIt fell.", 17, "end"),
        (("fell.\n",), "It rose.\nIt fell.", 17, "end"),
        ((), "It rose.\nIt fell.", 17, "end"),
    ],
)
def test_the_first_stop_string_in_the_text_ends_it(
    over_bytes: OverBytes, stops: tuple[str, ...], text: str, n_tokens: int, reason: str
) -> None:
    generator, _ = over_bytes(reply=b"It rose.\nIt fell.")
    generation = write(generator, FRUIT, GenerationParams(50, stops))
    assert (generation.text, generation.completion_tokens) == (text, n_tokens)
    assert generation.stop_reason == reason


def test_what_may_begin_a_stop_string_is_held_back(over_bytes: OverBytes) -> None:
    generator, _ = over_bytes(reply=b"abcabd.")
    found: list[str] = []
    generator.stream(FRUIT, GenerationParams(50, ("abd",)), found.append, never)
    assert found == ["abc"]
    found.clear()
    generator.stream(FRUIT, GenerationParams(5, ("abd",)), found.append, never)
    assert found == ["abc", "ab"]


def test_no_token_is_evaluated_that_nothing_follows(over_bytes: OverBytes) -> None:
    generator, context = over_bytes(reply=b"abc")
    write(generator, FRUIT, GenerationParams(2))
    assert context.evaluated[-2:-1] != [(97,)]
    assert context.evaluated[-1] == (97,)


def test_an_error_of_who_listens_leaves_the_generator_usable(over_bytes: OverBytes) -> None:
    generator, _ = over_bytes()

    def broken(_text: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        generator.stream(FRUIT, GenerationParams(9), broken, never)
    assert write(generator, FRUIT).text == "It rose."


# --- closing -------------------------------------------------------------------------------


def test_a_closed_model_stops_whoever_asks(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path / "tiny.gguf")
    generator = LlamaGenerator(
        LlamaWeights(tmp_path / "tiny.gguf"), name="tiny", context_tokens=256, threads=1
    )
    assert write(generator, [Message("user", "Rain?")], GenerationParams(4)).completion_tokens
    generator.close()
    generator.close()
    calls: tuple[Callable[[], object], ...] = (
        lambda: generator.count_tokens(FRUIT),
        lambda: write(generator, FRUIT),
    )
    for call in calls:
        with pytest.raises(GenerationStoppedError, match="closed"):
            call()


# --- a real chat model ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def smol(small_gguf: Path) -> Iterator[LlamaGenerator]:
    generator = LlamaGenerator(LlamaWeights(small_gguf), name="smol", context_tokens=512, threads=1)
    yield generator
    generator.close()


@pytest.mark.models
class TestLlamaGenerator(GeneratorContract):
    @pytest.fixture
    def generator(self, smol: LlamaGenerator) -> Generator:
        return smol


@pytest.mark.models
def test_characters_of_several_tokens_are_written_whole(smol: LlamaGenerator) -> None:
    repeat = (Message("system", "Repeat what the user says."), Message("user", "🙂🙂🙂🙂🙂"))
    generation = write(smol, repeat)
    assert "🙂" in generation.text
    assert len(generation.text) < generation.completion_tokens


@pytest.mark.models
def test_a_system_message_is_read_once(smol: LlamaGenerator) -> None:
    write(smol, FRUIT, GenerationParams(1))
    other = write(smol, (SYSTEM, Message("user", "Why?")), GenerationParams(1))
    assert 5 < other.cached_tokens < smol.count_tokens([SYSTEM])
    assert write(smol, OTHERS["no system message"], GenerationParams(1)).cached_tokens == 0


@pytest.mark.models
@pytest.mark.timed
def test_a_prompt_of_several_batches_is_read_stopped_and_closed(
    small_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.generation.context._BATCH_TOKENS", 64)
    before = n_mappings(small_gguf)
    generator = LlamaGenerator(LlamaWeights(small_gguf), name="smol", context_tokens=256, threads=1)
    assert n_mappings(small_gguf) > before
    long = (
        Message("user", "It rained on Monday, and on Tuesday the river rose by 4.5 metres. " * 8),
    )
    assert generator.count_tokens(long) > 2 * 64 + 20
    whole = StopAfter(10**9)
    first = generator.stream(long, GenerationParams(1), ignore, whole)
    late = StopAfter(whole.calls - 20)
    write(generator, FRUIT, GenerationParams(1))
    with pytest.raises(GenerationStoppedError):
        generator.stream(long, GenerationParams(1), ignore, late)
    assert time.perf_counter() - late.said_at < 1.0
    assert write(generator, long, GenerationParams(1)).logprob == first.logprob
    generator.close()
    assert n_mappings(small_gguf) == before


def n_mappings(path: Path) -> int:
    """How often the weights are in this process's memory."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("only Linux tells what is mapped")
    return maps.read_text().count(str(path))


READ_UNTIL_STOPPED = """
import sys
from pathlib import Path
from rag.cli.console import Interrupts, leave
from rag.errors import RagError
from rag.generation import LlamaGenerator, LlamaWeights
from rag.schema import GenerationParams, Message

weights = LlamaWeights(Path(sys.argv[1]))
generator = LlamaGenerator(weights, name="smol", context_tokens=2048, threads=2)
with Interrupts().watch() as interrupts:
    print("ready", flush=True)
    try:
        while True:
            message = Message("user", "It rained on Monday, and on Tuesday. " * 180)
            generator.stream([message], GenerationParams(1), print, interrupts)
    except RagError as error:
        sys.exit(leave(error))
"""


@pytest.mark.models
@pytest.mark.timed
def test_ctrl_c_ends_a_process_that_reads_a_long_prompt_within_a_second(small_gguf: Path) -> None:
    with another_process(READ_UNTIL_STOPPED, small_gguf) as process:
        time.sleep(0.5)
        assert process.poll() is None
        started = time.perf_counter()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert time.perf_counter() - started < 1.0
    assert process.returncode == 130
    assert errors.strip() == "Stopped. Nothing is lost."
