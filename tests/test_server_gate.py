"""Who may ask the server, and how much a request may carry."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator

import openai
import pytest
import ui_samples as samples
from server_desk import (
    KEY,
    client_of,
    complete,
    place_of,
    request,
    served,
)

from rag.errors import (
    UsageError,
)
from rag.server import launch
from rag.server.gate import MAX_BODY_BYTES
from rag.server.serving import Site


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(samples.asker()) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with client_of(address) as client:
        yield client


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com", ""])  # noqa: S104
@pytest.mark.parametrize("key", [None, "", "short", "ä" * 40])
def test_nobody_else_is_served_without_a_good_key(host: str, key: str | None) -> None:
    with pytest.raises(UsageError, match="key") as caught:
        launch(samples.asker(), host=host, port=0, api_key=key)
    assert "RAG_API_KEY" in caught.value.hint or "secrets" in caught.value.hint


def test_with_a_key_others_are_served_under_any_address_but_no_foreign_name() -> None:
    with Site(samples.asker(), host="0.0.0.0", port=0, api_key=KEY) as site:  # noqa: S104
        thread = threading.Thread(target=site.run)
        thread.start()
        port = site.address.split(":")[2].split("/")[0]
        local = f"http://127.0.0.1:{port}/v1"
        with client_of(local, KEY) as client:
            assert complete(client, samples.HOW_MANY).citeline["status"] == "answered"
        known = {"authorization": f"Bearer {KEY}"}
        assert (
            request(local, "GET", "/v1/models", headers={**known, "host": "10.0.0.7:9000"})[0]
            == 200
        )
        assert (
            request(local, "GET", "/v1/models", headers={**known, "host": "evil.example"})[0] == 400
        )
        site.stop()
        thread.join(10)


def test_without_the_key_nothing_is_told_but_the_health() -> None:
    with served(samples.asker(), api_key=KEY) as address:
        for wrong in ({}, {"authorization": "Bearer nope"}, {"authorization": f"Basic {KEY}"}):
            status, told = request(address, "GET", "/v1/models", headers=wrong)
            assert (status, told["error"]["code"]) == (401, "invalid_api_key")
        assert request(address, "GET", "/healthz")[0] == 200
        with client_of(address, KEY) as client:
            assert complete(client, samples.HOW_MANY).citeline["status"] == "answered"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 400),
        ({"host": "127.0.0.1"}, 400),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_a_foreign_page_is_refused(address: str, headers: dict[str, str], status: int) -> None:
    assert request(address, "GET", "/v1/models", headers=headers)[0] == status


def test_a_body_that_is_announced_too_long_is_not_read(address: str) -> None:
    headers = {"content-length": str(MAX_BODY_BYTES + 1)}
    assert request(address, "POST", "/v1/chat/completions", b"", headers)[0] == 413


def test_a_body_that_comes_too_long_is_cut_off(address: str) -> None:
    connection = http.client.HTTPConnection(place_of(address), timeout=10)
    pieces = (b" " * 100_000 for _ in range(MAX_BODY_BYTES // 100_000 + 1))
    connection.request("POST", "/v1/chat/completions", pieces, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()
