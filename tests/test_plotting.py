"""What is drawn and what is left out; the picture; the page."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import plotting_samples as samples
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from PIL import Image

from rag.errors import InputError, MissingPartError, UsageError
from rag.plotting import plot
from rag.plotting.looks import COLOURS
from rag.plotting.marks import (
    MAX_MARKS,
    MAX_OUTLETS,
    MAX_PANELS,
    OTHERS,
    UNNAMED,
    Plot,
    lay_out,
)
from rag.plotting.wording import period_words, value_words
from rag.schema import Bound, FigureKind, StatedFigure

NASTY = (
    '</title><script>alert(1)</script> <img src=x onerror="alert(1)"> ]]> & $x^2$ --> \x07 \ud83d'
)


def laid_out(*figures: StatedFigure) -> Plot:
    return lay_out(figures, title="ships")


def numbers_against(plotted: Plot) -> dict[int, tuple[int, ...]]:
    return {mark.number: mark.against for mark in plotted.marks if mark.against}


# --- what is drawn ---------------------------------------------------------------------------


def test_each_unit_has_a_panel_and_the_fullest_comes_first() -> None:
    plotted = lay_out(samples.EVERYTHING, title="ships")
    assert [(p.kind, p.unit, len(p.marks)) for p in plotted.panels] == [
        (FigureKind.COUNT, "", 8),
        (FigureKind.MONEY, "USD", 3),
    ]
    assert [p.title for p in plotted.panels] == ["ships (count)", "money, USD"]
    assert [mark.number for mark in plotted.marks] == list(range(1, 12))


def test_marks_stand_in_the_order_of_their_periods() -> None:
    plotted = laid_out(
        samples.ships("46,610", samples.MAY),
        samples.ships("52,000", samples.LAST_YEAR),
        samples.ships("39,480", samples.APRIL),
    )
    assert [mark.value for mark in plotted.marks] == [52_000, 39_480, 46_610]


def test_a_mark_stands_in_the_middle_of_its_period() -> None:
    (mark,) = laid_out(samples.ships("46,610", samples.MAY)).marks
    assert mark.middle == samples.MAY.first.toordinal() + 15.5


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (("46,610", samples.MAY), ("44,900", samples.MAY), True),
        (("46,610", samples.MAY), ("46,610", samples.MAY), False),
        (("46,610", samples.MAY), ("44,900", samples.APRIL), False),
        (("46,610", samples.MAY), ("480,000", samples.LAST_YEAR), False),
    ],
)
def test_another_value_for_the_same_period_is_a_conflict(
    one: tuple[str, object], other: tuple[str, object], conflict: bool
) -> None:
    plotted = laid_out(
        samples.ships(*one, samples.COURIER),  # type: ignore[arg-type]
        samples.ships(*other, samples.POST),  # type: ignore[arg-type]
    )
    assert numbers_against(plotted) == ({1: (2,), 2: (1,)} if conflict else {})


def test_a_bound_that_holds_both_is_no_conflict() -> None:
    plotted = laid_out(
        samples.ships("46,610", samples.MAY),
        samples.ships("46,000", samples.MAY, samples.POST, Bound.MORE_THAN),
    )
    assert numbers_against(plotted) == {}


def test_what_has_no_period_is_listed_and_not_drawn() -> None:
    plotted = laid_out(samples.ships("17", None), samples.ships("46,610", samples.MAY))
    assert [f.statement.figure.text for f in plotted.undated] == ["17"]
    assert plotted.notes == ("1 figure without a period: listed, not drawn.",)


def test_what_is_too_much_is_left_out_and_said() -> None:
    many = [samples.ships(f"1{n:03}", samples.MAY) for n in range(MAX_MARKS + 3)]
    plotted = laid_out(*many)
    assert len(plotted.marks) == MAX_MARKS
    drawn = {mark.stated.statement.figure.text for mark in plotted.marks}
    assert "1000" in drawn, "the nearest stay"
    assert any(note.startswith("3 figures left out") for note in plotted.notes)


def test_more_units_than_panels_are_said() -> None:
    figures = [
        samples.stated(f"It took 5 {unit}.", "5", "", samples.MAY, unit=unit)
        for unit in ("km", "mm", "point", "celsius", "tonne", "litre")
    ]
    plotted = laid_out(*figures)
    assert len(plotted.panels) == MAX_PANELS
    assert plotted.notes == ("2 figures in other units left out.",)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FigureKind.YEAR, "2031"),
        (FigureKind.DATE, "20310501"),
        (FigureKind.ORDINAL, "3"),
        (FigureKind.IDENTIFIER, "5551234"),
        (FigureKind.COUNT, "1e30"),
    ],
)
def test_what_no_scale_has_a_place_for_is_left_out(kind: FigureKind, value: str) -> None:
    figure = samples.stated("It was 9.", "9", "", samples.MAY, kind=kind, value=value)
    plotted = laid_out(figure)
    assert plotted.panels == ()
    assert "1 figure left out that no scale" in plotted.notes[-1]


def test_the_length_of_a_period_is_no_figure_over_time() -> None:
    seven = samples.period("2031-01-01", "2031-07-31", "in the last seven months")
    figure = samples.stated(
        "It fell in the last seven months.",
        "seven months",
        "",
        seven,
        kind=FigureKind.DURATION,
        unit="month",
        value="7",
    )
    assert laid_out(figure).panels == ()


def test_a_figure_is_worded_with_its_bound_and_what_it_counts() -> None:
    figure = samples.ships("46,000", samples.MAY, bound=Bound.MORE_THAN)
    assert value_words(figure) == "more than 46,000 ships"
    assert value_words(samples.fares("1.2", None)) == "$1.2 million"


def test_a_period_that_was_worked_out_comes_with_the_words_it_was_worked_out_from() -> None:
    stated = samples.period("2031-05-01", "2031-05-31")
    assert period_words(replace(stated, resolved=False)) == "May 2031"
    worked_out = replace(stated, text="last month", resolved=True)
    assert period_words(worked_out) == "May 2031, from “last month”"
    assert period_words(None) == "no period stated"


def test_outlets_have_a_shape_each_as_long_as_there_are_shapes() -> None:
    figures = [samples.ships(f"{n}00", samples.MAY, f"Outlet {n}") for n in range(1, 12)]
    plotted = laid_out(*figures, samples.ships("5", samples.MAY, None))
    assert len(plotted.outlets) == MAX_OUTLETS
    assert plotted.outlets[-1] == OTHERS
    assert max(mark.outlet for mark in plotted.marks) == MAX_OUTLETS - 1
    assert laid_out(samples.ships("5", samples.MAY, None)).outlets == (UNNAMED,)


# --- the picture -----------------------------------------------------------------------------


def pixels(figures: Sequence[StatedFigure], tmp_path: Path) -> np.ndarray:
    """The picture as uint8 [height, width, 3]."""
    plot(figures, tmp_path / "out.png", title="ships")
    return np.asarray(Image.open(tmp_path / "out.png").convert("RGB"))


def count_of(colour: str, picture: np.ndarray) -> int:
    wanted = [int(COLOURS[colour][at : at + 2], 16) for at in (1, 3, 5)]
    return int((picture == wanted).all(axis=2).sum())


def test_a_conflict_is_ringed_in_the_picture(tmp_path: Path) -> None:
    same = (samples.ships("46,610", samples.MAY), samples.ships("46,610", samples.MAY, "Post"))
    other = (same[0], samples.ships("44,900", samples.MAY, "Post"))
    assert count_of("conflict", pixels(same, tmp_path)) == 0
    assert count_of("conflict", pixels(other, tmp_path)) > 100


def test_a_bound_is_an_arrow_in_the_picture(tmp_path: Path) -> None:
    exact = samples.ships("46,000", samples.MAY)
    bounded = samples.ships("46,000", samples.MAY, bound=Bound.MORE_THAN)
    plain, arrowed = (count_of("outlet-0", pixels([f], tmp_path)) for f in (exact, bounded))
    assert arrowed > plain + 20


def test_no_mark_hides_another(tmp_path: Path) -> None:
    twice = [samples.ships("46,610", samples.MAY, outlet) for outlet in ("One", "Two", "Three")]
    picture = pixels(twice, tmp_path)
    for number in range(3):
        assert count_of(f"outlet-{number}", picture) > 150


def test_a_picture_holds_every_sentence_of_the_marks(tmp_path: Path) -> None:
    few, more = samples.EVERYTHING[:2], samples.EVERYTHING[:8]
    assert len(pixels(more, tmp_path)) > len(pixels(few, tmp_path)) + 6 * 50


# --- the page --------------------------------------------------------------------------------


def page(figures: Sequence[StatedFigure], tmp_path: Path, title: str = "ships") -> str:
    plot(figures, tmp_path / "out.html", title=title)
    return (tmp_path / "out.html").read_text("utf-8")


def test_each_mark_is_a_link_to_its_sentence_and_back(tmp_path: Path) -> None:
    tree = lxml_html.fromstring(page(samples.EVERYTHING, tmp_path))
    marks = tree.xpath("//a[@class='mark']")
    assert [mark.get("href") for mark in marks] == [f"#figure-{n}" for n in range(1, 12)]
    for number, mark in enumerate(marks, start=1):
        (item,) = tree.xpath(f"//li[@id='figure-{number}']")
        quote = item.find("blockquote").text_content()
        assert quote in mark.text_content()
        assert item.xpath(f".//a[@href='#mark-{number}']")
        assert mark.get("aria-label").startswith(f"{number}: ")
    assert tree.xpath("//li[@id='figure-7']//mark/text()") == ["46,610"]


def test_a_conflict_names_the_others(tmp_path: Path) -> None:
    tree = lxml_html.fromstring(page(samples.EVERYTHING, tmp_path))
    told = [each.text_content() for each in tree.xpath("//p[@class='conflict']")]
    assert "Another value for the same: 5" in told


def test_the_page_needs_nothing_and_has_no_colour_of_its_own(tmp_path: Path) -> None:
    text = page(samples.EVERYTHING, tmp_path)
    tree = lxml_html.fromstring(text)
    assert not tree.xpath("//@style"), "the policy lets no style attribute through"
    assert not tree.xpath("//@src | //link | //*[local-name()='image']")
    assert {href[0] for href in tree.xpath("//@href")} == {"#"}
    (svg,) = tree.xpath("//*[local-name()='svg']")
    colours = {value for value in svg.xpath(".//@fill | .//@stroke") if value.startswith("#")}
    assert colours <= {"#000000"}, "what has no name would not turn light in the dark"
    style = tree.find(".//style").text_content()
    for name, value in COLOURS.items():
        assert f"--{name}: {value}" in style


def test_the_same_figures_make_the_same_page(tmp_path: Path) -> None:
    assert page(samples.EVERYTHING, tmp_path) == page(samples.EVERYTHING, tmp_path)


def test_without_any_period_there_is_a_list(tmp_path: Path) -> None:
    text = page([samples.ships("17", None)], tmp_path)
    assert "No figure says of which time it speaks" in text
    assert "<svg" not in text
    assert len(pixels([samples.ships("17", None)], tmp_path)) > 0


def hostile(text: str) -> StatedFigure:
    figure = samples.stated(f"It was 17 {text}.", "17", text, samples.MAY, text, title=text)
    return replace(figure, document=replace(figure.document, id=text or "x"))


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40))
def test_text_of_others_stays_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("page")
    for words in (text, NASTY):
        tree = lxml_html.fromstring(page([hostile(words)], folder, title=words))
        assert len(tree.xpath("//script")) == 1
        assert not tree.xpath("//img | //@onerror")
        assert len(tree.xpath("//a[@class='mark']")) == 1
    plot([hostile(text)], folder / "out.png", title=text)
    assert Image.open(io.BytesIO((folder / "out.png").read_bytes())).size[0] == 1500


# --- what goes wrong -------------------------------------------------------------------------


def test_another_ending_is_refused() -> None:
    with pytest.raises(UsageError, match="no picture") as caught:
        plot(samples.EVERYTHING, Path("out.pdf"), title="ships")
    assert ".html" in caught.value.hint


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no figure"):
        plot([], tmp_path / "out.png", title="ships")


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        plot(samples.EVERYTHING, tmp_path / "nowhere" / "out.html", title="ships")


def test_without_matplotlib_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingPartError, match="matplotlib") as caught:
        plot(samples.EVERYTHING, tmp_path / "out.png", title="ships")
    assert "citeline[plot]" in caught.value.hint


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium")
def test_a_mark_shows_its_sentence_to_the_keyboard(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    text = page([*samples.EVERYTHING, hostile(NASTY)], tmp_path, title=NASTY)
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        shown = browser.new_page()
        shown.on("console", lambda message: troubles.append(message.text))
        shown.on("dialog", lambda dialog: troubles.append(dialog.message))
        shown.goto((tmp_path / "out.html").as_uri())
        shown.keyboard.press("Tab")
        assert "52,000 ships last year" in shown.locator("#tip").inner_text()
        shown.keyboard.press("Enter")
        assert shown.evaluate("location.hash") == "#figure-1"
        browser.close()
    assert troubles == []
    assert text.count("<script") == 1
