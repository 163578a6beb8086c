from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from rag.fusion import RANK_CONSTANT, reciprocal_rank_fusion

RANKINGS = st.lists(
    st.permutations(range(8)).map(lambda p: {key: rank for rank, key in enumerate(p, start=1)}),
    min_size=1,
    max_size=4,
)


def test_scores_are_weighted_reciprocal_ranks() -> None:
    scores = reciprocal_rank_fusion([{"a": 1}, {"a": 3, "b": 1}], [1.0, 0.5])
    assert scores["a"] == 1 / (RANK_CONSTANT + 1) + 0.5 / (RANK_CONSTANT + 3)
    assert scores["b"] == 0.5 / (RANK_CONSTANT + 1)
    assert list(scores) == ["a", "b"]


@given(RANKINGS)
def test_what_every_ranking_prefers_comes_first(rankings: list[dict[int, int]]) -> None:
    fused = list(reciprocal_rank_fusion(rankings, [1.0] * len(rankings)))
    for better, worse in itertools.pairwise(fused):
        assert not all(r[worse] < r[better] for r in rankings)


def test_no_hits_give_no_scores() -> None:
    assert reciprocal_rank_fusion([{}, {}], [1.0, 1.0]) == {}
