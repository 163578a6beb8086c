from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from models_world import World, embedder, generator
from news_samples import NEWS

import rag.doctor
from rag.doctor import Check, examine
from rag.errors import LlamaBrokenError
from rag.library import Library
from rag.models import ModelSpec, Registry
from rag.settings import Settings

NAMES = (
    "Python", "llama.cpp", "generator", "embedder", "answer scorer", "FAISS", "SQLite", "library",
    "disk", "memory",
)  # fmt: skip
WEIGHTS = b"weights of a model"
FOLDER = {"model.safetensors": b"vectors", "1_Pooling/config.json": b"{}"}
CHAT = replace(generator(WEIGHTS), default=True, memory_mb=100)
MINI = replace(embedder(FOLDER), default=True)


class Clinic(NamedTuple):
    """A machine on which everything works, until a test breaks something."""

    world: World
    settings: Settings
    monkeypatch: pytest.MonkeyPatch

    def register(self, *specs: ModelSpec) -> None:
        self.monkeypatch.setattr("rag.models.load_registry", lambda: Registry(specs))

    def examine(self, **changes: Any) -> dict[str, Check]:
        checks = examine(self.settings.model_copy(update=changes))
        assert tuple(check.name for check in checks) == NAMES
        for check in checks:
            assert check.detail, check
            assert check.ok or check.hint, check
        json.dumps([asdict(check) for check in checks])
        return {check.name: check for check in checks}

    def only_wrong(self, *names: str, **changes: Any) -> list[Check]:
        """The checks of these parts, which fail, and no others."""
        checks = self.examine(**changes)
        assert [name for name, check in checks.items() if not check.ok] == list(names)
        return [checks[name] for name in names]


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    world = World(tmp_path, monkeypatch)
    world.put(CHAT, [WEIGHTS])
    world.put(MINI, list(FOLDER.values()))
    monkeypatch.setattr("rag.llama_build.probe.ensure_llama_works", lambda _: None)
    usage = shutil.disk_usage(tmp_path)._replace(free=5 * 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    clinic = Clinic(world, Settings(library=tmp_path / "library"), monkeypatch)
    clinic.register(CHAT, MINI)
    return clinic


def test_where_everything_works_every_part_is_named(clinic: Clinic) -> None:
    clinic.only_wrong()
    checks = clinic.examine()
    assert "tiny" in checks["generator"].detail
    assert CHAT.sha256[:12] in checks["generator"].detail
    assert str(clinic.world.models / "small") in checks["embedder"].detail
    assert sqlite3.sqlite_version in checks["SQLite"].detail
    assert "5.0 GB" in checks["disk"].detail
    assert "none yet" in checks["library"].detail
    assert all(check.hint == "" for check in checks.values())


def test_what_the_library_holds_is_told(clinic: Clinic) -> None:
    with Library.open(clinic.settings.library, create=True, writable=True) as library:
        for cut in NEWS[:3]:
            library.replace_document(*cut)
    assert "3 articles, 9 passages" in clinic.examine()["library"].detail


def test_llama_that_crashes(clinic: Clinic) -> None:
    def crash(_: Path) -> None:
        raise LlamaBrokenError("llama.cpp crashed at the first token.", "run: build it again")

    clinic.monkeypatch.setattr("rag.llama_build.probe.ensure_llama_works", crash)
    (check,) = clinic.only_wrong("llama.cpp")
    assert check.detail == "llama.cpp crashed at the first token."
    assert check.hint == "run: build it again"


def test_weights_that_are_missing(clinic: Clinic) -> None:
    (clinic.world.models / "tiny.gguf").unlink()
    shutil.rmtree(clinic.world.models / "small")
    chat, mini = clinic.only_wrong("generator", "embedder")
    assert "weights of tiny are not on" in chat.detail
    assert "weights of small are not on" in mini.detail


def test_weights_that_are_others(clinic: Clinic) -> None:
    clinic.world.put(CHAT, [WEIGHTS[:-1]])
    (check,) = clinic.only_wrong("generator")
    assert "17 bytes instead of 18" in check.detail


def test_names_that_no_model_has(clinic: Clinic) -> None:
    chat, mini = clinic.only_wrong(
        "generator", "embedder", generator="tinny", embedder="/no/such/folder"
    )
    assert "Did you mean tiny?" in chat.detail
    assert "/no/such/folder" in mini.detail


def test_a_registry_without_defaults(clinic: Clinic) -> None:
    clinic.register()
    clinic.only_wrong("generator", "embedder", "memory")


def test_a_registry_that_cannot_be_read(clinic: Clinic) -> None:
    clinic.monkeypatch.undo()
    clinic.monkeypatch.setattr("rag.llama_build.probe.ensure_llama_works", lambda _: None)
    clinic.monkeypatch.setenv("RAG_MODELS_REGISTRY", str(clinic.world.registry))
    clinic.world.registry.parent.mkdir()
    clinic.world.registry.write_text("[[model")
    checks = clinic.examine()
    for name in ("generator", "embedder", "memory"):
        assert not checks[name].ok
        assert "models.toml" in checks[name].detail


def test_an_answer_scorer_without_its_weights(clinic: Clinic, tmp_path: Path) -> None:
    clinic.monkeypatch.setattr("rag.answer_scoring.scorer.FOLDER", tmp_path)
    (check,) = clinic.only_wrong("answer scorer")
    assert "cannot be loaded" in check.detail
    assert "Install citeline again" in check.hint


def test_a_module_that_cannot_be_imported(clinic: Clinic) -> None:
    clinic.monkeypatch.setitem(sys.modules, "rag.vector_store", None)
    (check,) = clinic.only_wrong("FAISS")
    assert "pip install" in check.hint


def test_faiss_that_finds_something_else(clinic: Clinic) -> None:
    clinic.monkeypatch.setattr("rag.vector_store.FaissVectorStore.search", lambda *_: [])
    (check,) = clinic.only_wrong("FAISS")
    assert "does not find" in check.detail


def test_sqlite_without_full_text_search(clinic: Clinic) -> None:
    def no_module(*_: object) -> None:
        raise sqlite3.OperationalError("no such module: fts5")

    clinic.monkeypatch.setattr(sqlite3, "connect", no_module)
    checks = clinic.examine()
    assert not checks["SQLite"].ok
    assert "fts5" in checks["SQLite"].detail


def test_a_file_that_is_no_library(clinic: Clinic) -> None:
    clinic.settings.library.mkdir()
    (clinic.settings.library / "citeline.sqlite3").write_bytes(b"no database at all" * 100)
    (check,) = clinic.only_wrong("library")
    assert "is no library" in check.detail


def test_a_full_disk(clinic: Clinic) -> None:
    usage = shutil.disk_usage("/")._replace(free=10**6)
    clinic.monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    (check,) = clinic.only_wrong("disk")
    assert "RAG_LIBRARY" in check.hint


@pytest.mark.parametrize("part", ["disk_usage", "exists"])
def test_a_folder_that_may_not_be_looked_at(clinic: Clinic, part: str) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    if part == "disk_usage":
        clinic.monkeypatch.setattr(shutil, "disk_usage", denied)
        clinic.only_wrong("disk")
    else:
        clinic.monkeypatch.setattr(Path, "exists", denied)
        assert not clinic.examine()["disk"].ok


def test_too_little_memory_for_the_model_that_is_named(clinic: Clinic) -> None:
    huge = replace(CHAT, name="huge", default=False, memory_mb=10**9)
    clinic.register(CHAT, MINI, huge)
    clinic.only_wrong()
    check = clinic.examine(generator="huge")["memory"]
    assert not check.ok
    assert "huge needs 1000000.0" in check.detail
    assert "smaller model" in check.hint


def test_a_system_that_does_not_tell_its_memory(clinic: Clinic) -> None:
    def unknown(name: str) -> int:
        raise ValueError("unrecognized configuration name")

    clinic.monkeypatch.setattr(os, "sysconf", unknown)
    clinic.only_wrong("memory")


def test_a_python_that_is_too_old(clinic: Clinic) -> None:
    clinic.monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    check: Check = rag.doctor._python()
    assert not check.ok
    assert "3.11" in check.hint


_BREAK: dict[str, Callable[[Clinic], None]] = {
    name: lambda clinic, name=name: clinic.monkeypatch.setattr(  # type: ignore[misc]
        rag.doctor, name, lambda *_: 1 / 0
    )
    for name in ("_llama", "_faiss", "_sqlite", "_library", "_disk", "_memory")
}


@pytest.mark.parametrize("name", _BREAK)
def test_a_check_that_fails_itself_is_a_check_that_failed(clinic: Clinic, name: str) -> None:
    _BREAK[name](clinic)
    wrong = [check for check in clinic.examine().values() if not check.ok]
    assert len(wrong) == 1
    assert "ZeroDivisionError" in wrong[0].detail
