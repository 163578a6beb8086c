from __future__ import annotations

from html import unescape

import pytest
import ui_samples as samples
from hypothesis import given
from hypothesis import strategies as st
from ui_parsing import Parsed

from rag.schema import Document, Span
from rag.ui.pieces import reading, text
from rag.ui.pieces.reading import Place, document_html, reading_html

SOME = Document(samples.HARBOUR, "One. Two\nlines. Three.")


def place(start: int, end: int, name: str = "p", quote: str | None = None) -> Place:
    return Place(name, samples.HARBOUR, Span(start, end), quote or SOME.text[start:end])


@pytest.mark.parametrize(
    ("places", "marked"),
    [
        ([place(5, 15)], ["Two\nlines."]),
        ([place(0, 4), place(16, 22, "q")], ["One.", "Three."]),
        ([place(0, 4), place(0, 4, "q")], ["One."]),
        ([place(0, 15), place(5, 22, "q")], ["One. ", "Two\nlines.", " Three."]),
        ([], []),
    ],
)
def test_exactly_what_is_cited_is_marked(places: list[Place], marked: list[str]) -> None:
    shown = Parsed(reading_html(places, {samples.HARBOUR.id: SOME}) or document_html(SOME))
    assert shown.marked == marked
    assert shown.ids() == [p.id for p in places]
    assert SOME.text in shown.text


@pytest.mark.parametrize(
    ("place_", "documents", "said"),
    [
        (place(5, 15, quote="Two other"), {samples.HARBOUR.id: SOME}, "does not stand at its"),
        (place(5, 99, quote="Two"), {samples.HARBOUR.id: SOME}, "does not stand at its"),
        (place(5, 15), {}, "no longer in the library"),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_is_not_marked_and_that_is_said(
    place_: Place, documents: dict[str, Document], said: str
) -> None:
    shown = Parsed(reading_html([place_], documents))
    assert shown.marked == []
    assert said in shown.text
    assert shown.ids() == ["p"]


def test_of_a_very_long_article_the_surroundings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WHOLE_CHARACTERS", 100)
    monkeypatch.setattr(reading, "AROUND_CHARACTERS", 10)
    long = Document(samples.HARBOUR, "a" * 500 + "Here." + "b" * 500)
    found = Place("p", samples.HARBOUR, Span(500, 505), "Here.")
    shown = Parsed(reading_html([found], {samples.HARBOUR.id: long}))
    assert shown.marked == ["Here."]
    assert "aaaaaaaaaaHere.bbbbbbbbbb" in shown.text
    assert shown.text.count("… 490 characters are not shown …") == 2


@given(
    st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4)
)
def test_marks_never_change_the_text(words: str, ends: list[tuple[int, int]]) -> None:
    document = Document(samples.HARBOUR, words.replace("\r", ""))
    places = []
    for n, (a, b) in enumerate(ends):
        start, end = sorted((min(a, len(document.text)), min(b, len(document.text))))
        places.append(Place(f"p{n}", samples.HARBOUR, Span(start, end), document.text[start:end]))
    unmarked = Parsed(document_html(document)).text
    marked = Parsed(reading_html(places, {samples.HARBOUR.id: document}))
    if places:
        assert marked.text == unmarked
    inside = {i for p in places for i in range(p.span.start, p.span.end)}
    assert (
        unescape("".join(marked.marked))
        == Parsed(text.flowing("".join(document.text[i] for i in sorted(inside)))).text
    )
