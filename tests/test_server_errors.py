"""What the server refuses, and how it says that something went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
import ui_samples as samples
from server_desk import (
    client_of,
    complete,
    reply_to,
    request,
    served,
)

from rag.errors import (
    ContextOverflowError,
    LibraryMissingError,
    ModelMissingError,
    RagError,
    UnknownDocumentError,
)
from rag.fakes import FakeAsker
from rag.schema import Answer
from rag.server.requests import MAX_QUESTION_CHARACTERS


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(samples.asker()) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with client_of(address) as client:
        yield client


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (LibraryMissingError("There is none.", "Run: rag index"), 503, "library_unavailable"),
        (ModelMissingError("Not fetched."), 503, "model_unavailable"),
        (UnknownDocumentError("No such article."), 400, "invalid_value"),
        (ContextOverflowError("Too long."), 400, "context_length_exceeded"),
        (RagError("Something."), 500, "internal_error"),
    ],
)
def test_an_error_has_its_status_and_says_what_to_do(
    error: RagError, status: int, code: str, stream: bool
) -> None:
    with (
        served(FakeAsker({"": error})) as address,
        client_of(address) as client,
        pytest.raises(openai.APIStatusError) as caught,
    ):
        complete(client, "How many?", stream=stream)
    assert (caught.value.status_code, caught.value.code) == (status, code)
    assert str(error) in str(caught.value)


def test_an_error_within_a_stream_ends_it() -> None:
    class Torn(FakeAsker):
        def ask(self, question: str, *, on_text: Callable[[str], None], **how: Any) -> Answer:
            on_text("So ")
            raise RagError("The disk is gone.")

    with served(Torn({"": reply_to("")})) as address, client_of(address) as client:
        chunks = complete(client, "How many?", stream=True)
        with pytest.raises(openai.APIError, match="The disk is gone"):
            list(chunks)


def test_a_mistake_in_the_program_is_no_silence_and_tells_nothing_of_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Wrong(FakeAsker):
        def ask(self, question: str, **how: Any) -> Answer:
            raise KeyError("/home/someone/secret")

    with (
        served(Wrong({"": reply_to("")})) as address,
        client_of(address) as client,
        pytest.raises(openai.InternalServerError) as caught,
    ):
        complete(client, "How many?")
    assert "secret" not in str(caught.value)
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("field", "value", "param"),
    [
        ("model", "gpt-5", "model"),
        ("n", 2, "n"),
        ("logprobs", True, "logprobs"),
        ("modalities", ["audio"], "modalities"),
        ("response_format", {"type": "json_object"}, "response_format"),
        ("tool_choice", "required", "tool_choice"),
        ("tool_choice", {"type": "function", "function": {"name": "f"}}, "tool_choice"),
        ("messages", [{"role": "system", "content": "Hello"}], "messages"),
        ("messages", [{"role": "user", "content": "  "}], "messages"),
        (
            "messages",
            [{"role": "user", "content": "x" * (MAX_QUESTION_CHARACTERS + 1)}],
            "messages",
        ),
        ("messages", [{"role": "user", "content": [{"type": "image_url"}]}], "messages"),
        ("messages", [], "messages"),
        ("messages", "How many?", "messages"),
        ("citeline", {"outlet": "x"}, "citeline.outlet"),
        ("citeline", {"since": "May"}, "citeline.since"),
    ],
)
def test_what_could_not_be_honoured_is_refused(
    client: openai.OpenAI, field: str, value: Any, param: str
) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        complete(client, "How many?", extra_body={field: value})
    assert caught.value.status_code == (404 if field == "model" else 400)
    assert caught.value.param == param


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"a":' * 5000])
def test_a_body_that_is_no_request_is_refused(address: str, body: bytes) -> None:
    status, told = request(address, "POST", "/v1/chat/completions", body)
    assert (status, told["error"]["type"]) == (400, "invalid_request_error")


def test_an_unknown_address_is_told_in_the_same_form(address: str) -> None:
    status, told = request(address, "GET", "/v1/embeddings")
    assert (status, told["error"]["code"]) == (404, "http_404")
