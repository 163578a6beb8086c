"""The index on disk: two files, each moved into place, one holding the sum of the other."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.vector_store.kinds import EXACT_UP_TO, faiss_module
from rag.vector_store.store import FaissVectorStore

INDEX_NAME = "vectors.faiss"
MANIFEST_NAME = "vectors.json"

Marks = NDArray[np.int64]
"""Shape [n, 2]: the id of a vector, and a number that stands for what it was made from."""

_LAYOUT = 2
"""Raised when the files change in a way that older code would misread."""
# A save takes well under a second, so what is an hour old was left behind by a killed process.
_LEFTOVER_AGE_S = 3600
# One save may come between the reading of the two files, hardly ever two.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class IndexStamp:
    """What an index file says of itself."""

    embedder: str
    dimension: int
    generation: str
    """The library's: another one means that passages or vectors may have changed since."""


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """An index file that is whole, and what it was when it was saved."""

    store: FaissVectorStore
    marks: Marks
    generation: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an index file was not loaded, in words that complete "rebuilt, because"."""

    reason: str
    damaged: bool = False
    """Whether something went wrong, against a file that is merely not the right one."""

    def __str__(self) -> str:
        return self.reason


def save_index(store: FaissVectorStore, folder: Path, stamp: IndexStamp, marks: Marks) -> None:
    """Write index and manifest, each to a temporary file that is then moved.

    A crash between the two leaves a manifest with another sum, which :func:`load_index` refuses.

    Args:
        store: what to save.
        folder: where to.
        stamp: what it is.
        marks: of every vector in the store.

    Raises:
        ValueError: there are more or fewer marks than vectors.
        OSError: the folder cannot be written, or the disk is full.
    """
    faiss = faiss_module()
    if marks.shape != (len(store), 2):
        raise ValueError(f"marks of the shape {marks.shape} for {len(store)} vectors")
    _remove_leftovers(folder)
    with _temporary(folder / INDEX_NAME) as index, _temporary(folder / MANIFEST_NAME) as manifest:
        with index.open("wb") as file:
            sha256 = _write(store.index, marks, file)
        described = asdict(stamp) | {
            "layout": _LAYOUT,
            "count": len(store),
            "newer": store.n_newer,
            "sha256": sha256,
            "faiss": faiss.__version__,
        }
        manifest.write_text(json.dumps(described, indent=2) + "\n", "utf-8")
        # Together, so that hardly any reader comes between the two.
        index.replace(folder / INDEX_NAME)
        manifest.replace(folder / MANIFEST_NAME)


def load_index(
    folder: Path, embedder: str, dimension: int, *, exact_up_to: int = EXACT_UP_TO
) -> SavedIndex | Refused:
    """Load the index that :func:`save_index` wrote, if it is whole and of this embedder.

    Args:
        folder: where it lies.
        embedder: name of the weights.
        dimension: length of their vectors.
        exact_up_to: as for the store.

    Raises:
        OSError: a file is there and cannot be read.
    """
    found: SavedIndex | Refused = Refused("there was none")
    before = None
    for _ in range(_TRIES):
        try:
            written = (folder / MANIFEST_NAME).read_bytes()
            # Another process may have saved while this one read: then the manifest is new too.
            if written == before:
                break
            with (folder / INDEX_NAME).open("rb") as file:
                found = _read(file, written, embedder, dimension, exact_up_to)
        except FileNotFoundError:
            return Refused("there was none")
        if not (isinstance(found, Refused) and found.damaged):
            break
        before = written
    return found


def _read(
    file: BufferedReader, written: bytes, embedder: str, dimension: int, exact_up_to: int
) -> SavedIndex | Refused:
    faiss = faiss_module()
    try:
        manifest = dict(json.loads(written))
    except (ValueError, TypeError):
        return Refused("its manifest was damaged", damaged=True)
    refused = _refused(manifest, embedder, dimension)
    if refused is not None:
        return refused
    # FAISS loads changed bytes without a word, or crashes: so nothing is read before the sum.
    if manifest.get("sha256") != hashlib.file_digest(file, "sha256").hexdigest():
        return Refused("its file was damaged", damaged=True)
    file.seek(0)
    # Through a function, for else FAISS wants all bytes in memory twice: 200,000 vectors take
    # 0.4 s with their sum, against 1.0 s. The file is the one summed, whatever has its name now.
    index = faiss.read_index(faiss.PyCallbackIOReader(file.read))
    store = FaissVectorStore.of_index(index, manifest["newer"], exact_up_to=exact_up_to)
    marks = np.frombuffer(file.read(), dtype="<i8").astype(np.int64).reshape(-1, 2)
    return SavedIndex(store, marks, str(manifest.get("generation")))


def _refused(manifest: dict[str, Any], embedder: str, dimension: int) -> Refused | None:
    faiss = faiss_module()
    if manifest.get("layout") != _LAYOUT:
        return Refused("another version of citeline wrote it")
    if manifest.get("faiss") != faiss.__version__:
        return Refused(f"another version of FAISS wrote it ({manifest.get('faiss')})")
    if (manifest.get("embedder"), manifest.get("dimension")) != (embedder, dimension):
        return Refused("it was made with another embedder")
    if not isinstance(manifest.get("newer"), int):
        return Refused("its manifest was damaged", damaged=True)
    return None


def _write(index: Any, marks: Marks, file: BufferedWriter) -> str:
    """Write index and marks; returns their sum."""
    faiss = faiss_module()
    sha256 = hashlib.sha256()

    def write(data: bytes) -> None:
        file.write(data)
        sha256.update(data)

    faiss.write_index(index, faiss.PyCallbackIOWriter(write))
    write(marks.astype("<i8", copy=False).tobytes())
    return sha256.hexdigest()


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A name beside the path; whatever has it at the end and was not moved is removed."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _remove_leftovers(folder: Path) -> None:
    oldest = time.time() - _LEFTOVER_AGE_S
    for path in (*folder.glob(f"{INDEX_NAME}.*.tmp"), *folder.glob(f"{MANIFEST_NAME}.*.tmp")):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
