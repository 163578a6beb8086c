from __future__ import annotations

import pytest

from rag.citations import find_markers, strip_markers, without_markers


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
