"""The server over a real library and a small chat model; and a counted chat model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from contracts.generator_contract import FRUIT, GeneratorContract, never, write
from ingestion_desk import Observer
from server_desk import client_of, complete, served

from rag.fakes import ScriptedGenerator
from rag.pipeline import Pipeline
from rag.protocols import Generator, StopCheck
from rag.schema import Likelihood, Message
from rag.server import Meter
from rag.server.metering import Usage
from rag.settings import Settings

ARTICLE = """---
title: Ferry traffic grows
publisher: The Harbour Post
published: 2024-03-02
---
The port counted 12,400 passengers in February. The ferry to the island carried 3,100 of them.
"""


class TestMeteredGenerator(GeneratorContract):
    @pytest.fixture
    def generator(self) -> Generator:
        replies = {
            FRUIT[-1].content: "Apples grow in  Poland,\ncherries\nin Japan 🙂 .",
            "": "東京",
        }
        return Meter().wrap(ScriptedGenerator(replies, context_tokens=500))


class Least(ScriptedGenerator):
    """Keeps how unlikely a text may be and still has to be told exactly."""

    least = 0.0

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,
    ) -> Likelihood:
        self.least = least
        return super().likelihood(messages, text, stop, least=least)


def test_how_exact_a_likelihood_has_to_be_is_passed_on() -> None:
    inner = Least({})
    model = Meter().wrap(inner)
    model.likelihood(FRUIT, "Apples.", never, least=-4.5)
    assert inner.least == -4.5
    model.likelihood(FRUIT, "Apples.", never)
    assert inner.least == -math.inf


def test_what_is_weighed_is_counted_as_read_and_nothing_as_written() -> None:
    meter = Meter()
    model = meter.wrap(ScriptedGenerator({"": "It rose."}))
    told = model.likelihood(FRUIT, "Apples and cherries.", never)
    assert told.text_tokens == 3
    assert meter.usage == Usage(model.count_tokens(FRUIT) + 3, 0, 0)
    written = write(model, FRUIT)
    assert meter.usage == Usage(
        told.prompt_tokens + 3 + written.prompt_tokens, 0, written.completion_tokens
    )


@pytest.mark.models
def test_a_real_question_is_answered_from_its_sentence_or_not_at_all(
    tmp_path: Path, embedder_folder: Path, small_gguf: Path
) -> None:
    article = tmp_path / "ferry.md"
    article.write_text(ARTICLE, encoding="utf-8")
    meter = Meter()
    settings = Settings(library=tmp_path / "library", generator=str(small_gguf))
    with Pipeline(settings, wrap_generator=meter.wrap) as pipeline:
        pipeline.index([str(article)], observer=Observer())
        with served(pipeline, meter=meter) as address, client_of(address) as client:
            completion = complete(client, "How many passengers did the port count in February?")
    message = completion.choices[0].message
    # A figure is copied by code: the model writes nothing, and reads only in doubt.
    assert completion.usage.completion_tokens == 0
    assert completion.usage.total_tokens == completion.usage.prompt_tokens
    assert completion.citeline["status"] in {"answered", "abstained"}
    quotes = [citation["quote"] for citation in completion.citeline["citations"]]
    if completion.citeline["status"] == "answered":
        assert "12,400" in message.content
        assert quotes == ["The port counted 12,400 passengers in February."]
        assert message.annotations[0].url_citation.url == article.as_uri()
