"""A running server for tests, and clients of it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import openai
import ui_samples as samples

from rag.fakes import FakeAsker
from rag.schema import Answer, Filters, Retrieval
from rag.server import Asker
from rag.server.serving import Site

KEY = "a-key-that-is-long-enough"
PAUSE_S = 0.02


@contextmanager
def served(asker: Asker, **how: Any) -> Iterator[str]:
    """Serve in a thread and give the base URL."""
    with Site(asker, host="127.0.0.1", port=0, **how) as site:
        thread = threading.Thread(target=site.run)
        thread.start()
        try:
            yield site.address
        finally:
            site.stop()
            thread.join(10)
            assert not thread.is_alive()


def client_of(address: str, key: str = "none") -> openai.OpenAI:
    return openai.OpenAI(base_url=address, api_key=key, max_retries=0, timeout=20)


def complete(client: openai.OpenAI, question: str, **how: Any) -> Any:
    messages = [{"role": "user", "content": question}]
    given: dict[str, Any] = {"model": "citeline", "messages": messages, **how}
    return client.chat.completions.create(**given)


def request(
    address: str,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, Any]:
    """Status and JSON of a request that OpenAI's client would not make."""
    connection = http.client.HTTPConnection(place_of(address), timeout=10)
    given = {"content-type": "application/json", **headers}
    connection.request(method, path, body, given)
    response = connection.getresponse()
    status, text = response.status, response.read()
    connection.close()
    return status, json.loads(text)


def asking(address: str, question: str, *, stream: bool = False) -> http.client.HTTPConnection:
    """A client that has asked and may hang up."""
    messages = [{"role": "user", "content": question}]
    body = {"model": "citeline", "stream": stream, "messages": messages}
    connection = http.client.HTTPConnection(place_of(address), timeout=10)
    headers = {"content-type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    return connection


def place_of(address: str) -> str:
    return address.removeprefix("http://").removesuffix("/v1")


def reply_to(question: str) -> Answer:
    """What the fake answers."""
    return samples.asker().ask(
        question,
        filters=Filters(),
        on_evidence=lambda _: None,
        on_text=lambda _: None,
        stop=lambda: False,
    )


def wait_until(happened: Callable[[], bool], within_s: float = 5.0) -> float:
    """Seconds until it happened."""
    started = time.perf_counter()
    while not happened():
        assert time.perf_counter() - started < within_s
        time.sleep(0.01)
    return time.perf_counter() - started


class Recorder(FakeAsker):
    """Notes what it is asked, and how many ask at the same time."""

    def __init__(self, *, pause_s: float = 0.0) -> None:
        super().__init__({"": samples.answer("", "So it is. " * 20)}, pause_s=pause_s)
        self.asked: list[tuple[str, Filters]] = []
        self.most = 0
        self._now = 0

    def ask(
        self,
        question: str,
        *,
        filters: Filters,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: Callable[[], bool],
    ) -> Answer:
        self.asked.append((question, filters))
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            return super().ask(
                question, filters=filters, on_evidence=on_evidence, on_text=on_text, stop=stop
            )
        finally:
            self._now -= 1
