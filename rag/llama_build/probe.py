"""Finds out, once for each library and processor, whether llama.cpp can decode at all.

A build for another processor dies by a signal, and no ``except`` catches that. So the first
tokens are decoded in a child process, and the outcome is remembered on disk until the library or
the processor changes. Standard library only: :mod:`rag.llama_build` tries fresh builds with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import math
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType

from rag.errors import LlamaBrokenError
from rag.llama_build.tiny_gguf import write_tiny_gguf
from rag.processor import cpu_flags

TIMEOUT_S = 120.0
"""A trial takes 0.6 s on 2 cores; a machine that swaps may need a hundred times that."""

_N_BATCH = 64
"""Tokens of the first decode, enough for the matrix-by-matrix kernels; the second has one token."""

_EXIT_WRONG = 65
"""Exit code of a child that decoded to something other than finite numbers."""

_CRASHES = {"SIGSEGV", "SIGILL", "SIGBUS", "SIGFPE", "SIGABRT"}
"""Signals that tell of the library; the others (memory, a user) tell of the moment."""

# -P and this prologue: neither the folder that the user stands in nor the one that holds `rag`
# may bring other modules than those that the parent sees.
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); import rag; del sys.path[0]; "
    "from rag.llama_build.probe import decode_in_this_process as decode; "
    "sys.exit(decode(sys.argv[2], sys.argv[3]))"
)


class Verdict(StrEnum):
    """What a trial showed."""

    WORKS = "works"
    CRASHES = "crashes"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of decoding in a child process, and what is known of its cause."""

    verdict: Verdict
    detail: str


def ensure_llama_works(cache_dir: Path) -> None:
    """Return if llama.cpp decodes on this processor; call it before its first load in a process.

    Args:
        cache_dir: the folder in which outcomes are remembered.

    Raises:
        LlamaBrokenError: llama.cpp is not installed, or does not decode here.
    """
    package = _installed_package()
    record = cache_dir / "llama-probes" / f"{_pair_key(package)}.json"
    trial = _remembered(record)
    if trial is None:
        trial = try_llama(package)
        if trial.verdict is not Verdict.UNCLEAR:
            _remember(record, trial)
    if trial.verdict is not Verdict.WORKS:
        raise LlamaBrokenError(
            f"llama.cpp {trial.detail}, so no model can be run; nothing was loaded.", _hint()
        )


def try_llama(package: Path, timeout_s: float = TIMEOUT_S) -> Trial:
    """Decode a batch and a token with the ``llama_cpp`` package in a folder, in a child process.

    Args:
        package: the folder ``llama_cpp`` itself.
        timeout_s: seconds after which the child is stopped.
    """
    root = Path(__file__).resolve().parents[2]
    # Made here, for a child that crashes cleans nothing up.
    with tempfile.TemporaryDirectory(prefix="citeline-probe-") as folder:
        weights = Path(folder) / "tiny.gguf"
        write_tiny_gguf(weights)
        try:
            child = subprocess.run(
                [sys.executable, "-P", "-c", _CHILD, str(root), str(package), str(weights)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Trial(Verdict.UNCLEAR, f"did not decode a token within {timeout_s:.0f} s")
    return _trial(child.returncode, child.stderr)


def decode_in_this_process(package: str, weights: str) -> int:
    """Decode tiny weights with the ``llama_cpp`` package of a folder; return the exit code."""
    with contextlib.suppress(ImportError):
        import resource

        # A crash is an answer here: it shall leave no core file in the user's folder.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    llama_cpp = _load(Path(package))
    llama = llama_cpp.Llama(
        weights,
        n_ctx=2 * _N_BATCH,
        n_batch=_N_BATCH,
        n_threads=2,
        n_threads_batch=2,
        verbose=False,
    )
    finite = True
    for tokens in (list(range(3, 3 + _N_BATCH)), [70]):
        llama.eval(tokens)
        logits = llama_cpp.llama_get_logits_ith(llama.ctx, -1)
        finite = finite and all(math.isfinite(logits[i]) for i in range(llama.n_vocab()))
    llama.close()
    return 0 if finite else _EXIT_WRONG


def _trial(code: int, stderr: str) -> Trial:
    if code == 0:
        return Trial(Verdict.WORKS, "decodes")
    if code == _EXIT_WRONG:
        return Trial(Verdict.CRASHES, "computes no finite numbers on this processor")
    if code < 0:
        name = signal.Signals(-code).name
        verdict = Verdict.CRASHES if name in _CRASHES else Verdict.UNCLEAR
        return Trial(verdict, f"crashed at the first token on this processor ({name})")
    lines = stderr.strip().splitlines() or [f"exit code {code}"]
    return Trial(Verdict.UNCLEAR, f"cannot be loaded ({lines[-1].strip()})")


def _installed_package() -> Path:
    spec = importlib.util.find_spec("llama_cpp")
    if spec is None or spec.origin is None:
        raise LlamaBrokenError(
            "llama.cpp is not installed in this Python, so no model can be run.", _hint()
        )
    return Path(spec.origin).parent


def _load(package: Path) -> ModuleType:
    """Import ``llama_cpp`` from exactly this folder."""
    spec = importlib.util.spec_from_file_location("llama_cpp", package / "__init__.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"no package in {package}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["llama_cpp"] = module
    spec.loader.exec_module(module)
    return module


def _pair_key(package: Path) -> str:
    """Name this library on this processor; a rebuild or another machine gives another name."""
    # llama_cpp looks for its shared libraries where this variable points, if it is set.
    folder = Path(os.environ.get("LLAMA_CPP_LIB_PATH") or package / "lib")
    digest = hashlib.sha256()
    for path in (package / "__init__.py", *sorted(folder.glob("*"))):
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    digest.update("\0".join((sys.implementation.cache_tag, *cpu_flags())).encode())
    return digest.hexdigest()[:16]


def _remembered(record: Path) -> Trial | None:
    try:
        values = json.loads(record.read_text(encoding="utf-8"))
        return Trial(Verdict(values["verdict"]), str(values["detail"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(record: Path, trial: Trial) -> None:
    # Without a writable cache the trial runs again in the next process: slower, not wrong.
    with contextlib.suppress(OSError):
        record.parent.mkdir(parents=True, exist_ok=True)
        fresh = record.with_suffix(f".{os.getpid()}.tmp")
        fresh.write_text(json.dumps(asdict(trial)), encoding="utf-8")
        fresh.replace(record)


def _hint() -> str:
    return f"run: {shlex.quote(sys.executable)} -m rag.llama_build"
