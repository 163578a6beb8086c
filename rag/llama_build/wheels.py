"""The shelf of built llama.cpp wheels, and the ladder that is climbed until one of them decodes.

Standard library only, as all of :mod:`rag.llama_build`.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LlamaBrokenError, MissingPartError
from rag.llama_build.probe import Trial, Verdict
from rag.llama_build.recipe import VERSION, Rung

Say = Callable[[str], None]
"""Takes one line for the user."""

FOLDER = "llama-wheels"
"""Name of the shelf in the cache; pip's record of an installed wheel names it too."""


class CompileError(MissingPartError):
    """llama.cpp did not compile with these flags; simpler ones may do."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder with a wheel for each key, and a note for each key whose wheel crashed.

    Args:
        root: the folder; made when it is first locked.
    """

    root: Path

    @property
    def sdist(self) -> Path:
        """Where the pinned source archive is kept."""
        return self.root / f"llama_cpp_python-{VERSION}.tar.gz"

    @property
    def log(self) -> Path:
        """Where the output of the last build is kept."""
        return self.root / "build.log"

    def wheel(self, key: str) -> Path | None:
        """The kept wheel of a key."""
        return next(iter((self.root / key).glob("*.whl")), None)

    def keep(self, key: str, wheel: Path) -> Path:
        """Move a wheel, alone in its folder, to its place, whole or not at all."""
        self._drop(key)
        wheel.parent.replace(self.root / key)
        return self.root / key / wheel.name

    def condemn(self, key: str, why: str) -> None:
        """Delete the wheel of a key, and remember that it is of no use on this processor."""
        self._note(key).write_text(why + "\n", encoding="utf-8")
        self._drop(key)

    def is_bad(self, key: str) -> bool:
        """Whether a wheel of this key has crashed."""
        return self._note(key).exists()

    @contextlib.contextmanager
    def lock(self, say: Say) -> Iterator[None]:
        """Keep other builds of this user out; wait for one that is running."""
        try:
            import fcntl
        except ImportError as error:
            raise MissingPartError(
                "llama.cpp is built on Linux and macOS only; nothing was done.",
                "On Windows, use citeline inside WSL.",
            ) from error
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another build of llama.cpp is running; waiting for it.")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def workspace(self) -> Iterator[Path]:
        """Yield an empty folder that is gone afterwards; call it under the lock."""
        for left_over in self.root.glob("building-*"):  # of a build that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix="building-", dir=self.root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _note(self, key: str) -> Path:
        return self.root / f"{key}.bad"

    def _drop(self, key: str) -> None:
        if (self.root / key).exists():
            shutil.rmtree(self.root / key)


def climb(
    ladder: Mapping[str, Rung],
    shelf: Shelf,
    build: Callable[[Rung], Path],
    decode: Callable[[Path], Trial],
    say: Say,
) -> Path:
    """Return the first wheel that decodes, kept on the shelf.

    Args:
        ladder: the rungs by key, best first.
        shelf: where wheels and notes are.
        build: compiles a rung to a wheel, alone in a folder on the shelf's disk.
        decode: tries a wheel in a child process.
        say: told what is done.

    Raises:
        CompileError: no rung compiled, or none of those that did decodes.
        LlamaBrokenError: everything compiled, and nothing decodes here.
    """
    failure: MissingPartError | None = None
    for key, rung in ladder.items():
        if shelf.is_bad(key):
            say(f"Skipping the build “{rung.name}”: it crashed on this processor before.")
            continue
        wheel = shelf.wheel(key)
        try:
            made = wheel or build(rung)
        except CompileError as error:
            failure = error
            say(f"The build “{rung.name}” does not compile here; trying the next one.")
            continue
        trial = decode(made)
        if trial.verdict is Verdict.WORKS:
            return wheel or shelf.keep(key, made)
        if trial.verdict is Verdict.UNCLEAR:
            raise LlamaBrokenError(
                f"The build “{rung.name}” of llama.cpp {trial.detail}; it was not installed.",
                f"Run it again; if it stays so, read {shelf.log}",
            )
        shelf.condemn(key, trial.detail)
        say(f"The build “{rung.name}” {trial.detail}; trying the next one.")
    if failure:
        raise failure
    raise LlamaBrokenError(
        "No build of llama.cpp decodes on this processor; none was installed.",
        f"Try another compiler (CC and CXX), or delete {shelf.root} to try all builds again.",
    )
