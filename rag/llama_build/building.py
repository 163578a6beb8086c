"""Builds llama.cpp for this processor and installs it: ``python -m rag.llama_build``.

There is no wheel of llama-cpp-python to download, and built with its default flags it crashes on
processors that announce AMX and don't run it. So the pinned source is fetched as data, compiled
without AMX, made to decode a few tokens in a child process, kept in the cache, and installed by
path into the Python that runs this. Standard library only: it comes before everything else.
"""

from __future__ import annotations

import errno
import hashlib
import importlib
import importlib.metadata
import json
import os
import platform
import shutil
import signal
import sys
import tarfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LlamaBrokenError, MissingPartError, RagError
from rag.llama_build.installer import DISK_HINT, FREE_BYTES, Pip, Progress
from rag.llama_build.probe import Trial, ensure_llama_works, try_llama
from rag.llama_build.recipe import (
    SDIST_SHA256,
    VERSION,
    Rung,
    cache_dir,
    find_compilers,
    rungs,
    wheel_key,
)
from rag.llama_build.wheels import FOLDER, CompileError, Say, Shelf, climb
from rag.processor import cpu_flags, usable_cores

DEPENDENCIES = ("diskcache>=5.6.1", "jinja2>=2.11.3", "numpy>=1.20.0", "typing-extensions>=4.5.0")
"""What llama-cpp-python's own metadata asks for; needed before a fresh wheel can be tried."""

_COMPILER_HINT = (
    "On Debian and Ubuntu: apt install build-essential; on Fedora: dnf install gcc-c++; "
    "on macOS: xcode-select --install. Then run it again."
)

# llama.cpp's helper library for its own programs: 57 of 140 steps, and nothing here uses it.
_COMMON_ON = "set(LLAMA_BUILD_COMMON ON CACHE"
_COMMON_OFF = "set(LLAMA_BUILD_COMMON OFF CACHE"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the steps of one build share.

    Args:
        shelf: where results go.
        folder: an empty folder on the same disk, gone afterwards.
        pip: writes into the shelf's log.
        say: told what is done.
    """

    shelf: Shelf
    folder: Path
    pip: Pip
    say: Say

    def build(self, rung: Rung) -> Path:
        """Compile one rung and return the wheel, alone in a folder.

        Raises:
            CompileError: it does not compile with these flags.
            MissingPartError: something else is missing.
        """
        source = _unpack(self.fetch(), self.folder / "source")
        target = self.folder / "wheel"
        shutil.rmtree(target, ignore_errors=True)
        self.say(f"Compiling llama.cpp, “{rung.name}”: 2 to 6 minutes. Log: {self.shelf.log}")
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(usable_cores()))
        self.pip(
            "compiling llama.cpp",
            *("wheel", "-v", "--no-deps", "--no-cache-dir", "-w", target, source),
            env={"CMAKE_ARGS": rung.cmake_args, "CMAKE_BUILD_PARALLEL_LEVEL": jobs},
            on_line=Progress(sys.stderr).line,
            failure=CompileError,
        )
        return next(target.glob("*.whl"))

    def fetch(self) -> Path:
        """Return the source archive, fetched with the index that pip is set up with."""
        kept = self.shelf.sdist
        if kept.exists() and _sha256(kept) == SDIST_SHA256:
            return kept
        self.say(f"Fetching the source of llama-cpp-python {VERSION}: 77 MB, about 10 s.")
        # With the sum in a requirements file pip compares it before it runs any of the source.
        wanted = self.folder / "source.txt"
        wanted.write_text(f"llama-cpp-python=={VERSION} --hash=sha256:{SDIST_SHA256}\n")
        self.pip(
            "fetching llama.cpp",
            *("download", "--no-deps", "--no-binary", "llama-cpp-python"),
            *("-r", wanted, "-d", self.folder),
        )
        fetched = self.folder / kept.name
        if _sha256(fetched) != SDIST_SHA256:
            raise MissingPartError(
                f"{kept.name} is not the file that was pinned (sha256 {SDIST_SHA256}); "
                "it was thrown away and nothing was changed.",
                "Look at the index that pip is set up with: pip config list",
            )
        return fetched.replace(kept)

    def decode(self, wheel: Path) -> Trial:
        """Decode with a wheel that is not installed yet."""
        folder = self.folder / "trial"
        shutil.rmtree(folder, ignore_errors=True)
        with zipfile.ZipFile(wheel) as archive:
            package = [name for name in archive.namelist() if name.startswith("llama_cpp/")]
            archive.extractall(folder, package)  # noqa: S202 - a wheel that was built here
        return try_llama(folder / "llama_cpp")

    def install(self, wheel: Path) -> None:
        """Install a wheel by its path, in place of any other llama-cpp-python."""
        arguments = ("install", "--no-deps", "--force-reinstall", "--no-cache-dir", wheel)
        self.pip("installing llama.cpp", *arguments)

    def install_dependencies(self) -> None:
        """Install what llama-cpp-python imports, with the checkout's pins where there are any."""
        pins = Path(__file__).resolve().parents[2] / "constraints.txt"
        constraint = ("-c", pins) if pins.exists() else ()
        self.pip("installing what llama.cpp imports", "install", *constraint, *DEPENDENCIES)


