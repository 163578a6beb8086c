"""The page of a run in a real browser: filters, links, dark and light, and nothing that runs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluation_runs import DAY, HOSTILE, all_passed, hostile, sample
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from rag.evaluation import Floor, report_html

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium (Debian: apt install chromium)"),
]
expect.set_options(timeout=15_000)  # two cores may be busy with other things


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page_text() -> str:
    return report_html(sample(Floor(right_share=0.9), all_passed()), DAY)


class Tab:
    """The page from a file, and all that the browser complained of or asked for."""

    def __init__(self, browser: Browser, text: str, folder: Path, **context: object) -> None:
        path = folder / "page.html"
        path.write_text(text, "utf-8")
        self.address = path.as_uri()
        self.wrong: list[str] = []
        self.page: Page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._asked)
        self.page.goto(self.address)

    def _asked(self, request: Request) -> None:
        if request.url.partition("#")[0] != self.address:
            self.wrong.append(request.url)


def test_filters_show_what_was_chosen(browser: Browser, page_text: str, tmp_path: Path) -> None:
    tab = Tab(browser, page_text, tmp_path)
    rows = tab.page.locator("#cases > tbody > tr:visible")
    expect(rows).to_have_count(8)
    tab.page.select_option("select[name=kind]", "lookup")
    expect(rows).to_have_count(3)
    tab.page.select_option("select[name=verdict]", "wrong")
    expect(rows).to_have_count(1)
    expect(tab.page.locator("output")).to_have_text("1 of 8 shown")
    tab.page.get_by_role("button", name="All").click()
    expect(rows).to_have_count(8)
    tab.page.fill("input[name=words]", "BOATS are there")
    expect(rows).to_have_count(1)
    tab.page.fill("input[name=words]", "")
    tab.page.select_option("select[name=change]", "lost")
    expect(rows).to_have_count(4)
    assert tab.wrong == []


def test_a_link_shows_a_case_that_the_filters_hide(
    browser: Browser, page_text: str, tmp_path: Path
) -> None:
    tab = Tab(browser, page_text, tmp_path)
    row = tab.page.locator("#cases > tbody > tr", has=tab.page.get_by_text("What is the fare?"))
    tab.page.select_option("select[name=kind]", "summary")
    expect(row).to_be_hidden()
    tab.page.get_by_role("link", name="fare").first.click()
    expect(row).to_be_visible()
    expect(row.locator("details")).to_have_attribute("open", "")


def test_without_javascript_every_case_is_there(
    browser: Browser, page_text: str, tmp_path: Path
) -> None:
    tab = Tab(browser, page_text, tmp_path, java_script_enabled=False)
    expect(tab.page.locator("#cases > tbody > tr:visible")).to_have_count(8)
    expect(tab.page.locator("#filters")).to_be_hidden()
    evidence = tab.page.get_by_text("Farmers brought in").first
    expect(evidence).to_be_hidden()
    tab.page.locator("#cases summary").first.click()
    expect(evidence).to_be_visible()


def test_what_others_wrote_does_not_run(browser: Browser, tmp_path: Path) -> None:
    tab = Tab(browser, report_html(hostile(), DAY), tmp_path)
    expect(tab.page.locator(".question")).to_have_text(HOSTILE)
    expect(tab.page).to_have_title("Evaluation passed: 1 cases, 2025-03-04")
    assert tab.wrong == []


@pytest.mark.parametrize(
    "added", ["<script>document.title='taken'</script>", "<img src=x onerror='alert(1)'>"]
)
def test_the_policy_stops_what_escaping_would_let_through(
    browser: Browser, page_text: str, tmp_path: Path, added: str
) -> None:
    tab = Tab(browser, page_text.replace("<main>", f"<main>{added}"), tmp_path)
    expect(tab.page.locator("#filters")).to_be_visible()
    assert "taken" not in tab.page.title()
    assert any("Content Security Policy" in said for said in tab.wrong)


# Reads the colours as they are drawn: (L1 + 0.05) / (L2 + 0.05) of WCAG 2.2.
_CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  document.querySelectorAll("details").forEach((part) => { part.open = true; });
  const found = {};
  for (const node of document.querySelectorAll("main *:not(svg *)")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
    found[`${node.tagName}.${node.className}`] =
      (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(
    browser: Browser, page_text: str, tmp_path: Path, scheme: str
) -> None:
    tab = Tab(browser, page_text, tmp_path, color_scheme=scheme)
    contrasts = tab.page.evaluate(_CONTRASTS)
    assert len(contrasts) > 10
    assert {name: round(c, 1) for name, c in contrasts.items() if c < 4.5} == {}
    ground = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is (scheme == "light")


def test_on_a_narrow_screen_nothing_is_cut_off(
    browser: Browser, page_text: str, tmp_path: Path
) -> None:
    tab = Tab(browser, page_text, tmp_path, viewport={"width": 400, "height": 800})
    width = tab.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 400
    ends = tab.page.evaluate(
        "[...document.querySelectorAll('main p, figcaption, #worst td')]"
        ".map((node) => node.getBoundingClientRect().right)"
    )
    assert len(ends) > 40
    assert max(ends) <= 400, "what is to be read in whole sentences needs no scrolling"


def test_a_drawing_has_a_name(browser: Browser, page_text: str, tmp_path: Path) -> None:
    tab = Tab(browser, page_text, tmp_path)
    said = re.compile("valley: share of the answers that are wrong, by the share of questions")
    expect(tab.page.get_by_role("img", name=said)).to_be_visible()
