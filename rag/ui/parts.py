"""Looks at the program itself: models, memory, index and versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rag.errors import LibraryMissingError, RagError
from rag.library import Library
from rag.settings import Settings
from rag.ui.asker import Part, Weights

_PACKAGES = ("citeline", "gradio", "llama-cpp-python", "faiss-cpu")


def parts_of(settings: Settings) -> tuple[Part, ...]:
    """Every part and whether it works; what is wrong is said, not raised."""
    return (*_models(settings), _memory(), _index(settings.library), *_versions())


def _models(settings: Settings) -> list[Part]:
    from rag.models import Role, load_registry, resolve

    registry, parts = load_registry(), []
    for name, role, chosen in (
        ("Chat model", Role.GENERATOR, settings.generator),
        ("Embedder", Role.EMBEDDER, settings.embedder),
    ):
        model = chosen or registry.default(role).name
        try:
            spec = resolve(model, registry=registry).spec
        except RagError as error:
            known = registry.by_name.get(model)
            has_source = known is not None and (known.hub or known.parts)
            missing = Weights(known.name, known.size) if known and has_source else None
            parts.append(Part(name, error.message, error.hint, ok=False, missing=missing))
        else:
            words = f"{spec.name}, {spec.size / 1e6:,.0f} MB, sha256 {spec.sha256[:12]}…"
            parts.append(Part(name, words))
    return parts


def _index(folder: Path) -> Part:
    try:
        with Library.open(folder) as library:
            stats = library.stats()
    except LibraryMissingError:
        return Part("Index", f"No article yet, in {folder}")
    except RagError as error:
        return Part("Index", error.message, error.hint, ok=False)
    embedded = max((e.passages for e in stats.embedders), default=0)
    words = (
        f"{stats.documents:,} articles, {stats.sentences:,} sentences, {embedded:,} of "
        f"{stats.passages:,} passages embedded, in {folder}"
    )
    return Part("Index", words)


def _memory() -> Part:
    page = os.sysconf("SC_PAGE_SIZE")
    total = page * os.sysconf("SC_PHYS_PAGES") / 1e9
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return Part("Memory", f"{total:.1f} GB in this machine")
    used = int(statm.read_text().split()[1]) * page / 1e9
    return Part("Memory", f"{used:.1f} GB used here, of {total:.1f} GB in this machine")


def _versions() -> list[Part]:
    found = [Part("Python", platform.python_version())]
    for package in _PACKAGES:
        try:
            found.append(Part(package, version(package)))
        except PackageNotFoundError:
            found.append(Part(package, "not installed as a package"))
    return found
