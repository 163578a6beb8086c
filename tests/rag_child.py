"""The real command in a process of its own, with models of a few kilobytes, and small disks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from job_samples import write
from tiny_embedder import write_tiny_embedder

from rag.llama_build.tiny_gguf import write_tiny_gguf

ONE_SCREEN = 25
QUESTION = "How many passengers did the port count in February?"


class Machine:
    """A folder with models, articles and a library, and the command that uses them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.library = home / "library"
        self.embedder = write_tiny_embedder(home / "embedder")
        self.generator = home / "tiny.gguf"
        self.news = home / "news"
        write_tiny_gguf(self.generator)
        for n, counted in enumerate(("12,400", "9,310", "27,055"), start=1):
            write(
                self.news / f"ferry{n}.txt",
                f"Ferry traffic of line {n}\n\nThe port counted {counted} passengers in February. "
                f"The ferry to the island carried {n * 310} of them.\n\nFares will rise by 4%.",
            )

    def start(self, *words: str, **settings: object) -> subprocess.Popen[str]:
        """Start ``rag``; settings are RAG_* variables."""
        given = {
            "library": self.library,
            "embedder": self.embedder,
            "generator": self.generator,
            "cache_dir": self.home / "cache",
            "models_registry": self.home / "models.toml",
            "threads": 1,
        } | settings
        # Wide, so that no word that a test looks for is broken in two.
        environment = os.environ | {"COLUMNS": "300"}
        environment |= {f"RAG_{name.upper()}": str(value) for name, value in given.items()}
        return subprocess.Popen(
            [sys.executable, "-m", "rag", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def rag(self, *words: str, code: int = 0, **settings: object) -> tuple[str, str]:
        """Run ``rag`` to its end; what it printed and what it said beside, on one screen."""
        with self.start(*words, **settings) as process:
            printed, said = process.communicate(timeout=30)
        assert process.returncode == code, said
        assert "Traceback" not in said
        assert len(said.splitlines()) < ONE_SCREEN
        return printed, said

    def copy(self, folder: Path) -> Path:
        """The library, to be broken."""
        shutil.copytree(self.library, folder, dirs_exist_ok=True)
        return folder


class SmallDisk:
    """A file system of its own, some megabytes large."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filling = folder / "filling"

    def fill(self, *, leave: int = 0) -> None:
        """Leave so many bytes free."""
        left = shutil.disk_usage(self.folder).free - leave
        with self._filling.open("ab", buffering=0) as file:
            try:
                while left > 0:
                    left -= file.write(bytes(min(left, 4096)))
            except OSError:
                assert leave == 0

    def empty(self) -> None:
        """Free all but what others have written."""
        self._filling.unlink(missing_ok=True)

    def seal(self) -> None:
        """Let nothing be written any more, not even by the administrator."""
        _mount("-o", "remount,ro", str(self.folder))


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount an empty disk at a new folder; skips the test where that is not allowed."""
    folder.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or error
        pytest.skip(f"no small disk can be mounted here: {str(reason).strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True, text=True)
