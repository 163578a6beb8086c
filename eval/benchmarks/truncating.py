"""A file that another process cuts in halves each time that it is opened (Linux)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.benchmarks.manifest import Expected, Fate, article

# inotify wakes it within microseconds; reading 50 MB takes 20 ms.
_CHILD = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
path = os.fsencode(sys.argv[1])
events = libc.inotify_init()
IN_OPEN = 0x20
watch = libc.inotify_add_watch(events, path, IN_OPEN)
print("ready" if watch >= 0 else "none", flush=True)
while watch >= 0 and os.path.getsize(path) > 1000:
    os.read(events, 4096)
    os.truncate(path, os.path.getsize(path) // 2)
"""


@contextmanager
def truncated_when_opened(path: Path, n_bytes: int) -> Iterator[list[Expected]]:
    """Write a file that loses its second half whenever it is opened in the block.

    Yields:
        The one expectation; none where the system cannot tell that a file is opened.
    """
    if not sys.platform.startswith("linux"):
        yield []
        return
    text = article(0)
    path.write_text("\n\n".join([text] * (n_bytes // len(text))))
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(path)], stdout=subprocess.PIPE)
    try:
        assert child.stdout
        assert child.stdout.readline() == b"ready\n"
        yield [Expected("truncated while read", path.resolve(), Fate.REFUSED, by_chance=True)]
    finally:
        child.kill()
        child.communicate()
