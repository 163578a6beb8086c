"""The page in a real browser: what its tests share. A plugin of pytest, named in conftest.py."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.ui.asker import Asker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

CHROMIUM = shutil.which("chromium")
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium (Debian: apt install chromium)"),
]
PAUSE_S = 0.02
# Two cores may be busy with other things: beside a chat model's tests a page that is there after
# 2 s took 15 s and more on a slow processor. How fast it is eval.benchmarks.page measures.
PATIENCE_MS = 45_000

Open = Callable[..., "Page"]


@contextmanager
def served(asker: Asker, folder: Path, **how: Any) -> Iterator[str]:
    """Serve the page in a thread and give its address."""
    from rag.ui.serving import Site

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(os.environ))
        # Playwright leaves an event loop in this thread, in which no other one may be opened.
        with ThreadPoolExecutor(1) as other:
            site = other.submit(
                lambda: Site(asker, folder=folder, host="127.0.0.1", port=0, **how)
            ).result()
        with site:
            thread = threading.Thread(target=site.run)
            thread.start()
            try:
                yield site.address
            finally:
                site.stop()
                thread.join(10)
                assert not thread.is_alive()


# Of a module: while Playwright is there, its event loop runs in this thread, and other modules'
# tests open loops of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module; each visitor has a context of its own."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Open the page as a new visitor; nothing may be asked of another host or go wrong.

    The module of the test has a fixture ``address``.
    """
    troubles: list[str] = []
    contexts = []

    def opened(at: str = address, **how: object) -> Page:
        context = browser.new_context(**how)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        listen(page, at, troubles)
        go(page, at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def listen(page: Page, address: str, troubles: list[str]) -> None:
    """Note requests to other hosts, errors and dialogs."""

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", f"blob:{address}")):
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


def go(page: Page, address: str) -> None:
    """Open the page and wait until it can be used."""
    from playwright.sync_api import expect

    page.goto(address)
    expect(page.locator("#question textarea")).to_be_visible()


def begin(page: Page, question: str) -> None:
    """Type and press Enter."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def ask(page: Page, question: str, turn: int = 1) -> None:
    """Type, press Enter, and wait for the end."""
    from playwright.sync_api import expect

    begin(page, question)
    expect(page.locator(f"#answer-{turn}")).to_be_visible()
    expect(page.locator("#ask")).to_be_enabled()


def tab(page: Page, name: str) -> None:
    """Open a tab."""
    page.get_by_role("tab", name=name, exact=True).click()
