"""Numbers written in the place of others, and sentences changed and taken out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutation_samples import WHEAT, write_news

from rag.errors import InputError
from rag.evaluation.editing import TITLE, Article, Edit, edited, moved, read_articles
from rag.evaluation.restating import other_values, restated
from rag.figures import find_figures
from rag.schema import FigureKind, Span


@pytest.fixture
def articles(tmp_path: Path) -> dict[str, Article]:
    return read_articles(write_news(tmp_path))


# --- numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("46,610", "51370", "51,370"),
        ("46,610", "970", "970"),
        ("3200", "5400", "5400"),
        ("8%", "11", "11%"),
        ("8 percent", "11.5", "11.5 percent"),
        ("$14.6 million", "9300000", "$9.3 million"),
        ("£161m", "88000000", "£88m"),
        ("$18.50", "22", "$22.00"),
        ("Seventy-one", "58", "Fifty-eight"),
        ("seven", "30", "thirty"),
        ("Seventy-one", "1250", "1250"),
        ("two dozen", "36", "three dozen"),
        ("12 days", "9", "9 days"),
        ("34-year-old", "51", "51-year-old"),
        ("a dozen", "24", None),
        ("7", "3.5", None),
        ("$2 billion", "1234567", None),
        ("46,610", "0", None),
    ],
)
def test_a_number_is_written_as_the_one_before(text: str, value: str, written: str | None) -> None:
    (figure,) = find_figures(text)
    assert restated(figure, Decimal(value)) == written


@given(
    st.one_of(
        st.integers(2, 10**7).map("{:,}".format),
        st.integers(1, 100).map("{}%".format),
        st.decimals(min_value=2, max_value=999, places=1).map("${} million".format),
    ),
    st.integers(),
)
def test_another_value_is_far_and_reads_as_what_it_is(text: str, seed: int) -> None:
    (figure,) = find_figures(text) or (None,)
    assert figure is not None
    for value in other_values(figure, Random(seed)):  # noqa: S311 - no secret
        (found,) = find_figures(restated(figure, value) or "")
        assert (found.value, found.kind, found.unit) == (value, figure.kind, figure.unit)
        assert abs(value - figure.value) * 10 >= figure.value
        assert figure.kind is not FigureKind.PERCENT or value < 100


# --- edits ---------------------------------------------------------------------------------


def test_offsets_are_those_of_the_edited_text(articles: dict[str, Article]) -> None:
    harvest = articles["harvest"]
    places = {place.text: place for place in harvest.places}
    wheat, hens = places[WHEAT], next(p for t, p in places.items() if t.startswith("Barley"))
    edits = [Edit(wheat.key, Span(33, 39), "9,999"), Edit(wheat.key, Span(0, 7), "The people")]
    new = edited(harvest, edits)
    assert new is not None
    for place in (wheat, hens):
        now = moved(Span(place.start, place.end), harvest, new, edits)
        assert now is not None
        wanted = place.text.replace("46,610 tonnes", "9,999 tonnes")
        assert new.document.text[now.start : now.end] == wanted.replace("Farmers", "The people")


def test_a_sentence_that_was_taken_out_is_nowhere(articles: dict[str, Article]) -> None:
    harvest = articles["harvest"]
    place = next(place for place in harvest.places if place.text == WHEAT)
    out = [Edit(place.key, Span(0, len(place.text)), "")]
    new = edited(harvest, out)
    assert new is not None
    assert moved(Span(place.start, place.end), harvest, new, out) is None
    assert [p.text for p in new.places] == [p.text for p in harvest.places if p is not place]


def test_edits_that_touch_each_other_are_refused(articles: dict[str, Article]) -> None:
    key = ("harvest", 1)
    assert (
        edited(articles["harvest"], [Edit(key, Span(0, 9), "x"), Edit(key, Span(8, 12), "y")])
        is None
    )


def test_a_sentence_between_marks_is_not_edited(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("The *mayor* has 46,610 goats. He is proud.\n")
    article = read_articles(tmp_path)["a"]
    goats, proud = (place for place in article.places if place.key[1] != TITLE)
    assert edited(article, [Edit(goats.key, Span(0, 3), "Our")]) is None
    assert edited(article, [Edit(proud.key, Span(0, 2), "She")]) is not None


@pytest.mark.parametrize(
    "files", [{}, {"a.txt": "text"}, {"a.md": "x", "b/A.md": "y"}, {"a.md": ""}]
)
def test_folders_that_cannot_be_changed_are_refused(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="nothing was changed"):
        read_articles(tmp_path)
