"""The two kinds of FAISS index behind a store, by size, and what to ask of each.

*Flat* compares with every vector. *Lists* (IVF) puts each vector into the list of its nearest
centre and compares with those of the lists near the query. Its vectors are stored whole, so a
hit has the same score in both kinds to the last bit, and a search of all lists is an exact one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.protocols import Vectors

Ids = NDArray[np.int64]

# Measured with eval.benchmarks.vectors, one thread, 384 dimensions. An exact search takes 12 ms
# for 100,000 vectors, 30 to 40 ms for 250,000 and 140 ms for a million, and misses nothing; what
# else a question needs, embedding sentences above all, takes 200 ms. Lists search 250,000 in 4 ms
# and find 97 of 100 neighbours. HNSW is faster (0.8 ms for 100,000, 97 of 100), but cannot delete
# and takes five times as long to build. Codes of 8 bits take a quarter of the memory, find one
# neighbour in 100 less, and make the scores of the two kinds differ.
EXACT_UP_TO = 250_000

# Small lists and many of them: of 250,000 vectors, a sixteenth of 4,000 lists holds 97 of 100
# neighbours, a sixteenth of 2,000 lists 94. Finding 8,000 centres would take four times as long.
_LISTS_PER_ROOT = 8
_MOST_LISTS = 4_096
# FAISS's documentation asks for 39 vectors a list and takes ten rounds. Half the rounds take half
# the time, 26 s for 250,000 vectors on two cores, and cost one neighbour in 100.
_VECTORS_PER_LIST = 30
_TRAINING_ROUNDS = 5
_TRAINING_SEED = 1234
# A tenth of the lists holds 96 of 100 neighbours among 100,000 vectors, 97 among 250,000 and 98
# among a million; a sixteenth holds 94 among 100,000.
_SEARCHED_PART = 10
_SEARCHED_AT_LEAST = 64
# Up to this many bits an id, a map of bits: 100,000 ids take 0.4 ms to put in, a set 7 ms.
_BITS_PER_ID = 256


def faiss_module() -> Any:
    """FAISS, imported on first use; untyped, for its stubs leave out much of what is used here."""
    import faiss

    module: Any = faiss
    return module


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


def new_flat(dimension: int) -> Any:
    """An empty exact index."""
    faiss = faiss_module()
    # With a map from id to row (2), without which an id could not be removed.
    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def new_lists(vectors: Vectors) -> Any:
    """An empty index of lists whose centres are those of the vectors, float32 [n, d], n > 0."""
    faiss = faiss_module()
    n_lists, dimension = lists_for(len(vectors)), vectors.shape[1]
    index = faiss.IndexIVFFlat(
        faiss.IndexFlatIP(dimension), dimension, n_lists, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.seed = _TRAINING_SEED
    index.cp.niter = _TRAINING_ROUNDS
    index.cp.max_points_per_centroid = _VECTORS_PER_LIST
    # FAISS would write to standard error that it would like 39.
    index.cp.min_points_per_centroid = 1
    index.train(vectors)
    return index


def is_lists(index: Any) -> bool:
    """Whether the index is one of lists."""
    return hasattr(index, "nlist")


def lists_for(count: int) -> int:
    """How many lists that many vectors are put into."""
    return max(1, min(_LISTS_PER_ROOT * isqrt(count), count // _VECTORS_PER_LIST, _MOST_LISTS))


def contents(index: Any) -> tuple[Ids, Vectors]:
    """Ids and vectors of an index that holds some: int64 [n] and float32 [n, d].

    The vectors of a flat index are its own memory: to be read before it changes.
    """
    faiss = faiss_module()
    count, dimension = int(index.ntotal), int(index.d)
    if not is_lists(index):
        rows = faiss.rev_swig_ptr(faiss.downcast_index(index.index).get_xb(), count * dimension)
        return flat_ids(index), rows.reshape(count, dimension)
    ids, vectors = np.empty(count, np.int64), np.empty((count, dimension), np.float32)
    end, lists = 0, index.invlists
    for number in range(index.nlist):
        start, size = end, int(lists.list_size(number))
        end += size
        if size:
            codes = faiss.rev_swig_ptr(lists.get_codes(number), size * int(index.code_size))
            ids[start:end] = faiss.rev_swig_ptr(lists.get_ids(number), size)
            vectors[start:end] = codes.view(np.float32).reshape(size, dimension)
    return ids, vectors


def flat_ids(index: Any) -> Ids:
    """The ids of a flat index in the order of its rows."""
    return np.asarray(faiss_module().vector_to_array(index.id_map), dtype=np.int64)


def search_parameters(index: Any, allowed: Sequence[int] | None, *, all_up_to: int) -> Any:
    """What a search among the allowed ids asks of FAISS; keeps alive what it points to.

    Args:
        index: the one to be searched.
        allowed: None for all.
        all_up_to: so many allowed ids or fewer are all compared with.
    """
    faiss = faiss_module()
    selected: dict[str, Any] = {} if allowed is None else {"sel": _selector(allowed)}
    if not is_lists(index):
        return faiss.SearchParameters(**selected)
    n_lists = int(index.nlist)
    n_searched = max(_SEARCHED_AT_LEAST, n_lists // _SEARCHED_PART)
    if allowed is not None:
        # Where fewer are allowed, the nearest of them lie farther away: as many are compared with.
        n_searched = max(n_searched, n_searched * int(index.ntotal) // len(allowed))
    if n_searched > n_lists or (allowed is not None and len(allowed) <= all_up_to):
        n_searched = n_lists
    return faiss.SearchParametersIVF(nprobe=n_searched, **selected)


def _selector(allowed: Sequence[int]) -> Any:
    ids = np.asarray(allowed, dtype=np.int64)
    largest = int(ids.max())
    if ids.min() < 0 or largest > _BITS_PER_ID * len(ids):
        return faiss_module().IDSelectorBatch(ids)
    bits = np.zeros(largest + 1, dtype=bool)
    bits[ids] = True
    return faiss_module().IDSelectorBitmap(np.packbits(bits, bitorder="little"))
