"""From what the user names to files: folders, patterns, single files."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError
from rag.readers.reading import SUPPORTED
from rag.schema import Refusal


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files to read, each once and in order, and what was passed over."""

    files: tuple[Path, ...]
    skipped: tuple[Refusal, ...]


def discover(paths: Sequence[str]) -> Discovery:
    """Find the files that ``paths`` name.

    A folder is searched with all its folders, sorted, hidden names left out; links are followed,
    but no folder is entered twice. A pattern (``news/**/*.txt``) is expanded. A file that is
    named itself is taken whatever its ending.

    Raises:
        InputError: a path does not exist, or a pattern matches nothing.
    """
    files: dict[Path, None] = {}
    skipped: dict[str, Refusal] = {}

    def skip(path: Path, reason: str, hint: str = "") -> None:
        skipped.setdefault(str(path), Refusal(str(path), reason, hint))

    for name in paths:
        for path in _expand(name):
            found = _walk(path, skip) if path.is_dir() else [path]
            files.update(dict.fromkeys(file.resolve() for file in found))
    return Discovery(tuple(files), tuple(skipped.values()))


def _expand(name: str) -> list[Path]:
    """Return the path itself, or what a pattern matches; a path that exists is no pattern."""
    path = Path(name).expanduser()
    if path.exists():
        return [path]
    if not glob.has_magic(name):
        raise InputError(
            f"There is no file or folder {name}; nothing was read.",
            f"Check the spelling; the current folder is {Path.cwd()}.",
        )
    matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - takes absolute patterns
    if not matches:
        raise InputError(
            f"The pattern {name} matches nothing; nothing was read.",
            "Put the pattern in quotes, and use ** for folders in folders.",
        )
    return [Path(match) for match in matches]


_Skip = Callable[[Path, str, str], None]


def _walk(folder: Path, skip: _Skip) -> Iterator[Path]:
    entered: set[Path] = set()

    def failed(error: OSError) -> None:
        skip(Path(error.filename), f"The folder cannot be read: {error.strerror}.", "")

    for root, folders, names in os.walk(folder, followlinks=True, onerror=failed):
        real = Path(root).resolve()
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if name.startswith("."):
                continue
            if reason := _unfit(path):
                skip(path, reason, f"Files that can be read: {', '.join(SUPPORTED)}.")
            else:
                yield path


def _unfit(path: Path) -> str | None:
    if path.suffix.lower() not in SUPPORTED:
        return f"No reader for {path.suffix or 'files without an ending'}."
    if not path.exists():
        return "The link points to nothing."
    return None if path.is_file() else "It is no regular file."
