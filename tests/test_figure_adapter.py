"""How the chat model is taught to read figures: questions, sheets, the network and its adapter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from job_samples import HARBOUR as HARBOUR_INFO

from eval.benchmarks.values import chance
from eval.figure_adapter import network as module
from eval.figure_adapter.network import Network, save_adapter
from eval.figure_adapter.questions import Article, Taught, read_articles, read_taught
from eval.figure_adapter.sheets import Blocks, Drawer, Passages, Sheet, Tree, planted
from rag.errors import LlamaBrokenError
from rag.generation import LlamaGenerator, LlamaWeights
from rag.generation.template import ChatTemplate, tokenise
from rag.llama_build.tiny_gguf import write_tiny_gguf
from rag.prompts import NOT_STATED, figure_messages
from rag.schema import Message

HARBOUR = Article(
    replace(HARBOUR_INFO, title="The harbour of Lund"),
    "north",
    ("It opened in 1904.", "In May 46,610 ships came.", "In June it was 312.", "The café closed."),
)
ELSEWHERE = Article(
    replace(HARBOUR_INFO, id="café", title="The café"), "north", ("It sold 99 teas.", "It rained.")
)
ASKED = (
    Taught("single", "How many ships came in May?", "46,610", (("harbour", HARBOUR.sentences[1]),)),
    Taught(
        "several",
        "How many more came in May?",
        "46,610 - 312",
        (("harbour", HARBOUR.sentences[1]), ("harbour", "In June it was 312.")),
    ),
    Taught("absent", "How many ships came in July?", None, (), "312"),
    Taught("premise", "Why did 400 come in June?", "312", (("harbour", HARBOUR.sentences[2]),)),
)


@pytest.fixture
def drawer() -> Drawer:
    return Drawer({"harbour": HARBOUR, "café": ELSEWHERE}, {"harbour": ASKED})


# --- questions -----------------------------------------------------------------------------


def test_what_is_taught_is_of_the_articles() -> None:
    articles, taught = read_articles(), read_taught()
    assert set(taught) <= set(articles)
    kinds = Counter(question.kind for questions in taught.values() for question in questions)
    assert set(kinds) == {"single", "part", "several", "premise", "absent"}
    assert min(kinds.values()) > 600
    for questions in taught.values():
        for question in questions:
            assert (question.reply is None) is (question.kind == "absent")
            for name, quote in question.quotes:
                assert articles[name].with_quote(quote), (question.text, quote)


def test_what_is_computed_is_written_with_the_figures_of_its_parts() -> None:
    replies = {q.reply for questions in read_taught().values() for q in questions}
    assert "44.4 million pounds - 38.2 million pounds" in replies
    assert "11; six" in replies
    assert not any(reply.startswith(("a -", "b -")) for reply in replies if reply)


# --- sheets --------------------------------------------------------------------------------


def text_of(sheet: Sheet) -> str:
    return figure_messages("", sheet.passages)[-1].content


def test_a_reply_is_wanted_only_where_its_sentences_are_shown(drawer: Drawer) -> None:
    rng, seen = chance("sheets"), Counter[tuple[str, str]]()
    for _ in range(200):
        sheet = drawer.draw("harbour", rng)
        for question, reply in sheet.replies:
            seen[question, reply] += 1
            if reply != NOT_STATED:
                text = text_of(sheet)
                assert all(part in text for part in reply.split(" - "))
    for asked in ASKED[:2]:
        assert seen[asked.text, asked.reply or ""] > 100
    assert seen[ASKED[1].text, NOT_STATED] > 5
    assert seen[ASKED[2].text, NOT_STATED] == 200
    assert "312" in text_of(drawer.draw("harbour", rng))


def test_an_article_is_shown_in_its_order_behind_title_and_day(drawer: Drawer) -> None:
    shown = drawer._passage("harbour", {3, 0})
    assert text_of(Sheet((shown,), ())).startswith(
        "Text: The harbour of Lund (2031-06-21). It opened in 1904. The café closed."
    )


def letters(text: str) -> Sequence[int]:
    return [ord(letter) % 200 for letter in text]


def blocks_of(question: str, passages: Passages) -> Blocks:
    ((_, (text,)),) = passages
    return (tuple(letters(text)), tuple(letters(question)))


TEXT = "It was 12 or 30."
SHEET = Sheet(((HARBOUR_INFO, (TEXT,)),), (("How many?", "12"), ("And then?", "30; 12")))


def test_a_question_sees_the_text_and_itself_alone() -> None:
    tree = planted(SHEET, blocks_of, letters, [7])
    trunk, first = len(TEXT), len("How many?12")
    second = range(trunk + first, len(tree.ids))
    assert tree.mask[trunk + 2, :trunk].all()
    assert not tree.mask[second.start :, trunk : trunk + first].any()
    assert not tree.mask.triu(1).any()
    assert [int(tree.places[i]) for i in (trunk, second.start)] == [trunk, trunk]
    wanted = [int(token) for token in tree.wanted]
    assert wanted == [*letters("12"), 7, *letters("30; 12"), 7]
    assert [int(tree.ids[row]) for row in tree.rows[1:3]] == letters("12")
    assert Counter(tree.question_of.tolist()) == {0: 3, 1: 7}


# --- the network, against llama.cpp --------------------------------------------------------

_WIDTH, _VOCABULARY = 64, 288


@pytest.fixture(scope="module")
def tiny_qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen2 of two layers with random weights and the vocabulary of single bytes."""
    folder = tmp_path_factory.mktemp("qwen")
    tiny_gguf, path = folder / "llama.gguf", folder / "tiny.gguf"
    write_tiny_gguf(tiny_gguf)
    writer = gguf.GGUFWriter(path, "qwen2")
    numbers = {"context_length": 2048, "embedding_length": _WIDTH, "block_count": 2}
    numbers |= {"feed_forward_length": 96, "attention.head_count": 4, "attention.head_count_kv": 2}
    for key, number in numbers.items():
        writer.add_uint32(f"qwen2.{key}", number)
    writer.add_float32("qwen2.attention.layer_norm_rms_epsilon", 1e-6)
    writer.add_float32("qwen2.rope.freq_base", 1e6)
    fields = gguf.GGUFReader(tiny_gguf).fields
    for name in ("tokens", "scores", "token_type"):
        key = f"tokenizer.ggml.{name}"
        writer.add_array(key, fields[key].contents())
    writer.add_string("tokenizer.ggml.model", "llama")
    for name, shape in _shapes():
        noise = np.random.default_rng(len(name) + shape[0]).normal(0, 0.1, shape)
        writer.add_tensor(name, (noise + ("norm" in name)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _shapes() -> Iterator[tuple[str, tuple[int, ...]]]:
    yield "token_embd.weight", (_VOCABULARY, _WIDTH)
    yield "output.weight", (_VOCABULARY, _WIDTH)
    yield "output_norm.weight", (_WIDTH,)
    for n in range(2):
        for name, n_out in (("q", _WIDTH), ("k", _WIDTH // 2), ("v", _WIDTH // 2)):
            yield f"blk.{n}.attn_{name}.weight", (n_out, _WIDTH)
            yield f"blk.{n}.attn_{name}.bias", (n_out,)
        yield f"blk.{n}.attn_output.weight", (_WIDTH, _WIDTH)
        yield f"blk.{n}.attn_norm.weight", (_WIDTH,)
        yield f"blk.{n}.ffn_norm.weight", (_WIDTH,)
        yield f"blk.{n}.ffn_gate.weight", (96, _WIDTH)
        yield f"blk.{n}.ffn_up.weight", (96, _WIDTH)
        yield f"blk.{n}.ffn_down.weight", (_WIDTH, 96)


ASK = (Message("system", "Answer."), Message("user", "Text: It was 12.\n\nQuestion: How many?"))


def tree_of(weights: LlamaWeights, *replies: str) -> Tree:
    blocks = tokenise(ChatTemplate(None).render(ASK), weights.encode)
    sheet = Sheet((), tuple(("", reply) for reply in replies))
    return planted(sheet, lambda *_: blocks, lambda text: weights.encode(text, False), [])


def test_what_was_learnt_reads_the_same_in_llama_cpp(
    tiny_qwen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FIRST_TAUGHT", 1)
    torch.manual_seed(0)
    network, weights = Network(tiny_qwen), LlamaWeights(tiny_qwen)
    tree, adapter = tree_of(weights, "12", "Not stated"), tmp_path / "adapter.gguf"
    before = network(tree).detach()
    optimiser = torch.optim.Adam(network.parameters(), 0.01)
    for _ in range(5):
        network(tree).mean().backward()
        optimiser.step()
        optimiser.zero_grad()
    after = network(tree).detach()
    assert (after < before).all()
    save_adapter(network.taught(), adapter)
    for expected, path in ((before, None), (after, adapter)):
        options = {"name": "tiny", "context_tokens": 512, "threads": 1}
        generator = LlamaGenerator(weights, adapter=path, **options)  # type: ignore[arg-type]
        assert generator.reads_figures is (path is not None)
        told = [
            -generator.likelihood(ASK, text, lambda: False).logprob for text in ("12", "Not stated")
        ]
        assert told == pytest.approx(expected.tolist(), rel=0.02)
        # Held open for the next one.
        weights.hold()
        generator.close()


def test_only_the_upper_layers_learn(tiny_qwen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_TAUGHT", 1)
    names = Network(tiny_qwen).taught()
    assert {name.split(".")[1] for name in names} == {"1"}
    assert len(names) == 14


@pytest.mark.parametrize("data", [b"", b"GGUF", None], ids=["empty", "cut off", "of no adapter"])
def test_a_broken_adapter_is_refused(tiny_qwen: Path, tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(tiny_qwen.read_bytes() if data is None else data)
    with pytest.raises(LlamaBrokenError, match=r"broken\.gguf"):
        LlamaGenerator(
            LlamaWeights(tiny_qwen), name="tiny", context_tokens=64, threads=1, adapter=path
        )
