from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from library_samples import Cut, article

from rag.library import Library
from rag.near_duplicates import LEAST_RESEMBLANCE, bands, minhash, resemblance

STORY = [
    f"In the {season} of 2023 the harbour of {town} handled {tonnes} tonnes of grain and timber."
    for season, town, tonnes in [
        ("spring", "Ostholm", "46,610"),
        ("summer", "Ostholm", "51,200"),
        ("autumn", "Lund", "8,040"),
        ("winter", "Lund", "9,977"),
    ]
] + [
    "The harbour master said that the new crane had halved the time a ship waits for a berth.",
    "Two thirds of the grain came by rail from farms that lie more than a hundred miles inland.",
    "Nobody was hurt when a barge ran aground in fog on the last day of the season.",
    "The council will decide in March whether a second crane is bought for 4.5 million euros.",
]
OTHER = [
    "Schools in the valley stayed closed for a third day as snow blocked both mountain passes.",
    "Ploughs worked through the night, the road office said, and 12 of 40 villages had no power.",
    "More snow is forecast for Friday, with gusts of up to 90 kilometres an hour on the ridges.",
]


def signature(*sentences: str) -> bytes:
    found = minhash(sentences)
    assert found is not None
    return found


def test_the_same_text_has_the_same_signature() -> None:
    assert signature(*STORY) == signature(*STORY)
    assert len(signature(*STORY)) == 128 * 4
    assert resemblance(signature(*STORY), signature(*STORY)) == 1.0


def test_case_and_punctuation_do_not_count() -> None:
    assert signature("It rained 12 mm, again!") == signature("it RAINED 12 mm again")


@pytest.mark.parametrize(
    "copy",
    [
        [*STORY[:-1]],
        [STORY[1], STORY[0], *STORY[2:]],
        ["By Ann Onymous, in Ostholm", *STORY],
        [*STORY[:4], "The new crane has halved the waiting time.", *STORY[5:]],
    ],
    ids=["a sentence cut", "sentences swapped", "a byline", "a sentence rewritten"],
)
def test_a_lightly_edited_copy_resembles_its_story(copy: list[str]) -> None:
    one, other = signature(*STORY), signature(*copy)
    assert resemblance(one, other) >= LEAST_RESEMBLANCE
    assert not set(bands(one)).isdisjoint(bands(other))


def test_another_story_does_not() -> None:
    assert resemblance(signature(*STORY), signature(*OTHER)) < 0.1


@pytest.mark.parametrize("text", ["", "   ", "Too few words"])
def test_a_text_of_under_four_words_has_none(text: str) -> None:
    assert minhash([text]) is None


# --- in a library --------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path, create=True, writable=True)) as library:
        yield library
        assert library.check() == ()


def store(library: Library, cut: Cut) -> None:
    library.replace_document(*cut, signature=minhash(s.text for s in cut[1]))


def test_copies_are_linked_both_ways_and_others_are_not(library: Library) -> None:
    store(library, article("/a/wire.txt", STORY))
    store(library, article("/b/daily.txt", ["A harbour's year", *STORY[:-1]]))
    store(library, article("/c/snow.txt", OTHER))
    assert library.copies() == {"wire": ("daily",), "daily": ("wire",)}


def test_a_changed_or_removed_copy_is_linked_no_more(library: Library) -> None:
    store(library, article("/a/wire.txt", STORY))
    store(library, article("/b/daily.txt", STORY))
    store(library, article("/b/daily.txt", OTHER))
    assert library.copies() == {}
    store(library, article("/b/daily.txt", STORY))
    assert library.copies() == {"wire": ("daily",), "daily": ("wire",)}
    library.remove(["wire"])
    assert library.copies() == {}


def test_a_library_of_before_is_linked_when_its_files_are_read_again(library: Library) -> None:
    wire, daily = article("/a/wire.txt", STORY), article("/b/daily.txt", STORY)
    library.replace_document(*wire)
    library.replace_document(*daily)
    assert library.copies() == {}
    store(library, wire)
    store(library, daily)
    assert library.copies() == {"wire": ("daily",), "daily": ("wire",)}


def test_a_sentence_is_retold_only_where_it_stands_word_for_word(library: Library) -> None:
    store(library, article("/a/wire.txt", STORY))
    corrected = [STORY[0].replace("46,610", "46,601"), *STORY[1:]]
    store(library, article("/b/daily.txt", corrected))
    assert library.copies() != {}
    told = {s.sentence.text: library.retold(s.key) for s in library.sentences_of("wire")}
    assert told[STORY[0]] == ()
    assert [info.id for info in told[STORY[1]]] == ["daily"]
