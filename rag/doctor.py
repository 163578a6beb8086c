"""Every part that citeline needs, looked at, with what to do where one is wrong."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LibraryBusyError, LibraryMissingError, RagError
from rag.settings import Settings

# The default models, an index and room to fetch them: weights are kept in parts meanwhile.
_FREE_DISK_BYTES = 3 * 10**9
_REINSTALL = "Install it again: pip install --force-reinstall citeline"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: whether it works, what was seen, and how to mend it."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


def examine(settings: Settings) -> tuple[Check, ...]:
    """Look at every part; a part that cannot be looked at is reported as not working."""
    return tuple(_checks(settings))


def _checks(settings: Settings) -> Iterator[Check]:
    yield _python()
    yield _explained("llama.cpp", _llama)
    yield from _models(settings)
    yield _explained("answer scorer", _scorer)
    yield _explained("FAISS", _faiss)
    yield _explained("SQLite", _sqlite)
    yield _explained("library", lambda: _library(settings))
    yield _explained("disk", lambda: _disk(settings.library))
    yield _explained("memory", lambda: _memory(settings))


def _explained(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except RagError as error:
        return Check(name, False, error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other parts are looked at
        return Check(name, False, f"{type(error).__name__}: {error}", _REINSTALL)


def _python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check("Python", ok, platform.python_version(), "" if ok else "Use Python 3.11 or later")


def _llama() -> Check:
    from importlib.metadata import version

    from rag.llama_build.probe import ensure_llama_works
    from rag.paths import cache_dir

    ensure_llama_works(cache_dir())
    return Check("llama.cpp", True, f"llama-cpp-python {version('llama-cpp-python')} decodes here")


def _models(settings: Settings) -> Iterator[Check]:
    from rag.models import Role, load_registry, resolve

    for role, named in (
        (Role.GENERATOR, settings.generator),
        (Role.EMBEDDER, settings.embedder),
    ):

        def look(role: Role = role, named: str | None = named) -> Check:
            registry = load_registry()
            model = resolve(named or registry.default(role).name, registry=registry)
            spec = model.spec
            return Check(role.value, True, f"{spec.name}, sha256 {spec.sha256[:12]}…, {model.path}")

        yield _explained(role.value, look)


def _scorer() -> Check:
    from rag.answer_scoring import NumpyAnswerScorer

    return Check("answer scorer", True, f"{NumpyAnswerScorer().name}, loaded")


def _faiss() -> Check:
    import numpy as np

    from rag.vector_store import FaissVectorStore

    store = FaissVectorStore(8)
    store.add([7], np.eye(1, 8, dtype=np.float32))
    found = store.search(np.eye(1, 8, dtype=np.float32)[0], 1)
    if [hit.id for hit in found] != [7]:
        return Check("FAISS", False, "does not find what was put in", _REINSTALL)
    return Check("FAISS", True, "finds what was put in")


def _sqlite() -> Check:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    return Check("SQLite", True, f"{sqlite3.sqlite_version} with FTS5")


def _library(settings: Settings) -> Check:
    from rag.library import Library

    try:
        with Library.open(settings.library) as library:
            stats = library.stats()
    except LibraryMissingError:
        return Check("library", True, f"none yet in {settings.library}: rag index PATH makes it")
    counts = f"{stats.documents} articles, {stats.passages} passages in {settings.library}"
    try:
        with Library.open(settings.library, writable=True, wait_s=0) as library:
            wrong = library.check()
    except LibraryBusyError:
        return Check("library", True, f"{counts}; not looked through: it is being written")
    if wrong:
        hint = "Move the folder away and index the articles again: rag index PATH"
        return Check("library", False, f"{counts}: {wrong[0]} ({len(wrong)} in all)", hint)
    return Check("library", True, f"{counts}, looked through")


def _disk(folder: Path) -> Check:
    place = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(place).free
    ok = free >= _FREE_DISK_BYTES
    hint = "" if ok else "Free some space, or put the library elsewhere with RAG_LIBRARY"
    return Check("disk", ok, f"{free / 1e9:.1f} GB free at {place}", hint)


def _memory(settings: Settings) -> Check:
    from rag.models import Role, load_registry

    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    registry = load_registry()
    named = settings.generator
    default = registry.default(Role.GENERATOR)
    spec = registry.by_name.get(named, default) if named else default
    needed = (spec.memory_mb or spec.size // 10**6) * 10**6
    ok = total >= needed
    hint = "" if ok else "Use a smaller model: rag models list"
    return Check("memory", ok, f"{total / 1e9:.1f} GB, {spec.name} needs {needed / 1e9:.1f}", hint)
