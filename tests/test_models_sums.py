from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from models_world import Bar, World

from rag.models import sums
from rag.models.sums import STAMPS_NAME, current_sha256, remember_sha256, sha256_of


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sums, "_WORTH_REMEMBERING", 0)
    world = World(tmp_path, monkeypatch)
    world.models.mkdir()
    path = world.models / "a.gguf"
    path.write_bytes(b"first")
    return path


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def rewrite(path: Path, content: bytes) -> None:
    """Change content but neither size nor time of change."""
    status = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_sum_and_progress(weights: Path) -> None:
    bar = Bar()
    assert sha256_of(weights, bar) == sha256(b"first")
    assert bar.done == 5


def test_unchanged_file_is_not_read_again(weights: Path) -> None:
    current_sha256(weights)
    rewrite(weights, b"other")
    bar = Bar()
    assert current_sha256(weights, bar) == sha256(b"first")
    assert bar.done == 5
    assert sha256_of(weights) == sha256(b"other")


@pytest.mark.parametrize("content", [b"other", b"longer than before", b""])
def test_changed_file_is_hashed_again(weights: Path, content: bytes) -> None:
    current_sha256(weights)
    weights.write_bytes(content)
    os.utime(weights, ns=(1, 1))
    assert current_sha256(weights) == sha256(content)
    assert json.loads((weights.parent / STAMPS_NAME).read_text())["a.gguf"]["size"] == len(content)


def test_memory_keeps_the_other_files(weights: Path) -> None:
    other = weights.with_name("b.gguf")
    other.write_bytes(b"b")
    current_sha256(weights)
    current_sha256(other)
    assert set(json.loads((weights.parent / STAMPS_NAME).read_text())) == {"a.gguf", "b.gguf"}


def test_small_file_is_not_remembered(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "_WORTH_REMEMBERING", 6)
    current_sha256(weights)
    assert not (weights.parent / STAMPS_NAME).exists()


def test_files_elsewhere_are_remembered_in_the_cache(weights: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "home" / "b.gguf"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"first")
    current_sha256(elsewhere)
    assert [path.name for path in elsewhere.parent.iterdir()] == ["b.gguf"]
    rewrite(elsewhere, b"other")
    assert current_sha256(elsewhere) == sha256(b"first")


def test_folder_that_cannot_be_written_is_remembered_in_the_cache(
    weights: Path, tmp_path: Path
) -> None:
    (weights.parent / STAMPS_NAME).mkdir()
    current_sha256(weights)
    assert list((tmp_path / "cache" / "verified").iterdir())
    rewrite(weights, b"other")
    assert current_sha256(weights) == sha256(b"first")


@pytest.mark.parametrize("memory", ["", "{", "[]", '{"a.gguf": 3}', '{"a.gguf": {"size": 5}}'])
def test_broken_memory_is_no_memory(weights: Path, memory: str) -> None:
    (weights.parent / STAMPS_NAME).write_text(memory)
    assert current_sha256(weights) == sha256(b"first")


def test_nothing_can_be_written(weights: Path, tmp_path: Path) -> None:
    (weights.parent / STAMPS_NAME).mkdir()
    (tmp_path / "cache").write_text("in the way")
    remember_sha256(weights, sha256(b"first"))
    assert current_sha256(weights) == sha256(b"first")
