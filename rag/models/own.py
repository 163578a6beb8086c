"""Models of the user's own: any GGUF file and any sentence-transformers folder."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import InputError, RagError, UsageError
from rag.models.gguf import read_gguf_header
from rag.models.progress import NO_PROGRESS, Progress
from rag.models.registry import (
    ModelSpec,
    Role,
    WeightFile,
    load_registry,
    parse_registry,
    user_registry_path,
)
from rag.models.sums import current_sha256

_DIMENSION_KEYS = ("out_features", "embedding_dimension", "word_embedding_dimension")


def spec_of_path(
    path: Path, name: str = "", role: Role | None = None, progress: Progress = NO_PROGRESS
) -> ModelSpec:
    """Describe weights that no registry names, their sums included.

    Args:
        path: a GGUF file or a sentence-transformers folder.
        name: what to call it; empty takes the name of file or folder.
        role: what it is for; None takes embedder for a folder and generator for a file.
        progress: told of the bytes that are hashed.

    Raises:
        InputError: there is nothing at the path, or it is neither of the two.
        UsageError: a folder was to be a generator, or a file an embedder.
    """
    path = path.expanduser().absolute()
    name = name or re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem if path.is_file() else path.name)
    kind = Role.EMBEDDER if path.is_dir() else Role.GENERATOR
    if role is not None and (role is Role.EMBEDDER) is not path.is_dir():
        raise UsageError(
            f"{path} cannot be used as {role}.",
            "A generator is a GGUF file, an embedder a sentence-transformers folder.",
        )
    if path.is_dir():
        return _folder_spec(path, name, progress)
    if not path.is_file():
        raise InputError(f"There is no file or folder {path}.", "Check the path.")
    header = read_gguf_header(path)
    return ModelSpec(
        name=name,
        role=role or kind,
        folder=str(path.parent),
        files=_weights(path.parent, (path,), progress),
        description=header.name or "",
        context_length=header.context_length,
    )


def add(
    name: str,
    path: Path,
    role: Role | None = None,
    *,
    default: bool = False,
    progress: Progress = NO_PROGRESS,
) -> ModelSpec:
    """Write an entry for a model into the user's own registry.

    The weights stay where they are. What stands in the file already, comments included, is kept.

    Args:
        name: what to call it from now on.
        path: a GGUF file or a sentence-transformers folder.
        role: what it is for; None takes embedder for a folder and generator for a file.
        default: whether it is used for its role when none is named.
        progress: told of the bytes that are hashed.

    Raises:
        UsageError: the name is taken or no name, or the path does not suit the role.
        InputError: there is no model at the path, or the user's registry cannot be used.
    """
    registry = user_registry_path()
    if name in load_registry().by_name:
        raise UsageError(
            f"There is a model called {name!r} already; nothing was added.",
            f"Choose another name, or change the entry in {registry}.",
        )
    described = replace(spec_of_path(Path(path), name, role, progress), name=name, default=default)
    entry = _toml(described)
    before = registry.read_text("utf-8").rstrip() + "\n\n" if registry.exists() else ""
    try:
        spec = parse_registry(before + entry, str(registry))[-1]
    except InputError as error:
        raise UsageError(f"{name!r} was not added: {error.message}", error.hint) from error
    try:
        registry.parent.mkdir(parents=True, exist_ok=True)
        draft = registry.with_name(f"{registry.name}.{os.getpid()}")
        draft.write_text(before + entry, "utf-8")
        draft.replace(registry)
    except OSError as error:
        raise RagError(
            f"The registry {registry} cannot be written ({error.strerror}); nothing was added.",
            "Name a file that can be written with RAG_MODELS_REGISTRY.",
        ) from error
    return spec


def _folder_spec(folder: Path, name: str, progress: Progress) -> ModelSpec:
    modules = _json(folder / "modules.json")
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        raise InputError(
            f"{folder} is no sentence-transformers folder: it has no usable modules.json.",
            "Give the folder that SentenceTransformer.save() wrote.",
        )
    dimension = None
    for module in modules:
        # The last layer that states a width decides: a Dense layer narrows what was pooled.
        config = _table(folder / str(module.get("path", "")) / "config.json")
        dimension = next((config[key] for key in _DIMENSION_KEYS if key in config), dimension)
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return ModelSpec(
        name=name,
        role=Role.EMBEDDER,
        folder=str(folder),
        files=_weights(folder, files, progress),
        context_length=_table(folder / "sentence_bert_config.json").get("max_seq_length"),
        dimension=dimension,
    )


def _weights(
    folder: Path, paths: tuple[Path, ...] | list[Path], progress: Progress
) -> tuple[WeightFile, ...]:
    progress.start(sum(path.stat().st_size for path in paths), "hashing")
    try:
        return tuple(
            WeightFile(
                path.relative_to(folder).as_posix(),
                path.stat().st_size,
                current_sha256(path, progress),
            )
            for path in paths
        )
    except OSError as error:
        raise InputError(
            f"{error.filename} cannot be read ({error.strerror}).", "Check the file's permissions."
        ) from error
    finally:
        progress.finish()


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _table(path: Path) -> dict[str, Any]:
    value = _json(path)
    return value if isinstance(value, dict) else {}


def _toml(spec: ModelSpec) -> str:
    """One [[model]] table; tomllib only reads."""
    values: dict[str, object] = {
        "name": spec.name,
        "role": str(spec.role),
        "default": spec.default,
        "description": spec.description,
        "folder": spec.folder,
        "context_length": spec.context_length,
        "dimension": spec.dimension,
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in values.items() if value]
    for file in spec.files:
        lines += ["", "[[model.files]]", f"path = {_quoted(file.path)}"]
        lines += [f"size = {file.size}", f"sha256 = {_quoted(file.sha256)}"]
    return "\n".join(["[[model]]", *lines, ""])


def _quoted(value: object) -> str:
    # TOML's basic strings are JSON's, but for DEL, which JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
