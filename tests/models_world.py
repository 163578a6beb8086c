"""A machine of its own for tests of rag.models: folders, a registry, wheels that pip can find."""

from __future__ import annotations

import hashlib
import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag.models import HubSource, ModelSpec, PartsSource, Role, WeightFile

NOBODY = "http://127.0.0.1:9"
"""The discard port: a connection is refused at once."""


class World:
    """Everything that rag.models reads or writes lies below one folder; no index is asked."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.models = root / "models"
        self.wheels = root / "wheels"
        self.registry = root / "own" / "models.toml"
        self.wheels.mkdir()
        monkeypatch.setenv("RAG_MODELS_DIR", str(self.models))
        monkeypatch.setenv("RAG_CACHE_DIR", str(root / "cache"))
        monkeypatch.setenv("RAG_MODELS_REGISTRY", str(self.registry))
        for variable in [name for name in os.environ if name.startswith("PIP_")]:
            monkeypatch.delenv(variable)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(self.wheels))
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        # Read once, when huggingface_hub is imported: another test may have imported it offline.
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
        monkeypatch.setenv("HF_ENDPOINT", NOBODY)

    def put(self, spec: ModelSpec, contents: list[bytes]) -> None:
        """Lay a model's files where they belong."""
        for file, content in zip(spec.files, contents, strict=True):
            path = spec.path_of(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def wheel(self, name: str, members: dict[str, bytes], version: str = "1.0") -> Path:
        """Make a wheel that pip takes, with some more members."""
        module = name.replace("-", "_")
        info = f"{module}-{version}.dist-info"
        path = self.wheels / f"{module}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
            archive.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            )
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")
        return path

    def part_wheels(self, content: bytes, count: int) -> PartsSource:
        """Cut content into wheels weights-part1, weights-part2 and so on."""
        size = -(-len(content) // count)
        for n in range(1, count + 1):
            part = content[(n - 1) * size : n * size]
            self.wheel(f"weights-part{n}", {f"weights_part{n}/data/part{n:02}.bin": part})
        return PartsSource("weights-part{n}", "1.0", count, "weights_part{n}/data/part{n:02}.bin")

    def keep(self, *wheels: str, model: str = "tiny") -> None:
        """Move wheels, in order, to where an earlier fetch would have kept them."""
        folder = self.models / f"{model}.parts"
        folder.mkdir(parents=True)
        for n, name in enumerate(wheels, start=1):
            (self.wheels / f"{name}-1.0-py3-none-any.whl").rename(folder / f"{n:03}.whl")


def weight_file(path: str, content: bytes) -> WeightFile:
    return WeightFile(path, len(content), hashlib.sha256(content).hexdigest())


def generator(
    content: bytes, parts: PartsSource | None = None, hub: HubSource | None = None
) -> ModelSpec:
    """A registered model of one file."""
    files = (weight_file("tiny.gguf", content),)
    return ModelSpec("tiny", Role.GENERATOR, files, parts=parts, hub=hub)


def embedder(contents: dict[str, bytes], parts: PartsSource | None = None) -> ModelSpec:
    """A registered model of several files."""
    files = tuple(weight_file(path, content) for path, content in contents.items())
    return ModelSpec("small", Role.EMBEDDER, files, folder="small", parts=parts)


@dataclass
class Bar:
    """A progress bar that remembers."""

    labels: list[str] = field(default_factory=list)
    total: int = 0
    done: int = 0
    finished: int = 0

    def start(self, total_bytes: int, label: str) -> None:
        self.labels.append(label)
        self.total, self.done = total_bytes, 0

    def advance(self, n_bytes: int) -> None:
        self.done += n_bytes

    def finish(self) -> None:
        self.finished += 1


@dataclass
class FakeHub:
    """What a hub's server does with the one file that it has."""

    content: bytes
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and Range header of each request."""
    url: str = ""
    status: int = 200
    knows_ranges: bool = True
    redirects: bool = False
    breaks_after: list[int] = field(default_factory=list)
    """For each request in turn: how many bytes are sent before the connection breaks."""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.requests.append((request.path, asked))
        if self.redirects and "/resolve/" in request.path:
            request.send_response(302)
            request.send_header("Location", f"{self.url}/cdn/file")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        begin = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        partial = bool(begin) and self.knows_ranges
        body = self.content[begin:] if partial else self.content
        request.send_response(206 if partial else self.status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if self.breaks_after:
            body = body[: self.breaks_after.pop(0)]
        request.wfile.write(body)
        request.close_connection = True


@contextmanager
def serving(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """Run the hub on this machine and point HF_ENDPOINT at it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
