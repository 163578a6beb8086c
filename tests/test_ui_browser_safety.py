"""What hostile articles, other pages and full disks must not do; what everybody must see."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest
import ui_samples as samples
from playwright.sync_api import Browser, expect
from ui_browser import MARKS, Open, ask, go, served, tab

from rag.ui.uploads import MAX_REQUEST_BYTES, MAX_UPLOAD_BYTES

pytestmark = MARKS


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def address(library: Path) -> Iterator[str]:
    with served(samples.asker(), library) as site:
        yield site


MADE = "img, script, iframe, svg.mermaid, .katex, code, pre, b, [onerror], [onmouseover]"


def test_hostile_text_stays_text_in_the_chat(visit: Open) -> None:
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
        "article": page.locator("#reading .article summary"),
    }
    for text in samples.NASTY:
        for name, place in places.items():
            expect(place, f"{text} in {name}").to_contain_text(text.splitlines()[0])
    for where in ("#chat .message", "#evidence", "#reading"):
        expect(page.locator(where).locator(MADE)).to_have_count(0)
        foreign = page.locator(where).locator('a:not([href^="#"])')
        expect(foreign).to_have_count(0)


def test_hostile_titles_stay_text_in_every_tab(visit: Open) -> None:
    page = visit()
    for name, where in (("Articles", "#articles"), ("Summary", "#summary-article")):
        tab(page, name)
        if name == "Summary":
            page.get_by_role("combobox", name="Article").click()
        expect(page.get_by_text("<img src=x onerror=alert(1)>").last).to_be_visible()
        expect(page.locator(where).locator(MADE)).to_have_count(0)


def test_even_markup_that_gets_in_cannot_run_or_call_out(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    go(page, address)
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


def status(address: str, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    host = address.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, path, body or None, headers)
    with connection.getresponse() as response:
        response.read()
    connection.close()
    return response.status


def test_what_is_not_the_page_is_refused(address: str) -> None:
    assert status(address, "GET", "/") == 200
    assert status(address, "GET", "/citeline.js") == 200
    assert status(address, "GET", "/figures.csv?about=arrivals") == 200
    assert status(address, "GET", "/", Host="evil.example") == 400
    assert status(address, "GET", "/figures.csv", Host="evil.example") == 400
    assert status(address, "GET", "/config", Origin="http://evil.example") == 403
    assert status(address, "GET", "/docs") == 404
    for path in ("file=/etc/passwd", "upload/", "component_server", "process_recording"):
        assert status(address, "POST", f"/gradio_api/{path}") == 404, path
    for path in ("//gradio_api/upload", "/gradio_api//upload", "/gradio_api/../gradio_api/upload"):
        assert status(address, "POST", path) in {404, 405}, path


def parts(content: bytes) -> tuple[bytes, dict[str, str]]:
    """A form with one file."""
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    return head + content + b"\r\n--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}


def test_an_upload_that_is_too_large_leaves_nothing_on_the_disk(
    address: str, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, headers = parts(b"x")
    assert status(address, "POST", "/gradio_api/upload", body, **headers) == 200
    stated = {**headers, "Content-Length": str(MAX_REQUEST_BYTES + 1)}
    before = {path for path in library.rglob("*") if path.is_file()}
    assert status(address, "POST", "/gradio_api/upload", body, **stated) == 413
    body, headers = parts(b"x" * (MAX_UPLOAD_BYTES + 1))
    assert status(address, "POST", "/gradio_api/upload", body, **headers) in {400, 413}
    assert {path for path in library.rglob("*") if path.is_file()} == before
    monkeypatch.setattr("rag.ui.uploads.KEPT_FREE_BYTES", 10**18)
    body, headers = parts(b"x")
    assert status(address, "POST", "/gradio_api/upload", body, **headers) == 507


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(visit: Open, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    ask(page, samples.HOW_MANY, 1)
    ask(page, samples.HOW_MUCH, 2)
    ask(page, samples.WHICH, 3)
    ask(page, samples.NO_MODEL, 4)
    for words in (
        "#head p", "#status .status", "#answer-1 > p", "#answer-1 .marker", "#answer-1 .small li",
        "#answer-1 .verdict", "#answer-2 .label", "#answer-2 .nearest a", "#answer-3 .label",
        "#answer-3 td", "#answer-4 .label", "#evidence .heading", "#evidence summary",
        "#chat .message.user p", "#ask", "#reading mark", "#reading summary span",
    ):  # fmt: skip
        assert page.locator(words).first.evaluate(CONTRAST) >= 4.5, words
    tab(page, "Check")
    page.get_by_label("Draft").fill(samples.DRAFT)
    page.locator("#check").click()
    expect(page.locator("#claims .card")).to_have_count(3)
    page.wait_for_timeout(300)  # what was being filled fades in
    for words in (".contradicted", ".supported", ".not-found"):
        assert page.locator(f"#checked .text {words}").evaluate(CONTRAST) >= 4.5, words


def test_a_phone_is_wide_enough(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    ask(page, samples.WHICH)
    chat, evidence = page.locator("#chat").bounding_box(), page.locator("#evidence").bounding_box()
    assert chat is not None
    assert evidence is not None
    assert evidence["y"] >= chat["y"] + chat["height"]
    for name in ("Ask", "Articles", "Summary", "Figures"):
        tab(page, name)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, name
    buttons = [page.locator(each).bounding_box() for each in ("#ask", "#stop")]
    assert len({box["y"] for box in buttons if box}) <= 1


def test_every_field_and_button_has_a_name(visit: Open) -> None:
    page = visit()
    ask(page, samples.HOW_MANY)
    for name in ("Ask", "Articles", "Summary", "Figures", "Check", "Status"):
        tab(page, name)
        nameless = page.evaluate(NAMELESS)
        assert nameless == [], name


# What a screen reader would call "edit" or "button" and no more.
NAMELESS = """() => [...document.querySelectorAll('input, textarea, button, select, img')]
  .filter((e) => e.checkVisibility() && e.type !== 'file' && !e.closest('.table-wrap'))
  .filter((e) => !(e.labels?.length && e.labels[0].innerText.trim()) && !e.innerText?.trim()
    && !e.getAttribute('aria-label') && !e.title && !e.alt)
  .map((e) => e.outerHTML.slice(0, 200))"""

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
