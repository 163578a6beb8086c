"""Asking in a real browser, with a fake in place of the pipeline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import ui_samples as samples
from playwright.sync_api import expect
from ui_browser import MARKS, PAUSE_S, Open, ask, begin, served
from ui_fakes import FakeNewsroom

pytestmark = MARKS


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def asker() -> FakeNewsroom:
    return samples.asker(pause_s=PAUSE_S)


@pytest.fixture(scope="module")
def address(asker: FakeNewsroom, library: Path) -> Iterator[str]:
    with served(asker, library) as site:
        yield site


def test_ask_click_a_marker_and_read_the_marked_sentence(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MANY)
    expect(page.locator("#answer-1")).to_contain_text("46,610 arrivals in May [1]")
    expect(page.locator("#chat .draft")).to_have_count(0)
    expect(page.locator("#evidence .cited")).to_have_count(2)
    page.locator("#answer-1 > p .marker").nth(1).click()
    marked = page.locator("#reading mark.shown")
    expect(marked).to_have_text(samples.FOUND[2].sentence.text)
    expect(marked).to_be_focused()
    expect(marked).to_be_in_viewport()
    expect(page).to_have_url(page.url.split("#")[0])
    page.locator("#cite-1-2 .badge").click()
    expect(page.locator("#answer-1")).to_be_focused()
    page.locator("#cite-1-1 .read").click()
    expect(page.locator("#reading mark.shown")).to_have_text(samples.FOUND[0].sentence.text)


def test_a_marker_that_is_drawn_anew_while_it_is_pressed_is_followed(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MANY)
    marker = page.locator("#answer-1 > p .marker").nth(1)
    marker.hover()
    page.mouse.down()
    marker.evaluate("link => link.replaceWith(link.cloneNode(true))")
    page.mouse.up()
    expect(page.locator("#reading mark.shown")).to_have_text(samples.FOUND[2].sentence.text)


def test_hover_and_focus_show_the_quote_with_title_outlet_and_date(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MANY)
    marker = page.locator("#answer-1 > p .marker").first
    tip = marker.locator(".tip")
    expect(tip).to_be_hidden()
    marker.hover()
    expect(tip).to_be_visible()
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    page.locator("#question textarea").focus()
    marker.evaluate("e => e.focus({ focusVisible: true })")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("The harbour master counted 46,610")
    expect(tip).to_contain_text("Harbour traffic at a nine-year high")
    expect(tip).to_contain_text("Coast Courier · 21 June 2031 · page 2")


def test_a_quote_that_stands_nowhere_marks_nothing_and_says_so(visit: Open) -> None:
    page = visit()
    ask(page, samples.MOVED)
    page.locator("#answer-1 > p .marker").click()
    expect(page.locator("#reading .lost")).to_be_focused()
    expect(page.locator("#reading .lost")).to_contain_text("nothing is marked")
    expect(page.locator("#reading mark")).to_have_count(0)


def test_evidence_stands_there_while_the_words_still_come(visit: Open) -> None:
    page = visit()
    begin(page, samples.LONG)
    expect(page.locator("#evidence .card")).to_have_count(4, timeout=1000)
    expect(page.locator("#evidence")).to_contain_text("Found so far")
    draft = page.locator("#chat .draft")
    expect(draft).to_contain_text("not checked yet")
    before = len(draft.inner_text())
    expect(draft).to_have_text(re.compile(rf".{{{before + 20},}}", re.DOTALL))
    assert page.locator("#answer-1").count() == 0


def test_the_keyboard_is_enough(visit: Open) -> None:
    page = visit()
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type(samples.HOW_MANY)
    page.keyboard.press("Enter")
    expect(page.locator("#answer-1")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator("#ask")).to_be_enabled()
    marker = page.locator("#answer-1 > p .marker").first
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if marker.evaluate("e => e === document.activeElement"):
            break
    expect(marker).to_be_focused()
    assert marker.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#reading mark.shown")).to_be_focused()
    page.get_by_role("tab", name="Ask", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#articles")).to_be_visible()


def test_abstention_conflict_and_error_each_look_their_own(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MUCH, 1)
    expect(page.locator("#answer-1 .abstained")).to_contain_text("do not say what a ticket costs")
    expect(page.locator("#answer-1 .nearest li")).to_have_count(3)
    page.locator("#answer-1 .nearest a").first.click()
    expect(page.locator("#reading mark.shown")).to_have_text(samples.FOUND[0].sentence.text)
    ask(page, samples.WHICH, 2)
    expect(page.locator("#answer-2 .conflict tbody tr")).to_have_count(2)
    expect(page.locator("#answer-2 .conflict")).to_contain_text("also in: Northern Wire")
    ask(page, samples.NO_MODEL, 3)
    expect(page.locator("#answer-3.error")).to_contain_text("Run: rag models fetch")
    expect(page.locator("#chat")).not_to_contain_text("Traceback")
    ask(page, samples.HOW_MUCH_MORE, 4)
    expect(page.locator("#answer-4 .note")).to_have_count(0)
    expect(page.locator("#answer-4 .computed")).to_contain_text("46,610 − 39,480 = 7,130")


def test_a_follow_up_is_made_whole_and_an_unclear_one_is_not_asked(visit: Open) -> None:
    page = visit()
    ask(page, "How many ships arrived in May?", 1)
    ask(page, "and the month before?", 2)
    expect(page.locator(".asked-as")).to_contain_text(samples.IN_APRIL)
    expect(page.locator("#answer-2")).to_contain_text("39,480")
    ask(page, "And the ferries?", 3)
    expect(page.locator("#answer-3.unclear")).to_contain_text("Nothing was asked")
    page.locator("#answer-1 > p .marker").nth(1).click()
    expect(page.locator("#reading mark.shown")).to_have_text(samples.FOUND[2].sentence.text)


def test_a_first_question_is_offered_and_asked_by_a_click(visit: Open) -> None:
    page = visit()
    first = page.get_by_role("button", name="How many berths are to be added by 2033?")
    expect(first).to_be_visible()
    first.click()
    expect(page.locator("#chat .user")).to_contain_text("How many berths are to be added by 2033?")
    expect(page.locator("#answer-1")).to_be_visible()
    expect(page.locator("#first")).to_be_hidden()


def test_retry_asks_the_last_question_again(visit: Open, asker: FakeNewsroom) -> None:
    page = visit()
    ask(page, samples.HOW_MANY, 1)
    ask(page, samples.HOW_MUCH, 2)
    asked = len(asker.filters)
    page.get_by_role("button", name="Retry").last.click()
    expect(page.locator("#stop")).to_be_enabled()
    expect(page.locator("#ask")).to_be_enabled()
    expect(page.locator("#answer-2")).to_be_visible()
    assert len(asker.filters) == asked + 1
    expect(page.locator("#chat .message.user")).to_have_count(2)


def test_an_answer_is_there_to_copy(visit: Open) -> None:
    page = visit()
    ask(page, samples.IN_APRIL)
    page.get_by_text("Copy the last answer").click()
    expect(page.locator("#copy-text textarea")).to_have_value(re.compile("“In April the number"))
    markdown = page.locator("#copy-markdown textarea")
    expect(markdown).to_have_value(re.compile(r"^In April .* \\\[1\\\]\.\n\n> ", re.DOTALL))


def test_thumbs_write_cases(visit: Open, library: Path) -> None:
    page = visit()
    ask(page, samples.IN_APRIL)
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Saved in")
    (case,) = map(json.loads, (library / "cases.jsonl").read_text("utf-8").splitlines())
    assert case["figures"][0]["value"] == "39480"
    page.get_by_role("button", name="Dislike").click()
    page.get_by_label("What would have been right?").fill("46,610")
    page.locator("#save-case").click()
    expect(page.locator("#wrong")).to_be_hidden()
    (case,) = map(json.loads, (library / "cases.jsonl").read_text("utf-8").splitlines())
    assert (case["figures"][0]["value"], case["forbidden"]) == ("46610", ["39480"])


def test_clear_begins_anew(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MANY)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#evidence .card")).to_have_count(0)
    ask(page, samples.WHICH)
    expect(page.locator("#chat .message.user")).to_have_count(1)


def test_an_empty_question_asks_nothing(visit: Open) -> None:
    page = visit()
    page.locator("#question textarea").fill("   ")
    page.locator("#ask").click()
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator("#chat .message")).to_have_count(0)
