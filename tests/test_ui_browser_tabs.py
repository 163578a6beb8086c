"""Summary, Figures, Check and the articles of a library, in a real browser."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import ui_files
import ui_samples as samples
from playwright.sync_api import expect
from ui_browser import MARKS, Open, ask, served, tab
from ui_fakes import FakeNewsroom

from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.ui import Newsroom

pytestmark = MARKS


@pytest.fixture(scope="module")
def asker() -> FakeNewsroom:
    return samples.asker()


@pytest.fixture(scope="module")
def address(asker: FakeNewsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(asker, tmp_path_factory.mktemp("library")) as site:
        yield site


def test_a_summary_has_sentences_that_lead_to_the_article(visit: Open) -> None:
    page = visit()
    tab(page, "Summary")
    expect(page.get_by_role("combobox", name="Article")).to_have_value(
        "Harbour traffic at a nine-year high · Coast Courier · 21 June 2031"
    )
    page.locator("#begin").click()
    expect(page.locator("#points")).to_contain_text("3 of 3 passages read")
    expect(page.locator("#points li .marker")).to_have_count(2)
    page.locator("#points li .marker").nth(1).click()
    expect(page.locator("#summary-reading mark.shown")).to_have_text(samples.FOUND[2].sentence.text)


def test_a_summary_of_all_in_every_form(visit: Open, asker: FakeNewsroom) -> None:
    page = visit()
    tab(page, "Summary")
    page.get_by_role("combobox", name="Article").click()
    page.get_by_role("option", name="All articles that take part").click()
    page.get_by_label("Subject").fill("ships")
    page.get_by_label("Published since").fill("some day")
    page.locator("#begin").click()
    expect(page.locator("#points")).to_contain_text("is no day")
    page.get_by_label("Published since").fill("2031-06-01")
    page.get_by_role("radio", name="long").check()
    page.locator("#begin").click()
    expect(page.locator("#points")).to_contain_text("3 of 3 articles, 4 of 4 passages read")
    expect(page.locator("#points")).to_contain_text("What they agree on")
    asked = asker.summed_up[-1]
    assert (asked.document, asked.about, asked.length) == (None, "ships", "long")
    assert str(asked.filters.since) == "2031-06-01"
    page.get_by_role("radio", name="timeline").check()
    page.locator("#begin").click()
    expect(page.locator("#points")).to_contain_text("no period stated")
    page.get_by_role("radio", name="table").check()
    page.locator("#begin").click()
    expect(page.locator("#points table tbody tr")).to_have_count(5)
    page.locator("#points table .marker").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#summary-reading mark.shown")).to_have_text(samples.FOUND[0].sentence.text)


def test_figures_are_sorted_filtered_read_and_downloaded(visit: Open, tmp_path: Path) -> None:
    page = visit()
    tab(page, "Figures")
    expect(page.locator("#figure-count")).to_contain_text("5 figures")
    cells = page.locator("#figures").get_by_role("gridcell")
    cells.get_by_text("39,480").click()
    expect(page.locator("#figure-reading mark")).to_have_text(samples.FOUND[2].sentence.text)
    value = page.get_by_role("columnheader", name="Value")
    value.hover()
    value.get_by_role("button", name="Open cell menu").click()
    page.get_by_text("Sort ascending").click()
    expect(cells.nth(1)).to_have_text("18%")
    cells.get_by_text("39,480").click()
    expect(page.locator("#figure-reading mark")).to_have_text(samples.FOUND[2].sentence.text)
    plot = page.locator("#plot img")
    expect(plot).to_be_visible()
    assert plot.evaluate("e => e.decode().then(() => e.naturalWidth)") > 300
    page.get_by_label("About").fill("passengers")
    page.get_by_label("About").press("Enter")
    expect(page.locator("#figure-count")).to_contain_text("1 figure.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    download.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["of"], row["publisher"]) == ("passengers", "The Island Post")


def test_a_draft_is_checked_beside_its_evidence(visit: Open) -> None:
    page = visit()
    tab(page, "Check")
    page.locator("#check").click()
    expect(page.locator("#checked")).to_contain_text("There is no text")
    page.get_by_label("Draft").fill(samples.DRAFT)
    page.locator("#check").click()
    wrong = page.locator("#checked .text .contradicted")
    expect(wrong).to_have_text("46,6201")
    wrong.click()
    expect(page.locator("#claim-1")).to_be_focused()
    expect(page.locator("#claim-1")).to_contain_text("contradicted")
    page.locator("#claim-1 .read").click()
    expect(page.locator("#check-reading mark.shown")).to_have_text(samples.FOUND[0].sentence.text)
    page.locator("#claim-2 .badge").click()
    expect(page.locator("#figure-2")).to_be_focused()


def test_chosen_articles_are_asked_and_others_found_read_removed_and_put_back(
    visit: Open, asker: FakeNewsroom
) -> None:
    page = visit()
    tab(page, "Articles")
    boxes = page.locator("#articles label:has(input)")
    page.get_by_label("Search").fill("courier")
    expect(page.locator("#article-counts")).to_contain_text("1 found")
    page.get_by_role("checkbox", name="Harbour traffic").check()
    page.locator("#read").click()
    expect(page.locator("#article .text")).to_contain_text("A new pier is planned")
    page.locator("#use").click()
    expect(page.locator("#article-counts")).to_contain_text("1 take part")
    tab(page, "Ask")
    expect(page.locator("#scope")).to_contain_text("Only 1 chosen article asked")
    ask(page, samples.HOW_MANY)
    assert asker.filters[-1].documents == (samples.HARBOUR.id,)
    tab(page, "Articles")
    page.get_by_role("checkbox", name="Harbour traffic").check()
    page.locator("#remove").click()
    expect(page.locator("#outcome")).to_contain_text("1 article removed")
    expect(page.locator("#article-counts")).to_contain_text("2 articles, all take part")
    page.locator("#undo").click()
    expect(page.locator("#outcome")).to_contain_text("put back")
    expect(page.locator("#article-counts")).to_contain_text("3 articles")
    page.get_by_label("Search").fill("")
    expect(boxes.filter(has_text="Ferry line")).to_be_visible()


@pytest.mark.models
def test_every_format_is_uploaded_and_a_bad_file_says_why(
    visit: Open, tmp_path: Path, embedder_folder: Path
) -> None:
    library, bad = tmp_path / "library", tmp_path / "bad.txt"
    bad.write_bytes(b"\0\1" * 50)
    files = [*ui_files.write(tmp_path / "files"), bad]
    with (
        Pipeline(Settings(library=library)) as pipeline,
        served(Unwarmed(pipeline), library) as site,
    ):
        page = visit(site)
        tab(page, "Articles")
        page.locator("#files input[type=file]").set_input_files(files)
        expect(page.locator("#outcome .taken")).to_have_count(len(ui_files.FORMATS))
        expect(page.locator("#outcome .refused")).to_contain_text("bad.txt")
        expect(page.locator("#articles")).to_contain_text("Ships at pdf")
        page.get_by_text("Paste a text").click()
        page.get_by_label("Title").fill("Pier <img src=x>")
        page.get_by_label("Text").fill("The pier had 14 ships in June.")
        page.locator("#paste").click()
        expect(page.locator("#outcome")).to_contain_text("Added: Pier <img src=x> · no date")
        expect(page.locator("#article-counts")).to_contain_text("8 articles")
        page.context.close()
    left = [path for path in (library / "ui").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in left) == 0


class Unwarmed(Newsroom):
    """Loads no chat model."""

    def warm(self) -> None:
        """Be ready."""
