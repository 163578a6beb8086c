"""Kinds of FAISS index compared: what they find, how fast, and what they cost.

python -m eval.benchmarks.vectors [--sizes 10000,100000] [--kinds flat,lists] [--library DIR]

Prints one Markdown table. Searches are timed one by one, with one thread, for ten hits; the index
is built with all processors. A kind is built in one process and searched in another, which has
loaded its file: its memory is what loading adds.

The vectors are made, not embedded: a million passages would take a day. They are of unit length
in 384 dimensions, articles of eight passages about 4,000 subjects of uneven size:

    passage = 0.40 subject + 0.15 article + 0.45 its own          (shares of the variance)

Each part is normal, with a variance that falls along the axes as i to the power of -0.85, turned
at random. So a passage has a cosine of 0.55 with the others of its article, 0.4 with others of
its subject and 0 with the rest; of 41 passages of the five articles in seeds/, those of one
article have 0.45 on average and those of another article (on the same subject) 0.40, and the
effective dimension of what sets them apart is about 50, as here. A question is drawn like one
more passage of an article. How far real ones differ shows ``--library``, which takes the vectors
of a library instead, every hundredth as a question.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.library import Library
from rag.protocols import Vectors
from rag.vector_store.kinds import (
    faiss_module,
    new_flat,
    new_lists,
    search_parameters,
)

faiss = faiss_module()

DIMENSION = 384
N_SUBJECTS = 4_000
PASSAGES_PER_ARTICLE = 8
SHARES = (0.40, 0.15, 0.45)
DECAY = 0.85
N_QUERIES = 300
TOP_K = 10
# 150 MB at once.
_BATCH = 100_000
_HNSW_LINKS = 32
_HNSW_EFFORT = 128
"""Candidates that a search keeps; building keeps 40, as FAISS does by itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    size: int
    kind: str
    recall: float
    p50_ms: float
    p95_ms: float
    memory_mb: float
    build_s: float
    file_mb: float


@dataclass(frozen=True, slots=True)
class Data:
    """Files of vectors, questions and the right hits: float32 [n, d], [q, d]; int64 [q, 10]."""

    vectors: Path
    queries: Path
    truth: Path


# --- vectors -------------------------------------------------------------------------------


