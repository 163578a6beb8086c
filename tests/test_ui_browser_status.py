"""The tab Status where a model is missing, in a real browser: fetched, stopped, and loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
import ui_samples as samples
from playwright.sync_api import expect
from ui_browser import MARKS, Open, ask, served, tab
from ui_fakes import FakeNewsroom
from ui_hub import CONTENT, WITHIN_S, hub_of

from rag.errors import ModelMissingError
from rag.ui.asker import Part, Weights

pytestmark = MARKS
HINT = "Run: rag models fetch tiny"


@pytest.fixture
def address() -> str:
    return "unused"


class Lacking(FakeNewsroom):
    """Has no model until its file is there."""

    def __init__(self, weights: Path) -> None:
        super().__init__({"": samples.answer("", "So.")}, samples.documents()[:1])
        self._weights = weights

    def warm(self) -> None:
        if not self._weights.exists():
            raise ModelMissingError("tiny is not here.", HINT)

    def parts(self) -> tuple[Part, ...]:
        if self._weights.exists():
            return (Part("Chat model", "tiny"),)
        lacking = Weights("tiny", len(CONTENT))
        return (Part("Chat model", "tiny is not here.", HINT, ok=False, missing=lacking),)


def test_a_missing_model_is_fetched_from_the_page(
    visit: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        hub_of(tmp_path, monkeypatch, "tiny") as hub,
        served(Lacking(tmp_path / "models" / "tiny.gguf"), tmp_path / "library") as site,
    ):
        page = visit(site)
        tab(page, "Status")
        expect(page.locator("#facts .wrong").last).to_contain_text(HINT)
        expect(page.locator("#stop-fetching")).to_be_hidden()
        fetch = page.get_by_role("button", name="Fetch tiny (1 MB)")
        fetch.click()
        assert hub.sent_half.wait(WITHIN_S)
        expect(page.locator("#fetching")).to_contain_text("tiny from Hugging Face")
        expect(fetch).to_be_hidden()
        other = visit(site)  # sees the same, and can stop it
        tab(other, "Status")
        other.get_by_role("button", name="Stop fetching").click()
        expect(page.locator("#fetching")).to_contain_text("Stopped. What has arrived is kept")
        hub.let_on.set()
        fetch.click()
        expect(page.locator("#fetching")).to_contain_text("have the right sums", timeout=60_000)
        expect(page.locator("#facts .wrong")).to_have_count(0)
        expect(page.locator("#status .ready")).to_have_text("Ready")
        expect(fetch).to_be_hidden()
        tab(page, "Ask")
        ask(page, "What now?")
        expect(page.locator("#answer-1")).to_contain_text("So.")
    assert hub.requests[-1][1] is not None  # it went on where it was stopped
