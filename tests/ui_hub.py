"""A hub on this machine with models of a registry of its own, for tests of fetching them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from models_world import FakeHub, World, serving

CONTENT = bytes(range(256)) * 4000
WITHIN_S = 60.0


@dataclass
class HesitantHub(FakeHub):
    """Sends half of the first answer and then nothing until it is let go on."""

    sent_half: threading.Event = field(default_factory=threading.Event)
    let_on: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("Range") or self.let_on.is_set():
            super().answer(request)
            return
        self.requests.append((request.path, None))
        request.send_response(200)
        request.send_header("Content-Length", str(len(self.content)))
        request.end_headers()
        request.wfile.write(self.content[: len(self.content) // 2])
        request.wfile.flush()
        self.sent_half.set()
        self.let_on.wait(WITHIN_S)
        request.close_connection = True


@contextmanager
def hub_of(folder: Path, monkeypatch: pytest.MonkeyPatch, *models: str) -> Iterator[HesitantHub]:
    """A hub that has each of some models, which the registry knows."""
    world = World(folder, monkeypatch)
    world.registry.parent.mkdir()
    world.registry.write_text(
        "".join(
            f'[[model]]\nname = "{name}"\nrole = "generator"\n'
            f'hub = {{ repo = "org/{name}", revision = "abc123" }}\n'
            f'files = [{{ path = "{name}.gguf", size = {len(CONTENT)}, '
            f'sha256 = "{sha256(CONTENT).hexdigest()}" }}]\n'
            for name in models
        )
    )
    running = HesitantHub(CONTENT)
    with serving(running, monkeypatch):
        try:
            yield running
        finally:
            running.let_on.set()
