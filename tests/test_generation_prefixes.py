from __future__ import annotations

from pathlib import Path

import pytest
from generation_samples import ByteContext

from rag.generation import LlamaGenerator, LlamaWeights
from rag.generation.prefixes import PrefixStore
from rag.schema import Generation, GenerationParams, Message

SYSTEM = Message("system", "You answer a question about fruit in one word.")
ASK = (SYSTEM, Message("user", "Which fruit is yellow and long?"))


def never() -> bool:
    return False


def write(generator: LlamaGenerator, messages: tuple[Message, ...] = ASK) -> Generation:
    return generator.stream(messages, GenerationParams(8), lambda _text: None, never)


def test_a_state_comes_back_for_its_tokens_and_identity_alone(tmp_path: Path) -> None:
    store = PrefixStore(tmp_path / "new", "weights 2")
    assert store.load([1, 2]) is None
    store.save([1, 2], b"state")
    assert store.load([1, 2]) == b"state"
    assert store.load([12]) is None
    assert PrefixStore(tmp_path / "new", "weights 3").load([1, 2]) is None


@pytest.mark.parametrize("damage", [b"", b"short", None], ids=["empty", "cut", "a flipped bit"])
def test_a_damaged_file_is_none(tmp_path: Path, damage: bytes | None) -> None:
    store = PrefixStore(tmp_path, "weights")
    store.save([1], b"state")
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if damage is None else damage)
    assert store.load([1]) is None


def test_old_states_are_dropped(tmp_path: Path) -> None:
    store = PrefixStore(tmp_path, "weights")
    for n in range(20):
        store.save([n], b"state")
    assert len(list(tmp_path.iterdir())) == 8


def test_a_folder_that_cannot_be_made_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = PrefixStore(tmp_path / "file" / "below", "weights")
    store.save([1], b"state")
    assert store.load([1]) is None


def test_a_new_process_takes_up_the_system_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    for _ in range(2):
        context = ByteContext(Path("x"), context_tokens=0, threads=1)
        monkeypatch.setattr("rag.generation.generator.LlamaContext", lambda *_, c=context, **__: c)
        options = {"name": "bytes", "context_tokens": 0, "threads": 1}
        write(LlamaGenerator(context, prefixes=tmp_path, **options))  # type: ignore[arg-type]
        read.append([bytes(block)[:3] for block in context.evaluated[:2]])
        write(LlamaGenerator(context, prefixes=tmp_path, **options), ASK[1:])  # type: ignore[arg-type]
    assert read[0][0] == b"<s>"
    assert read[1][0] == b"<u>"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.models
def test_a_state_from_disk_writes_the_same_words(small_gguf: Path, tmp_path: Path) -> None:
    written = []
    for prefixes in (None, tmp_path, tmp_path):
        generator = LlamaGenerator(
            LlamaWeights(small_gguf), name="smol", context_tokens=512, threads=1, prefixes=prefixes
        )
        written.append(write(generator))
        generator.close()
    assert len({generation.text for generation in written}) == 1
    assert [generation.cached_tokens > 0 for generation in written] == [False, False, True]


@pytest.mark.models
def test_a_state_of_another_model_is_not_taken(small_gguf: Path, tmp_path: Path) -> None:
    generator = LlamaGenerator(
        LlamaWeights(small_gguf), name="smol", context_tokens=512, threads=1, prefixes=tmp_path
    )
    expected = write(generator)
    generator.close()
    (path,) = tmp_path.iterdir()
    store = PrefixStore(tmp_path, "any")
    store.save([0], b"no state of any model")
    (other,) = set(tmp_path.iterdir()) - {path}
    path.write_bytes(other.read_bytes())
    generator = LlamaGenerator(
        LlamaWeights(small_gguf), name="smol", context_tokens=512, threads=1, prefixes=tmp_path
    )
    again = write(generator)
    generator.close()
    assert (again.text, again.cached_tokens) == (expected.text, 0)
