"""Replies that are kept on disk: the same as without, and written once."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from contracts.generator_contract import (
    FRUIT,
    OTHERS,
    PARAMS,
    GeneratorContract,
    StopAfter,
    ignore,
    never,
    write,
)

from rag.errors import GenerationStoppedError
from rag.fakes import ScriptedGenerator
from rag.generation.replies import CachedGenerator, ReplyCache
from rag.protocols import Generator, StopCheck
from rag.schema import GenerationParams, Likelihood, Message

REPLIES = {FRUIT[-1].content: "Apples grow in  Poland,\ncherries\nin Japan 🙂 .", "": "東京 🙂🙂"}


def scripted(name: str = "scripted") -> ScriptedGenerator:
    return ScriptedGenerator(REPLIES, context_tokens=500, name=name)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ReplyCache]:
    with ReplyCache(tmp_path / "replies.sqlite3") as cache:
        yield cache


class TestCachedGenerator(GeneratorContract):
    @pytest.fixture
    def generator(self, cache: ReplyCache) -> Generator:
        return CachedGenerator(scripted(), cache)


class TestGeneratorWhoseRepliesAreAllKept(GeneratorContract):
    """What it hands over comes from the cache wherever it can."""

    @pytest.fixture
    def generator(self, cache: ReplyCache) -> Generator:
        generator = CachedGenerator(scripted(), cache)
        for messages in (FRUIT, *OTHERS.values()):
            write(generator, messages)
        return generator


def test_the_same_prompt_is_written_once_and_in_the_same_pieces(tmp_path: Path) -> None:
    inner = scripted()
    pieces: list[list[str]] = [[], []]
    generations = []
    for n in range(2):
        with ReplyCache(tmp_path / "replies.sqlite3") as cache:
            generator = CachedGenerator(inner, cache)
            generations.append(generator.stream(FRUIT, PARAMS, pieces[n].append, never))
            assert cache.hits == n
    assert generations[0] == generations[1]
    assert pieces[0] == pieces[1]
    assert len(pieces[0]) > 2
    assert len(inner.prompts) == 1


@pytest.mark.parametrize(
    ("messages", "params", "name", "salt"),
    [
        (OTHERS["another question"], PARAMS, "scripted", ""),
        ((replace(FRUIT[0], role="user"), FRUIT[1]), PARAMS, "scripted", ""),
        ((Message("system", FRUIT[0].content + FRUIT[1].content),), PARAMS, "scripted", ""),
        (FRUIT, GenerationParams(PARAMS.max_tokens - 1), "scripted", ""),
        (FRUIT, replace(PARAMS, stop=("x",)), "scripted", ""),
        (FRUIT, PARAMS, "other weights", ""),
        (FRUIT, PARAMS, "scripted", "another build"),
    ],
)
def test_whatever_a_reply_depends_on_is_in_its_key(
    cache: ReplyCache,
    messages: tuple[Message, ...],
    params: GenerationParams,
    name: str,
    salt: str,
) -> None:
    write(CachedGenerator(scripted(), cache), FRUIT)
    inner = scripted(name)
    CachedGenerator(inner, cache, salt=salt).stream(messages, params, ignore, never)
    assert (len(inner.prompts), cache.hits) == (1, 0)


class Rough(ScriptedGenerator):
    """Tells of what is too unlikely only that it is, and counts what it was asked."""

    def __init__(self) -> None:
        super().__init__({}, likelihoods=lambda _messages, _text: -5.0)
        self.asked: list[float] = []

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,
    ) -> Likelihood:
        self.asked.append(least)
        told = super().likelihood(messages, text, stop, least=least)
        return told if told.logprob >= least else replace(told, logprob=least - 1)


def test_a_likelihood_is_told_once(cache: ReplyCache) -> None:
    inner = Rough()
    generator = CachedGenerator(inner, cache)
    first = generator.likelihood(FRUIT, "Apples.", never)
    assert generator.likelihood(FRUIT, "Apples.", never) == first
    assert (inner.asked, cache.hits) == ([-math.inf], 1)
    generator.likelihood(FRUIT, "Pears.", never)
    generator.likelihood(OTHERS["another question"], "Apples.", never)
    assert (len(inner.asked), cache.hits) == (3, 1)


def test_a_rough_likelihood_is_not_taken_for_an_exact_one(cache: ReplyCache) -> None:
    inner = Rough()
    generator = CachedGenerator(inner, cache)
    told = [
        generator.likelihood(FRUIT, "Apples.", never, least=least).logprob
        for least in (-2.0, -4.0, -math.inf, -2.0)
    ]
    assert told == [-3.0, -5.0, -5.0, -3.0]
    assert inner.asked == [-2.0, -4.0, -math.inf]


def test_what_was_stopped_is_not_kept(cache: ReplyCache) -> None:
    inner = scripted()
    generator = CachedGenerator(inner, cache)
    pieces: list[str] = []
    with pytest.raises(GenerationStoppedError):
        generator.stream(FRUIT, PARAMS, pieces.append, lambda: len(pieces) >= 1)
    whole = write(generator, FRUIT).text
    assert whole != "".join(pieces)
    assert len(inner.prompts) == 2


def test_what_is_kept_can_be_stopped_too(cache: ReplyCache) -> None:
    generator = CachedGenerator(scripted(), cache)
    write(generator, FRUIT)
    with pytest.raises(GenerationStoppedError):
        generator.stream(FRUIT, PARAMS, pytest.fail, StopAfter(1))


# --- the file ------------------------------------------------------------------------------


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite3"
    path.write_bytes(b"no database at all " * 100)
    with ReplyCache(path) as cache:
        cache.put("a", [1])
    with ReplyCache(path) as cache:
        assert cache.get("a") == [1]


def test_a_folder_that_cannot_be_written_costs_time_and_no_answers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with ReplyCache(tmp_path / "file" / "replies.sqlite3") as cache:
        generator = CachedGenerator(scripted(), cache)
        assert write(generator, FRUIT) == write(generator, FRUIT)


def test_a_closed_cache_has_nothing(cache: ReplyCache) -> None:
    cache.put("a", 1)
    cache.close()
    assert cache.get("a") is None
    cache.put("b", 2)


def test_replies_that_nobody_asks_for_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "replies.sqlite3"
    day = 24 * 3600
    now = time.time()
    with ReplyCache(path) as cache:
        cache.put("used", 1)
        cache.put("unused", 2)
    monkeypatch.setattr(time, "time", lambda: now + 40 * day)
    with ReplyCache(path) as cache:
        assert cache.get("used") == 1
    monkeypatch.setattr(time, "time", lambda: now + 80 * day)
    with ReplyCache(path) as cache:
        assert cache.get("used") == 1
        assert cache.get("unused") is None


def test_two_runs_may_use_one_file(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite3"
    with ReplyCache(path) as one, ReplyCache(path) as two:
        one.put("a", "x")
        two.put("b", "y")
        assert (one.get("b"), two.get("a")) == ("y", "x")
