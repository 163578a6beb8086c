"""The server as OpenAI's own client sees it, with fakes in place of the pipeline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import openai
import pytest
import ui_samples as samples
from server_desk import (
    Recorder,
    client_of,
    complete,
    reply_to,
    request,
    served,
    wait_until,
)

from rag.errors import (
    ModelMissingError,
)
from rag.fakes import FakeAsker, ScriptedGenerator
from rag.schema import Answer, Filters, GenerationParams, Message
from rag.serialization import answer_json
from rag.server import Meter
from rag.server.replies import Reply, annotations_json, paragraphs


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(samples.asker()) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with client_of(address) as client:
        yield client


def test_an_answer_carries_the_sentences_behind_it(client: openai.OpenAI) -> None:
    completion = complete(client, samples.HOW_MANY)
    message = completion.choices[0].message
    assert message.content == reply_to(samples.HOW_MANY).text
    cited = [each.url_citation for each in message.annotations]
    assert [message.content[c.start_index : c.end_index] for c in cited] == ["[1]", "[2]"]
    assert cited[0].title == "Harbour traffic at a nine-year high"
    assert cited[0].url == "file:///articles/harbour.pdf#page=2"
    assert completion.choices[0].finish_reason == "stop"
    assert completion.citeline == answer_json(reply_to(samples.HOW_MANY))
    assert completion.citeline["citations"][0]["quote"] == samples.SENTENCES[0][1]


def test_lines_of_an_answer_are_paragraphs_and_its_markers_where_they_say() -> None:
    answer = samples.answer(
        "How many?",
        "The articles give different figures.\n46,610: “46,610 came.” [1]\n39,480: “39,480.” [2]",
        cited=samples.FOUND[:2],
    )
    content = paragraphs(answer.text)
    assert content.split("\n\n") == answer.text.split("\n")
    assert Reply().piece(answer.text)["choices"][0]["delta"]["content"] == content
    cited = [each["url_citation"] for each in annotations_json(answer)]
    assert [content[c["start_index"] : c["end_index"]] for c in cited] == ["[1]", "[2]"]


def test_a_stream_says_the_same_in_pieces(client: openai.OpenAI) -> None:
    chunks = list(complete(client, samples.HOW_MANY, stream=True))
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert sum(bool(delta.content) for delta in deltas) > 5
    whole = complete(client, samples.HOW_MANY)
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    annotations = [each.model_dump() for each in whole.choices[0].message.annotations]
    assert deltas[-1].annotations == annotations
    assert chunks[-1].citeline == whole.citeline
    assert [c.choices[0].finish_reason for c in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert len({chunk.id for chunk in chunks}) == 1


def test_an_abstention_is_an_answer_that_says_so(client: openai.OpenAI) -> None:
    completion = complete(client, samples.HOW_MUCH)
    assert completion.citeline["status"] == "abstained"
    assert completion.choices[0].message.annotations == []
    assert completion.citeline["evidence"], "the nearest sentences are offered"


def test_the_last_message_of_the_user_is_the_question_and_nothing_else_is_obeyed() -> None:
    recorder = Recorder()
    messages = [
        {"role": "system", "content": "Answer like a pirate."},
        {"role": "user", "content": "How many ships?"},
        {"role": "assistant", "content": "46,610 [1]."},
        {"role": "user", "content": [{"type": "text", "text": " And in April? "}]},
    ]
    how: dict[str, Any] = {"temperature": 2, "seed": 7, "max_tokens": 1, "tool_choice": "auto"}
    with served(recorder) as address, client_of(address) as client:
        complete(client, "", messages=messages, **how)
    assert recorder.asked == [("And in April?", Filters())]


def test_a_client_may_choose_the_articles() -> None:
    recorder = Recorder()
    chosen = {"documents": ["h"], "publishers": ["Coast Courier"], "since": "2031-06-01"}
    with served(recorder) as address, client_of(address) as client:
        complete(client, "How many?", extra_body={"citeline": chosen})
    assert recorder.asked[0][1] == Filters(("h",), ("Coast Courier",), since=date(2031, 6, 1))


def test_tokens_are_those_of_the_chat_model() -> None:
    meter = Meter()
    generator = meter.wrap(ScriptedGenerator({"": "two words"}))

    class Writer(Recorder):
        def ask(self, question: str, **how: Any) -> Answer:
            for _ in range(2):  # tries
                messages = [Message("user", question)]
                generator.stream(messages, GenerationParams(), lambda _: None, lambda: False)
            return super().ask(question, **how)

    with served(Writer(), meter=meter) as address, client_of(address) as client:
        usage = complete(client, "One two three?").usage
        assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (10, 4, 14)
        *_, last = complete(client, "One?", stream=True, stream_options={"include_usage": True})
        assert (last.choices, last.usage.completion_tokens) == ([], 4), "counted anew"


def test_there_is_one_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["citeline"]
    assert client.models.retrieve("citeline").owned_by == "citeline"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt")


def test_the_health_check_tells_loading_from_ready_and_broken() -> None:
    gate = threading.Event()

    class Slow(FakeAsker):
        def warm(self) -> None:
            gate.wait(10)

    with served(Slow({"": reply_to("")})) as address:
        assert request(address, "GET", "/healthz")[1]["status"] == "loading"
        gate.set()
        wait_until(lambda: request(address, "GET", "/healthz")[1]["status"] == "ok")
    broken = FakeAsker({"": reply_to("")}, broken=ModelMissingError("No model.", "Run: fetch"))
    with served(broken) as address:
        wait_until(lambda: request(address, "GET", "/healthz")[0] == 503)
        assert request(address, "GET", "/healthz")[1]["error"] == "No model. Run: fetch"


def test_importing_the_package_imports_no_framework() -> None:
    import subprocess
    import sys

    code = "import sys, rag.server; sys.exit('fastapi' in sys.modules or 'uvicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
