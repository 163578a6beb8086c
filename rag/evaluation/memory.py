"""The most memory that this process held at once, as the system counts it.

That is getrusage's ``ru_maxrss``: everything of the process that lay in memory, so index, embedder
and the pages of the mapped weights that were read, shared libraries too. It only ever grows, so
that a small model after a large one would seem as large; Linux lets a process begin anew.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

_MB = 2**20
# "5" sets the mark back to what is held now (proc_pid_clear_refs(5), Linux 4.0).
_CLEAR_REFS = Path("/proc/self/clear_refs")


def forget_peak() -> None:
    """Let the mark begin anew; where the system has no way to, it stays that of the process."""
    with suppress(OSError):
        _CLEAR_REFS.write_text("5", "ascii")


def peak_mb() -> float | None:
    """Return the mark in MB of 2**20 bytes; None on systems without getrusage."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in units of 1,024 bytes, macOS in bytes.
    return (peak if sys.platform == "darwin" else peak * 1024) / _MB
