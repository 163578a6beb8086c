"""The page behind a password, in a real browser: every part of it works with one, none without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import ui_samples as samples
from playwright.sync_api import Browser, expect
from ui_browser import MARKS, Open, ask, served, tab

from rag.web.logins import Logins

pytestmark = MARKS
NAME, PASSWORD = "ada", "grüße aus dem hafen"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logins = Logins.of([f"{NAME}:{PASSWORD}"])
    with served(samples.asker(), tmp_path_factory.mktemp("library"), logins=logins) as site:
        yield site


def test_with_the_password_everything_works(visit: Open) -> None:
    page = visit(http_credentials={"username": NAME, "password": PASSWORD})
    ask(page, samples.HOW_MANY)
    expect(page.locator("#answer-1 .marker").first).to_be_visible()
    tab(page, "Figures")
    plot = page.locator("#plot img")
    expect(plot).to_be_visible()
    assert plot.evaluate("e => e.decode().then(() => e.naturalWidth)") > 300


def test_without_it_nothing_is_shown(browser: Browser, address: str) -> None:
    context = browser.new_context()
    for path in ("", "figures.csv", "gradio_api/info", "citeline.js"):
        answer = context.request.get(f"{address}{path}")
        assert answer.status == 401
        assert "harbour" not in answer.text().lower()
    context.close()
