"""Sums of weight files, and the memory of what was hashed.

Hashing a gigabyte takes a second or more, too long for each question. So the sum of a large file
is remembered with the file's size and time of change, and the file is hashed again once either
differs. The memory lies in ``.verified.json`` beside weights of the models folder, and in the
cache for files elsewhere or where that folder cannot be written.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from rag.models.progress import NO_PROGRESS, Progress
from rag.paths import cache_dir, models_dir

STAMPS_NAME = ".verified.json"
BLOCK = 1 << 20
"""Bytes read at once: one core hashes 1 GB in a second, and no faster with more."""
_WORTH_REMEMBERING = 4 << 20
"""Bytes. Less is hashed in 4 ms, no slower than a look into the memory."""


def sha256_of(path: Path, progress: Progress = NO_PROGRESS) -> str:
    """Hash a file whole, and remember the sum.

    Args:
        path: the file.
        progress: told of the bytes as they are hashed; neither started nor finished here.

    Raises:
        OSError: the file cannot be read.
    """
    before = _state(path)
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            progress.advance(len(block))
    if _state(path) == before:
        remember_sha256(path, digest.hexdigest())
    return digest.hexdigest()


def current_sha256(path: Path, progress: Progress = NO_PROGRESS) -> str:
    """Return the sum of a file, from memory where the file has not changed.

    Raises:
        OSError: the file cannot be read.
    """
    state = _state(path)
    for store in _stores(path):
        stamp = _load(store).get(path.name)
        if isinstance(stamp, dict) and {key: stamp.get(key) for key in state} == state:
            progress.advance(state["size"])
            return str(stamp.get("sha256"))
    return sha256_of(path, progress)


def remember_sha256(path: Path, sha256: str) -> None:
    """Keep the sum of a file as it is now; where nothing can be written, nothing is kept."""
    state = _state(path)
    if state["size"] < _WORTH_REMEMBERING:
        return
    stamp = {**state, "sha256": sha256}
    for store in _stores(path):
        # Two processes may lose each other's stamp; the file is then hashed once more.
        with suppress(OSError):
            store.parent.mkdir(parents=True, exist_ok=True)
            draft = store.with_name(f"{store.name}.{os.getpid()}")
            draft.write_text(json.dumps({**_load(store), path.name: stamp}, indent=1), "utf-8")
            draft.replace(store)
            return


def _state(path: Path) -> dict[str, int]:
    status = path.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _stores(path: Path) -> tuple[Path, ...]:
    folder = path.parent.resolve()
    key = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    cached = cache_dir() / "verified" / f"{key}.json"
    if folder.is_relative_to(models_dir().resolve()):
        return folder / STAMPS_NAME, cached
    return (cached,)


def _load(store: Path) -> dict[str, Any]:
    try:
        stamps = json.loads(store.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}
