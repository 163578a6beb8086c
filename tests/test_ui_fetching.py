"""Fetching weights behind the page: from a hub on this machine, in a process of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from ui_hub import CONTENT, WITHIN_S, HesitantHub, hub_of

from rag.errors import FetchError, ModelMissingError
from rag.ui.fetching import OFFLINE, Fetches, Fetching


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HesitantHub]:
    with hub_of(tmp_path, monkeypatch, "tiny", "other") as running:
        yield running


def ended(fetches: Fetches) -> Fetching:
    assert until(lambda: not fetches.state.running)
    return fetches.state


def until(what: Callable[[], bool]) -> bool:
    end = time.monotonic() + WITHIN_S
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    return what()


def test_models_are_fetched_with_progress_although_the_page_is_offline(
    hub: HesitantHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.let_on.set()
    done: list[bool] = []
    fetches = Fetches(lambda: done.append(True))
    monkeypatch.setenv(OFFLINE, "1")  # as for Gradio
    assert fetches.start(["tiny", "other"])
    assert fetches.state.running
    state = ended(fetches)
    assert (state.error, state.stopped, done) == (None, False, [True])
    assert (state.done, state.total) == (len(CONTENT), len(CONTENT))
    assert "other from Hugging Face" in state.label
    for name in ("tiny", "other"):
        assert (tmp_path / "models" / f"{name}.gguf").read_bytes() == CONTENT


def test_who_wants_to_be_offline_stays_so(
    hub: HesitantHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OFFLINE, "1")
    fetches = Fetches(lambda: None)
    fetches.start(["tiny"])
    error = ended(fetches).error
    assert isinstance(error, FetchError)
    assert OFFLINE in error.message
    assert hub.requests == []


def test_one_at_a_time_stopped_while_the_server_is_silent_and_resumed(
    hub: HesitantHub, tmp_path: Path
) -> None:
    done: list[bool] = []
    fetches = Fetches(lambda: done.append(True))
    assert fetches.start(["tiny"])
    assert hub.sent_half.wait(WITHIN_S)
    part = tmp_path / "models" / "tiny.gguf.part"
    assert until(part.exists)
    assert not fetches.start(["other"])
    asked = time.monotonic()
    fetches.stop()
    state = ended(fetches)
    assert time.monotonic() - asked < 5
    assert (state.stopped, state.error, done) == (True, None, [])
    kept = part.stat().st_size
    assert 0 < kept <= len(CONTENT) // 2
    assert fetches.start(["tiny"])
    assert ended(fetches).error is None
    assert done == [True]
    assert hub.requests[-1][1] == f"bytes={kept}-"
    assert (tmp_path / "models" / "tiny.gguf").read_bytes() == CONTENT
    assert not part.exists()


def test_wrong_weights_are_refused_and_said(hub: HesitantHub, tmp_path: Path) -> None:
    hub.let_on.set()
    hub.content = CONTENT[::-1]
    fetches = Fetches(lambda: None)
    fetches.start(["tiny"])
    error = ended(fetches).error
    assert error is not None
    assert "sha256" in error.message
    assert "rag models fetch tiny" in error.hint
    assert not (tmp_path / "models" / "tiny.gguf").exists()


def test_an_unknown_model_is_an_error_and_closing_ends_what_runs(hub: HesitantHub) -> None:
    fetches = Fetches(lambda: None)
    fetches.close()
    fetches.start(["nothing-of-that-name"])
    assert isinstance(ended(fetches).error, ModelMissingError)
    assert not fetches.start([])
    fetches.start(["tiny"])
    assert hub.sent_half.wait(WITHIN_S)
    fetches.close()
    assert not fetches.state.running


def test_a_process_that_dies_is_an_error() -> None:
    fetches = Fetches(lambda: None, run=dying)
    fetches.start(["tiny"])
    error = ended(fetches).error
    assert isinstance(error, FetchError)
    assert "rag models fetch" in error.hint


def dying(_models: Sequence[str], _told: Connection, _offline: str | None) -> None:
    """Be killed, as for want of memory."""
    os._exit(9)
