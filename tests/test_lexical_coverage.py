"""How much of a question's words sentences hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_samples import article

from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library

HERONS = article(
    "/news/herons.txt",
    [
        "A heron landed in the garden.",
        "The garden belongs to a school.",
        "In 2019–20 it counted 46,610 visitors.",
        "The school is old.",
    ],
    title="Rare bird",
    publisher="City Ledger",
)
DOGS = article("/news/dogs.txt", ["A dog ran.", "The dog barked.", "Dogs bark."], title="Dogs")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, create=True, writable=True) as library:
        library.replace_document(*HERONS)
        library.replace_document(*DOGS)
        yield library


@pytest.fixture
def index(library: Library) -> Fts5LexicalIndex:
    return Fts5LexicalIndex(library.connection)


@pytest.fixture
def keys(library: Library) -> list[int]:
    """Keys of the sentences of HERONS."""
    return [stored.key for stored in library.sentences_of("herons")]


def share(index: Fts5LexicalIndex, text: str, *group: int) -> float:
    return index.coverage(text, {7: group})[7]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("heron", 1),
        ("Herons landing in gardens?", 1),
        ("HERON", 1),
        ("rare bird", 1),
        ("rare heron", 1),
        ("What does the City Ledger say of herons?", None),
        ("school", 0),
        ("dog", 0),
        ("zircon", 0),
        ("", 0),
        ("?!", 0),
        ("\x00 \ud800", 0),
    ],
)
def test_words_of_the_sentence_its_title_and_its_outlet_count(
    index: Fts5LexicalIndex, keys: list[int], text: str, expected: float | None
) -> None:
    found = share(index, text, keys[0])
    if expected is None:
        assert 0 < found < 1  # nobody says "say"
    else:
        assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("46,610", True),
        ("46610", True),
        ("46,611", False),
        ("2019", True),
        ("2019–20", True),
        ("2018", False),
    ],
)
def test_figures_are_words(
    index: Fts5LexicalIndex, keys: list[int], text: str, covered: bool
) -> None:
    assert share(index, text, keys[2]) == pytest.approx(float(covered))


def test_a_rare_word_weighs_more_than_a_common_one(
    index: Fts5LexicalIndex, keys: list[int]
) -> None:
    """Of seven sentences one has heron and three have dog."""
    rare, common = (math.log(1 + (7 - n + 0.5) / (n + 0.5)) for n in (1, 3))
    weight = min(rare, 1.25 * (rare + common) / 2)
    assert share(index, "heron dog", keys[0]) == pytest.approx(weight / (weight + common))
    assert rare > weight > common


def test_a_word_that_no_article_has_does_not_outweigh_all_others(
    index: Fts5LexicalIndex, keys: list[int]
) -> None:
    """Of seven sentences one has heron; none has xylophone, which alone would weigh most."""
    assert share(index, "heron dog xylophone", keys[0]) > 0.35


def test_the_weight_of_a_word_is_its_part_of_the_coverage(
    index: Fts5LexicalIndex, keys: list[int]
) -> None:
    text = "How many herons and dogs were in the garden?"
    weights = dict(index.weights(text))
    assert list(weights) == ["herons", "dogs", "garden"]
    assert weights["herons"] > weights["garden"] > 0
    total = sum(weights.values())
    assert share(index, text, keys[1]) == pytest.approx(weights["garden"] / total)
    assert share(index, text, keys[3]) == 0
    both = weights["herons"] + weights["garden"]
    assert share(index, text, keys[0]) == pytest.approx(both / total)
    assert index.weights("?!") == ()


def test_the_words_that_a_group_has_not_are_told(index: Fts5LexicalIndex, keys: list[int]) -> None:
    unsaid = index.unsaid("Which heron plays the xylophone?", {"first": [keys[0]], "none": []})
    assert unsaid["none"] == ("heron", "plays", "xylophone")
    assert set(unsaid["first"]) <= {"plays", "xylophone"}


def test_a_word_counts_once_however_often_it_is_asked_and_found(
    index: Fts5LexicalIndex, keys: list[int]
) -> None:
    assert share(index, "garden garden GARDEN dog", *keys[:2]) == share(
        index, "garden dog", keys[0]
    )


def test_a_group_holds_what_its_sentences_hold_together(
    index: Fts5LexicalIndex, keys: list[int]
) -> None:
    text = "Which school has a heron?"
    alone = [share(index, text, key) for key in keys[:2]]
    assert share(index, text, *keys[:2]) == pytest.approx(sum(alone)) == pytest.approx(1)


def test_groups_are_told_apart_by_name(index: Fts5LexicalIndex, keys: list[int]) -> None:
    found = index.coverage("heron", {1: [keys[0]], 2: [keys[1]], 3: [], 4: [9999], 5: keys})
    assert found == pytest.approx({1: 1, 2: 0, 3: 0, 4: 0, 5: 1})
    assert index.coverage("heron", {}) == {}


def test_an_outlet_counts_by_whole_words_only(index: Fts5LexicalIndex, keys: list[int]) -> None:
    assert share(index, "ledger", keys[0]) == pytest.approx(1)
    assert share(index, "ledge", keys[0]) == 0
    assert share(index, "_it_", keys[0]) == 0
    assert share(index, "L%r", keys[0]) == 0


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=40) | st.text(alphabet='heronschool"*%_ 46,610', max_size=30))
def test_any_text_is_covered_to_a_share(
    index: Fts5LexicalIndex, keys: list[int], text: str
) -> None:
    found = index.coverage(text, {key: [key] for key in keys} | {0: keys})
    assert all(0 <= part <= 1 + 1e-9 for part in found.values())
    assert max(found[key] for key in keys) <= found[0] + 1e-9
