"""FAISS: exact nearest passages by inner product, and its file on disk.

Ids are keys of passages. (The lexical index finds sentences: its hits carry sentence keys, so
hits of the two are never mixed without asking the library which sentences a passage holds.)

The file is derived data: the library's SQLite file can always make it again. So nothing here
tries to repair: a file that is missing, stale, cut short or changed by one bit is refused with
a reason, and the caller builds a new one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.protocols import Vectors
from rag.schema import SearchHit

INDEX_NAME = "vectors.faiss"
MANIFEST_NAME = "vectors.json"
# A save takes well under a second, so what is an hour old was left behind by a killed process.
_LEFTOVER_AGE_S = 3600


class FaissVectorStore:
    """Vectors by id in an exact (flat) FAISS index.

    Searching from several threads is safe; changing the store while another thread searches is
    not: build a second one and swap.

    Args:
        dimension: length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        import faiss

        if dimension < 1:
            raise ValueError(f"a vector needs at least one number, not {dimension}")
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors; an id that is there already is replaced, the last of equal ids stays.

        Raises:
            ValueError: not float32 [len(ids), dimension], or a number that is not finite.
        """
        check_vectors(vectors, (len(ids), self.dimension))
        # IndexIDMap2 would keep both vectors of an id that comes twice.
        rows = {int(key): row for row, key in enumerate(ids)}
        if not rows:
            return
        keys = _id_array(list(rows))
        if len(self):
            self._index.remove_ids(keys)
        self._index.add_with_ids(np.ascontiguousarray(vectors[list(rows.values())]), keys)

    def delete(self, ids: Sequence[int]) -> None:
        """Remove vectors; an id that is not there is no error."""
        if len(ids):
            self._index.remove_ids(_id_array(ids))

    def search(
        self, vector: Vectors, top_k: int, allowed: Sequence[int] | None = None
    ) -> list[SearchHit]:
        """Return at most ``top_k`` hits, best first, among ``allowed`` ids where given.

        Args:
            vector: float32 [dimension].
            top_k: 0 or less gives no hits.
            allowed: ids that may be found; None for all, an empty sequence for none.

        Raises:
            ValueError: not float32 [dimension], or a number that is not finite.
        """
        import faiss

        check_vectors(vector, (self.dimension,))
        limit = min(top_k, len(self))
        if limit < 1 or (allowed is not None and not len(allowed)):
            return []
        # One query keeps one thread busy; on a busy machine OpenMP would wait 8 ms for the other,
        # against 0.1 ms for 5,000 vectors. The setting is the calling thread's own.
        faiss.omp_set_num_threads(1)
        parameters: Any = faiss.SearchParameters()
        if allowed is not None:
            # The parameters do not keep the selector alive; this frame does.
            selector = faiss.IDSelectorBatch(_id_array(allowed))
            parameters.sel = selector
        scores, keys = self._index.search(vector[None, :], limit, params=parameters)
        # FAISS fills up with id -1, and leaves the order of equal scores open.
        found = [(-float(s), int(k)) for s, k in zip(scores[0], keys[0], strict=True) if k != -1]
        return [SearchHit(k, -s, rank) for rank, (s, k) in enumerate(sorted(found), start=1)]

    def to_bytes(self) -> bytes:
        """The index in FAISS's own format."""
        import faiss

        return bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> FaissVectorStore:
        """The store that :meth:`to_bytes` wrote.

        FAISS loads changed bytes without a word: check a sum first, as :func:`load_index` does.
        """
        import faiss

        store = cls.__new__(cls)
        store._index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        return store


def check_vectors(vectors: Vectors, shape: tuple[int, ...]) -> None:
    """Refuse what would be stored or compared as nonsense without a word.

    Raises:
        ValueError: another type than float32, another shape, or a number that is not finite.
    """
    if vectors.dtype != np.float32:
        raise ValueError(f"vectors must be float32, not {vectors.dtype}")
    if vectors.shape != shape:
        raise ValueError(f"vectors must have the shape {shape}, not {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("vectors hold a number that is not finite")


def _id_array(ids: Sequence[int]) -> NDArray[np.int64]:
    return np.asarray(ids, dtype=np.int64)


# --- on disk -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndexStamp:
    """What an index file must say of itself to be the right one."""

    embedder: str
    dimension: int
    generation: str
    """The library's: another one means that passages or vectors have changed since."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an index file was not loaded, in words that complete "rebuilt, because"."""

    reason: str
    damaged: bool = False
    """Whether something went wrong, against a library that has merely changed since."""


def save_index(store: FaissVectorStore, folder: Path, stamp: IndexStamp) -> None:
    """Write index and manifest, each to a temporary file that is then moved.

    A crash between the two leaves a manifest with another sum, which :func:`load_index` refuses.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    import faiss

    _remove_leftovers(folder)
    data = store.to_bytes()
    manifest = asdict(stamp) | {
        "count": len(store),
        "sha256": hashlib.sha256(data).hexdigest(),
        "faiss": faiss.__version__,
    }
    _replace(folder / INDEX_NAME, data)
    _replace(folder / MANIFEST_NAME, json.dumps(manifest, indent=2).encode() + b"\n")


def load_index(folder: Path, stamp: IndexStamp) -> FaissVectorStore | Refused:
    """Load the index that :func:`save_index` wrote, if it is whole and the right one.

    Raises:
        OSError: a file is there and cannot be read.
    """
    import faiss

    try:
        data = (folder / INDEX_NAME).read_bytes()
        manifest = dict(json.loads((folder / MANIFEST_NAME).read_text("utf-8")))
    except FileNotFoundError:
        return Refused("there was none")
    except (ValueError, TypeError):
        return Refused("its manifest was damaged", damaged=True)
    if manifest.get("faiss") != faiss.__version__:
        return Refused(f"another version of FAISS wrote it ({manifest.get('faiss')})")
    if any(manifest.get(name) != value for name, value in asdict(stamp).items()):
        return Refused("the library has changed since it was saved")
    if manifest.get("sha256") != hashlib.sha256(data).hexdigest():
        return Refused("its file was damaged", damaged=True)
    return FaissVectorStore.from_bytes(data)


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _remove_leftovers(folder: Path) -> None:
    oldest = time.time() - _LEFTOVER_AGE_S
    for path in (*folder.glob(f"{INDEX_NAME}.*.tmp"), *folder.glob(f"{MANIFEST_NAME}.*.tmp")):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
