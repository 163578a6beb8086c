"""The two kinds of index behind a store, and the change from one to the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from contracts.vector_store_contract import VectorStoreContract, rows

from rag.fakes import MemoryVectorStore
from rag.protocols import Vectors, VectorStore
from rag.schema import SearchHit
from rag.vector_store import FaissVectorStore
from rag.vector_store.kinds import search_parameters

# Enough for 400 lists, of which a search looks at 64.
N, D = 12_000, 24


class TestExact(VectorStoreContract):
    def make(self, dimension: int) -> VectorStore:
        return FaissVectorStore(dimension)


class TestLists(VectorStoreContract):
    def make(self, dimension: int) -> VectorStore:
        return FaissVectorStore(dimension, exact_up_to=0)


class TestChangeOfKind(VectorStoreContract):
    def make(self, dimension: int) -> VectorStore:
        return FaissVectorStore(dimension, exact_up_to=3)


class TestMemoryVectorStore(VectorStoreContract):
    def make(self, dimension: int) -> VectorStore:
        return MemoryVectorStore(dimension)


def test_a_dimension_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FaissVectorStore(0)


def clustered(count: int, seed: int) -> Vectors:
    """Unit vectors around 300 centres that are the same for every seed."""
    centres = np.random.default_rng(0).standard_normal((300, D))
    noise = np.random.default_rng(seed)
    drawn = centres[noise.integers(0, 300, count)] + 0.7 * noise.standard_normal((count, D))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def pair() -> tuple[FaissVectorStore, FaissVectorStore]:
    """An exact store and one of lists after the same history: not to be changed."""
    exact, lists = FaissVectorStore(D), FaissVectorStore(D, exact_up_to=6_000)
    for store in (exact, lists):
        store.add(range(1, N + 1), clustered(N, 1))
        store.delete(range(1, N, 4))
        store.add(range(2, N, 4), clustered(N // 4, 2))
        store.add(range(N, N + 1_500), clustered(1_500, 3))
    return exact, lists


def kind(store: FaissVectorStore) -> str:
    return "exact" if store.exact else "lists"


def recall(found: list[SearchHit], right: list[SearchHit]) -> float:
    return len({hit.id for hit in found} & {hit.id for hit in right}) / len(right)


@pytest.mark.parametrize(
    ("top_k", "allowed"),
    [(10, None), (30, None), (10, range(1, N + 1_500, 2)), (10, range(2_000, 9_000))],
    ids=["ten", "thirty", "every second", "one half"],
)
def test_lists_find_what_an_exact_search_finds(
    pair: tuple[FaissVectorStore, FaissVectorStore], top_k: int, allowed: range | None
) -> None:
    exact, lists = pair
    assert (kind(exact), kind(lists)) == ("exact", "lists")
    assert len(exact) == len(lists)
    queries = clustered(200, 4)
    shares = [
        recall(lists.search(q, top_k, allowed), exact.search(q, top_k, allowed)) for q in queries
    ]
    assert np.mean(shares) >= 0.95


@pytest.mark.parametrize(
    "allowed",
    [range(1, 6_001), [5, 6, 7], range(2, 10 * N, 100), [2**62, 6, 2**40]],
    ids=["as many as exact", "three", "far apart", "too far for bits"],
)
def test_a_narrow_filter_compares_with_all_that_it_leaves(
    pair: tuple[FaissVectorStore, FaissVectorStore], allowed: Any
) -> None:
    exact, lists = pair
    for query in clustered(50, 5):
        assert lists.search(query, 10, allowed) == exact.search(query, 10, allowed)


@pytest.mark.parametrize(
    ("n_allowed", "n_searched"), [(10_499, 64), (8_000, 83), (6_001, 111), (6_000, 400)]
)
def test_the_fewer_are_allowed_the_more_lists_are_searched(
    pair: tuple[FaissVectorStore, FaissVectorStore], n_allowed: int, n_searched: int
) -> None:
    lists = pair[1].index
    assert (lists.ntotal, lists.nlist) == (10_499, 400)
    assert search_parameters(lists, None, all_up_to=6_000).nprobe == 64
    allowed = range(1, n_allowed + 1)
    assert search_parameters(lists, allowed, all_up_to=6_000).nprobe == n_searched


def test_hits_of_both_kinds_score_the_same(
    pair: tuple[FaissVectorStore, FaissVectorStore],
) -> None:
    exact, lists = pair
    for query in clustered(50, 6):
        scores = {hit.id: hit.score for hit in exact.search(query, len(exact))}
        assert all(hit.score == scores[hit.id] for hit in lists.search(query, 30))


def test_where_the_near_lists_are_short_all_are_searched(
    pair: tuple[FaissVectorStore, FaissVectorStore],
) -> None:
    exact, lists = pair
    query = clustered(1, 7)[0]
    assert lists.search(query, N) == exact.search(query, N)


def test_a_store_changes_its_kind_when_it_outgrows_it() -> None:
    vectors = clustered(1_300, 1)
    store = FaissVectorStore(D, exact_up_to=300)
    store.add(range(300), vectors[:300])
    assert kind(store) == "exact"
    # Replaced and not more: still as many.
    store.add(range(300), vectors[:300])
    assert kind(store) == "exact"
    store.add([299, 300], vectors[299:301])
    assert kind(store) == "lists"
    assert len(store) == 301
    exact = FaissVectorStore(D)
    exact.add(range(301), vectors[:301])
    for query in clustered(20, 2):
        assert store.search(query, 50) == exact.search(query, 50)


def test_centres_are_found_anew_when_most_vectors_are_newer() -> None:
    vectors = clustered(1_300, 1)
    store = FaissVectorStore(D, exact_up_to=300)
    store.add(range(301), vectors[:301])
    assert (store.index.nlist, store.n_newer) == (10, 0)
    store.add(range(301, 602), vectors[301:602])
    assert (store.index.nlist, store.n_newer) == (10, 301)
    store.add([0], vectors[:1])
    assert (store.index.nlist, store.n_newer) == (20, 0)
    # Also where it does not grow: old articles go as new ones come.
    for start in range(602, 1_252, 50):
        store.add(range(start, start + 50), vectors[start : start + 50])
        store.delete(range(start - 602, start - 552))
    assert store.n_newer < 301
    exact = FaissVectorStore(D)
    kept = [hit.id for hit in store.search(vectors[0], len(store))]
    exact.add(kept, vectors[kept])
    for query in clustered(20, 2):
        assert store.search(query, 50) == exact.search(query, 50)


def test_a_store_that_shrinks_keeps_its_kind_until_it_is_made_anew() -> None:
    store = FaissVectorStore(D, exact_up_to=50)
    store.add(range(100), clustered(100, 1))
    store.delete(range(90))
    assert kind(store) == "lists"
    assert len(store.search(clustered(1, 2)[0], 20)) == 10
    anew = store.emptied()
    assert (len(anew), anew.dimension, anew.exact) == (0, D, True)
    anew.add(range(51), clustered(51, 1))
    assert kind(anew) == "lists"


def test_the_same_calls_give_the_same_store() -> None:
    saved = []
    for _ in range(2):
        store = FaissVectorStore(D, exact_up_to=1_000)
        store.add(range(3_000), clustered(3_000, 1))
        store.delete(range(0, 3_000, 5))
        saved.append(faiss.serialize_index(store.index).tobytes())
    assert saved[0] == saved[1]


def test_training_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    FaissVectorStore(D, exact_up_to=5).add(range(90), clustered(90, 1))
    assert capfd.readouterr() == ("", "")


def test_a_search_leaves_the_number_of_threads_as_it_was() -> None:
    store = FaissVectorStore(D)
    store.add([1], clustered(1, 1))
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(before + 1)
    try:
        store.search(clustered(1, 2)[0], 1)
        assert faiss.omp_get_max_threads() == before + 1
    finally:
        faiss.omp_set_num_threads(before)


def test_importing_the_module_does_not_import_faiss() -> None:
    code = "import sys, rag.vector_store, rag.library; sys.exit('faiss' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_vectors_of_a_view_are_copied() -> None:
    store = FaissVectorStore(3)
    wide = np.ones((2, 6), dtype=np.float32)
    store.add([1, 2], wide[:, ::2])
    wide[:] = 0
    assert store.search(rows([1, 0, 0])[0], 1)[0].score == 1