def install_llama(say: Say) -> None:
    """Make sure that this Python has a llama.cpp that decodes on this processor.

    Raises:
        MissingPartError: a compiler, the network or space is missing.
        LlamaBrokenError: it was built, and does not decode here.
    """
    cache, ladder = cache_dir(), _ladder()
    if _is_right(installed_key(), ladder, cache):
        say(f"llama.cpp {VERSION} is installed and decodes on this processor.")
        return
    if not ladder:
        raise MissingPartError(
            "llama.cpp is compiled here, and no C and C++ compiler was found.", _COMPILER_HINT
        )
    shelf, began = Shelf(cache / FOLDER), time.monotonic()
    with shelf.lock(say), shelf.workspace() as folder:
        _check_space(folder)
        with shelf.log.open("w", encoding="utf-8") as log:
            shop = Workshop(shelf, folder, Pip(log, folder), say)
            shop.install_dependencies()
            shop.install(climb(ladder, shelf, shop.build, shop.decode, say))
    importlib.invalidate_caches()
    ensure_llama_works(cache)
    say(f"llama.cpp {VERSION} is installed and decodes ({time.monotonic() - began:.0f} s).")


def installed_key() -> str | None:
    """The key of the build in this Python; None where there is none or another made it."""
    try:
        origin = importlib.metadata.distribution("llama-cpp-python").read_text("direct_url.json")
        # pip's own record (PEP 610) names the path of the wheel: …/llama-wheels/KEY/NAME.whl
        url = str(json.loads(origin or "{}").get("url", ""))
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return None
    *_, folder, key, name = ["", "", *url.split("/")]
    return key if folder == FOLDER and f"-{VERSION}-" in name else None


def main() -> int:
    """Run as a command; return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        install_llama(_say)
    except RagError as error:
        _say(f"\n{error.message}\n{error.hint}")
        return error.exit_code
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        _say(f"\n{'The disk is full' if full else error}; nothing was changed.")
        _say(DISK_HINT if full else f"The cache is {cache_dir()}; RAG_CACHE_DIR moves it.")
        return MissingPartError.exit_code
    except KeyboardInterrupt:
        _say("\nStopped; what was half done has been removed.")
        return 130
    return 0


def _ladder() -> dict[str, Rung]:
    """The rungs by key, best first; none without a compiler."""
    compilers, flags = find_compilers(), cpu_flags()
    if compilers is None:
        return {}
    ladder = rungs(platform.machine(), flags, compilers.accept)
    return {wheel_key(rung, compilers.version, flags): rung for rung in ladder}


def _is_right(key: str | None, ladder: Mapping[str, Rung], cache: Path) -> bool:
    # Without a compiler there is no ladder to compare with: what decodes is right.
    if key is None or (ladder and key not in ladder):
        return False
    try:
        ensure_llama_works(cache)
    except LlamaBrokenError:
        return False
    return True


def _check_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise MissingPartError(
            f"Only {free / 1e6:.0f} MB is free on the disk of {folder.parent}, too little to "
            "compile llama.cpp; nothing was changed.",
            DISK_HINT,
        )


def _unpack(sdist: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(sdist) as archive:
        # Python 3.11.0 to 3.11.3 have no filters; what is in an archive of this sum is known.
        if hasattr(tarfile, "data_filter"):
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder)  # noqa: S202 - filtered, see above
    source = folder / f"llama_cpp_python-{VERSION}"
    recipe = source / "CMakeLists.txt"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text.replace(_COMMON_ON, _COMMON_OFF), encoding="utf-8")
    return source


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
