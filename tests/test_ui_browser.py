"""The page in a real browser, with a fake in place of the pipeline."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import ui_samples as samples
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    expect,
    sync_playwright,
)

from rag.errors import LibraryMissingError, ModelMissingError
from rag.fakes import FakeAsker
from rag.ui.asker import Asker
from rag.ui.serving import Site

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium (Debian: apt install chromium)"),
]
PAUSE_S = 0.03
expect.set_options(timeout=15_000)  # two cores may be busy with other things


@contextmanager
def served(asker: Asker, folder: Path) -> Iterator[str]:
    """Serve the page in a thread and give its address."""
    with Site(asker, folder=folder, host="127.0.0.1", port=0) as site:
        thread = threading.Thread(target=site.run)
        thread.start()
        try:
            yield site.address
        finally:
            site.stop()
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture(scope="module", autouse=True)
def _environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(os.environ))
        yield


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def asker() -> FakeAsker:
    return samples.asker(pause_s=PAUSE_S)


@pytest.fixture(scope="module")
def address(asker: FakeAsker, library: Path) -> Iterator[str]:
    with served(asker, library) as site:
        yield site


class Slow(FakeAsker):
    """An asker that loads until it is told that it is done."""

    done = threading.Event()

    def warm(self) -> None:
        assert self.done.wait(120)


@pytest.fixture(scope="module")
def slow(library: Path) -> Iterator[tuple[str, threading.Event]]:
    """A page whose models are still being loaded, and what ends it."""
    asker = Slow({"": samples.answer("", "So.")}, [samples.HARBOUR])
    with served(asker, library) as site:
        yield site, asker.done
        asker.done.set()


@pytest.fixture(scope="module")
def browser(broken_address: str, address: str, slow: object) -> Iterator[Browser]:
    # After the servers: Playwright leaves an event loop running in this thread.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def broken_address(library: Path) -> Iterator[str]:
    """A page whose model and library are both missing."""
    broken = FakeAsker(
        {"": LibraryMissingError("There is no library.", "Run: rag index PATH")},
        LibraryMissingError("There is no library.", "Run: rag index PATH"),
        broken=ModelMissingError("The model has not been fetched.", "Run: rag models fetch"),
    )
    with served(broken, library) as site:
        yield site


Open = Callable[..., Page]


def listen(page: Page, address: str, troubles: list[str]) -> None:
    """Note requests to other hosts, errors and dialogs."""

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            troubles.append(request.url)

    def told(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(message.text)

    def opened(dialog: Dialog) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    page.on("request", asked)
    page.on("console", told)
    page.on("dialog", opened)
    page.on("pageerror", lambda error: troubles.append(str(error)))


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Open the page as a new visitor; nothing may be asked of another host or go wrong."""
    troubles: list[str] = []
    contexts = []

    def opened(at: str = address, **how: object) -> Page:
        context = browser.new_context(**how)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        listen(page, at, troubles)
        page.goto(at)
        expect(page.locator("#question textarea")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def ask(page: Page, question: str, turn: int = 1) -> None:
    """Type, press Enter, and wait for the end."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(f"#answer-{turn}")).to_be_visible()
    expect(page.locator("#ask")).to_be_enabled()


def test_ask_read_and_follow_a_marker(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MANY)
    expect(page.locator("#answer-1")).to_contain_text("46,610 arrivals in May [1]")
    expect(page.locator("#chat .draft")).to_have_count(0)
    expect(page.locator("#evidence .cited")).to_have_count(2)

    page.get_by_role("link", name="[2]").click()
    card = page.locator("#cite-1-2")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(card).to_contain_text("In April the number was 39,480.")
    expect(card).to_contain_text("Coast Courier · 21 June 2031 · page 2")
    expect(page).to_have_url(page.url.split("#")[0])
    card.get_by_role("link", name="2").click()
    expect(page.locator("#answer-1")).to_be_focused()


def test_evidence_stands_there_while_the_words_still_come(visit: Open) -> None:
    page = visit()
    page.locator("#question textarea").fill(samples.LONG)
    page.locator("#ask").click()
    expect(page.locator("#evidence .card")).to_have_count(4)
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
    marker = page.locator("#chat .marker").first
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(marker).to_be_focused()
    assert marker.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert "46,610" in (marker.get_attribute("title") or "")
    page.keyboard.press("Enter")
    expect(page.locator("#cite-1-1")).to_be_focused()


def test_abstention_conflict_and_error_each_look_their_own(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MUCH, 1)
    expect(page.locator("#answer-1 .abstained")).to_contain_text("do not say what a ticket costs")
    expect(page.locator("#answer-1 blockquote")).to_contain_text("46,610 arrivals")
    ask(page, samples.WHICH, 2)
    expect(page.locator("#answer-2 .conflict .marker")).to_have_count(2)
    ask(page, samples.NO_MODEL, 3)
    expect(page.locator("#answer-3.error")).to_contain_text("Run: rag models fetch")
    expect(page.locator("#chat")).not_to_contain_text("Traceback")
    ask(page, samples.HOW_MANY, 4)
    expect(page.locator("#answer-4 .note")).to_have_count(0)


def test_a_marker_of_an_earlier_answer_opens_its_folded_card(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MANY, 1)
    ask(page, samples.WHICH, 2)
    expect(page.locator("#cite-1-2")).not_to_be_visible()
    page.locator("#answer-1 .marker").nth(1).click()
    expect(page.locator("#cite-1-2")).to_be_focused()
    expect(page.locator("#cite-2-2")).to_be_visible()


def test_hostile_text_stays_text(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOSTILE)
    ask(page, " ".join(samples.NASTY), 2)
    page.locator("#evidence details").first.evaluate("e => e.open = true")
    places = {
        "question": page.locator("#chat .user").last,
        "answer": page.locator("#answer-1 > p"),
        "notes": page.locator("#answer-1 .small"),
        "quote": page.locator("#cite-1-1 blockquote"),
        "title": page.locator("#cite-1-1 bdi"),
        "folded question": page.locator("#evidence .earlier summary").first,
    }
    for text in samples.NASTY:
        line = text.splitlines()[0]
        for name, place in places.items():
            if name == "folded question":
                continue
            expect(place, f"{text} in {name}").to_contain_text(line)
    made = "img, script, iframe, svg.mermaid, .katex, code, pre, b, [onerror], [onmouseover]"
    expect(page.locator("#chat .message").locator(made)).to_have_count(0)
    expect(page.locator("#evidence").locator(made)).to_have_count(0)
    foreign = 'a:not([href^="#cite-"]):not([href^="#answer-"])'
    expect(page.locator("#chat .message").locator(foreign)).to_have_count(0)
    expect(page.locator("#evidence").locator(foreign)).to_have_count(0)


def test_even_markup_that_gets_in_cannot_run_or_call_out(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.goto(address)
    expect(page.locator("#question textarea")).to_be_visible()
    page.on("response", lambda response: asked.append(response.url))
    page.evaluate(
        """() => {
          const markup = '<img src="x" onerror="window.hit = 1">' +
            '<img src="http://127.0.0.1:9/a.png" onerror="window.hit = 1">';
          document.body.insertAdjacentHTML('beforeend', markup);
          const script = document.createElement('script');
          script.textContent = 'window.hit = 1';
          document.body.append(script);
          setTimeout('window.hit = 1');
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.hit") is None
    assert not any(":9/" in url for url in asked)
    page.close()


def test_stop_ends_the_writing_and_shows_nothing_unchecked(visit: Open, asker: FakeAsker) -> None:
    asker.stopped.clear()
    page = visit()
    page.locator("#question textarea").fill(samples.LONG)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .draft")).to_contain_text("harbour")
    page.locator("#stop").click()
    expect(page.locator("#answer-1")).to_contain_text("Stopped")
    expect(page.locator("#chat")).not_to_contain_text("The harbour master")
    expect(page.locator("#evidence .card")).to_have_count(4)
    assert asker.stopped == [samples.LONG]
    ask(page, samples.HOW_MUCH, 2)


def test_a_closed_tab_stops_its_question(visit: Open, asker: FakeAsker) -> None:
    asker.stopped.clear()
    page = visit()
    page.locator("#question textarea").fill(samples.LONG)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .draft")).to_contain_text("harbour")
    page.close()
    deadline = time.monotonic() + 2
    while not asker.stopped and time.monotonic() < deadline:
        time.sleep(0.01)
    assert asker.stopped == [samples.LONG]


def test_two_visitors_wait_for_each_other_and_see_nothing_of_each_other(visit: Open) -> None:
    first, second = visit(), visit()
    first.locator("#question textarea").fill(samples.HOW_MANY)
    first.keyboard.press("Enter")
    expect(first.locator("#chat .draft")).to_contain_text("harbour")
    second.locator("#question textarea").fill(samples.WHICH)
    second.keyboard.press("Enter")
    expect(second.locator("#answer-1 .conflict")).to_be_visible()
    expect(first.locator("#answer-1")).to_contain_text("[2]")
    expect(second.locator("#chat")).not_to_contain_text("39,480 in April")
    expect(first.locator("#chat")).not_to_contain_text("1.2 million")


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


def test_the_status_line(visit: Open, broken_address: str) -> None:
    page = visit()
    expect(page.locator("#status")).to_contain_text("Ready")
    page.get_by_text("2 articles").click()
    expect(page.get_by_text("Ferry line adds a night sailing")).to_be_visible()
    page = visit(broken_address)
    expect(page.locator("#status")).to_contain_text("Run: rag models fetch")
    expect(page.locator("#status")).to_contain_text("Run: rag index PATH")
    ask(page, "How many?")
    expect(page.locator("#answer-1.error")).to_contain_text("There is no library.")


def test_the_status_follows_the_loading(visit: Open, slow: tuple[str, threading.Event]) -> None:
    at, done = slow
    page = visit(at)
    expect(page.locator("#status")).to_contain_text("Loading the model")
    page.locator("#question textarea").fill("How many?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .draft")).to_contain_text("Loading the model")
    done.set()
    expect(page.locator("#answer-1")).to_contain_text("So.")
    expect(page.locator("#status")).to_contain_text("Ready")
    expect(page.locator("#status")).to_contain_text("1 article")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(visit: Open, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    ask(page, samples.HOW_MANY, 1)
    ask(page, samples.HOW_MUCH, 2)
    ask(page, samples.WHICH, 3)
    ask(page, samples.NO_MODEL, 4)
    for words in (
        "#head p", "#status .status", "#answer-1 > p", "#answer-1 .marker", "#answer-1 .small li",
        "#answer-2 .label", "#answer-3 .label", "#answer-4 .label", "#evidence .hint",
        "#evidence summary", "#chat .message.user p", "#ask",
    ):  # fmt: skip
        assert page.locator(words).first.evaluate(CONTRAST) >= 4.5, words


def test_on_a_phone_the_evidence_goes_below(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    ask(page, samples.HOW_MANY)
    chat, evidence = page.locator("#chat").bounding_box(), page.locator("#evidence").bounding_box()
    assert chat is not None
    assert evidence is not None
    assert evidence["y"] >= chat["y"] + chat["height"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    buttons = [page.locator(each).bounding_box() for each in ("#ask", "#stop")]
    assert len({box["y"] for box in buttons if box}) == 1


def test_what_is_not_the_page_is_refused(address: str) -> None:
    host = address.removeprefix("http://").rstrip("/")

    def status(method: str, path: str, **headers: str) -> int:
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request(method, path, headers=headers)
        with connection.getresponse() as response:
            response.read()
        connection.close()
        return response.status

    assert status("GET", "/") == 200
    assert status("GET", "/citeline.js") == 200
    assert status("GET", "/", Host="evil.example") == 400
    assert status("GET", "/config", Origin="http://evil.example") == 403
    assert status("POST", "/gradio_api/upload") == 404
    assert status("GET", "/docs") == 404


# Contrast of an element's words with what is behind them, as WCAG 2 defines it.
CONTRAST = """element => {
  const parts = (css) => (css.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  let behind = element, colour = [0, 0, 0, 0];
  let seen = 1;
  for (let e = element; e; e = e.parentElement) seen *= Number(getComputedStyle(e).opacity);
  if (seen < 1) return 0;
  while (behind && (colour.length === 4 && colour[3] === 0)) {
    colour = parts(getComputedStyle(behind).backgroundColor);
    behind = behind.parentElement;
  }
  const a = light(parts(getComputedStyle(element).color)), b = light(colour);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