class Mixture:
    """Draws vectors like those of passages; the same ones for the same seed."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self._rng = np.random.default_rng(seed)
        falling = np.arange(1, DIMENSION + 1) ** -DECAY
        self._scale = np.sqrt(falling / falling.sum()).astype(np.float32)
        turned = np.linalg.qr(self._rng.standard_normal((DIMENSION, DIMENSION)))[0]
        self._turn = turned.astype(np.float32)
        n_articles = -(-size // PASSAGES_PER_ARTICLE)
        weights = self._rng.lognormal(0, 1, N_SUBJECTS)
        self._subjects = self._normal(N_SUBJECTS)
        self._subject_of = self._rng.choice(N_SUBJECTS, n_articles, p=weights / weights.sum())
        self._articles = self._normal(n_articles)

    def passages(self, articles: NDArray[np.integer[Any]]) -> Vectors:
        """One more passage of each of these articles, float32 [n, d]."""
        parts = (
            self._subjects[self._subject_of[articles]],
            self._articles[articles],
            self._normal(len(articles)),
        )
        mixed = sum(np.float32(np.sqrt(w)) * part for w, part in zip(SHARES, parts, strict=True))
        rows = mixed @ self._turn
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def _normal(self, count: int) -> Vectors:
        drawn: Vectors = self._rng.standard_normal((count, DIMENSION), dtype=np.float32)
        drawn *= self._scale
        return drawn


def made(size: int, folder: Path) -> Data:
    """Write made vectors of this size."""
    mixture = Mixture(size)
    path = folder / "vectors.npy"
    vectors = np.lib.format.open_memmap(path, "w+", np.float32, (size, DIMENSION))
    for start in range(0, size, _BATCH):
        rows = np.arange(start, min(size, start + _BATCH))
        vectors[rows] = mixture.passages(rows // PASSAGES_PER_ARTICLE)
    asked = np.random.default_rng(2).integers(0, size // PASSAGES_PER_ARTICLE, N_QUERIES)
    return _with_truth(vectors, mixture.passages(asked), folder)


def of_library(library: Path, folder: Path) -> Data:
    """Write the vectors of a library."""
    with Library.open(library) as opened:
        embedder = max(opened.stats().embedders, key=lambda e: e.passages)
        _, blobs = opened.vector_rows(embedder.name)
    every = np.frombuffer(b"".join(blobs), "<f4").reshape(len(blobs), -1)
    asked = np.arange(len(every)) % 100 == 0
    vectors = np.lib.format.open_memmap(
        folder / "vectors.npy", "w+", np.float32, (int((~asked).sum()), every.shape[1])
    )
    vectors[:] = every[~asked]
    return _with_truth(vectors, every[asked][:N_QUERIES], folder)


def _with_truth(vectors: Vectors, queries: Vectors, folder: Path) -> Data:
    """Find the right hits by comparing with all, and write what is not written yet."""
    scores = np.empty((len(queries), 0), np.float32)
    ids = np.empty((len(queries), 0), np.int64)
    for start in range(0, len(vectors), _BATCH):
        some = queries @ vectors[start : start + _BATCH].T
        numbers = np.broadcast_to(np.arange(start, start + some.shape[1]), some.shape)
        scores, ids = np.hstack([scores, some]), np.hstack([ids, numbers])
        best = np.argpartition(-scores, TOP_K - 1, axis=1)[:, :TOP_K]
        scores = np.take_along_axis(scores, best, axis=1)
        ids = np.take_along_axis(ids, best, axis=1)
    np.save(folder / "queries.npy", queries)
    np.save(folder / "truth.npy", ids)
    return Data(*(folder / f"{name}.npy" for name in ("vectors", "queries", "truth")))


# --- kinds ---------------------------------------------------------------------------------


def _flat(vectors: Vectors) -> Any:
    return new_flat(vectors.shape[1])


def _hnsw(vectors: Vectors) -> Any:
    dimension = vectors.shape[1]
    index = faiss.IndexHNSWFlat(dimension, _HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(index)


def _quantised(vectors: Vectors, name: str) -> Any:
    lists, code = new_lists(vectors), getattr(faiss.ScalarQuantizer, name)
    index = faiss.IndexIVFScalarQuantizer(
        lists.quantizer, lists.d, lists.nlist, code, faiss.METRIC_INNER_PRODUCT, False
    )
    # The centres are there already: this finds the range of each dimension.
    index.train(np.ascontiguousarray(vectors[:: 1 + len(vectors) // _BATCH]))
    # The lists must live as long, to whom the centres belong.
    faiss.add_to_referenced_objects(index, lists)
    return index


KINDS: dict[str, Callable[[Vectors], Any]] = {
    "flat": _flat,
    "hnsw": _hnsw,
    "lists": new_lists,
    "lists-fp16": lambda vectors: _quantised(vectors, "QT_fp16"),
    "lists-sq8": lambda vectors: _quantised(vectors, "QT_8bit"),
}


def build(kind: str, data: Data, path: Path) -> float:
    """Build an index file; returns the seconds that building took, without writing."""
    vectors = np.load(data.vectors, mmap_mode="r")
    started = time.perf_counter()
    index = KINDS[kind](vectors)
    for start in range(0, len(vectors), _BATCH):
        some = np.ascontiguousarray(vectors[start : start + _BATCH])
        index.add_with_ids(some, np.arange(start, start + len(some)))
    seconds = time.perf_counter() - started
    faiss.write_index(index, str(path))
    return seconds


def search(data: Data, path: Path) -> tuple[float, list[float], float]:
    """Search a file; returns recall, the milliseconds of each search, and megabytes of memory."""
    queries, truth = np.load(data.queries), np.load(data.truth)
    before = _memory_mb()
    index = faiss.read_index(str(path))
    memory_mb = _memory_mb() - before
    faiss.omp_set_num_threads(1)
    inner = faiss.downcast_index(index.index) if hasattr(index, "index") else index
    graph = hasattr(inner, "hnsw")
    parameters = (
        faiss.SearchParametersHNSW(efSearch=_HNSW_EFFORT)
        if graph
        else search_parameters(index, None, all_up_to=0)
    )
    times, found = [], 0
    index.search(queries[:1], TOP_K, params=parameters)
    for query, right in zip(queries, truth, strict=True):
        started = time.perf_counter()
        _, ids = index.search(query[None, :], TOP_K, params=parameters)
        times.append(1000 * (time.perf_counter() - started))
        found += len(set(ids[0].tolist()) & set(right.tolist()))
    return found / truth.size, times, memory_mb


def _memory_mb() -> float:
    """What this process has in memory; where that is not told, the most that it has had."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


# --- the table -----------------------------------------------------------------------------


def measure(kind: str, data: Data, folder: Path) -> Row:
    """Build and search one kind, each in a process of its own."""
    path = folder / "index.faiss"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as processes:
        build_s = processes.submit(build, kind, data, path).result()
        recall, times, memory_mb = processes.submit(search, data, path).result()
    p50, p95 = np.percentile(times, [50, 95])
    size = len(np.load(data.vectors, mmap_mode="r"))
    return Row(size, kind, recall, p50, p95, memory_mb, build_s, path.stat().st_size / 1e6)


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| vectors | kind | recall@10 | p50 ms | p95 ms | memory MB | build s | file MB |",
        "| --: | --- | --: | --: | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {r.size:,} | {r.kind} | {r.recall:.3f} | {r.p50_ms:.2f} | {r.p95_ms:.2f} "
        f"| {r.memory_mb:,.0f} | {r.build_s:,.1f} | {r.file_mb:,.0f} |"
        for r in rows
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="10000,100000", help="numbers of made vectors")
    parser.add_argument("--kinds", default=",".join(KINDS), help="of %(default)s")
    parser.add_argument("--library", type=Path, help="take the vectors of this library instead")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    for size in [0] if options.library else [int(size) for size in options.sizes.split(",")]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = of_library(options.library, folder) if options.library else made(size, folder)
            for kind in options.kinds.split(","):
                rows.append(measure(kind, data, folder))
                sys.stderr.write(f"{rows[-1]}\n")
    sys.stdout.write(table(rows))


if __name__ == "__main__":
    main()
