from __future__ import annotations

import pytest

from rag.citations import find_markers, sources_of, strip_markers, without_markers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It rose [1].", [(1,)]),
        ("It rose [1][2], then fell [3; 4].", [(1,), (2,), (3, 4)]),
        ("A [note] and [1a] and [] are no markers.", []),
        ("[1234] is no marker either", []),
    ],
)
def test_markers_are_found(text: str, numbers: list[tuple[int, ...]]) -> None:
    found = find_markers(text)
    assert [marker.numbers for marker in found] == numbers
    for marker in found:
        assert text[marker.span.start : marker.span.end].startswith("[")


def test_blanked_markers_keep_every_offset() -> None:
    text = "Sales fell 4% [12], costs rose [3]."
    blank = without_markers(text)
    assert len(blank) == len(text)
    assert "12" not in blank
    assert blank.index("costs") == text.index("costs")


def test_stripped_markers_take_their_space_along() -> None:
    assert strip_markers("Sales fell [1], costs rose [2] [3].") == "Sales fell, costs rose."


SENTENCES = [
    "The river rose to 4.2 metres on Monday, the highest since 1995.",
    "The mayor asked 300 households to leave their homes.",
]


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("The river rose to 4.2 metres, the highest level since 1995.", (0,)),
        ("300 households were asked by the mayor to leave their homes.", (1,)),
        ("Insurance companies expect many claims after the storm.", ()),
        ("", ()),
        ("The river rose to 4.2 metres and 300 households left their homes.", (0, 1)),
    ],
)
def test_prose_is_laid_at_the_sentence_that_it_was_taken_from(
    prose: str, expected: tuple[int, ...]
) -> None:
    assert sources_of(prose, SENTENCES) == expected


def test_no_sentences_have_no_source() -> None:
    assert sources_of("The river rose.", []) == ()
