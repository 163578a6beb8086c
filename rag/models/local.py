"""The weights on this machine: found by name or path, and used only when they are right."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rag.errors import ModelCorruptError, ModelMissingError
from rag.models.own import spec_of_path
from rag.models.progress import NO_PROGRESS, Progress
from rag.models.registry import ModelSpec, Registry, WeightFile, load_registry
from rag.models.sums import current_sha256, sha256_of


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model whose weights are here and have the sums of its entry."""

    spec: ModelSpec
    path: Path
    """A GGUF file, or the folder of an embedder."""


class ProblemKind(StrEnum):
    """What can be wrong with a weight file."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    SIZE = "wrong size"
    SHA256 = "wrong sha256"


@dataclass(frozen=True, slots=True)
class Problem:
    """A weight file that is not as the registry says."""

    path: Path
    kind: ProblemKind
    message: str


def resolve(
    name_or_path: str | Path,
    *,
    registry: Registry | None = None,
    progress: Progress = NO_PROGRESS,
) -> LocalModel:
    """Find a model that can be loaded.

    Args:
        name_or_path: a registered name, a GGUF file or a sentence-transformers folder.
        registry: the known models; None reads them.
        progress: told of the bytes where a file has to be hashed, because it is new or changed.

    Raises:
        ModelMissingError: no model has that name, or its weights were not fetched.
        ModelCorruptError: a file has not the registered size or sum; it is not used.
        InputError: the path holds no GGUF file and no sentence-transformers folder.
    """
    registry = registry or load_registry()
    spec = registry.by_name.get(str(name_or_path))
    path = Path(name_or_path).expanduser()
    if spec is None and path.exists():
        spec = _registered_at(path, registry)
        if spec is None:
            spec = spec_of_path(path, progress=progress)
            return LocalModel(spec, spec.path)
    if spec is None and _looks_like_path(name_or_path):
        raise ModelMissingError(
            f"There is no file or folder {path.absolute()}.",
            "Check the path, or see the names of all models with: rag models list",
        )
    spec = spec or registry.get(str(name_or_path))
    progress.start(spec.size, f"checking {spec.name}")
    try:
        for problem in _problems(spec, lambda file: current_sha256(file, progress)):
            raise _error(spec, problem)
    finally:
        progress.finish()
    return LocalModel(spec, spec.path)


def is_present(spec: ModelSpec) -> bool:
    """Whether all files are here with the right size; nothing is hashed."""
    return all(_wrong_at_a_glance(spec, file) is None for file in spec.files)


def verify(spec: ModelSpec, *, progress: Progress = NO_PROGRESS) -> tuple[Problem, ...]:
    """Hash every file of a model whole, whatever is remembered.

    Returns:
        What is wrong, file by file; nothing where the model can be used.
    """
    progress.start(spec.size, f"verifying {spec.name}")
    try:
        return tuple(_problems(spec, lambda file: sha256_of(file, progress)))
    finally:
        progress.finish()


def wrong_files(spec: ModelSpec) -> tuple[WeightFile, ...]:
    """The files of a model that are missing or not as they should be."""
    wrong = {problem.path for problem in _problems(spec, current_sha256)}
    return tuple(file for file in spec.files if spec.path_of(file) in wrong)


def _problems(spec: ModelSpec, sum_of: Callable[[Path], str]) -> Iterator[Problem]:
    for file in spec.files:
        path = spec.path_of(file)
        problem = _wrong_at_a_glance(spec, file)
        if problem is not None:
            yield problem
            continue
        try:
            sha256 = sum_of(path)
        except OSError as error:
            message = f"{path} cannot be read ({error.strerror})."
            yield Problem(path, ProblemKind.UNREADABLE, message)
            continue
        if sha256 != file.sha256:
            yield Problem(
                path,
                ProblemKind.SHA256,
                f"{path} has the sha256 {sha256[:12]}… instead of {file.sha256[:12]}…: "
                "it is damaged or another file.",
            )


def _wrong_at_a_glance(spec: ModelSpec, file: WeightFile) -> Problem | None:
    path = spec.path_of(file)
    if not path.is_file():
        return Problem(path, ProblemKind.MISSING, f"{path} is not there.")
    size = path.stat().st_size
    if size != file.size:
        state = "was cut short" if size < file.size else "is another file"
        message = f"{path} has {size:,} bytes instead of {file.size:,}: it {state}."
        return Problem(path, ProblemKind.SIZE, message)
    return None


def _error(spec: ModelSpec, problem: Problem) -> ModelMissingError | ModelCorruptError:
    again = f"rag models fetch {spec.name}"
    own = spec.hub is None and spec.parts is None
    if problem.kind is ProblemKind.MISSING:
        return ModelMissingError(
            f"The weights of {spec.name} are not on this machine: {problem.message}",
            "Put the file there, or correct its entry in your registry."
            if own
            else f"Fetch them ({spec.size / 1e6:,.0f} MB): {again}",
        )
    return ModelCorruptError(
        f"{problem.message} It was not used.",
        "Put the right file there, or correct its entry in your registry."
        if own
        else f"Fetch it again: {again}",
    )


def _registered_at(path: Path, registry: Registry) -> ModelSpec | None:
    """The entry whose weights lie at this very path, so that their sums are held to it."""
    for spec in registry.models:
        if spec.path.exists() and spec.path.samefile(path):
            return spec
    return None


def _looks_like_path(name_or_path: str | Path) -> bool:
    text = str(name_or_path)
    separators = {os.sep, "/"}
    return (
        isinstance(name_or_path, Path)
        or not separators.isdisjoint(text)
        or text.lower().endswith(".gguf")
    )
