"""From what the user names to files: folders, patterns, single files."""

from __future__ import annotations

import glob
import os
import stat
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
    named itself is taken whatever its ending; a pipe, socket or device never is.

    Raises:
        InputError: a path does not exist, or a pattern matches nothing.
    """
    files: dict[Path, None] = {}
    skipped: dict[str, Refusal] = {}

    def skip(path: Path, reason: str, hint: str = "") -> None:
        skipped.setdefault(str(path), Refusal(str(path), reason, hint))

    for name in paths:
        for path in _expand(name):
            if path.is_dir():
                files.update(dict.fromkeys(file.resolve() for file in _walk(path, skip)))
            elif reason := _no_file(path):
                skip(path, reason, "Pass what it gives by standard input: rag index -")
            else:
                files[path.resolve()] = None
    return Discovery(tuple(files), tuple(skipped.values()))


def _expand(name: str) -> list[Path]:
    """Return the path itself, or what a pattern matches; a path that exists is no pattern."""
    path = Path(os.path.expanduser(name))  # noqa: PTH111 - Path's own fails on "~nobody"
    # os.path, for Path.exists fails on a name that is too long or in a locked folder.
    if os.path.exists(path):  # noqa: PTH110
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
    # Not os.walk, which calls itself for each folder and fails on 1,000 in one another.
    entered: set[tuple[int, int]] = set()
    pending = [folder]
    while pending:
        root = pending.pop()
        try:
            status = root.stat()
            if (status.st_dev, status.st_ino) in entered:
                continue
            names = sorted(p.name for p in root.iterdir() if not p.name.startswith("."))
        except OSError as error:
            skip(root, f"The folder cannot be read: {error.strerror}.", "Check its permissions.")
            continue
        entered.add((status.st_dev, status.st_ino))
        folders = dict.fromkeys(name for name in names if os.path.isdir(root / name))  # noqa: PTH112
        for path in (root / name for name in names if name not in folders):
            if reason := _unfit(path):
                skip(path, reason, f"Files that can be read: {', '.join(SUPPORTED)}.")
            else:
                yield path
        pending += [root / name for name in reversed(folders)]


def _unfit(path: Path) -> str | None:
    if path.suffix.lower() not in SUPPORTED:
        return f"No reader for {path.suffix or 'files without an ending'}."
    return _no_file(path)


def _no_file(path: Path) -> str | None:
    """Why a path cannot be opened as a file, in words; None where it can."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if isinstance(error, FileNotFoundError) and path.is_symlink():
            return "The link points to nothing."
        return f"It cannot be looked at: {error.strerror}."
    return None if stat.S_ISREG(mode) else "It is no regular file."
