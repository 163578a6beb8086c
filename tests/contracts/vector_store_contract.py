"""What every vector store must do; subclass and say how to make one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.protocols import Vectors, VectorStore
from rag.schema import SearchHit

D = 3
_IDS = st.integers(0, 9) | st.sampled_from([2**40, 2**63 - 1])
# Small whole numbers: every implementation computes the same scores exactly, ties included.
_ROW = st.lists(st.integers(-2, 2), min_size=D, max_size=D)
_OPERATION = st.one_of(
    st.tuples(st.just("add"), st.lists(st.tuples(_IDS, _ROW), max_size=5)),
    st.tuples(st.just("delete"), st.lists(_IDS, max_size=4)),
    st.tuples(
        st.just("search"),
        st.tuples(_ROW, st.integers(-1, 12), st.none() | st.lists(_IDS, max_size=6)),
    ),
)


def rows(*vectors: Sequence[float]) -> Vectors:
    return np.array(vectors, dtype=np.float32).reshape(-1, D)


def _ids(hits: list[SearchHit]) -> list[int]:
    return [hit.id for hit in hits]


class VectorStoreContract:
    """Inherit and override :meth:`make`."""

    def make(self, dimension: int) -> VectorStore:
        raise NotImplementedError

    @pytest.fixture
    def store(self) -> VectorStore:
        store = self.make(D)
        store.add([11, 22, 33], rows([1, 0, 0], [0.8, 0.6, 0], [0, 0, 1]))
        return store

    def test_an_empty_store_finds_nothing(self) -> None:
        store = self.make(D)
        assert len(store) == 0
        assert store.search(rows([1, 0, 0])[0], 5) == []

    def test_hits_come_best_first_with_ranks_from_one(self, store: VectorStore) -> None:
        hits = store.search(rows([1, 0, 0])[0], 5)
        assert _ids(hits) == [11, 22, 33]
        assert [hit.rank for hit in hits] == [1, 2, 3]
        assert [hit.score for hit in hits] == pytest.approx([1, 0.8, 0])
        assert all(type(hit.id) is int and type(hit.score) is float for hit in hits)

    @pytest.mark.parametrize(("top_k", "n_hits"), [(-1, 0), (0, 0), (1, 1), (3, 3), (99, 3)])
    def test_top_k_is_a_limit(self, store: VectorStore, top_k: int, n_hits: int) -> None:
        assert len(store.search(rows([1, 0, 0])[0], top_k)) == n_hits

    def test_an_id_that_is_there_is_replaced(self, store: VectorStore) -> None:
        store.add([11, 44], rows([0, 0, 1], [0, 1, 0]))
        assert len(store) == 4
        assert _ids(store.search(rows([1, 0, 0])[0], 1)) == [22]

    def test_of_equal_ids_in_one_call_the_last_stays(self, store: VectorStore) -> None:
        store.add([5, 5], rows([1, 0, 0], [0, 1, 0]))
        assert len(store) == 4
        assert _ids(store.search(rows([0, 1, 0])[0], 1)) == [5]

    def test_deleted_ids_are_not_found_and_unknown_ones_are_no_error(
        self, store: VectorStore
    ) -> None:
        store.delete([22, 99])
        store.delete([])
        assert len(store) == 2
        assert _ids(store.search(rows([1, 0, 0])[0], 5)) == [11, 33]

    @pytest.mark.parametrize(
        ("allowed", "found"),
        [([33, 22], [22, 33]), ([22, 22, 99], [22]), ([99], []), ([], []), (None, [11, 22, 33])],
    )
    def test_only_allowed_ids_are_found(
        self, store: VectorStore, allowed: list[int] | None, found: list[int]
    ) -> None:
        assert _ids(store.search(rows([1, 0, 0])[0], 5, allowed)) == found

    def test_equal_scores_come_in_the_order_of_ids(self) -> None:
        store = self.make(D)
        store.add([7, 3, 5], rows([1, 0, 0], [1, 0, 0], [1, 0, 0]))
        assert _ids(store.search(rows([1, 0, 0])[0], 3)) == [3, 5, 7]

    @pytest.mark.parametrize("allowed", [None, list(range(10, 60))])
    def test_of_equal_scores_the_smallest_ids_stay(self, allowed: list[int] | None) -> None:
        store = self.make(D)
        # Backwards and more than a search asks for at first: any prefix would be the wrong one.
        ids = list(range(50, 0, -1))
        store.add(ids, rows(*([1, 0, 0] for _ in ids)))
        store.add([99], rows([2, 0, 0]))
        first = 99 if allowed is None else 10
        expected = [99, 1, 2, 3, 4] if allowed is None else [10, 11, 12, 13, 14]
        assert _ids(store.search(rows([1, 0, 0])[0], 1, allowed)) == [first]
        assert _ids(store.search(rows([1, 0, 0])[0], 5, allowed)) == expected

    @pytest.mark.parametrize(
        "bad",
        [
            np.zeros((2, D), dtype=np.float64),
            np.zeros((2, D + 1), dtype=np.float32),
            np.zeros((1, D), dtype=np.float32),
            np.zeros(2 * D, dtype=np.float32),
            rows([0, 0, 0], [0, np.nan, 0]),
            rows([0, 0, 0], [np.inf, 0, 0]),
        ],
        ids=["float64", "too long", "too few", "flat", "nan", "infinite"],
    )
    def test_vectors_that_are_none_are_refused_and_change_nothing(
        self, store: VectorStore, bad: Any
    ) -> None:
        with pytest.raises(ValueError, match="vectors"):
            store.add([11, 44], bad)
        assert len(store) == 3
        assert _ids(store.search(rows([1, 0, 0])[0], 1)) == [11]

    @pytest.mark.parametrize(
        "bad",
        [
            np.zeros(D, dtype=np.float64),
            np.zeros(D - 1, dtype=np.float32),
            np.zeros((1, D), dtype=np.float32),
            rows([np.nan, 0, 0])[0],
        ],
        ids=["float64", "too short", "two axes", "nan"],
    )
    def test_a_query_that_is_none_is_refused(self, store: VectorStore, bad: Any) -> None:
        with pytest.raises(ValueError, match="vectors"):
            store.search(bad, 1)

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(operations=st.lists(_OPERATION, max_size=25))
    def test_any_sequence_agrees_with_brute_force(self, operations: list[Any]) -> None:
        store = self.make(D)
        model: dict[int, Vectors] = {}
        for name, argument in operations:
            match name:
                case "add":
                    ids = [key for key, _ in argument]
                    vectors = rows(*(row for _, row in argument))
                    store.add(ids, vectors)
                    model.update(zip(ids, vectors, strict=True))
                case "delete":
                    store.delete(argument)
                    model = {key: row for key, row in model.items() if key not in argument}
                case "search":
                    _check_search(store, model, *argument)
            assert len(store) == len(model)


def _check_search(
    store: VectorStore,
    model: dict[int, Vectors],
    query: list[int],
    top_k: int,
    allowed: list[int] | None,
) -> None:
    vector = rows(query)[0]
    scores = {
        key: float(row @ vector) for key, row in model.items() if allowed is None or key in allowed
    }
    best = sorted(scores, key=lambda key: (-scores[key], key))[: max(top_k, 0)]
    assert store.search(vector, top_k, allowed) == [
        SearchHit(key, scores[key], rank) for rank, key in enumerate(best, start=1)
    ]
