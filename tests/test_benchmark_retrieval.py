from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.questions import KINDS, Gold, Question
from eval.benchmarks.rankings import RANKINGS, TODAY, Fusion, WideFusion, fuse, score, share_of
from eval.benchmarks.retrieval import (
    kind_table,
    length_table,
    ranking_table,
    sign_test,
    weight_tables,
)
from eval.benchmarks.searches import Found
from rag.fusion import RANK_CONSTANT, reciprocal_rank_fusion
from rag.settings import Settings

ranks = st.dictionaries(st.integers(1, 40), st.integers(1, 30), max_size=30)


def found(
    *gold: set[int],
    lexical: list[int] | None = None,
    dense: list[int] | None = None,
    nearest: list[int] | None = None,
    kind: str = "terse",
) -> Found:
    """What the searches found: sentences in order; those found by vector are alike in theirs."""
    by_words, by_passage, by_sentence = (
        {key: rank for rank, key in enumerate(keys or [], start=1)}
        for keys in (lexical, dense, nearest)
    )
    near = {key: 1 / rank for key, rank in by_sentence.items()}
    return Found(
        question=Question("q", kind, "?", (), tuple((Gold("d", "s"),) for _ in gold)),
        gold=tuple(map(frozenset, gold)),
        lexical=by_words,
        dense=by_passage,
        nearest=by_sentence,
        similarity=dict.fromkeys([*by_words, *by_passage], 0.0) | near,
    )


@given(st.lists(st.tuples(ranks, st.floats(0, 3)), max_size=4))
def test_fusion_is_that_of_citeline(weighted: list[tuple[dict[int, int], float]]) -> None:
    rankings, weights = [r for r, _ in weighted], [w for _, w in weighted]
    assert fuse(rankings, weights, RANK_CONSTANT) == list(reciprocal_rank_fusion(rankings, weights))


def test_a_small_constant_lets_the_first_place_count_for_more() -> None:
    rankings: list[dict[int, int]] = [{1: 1}, {2: 4}, {2: 4}]
    assert fuse(rankings, [1.0, 1.0, 1.0], 1) == [1, 2]
    assert fuse(rankings, [1.0, 1.0, 1.0], 60) == [2, 1]


def test_a_weight_of_nothing_leaves_a_search_out_of_the_order() -> None:
    one = found({9}, lexical=[1, 2], dense=[9], nearest=[9, 2, 1])
    assert Fusion(sentence=0, passage=0)(one) == [1, 2, 9]
    assert Fusion(sentence=3, passage=0)(one)[0] == 2


def test_only_the_pool_is_ranked() -> None:
    one = found({99}, lexical=list(range(1, 20)), nearest=[99])
    assert 99 not in TODAY(one)
    assert sorted(Fusion(pool=5)(one)) == [1, 2, 3, 4, 5]
    assert 99 in WideFusion()(one)


@pytest.mark.parametrize(
    ("gold", "all_found", "any_found", "reciprocal"),
    [
        ([{1}], True, True, 1.0),
        ([{3, 8}], True, True, 1 / 3),
        ([{3}, {10}], True, True, 1 / 3),
        ([{3}, {11}], False, True, 1 / 3),
        ([{11}], False, False, 1 / 11),
        ([{99}], False, False, 0.0),
        ([{2}, set()], False, True, 0.5),
    ],
)
def test_a_ranking_is_scored_by_where_the_right_sentences_are(
    gold: list[set[int]], all_found: bool, any_found: bool, reciprocal: float
) -> None:
    result = score(RANKINGS["words alone"], found(*gold, lexical=list(range(1, 31))))
    assert (result.all_found, result.any_found) == (all_found, any_found)
    assert result.reciprocal == pytest.approx(reciprocal)


def test_shares_have_intervals() -> None:
    assert share_of([True] * 8 + [False] * 2) == "0.80 (0.49–0.94)"
    assert share_of([]) == "—"


@pytest.mark.parametrize(
    ("won", "lost", "likely"),
    [(0, 0, 1.0), (4, 4, 1.0), (1, 7, 18 / 256), (7, 1, 18 / 256), (10, 0, 2 / 1024)],
)
def test_a_difference_is_tested_against_chance(won: int, lost: int, likely: float) -> None:
    assert sign_test(won, lost) == pytest.approx(likely)


def test_every_table_is_markdown_with_equal_rows() -> None:
    asked = [
        found({2}, lexical=[1, 2], dense=[2], nearest=[2], kind=kind) for kind in (*KINDS, *KINDS)
    ]
    today = Settings().passage_tokens
    weights, cross_check, constants = weight_tables(asked)
    tables = [
        ranking_table(asked),
        kind_table(asked),
        weights,
        constants,
        length_table({64: asked, today: asked}, {64: 1200, today: 400}),
    ]
    for table in tables:
        lines = table.split("\n")
        assert len(lines) > 3
        assert len({line.count("|") for line in lines}) == 1
        assert all(line.startswith("|") and line.endswith("|") for line in lines)
    assert "(today)" in weights
    assert cross_check.count("\n") == 1
    assert "| 64 | 1,200 |" in tables[-1]
