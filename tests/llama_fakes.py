"""Stand-ins for the llama_cpp package, whose shared library really is compiled and called."""

from __future__ import annotations

import subprocess
from pathlib import Path

# What the C function does where llama_decode would multiply matrices.
HEALTHY = "return 0;"
CRASHING = "*(volatile int *)0 = 1; return 0;"
ABORTING = "__builtin_trap(); return 0;"

_PACKAGE = """
import ctypes, math, pathlib
_here = pathlib.Path(__file__).parent
with open({trace!r}, "a") as trace:
    trace.write("loaded\\n")
_lib = ctypes.CDLL(str(_here / "lib" / "libllama.so"))
class Llama:
    ctx = None
    def __init__(self, path, **settings):
        with open(path, "rb") as weights:
            assert weights.read(4) == b"GGUF"
    def eval(self, tokens):
        assert _lib.llama_decode(len(tokens)) == 0
    def n_vocab(self):
        return 2
    def close(self):
        pass
def llama_get_logits_ith(ctx, index):
    return [0.5, {logit}]
"""


def write_llama_package(folder: Path, body: str, trace: Path, logit: str = "1.0") -> Path:
    """Write a package ``llama_cpp`` into ``folder``, return it; an import adds to ``trace``."""
    package = folder / "llama_cpp"
    (package / "lib").mkdir(parents=True, exist_ok=True)
    source = package / "llama.c"
    source.write_text(f"int llama_decode(int n_tokens) {{ (void)n_tokens; {body} }}\n")
    library = package / "lib" / "libllama.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    (package / "__init__.py").write_text(_PACKAGE.format(trace=str(trace), logit=logit))
    return package


def n_loads(trace: Path) -> int:
    """How many processes have imported the package."""
    return len(trace.read_text().splitlines()) if trace.exists() else 0
