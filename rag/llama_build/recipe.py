"""How llama.cpp is built for one processor: what is pinned, which flags, and the name of a result.

Standard library only: it serves :mod:`rag.llama_build`, which runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

VERSION = "0.3.36"
SDIST_SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
"""Sum of llama_cpp_python-0.3.36.tar.gz as PyPI publishes it; there is no wheel."""

RECIPE = "1"
"""Part of every key; raised when the way of building changes, so that old wheels are not taken."""

NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
"""Some virtual machines announce AMX and don't run it: SIGSEGV in ggml_backend_amx_mul_mat."""

# GGML_* off: only the compiler flags decide, or llama.cpp would add its own on top of them.
# LLAVA_BUILD: reading images, a fifth of the compile.
_CMAKE_OFF = (
    "GGML_NATIVE",
    "GGML_SSE42",
    "GGML_AVX",
    "GGML_AVX2",
    "GGML_BMI2",
    "GGML_FMA",
    "GGML_F16C",
    "LLAVA_BUILD",
)
_V3_FLAGS = {"avx2", "fma", "bmi2", "f16c"}
_X86 = {"x86_64", "amd64", "i686", "i386"}


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to compile, on a ladder from the fastest result to the one that runs anywhere."""

    name: str
    compiler_flags: tuple[str, ...]

    @property
    def cmake_args(self) -> str:
        """The value of CMAKE_ARGS, which scikit-build-core splits like a shell."""
        flags = " ".join(self.compiler_flags)
        args = [f"-D{name}=OFF" for name in _CMAKE_OFF]
        args += [f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}"]
        return shlex.join(args)


@dataclass(frozen=True, slots=True)
class Compilers:
    """The C and C++ compilers, as commands, and the first line of what each says of its version."""

    c: str
    cxx: str
    version: str

    def accept(self, flags: Sequence[str]) -> bool:
        """Whether both know all of ``flags``."""
        probe = ["-E", "-x", "c", os.devnull, "-o", os.devnull]
        return all(
            _output([*shlex.split(compiler), *flags, *probe]) is not None
            for compiler in (self.c, self.cxx)
        )


def cache_dir() -> Path:
    """The folder that :func:`rag.paths.cache_dir` names with platformdirs, found without it."""
    if own := os.environ.get("RAG_CACHE_DIR", "").strip():
        return Path(own).expanduser().absolute()
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    if Path(xdg).is_absolute():
        return Path(xdg) / "citeline"
    home = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    return Path(home).expanduser() / "citeline"


def find_compilers() -> Compilers | None:
    """The compilers that CMake would take, or None where one is missing or does not run."""
    c = os.environ.get("CC") or _first("cc", "gcc", "clang")
    cxx = os.environ.get("CXX") or _first("c++", "g++", "clang++")
    versions = [_output([*shlex.split(name), "--version"]) for name in (c, cxx) if name]
    if not c or not cxx or None in versions:
        return None
    return Compilers(c, cxx, "; ".join((text or "").partition("\n")[0] for text in versions))


def rungs(
    machine: str, flags: Sequence[str], accept: Callable[[Sequence[str]], bool]
) -> tuple[Rung, ...]:
    """Return the ladder for a processor, fastest first.

    Args:
        machine: as ``platform.machine()`` names it.
        flags: what the processor announces.
        accept: whether the compilers know some flags.
    """
    on_x86 = machine.lower() in _X86
    native = next(filter(accept, _native_flags(on_x86)), None)
    ladder = []
    if native:
        ladder.append(Rung("native without AMX" if on_x86 else "native", native))
    if on_x86 and set(flags) >= _V3_FLAGS:
        ladder.append(Rung("x86-64-v3", tuple(f"-m{flag}" for flag in sorted(_V3_FLAGS))))
    return (*ladder, Rung("portable", ()))


def wheel_key(rung: Rung, compiler_version: str, flags: Sequence[str]) -> str:
    """Name a build by all that decides what comes out of it and whether it runs here."""
    parts = (
        RECIPE,
        SDIST_SHA256,
        rung.cmake_args,
        compiler_version,
        sys.implementation.cache_tag,
        platform.machine(),
        *sorted(flags),
    )
    # 16 hex digits: one machine keeps a handful of builds.
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _native_flags(on_x86: bool) -> tuple[tuple[str, ...], ...]:
    if on_x86:
        # A compiler that has never heard of AMX does not use it either.
        return (("-march=native", *NO_AMX), ("-march=native",))
    return (("-mcpu=native",), ("-march=native",))


def _first(*commands: str) -> str | None:
    return next(filter(shutil.which, commands), None)


def _output(command: Sequence[str]) -> str | None:
    """What a command prints, or None where it cannot be run or fails."""
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.stdout if run.returncode == 0 else None
