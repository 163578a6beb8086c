"""Pictures of every tab of the page, light, dark and as wide as a phone: over `seeds/`.

    python -m eval.screenshots [FOLDER]      pictures in FOLDER (reports/screenshots)
    python -m eval.screenshots --readme      also those of the README, in docs/images

Everything is real but the chat model, in whose place the sentence that it is given is quoted and
every figure is found as likely as another, so that code's order of them decides: a run takes half a
minute and always gives the same pictures. Needs Chromium.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.fakes import ScriptedGenerator
from rag.pipeline import Pipeline
from rag.pipeline.once import Once
from rag.prompts import NOT_STATED
from rag.schema import Message
from rag.settings import Settings
from rag.ui import Newsroom
from rag.ui.serving import Site

ROOT = Path(__file__).parents[1]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 860}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 860}},
    "phone": {
        "color_scheme": "light",
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
    },
}
README = {"Ask-light.png": "ask.png", "Check-light.png": "check.png"}
QUESTIONS = (
    "How many people were removed in fiscal year 2022?",
    "How many encounters were recorded between ports of entry in May?",
)
DRAFT = (
    "Border agents stopped 46,160 people between ports of entry in November, 18% fewer than in "
    "October. Between June and November more than 240,000 people were removed. The crossings "
    "cost $12 million a day."
)
_GIVEN = re.compile(r"(?:Sentence|Text): (?:\([^)]*\) )?(.*?)(?:\n\n|$)", re.DOTALL)


class Quoting(Pipeline):
    """A pipeline whose chat model quotes what it is given."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._parts.generator = Once[Any](lambda: _Quoter(_quoted, likelihoods=_as_likely))
        self._parts.figure_model = self._parts.generator


class _Quoter(ScriptedGenerator):
    def close(self) -> None:
        """There is nothing to free."""


def _quoted(messages: Sequence[Message]) -> str:
    given = _GIVEN.search(messages[-1].content)
    return given[1] if given else ""


def _as_likely(_messages: Sequence[Message], reply: str) -> float:
    return -9.0 if reply == NOT_STATED else -1.0


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "reports" / "screenshots")
    parser.add_argument("--readme", action="store_true")
    wanted = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no chromium. On Debian: apt install chromium")
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with served() as address:
        take(address, wanted.folder, chromium)
    if wanted.readme:
        for name, published in README.items():
            reduce(wanted.folder / name, ROOT / "docs" / "images" / published)
    print(f"Pictures in {wanted.folder}")


@contextmanager
def served() -> Iterator[str]:
    """The page over a new library of the articles in seeds/."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder)
        with Quoting(Settings(library=library)) as pipeline:
            pipeline.index([str(ROOT / "seeds")], observer=_Silent())
            with Site(Newsroom(pipeline), folder=library, host="127.0.0.1", port=0) as site:
                thread = threading.Thread(target=site.run)
                thread.start()
                try:
                    yield site.address
                finally:
                    site.stop()
                    thread.join()


def take(address: str, folder: Path, chromium: str) -> None:
    """Take a picture of each tab in each look."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for look, how in LOOKS.items():
            page = browser.new_context(**how, reduced_motion="reduce").new_page()
            page.goto(address)
            page.locator("#first button:visible").first.wait_for()
            for name, prepare in TABS.items():
                page.get_by_role("tab", name=name, exact=True).click()
                prepare(page)
                page.wait_for_timeout(700)
                whole = look == "phone"
                page.screenshot(path=folder / f"{name}-{look}.png", full_page=whole)
        browser.close()


def _ask(page: Any) -> None:
    for number, question in enumerate(QUESTIONS, start=1):
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        page.locator(f"#answer-{number}").wait_for()
        page.locator("#ask:enabled").wait_for()
    page.locator("#answer-2 .marker").first.click()
    page.locator("#answer-2 .marker").first.hover()


def _articles(page: Any) -> None:
    page.locator("#articles input").first.wait_for()


def _summary(page: Any) -> None:
    page.locator("#begin").click()
    page.get_by_text("passages read").wait_for()


def _figures(page: Any) -> None:
    page.get_by_label("About").fill("illegal crossings")
    page.get_by_label("About").press("Enter")
    page.locator("#plot img").wait_for()
    page.locator("#figures").get_by_role("gridcell").nth(1).click()
    page.locator("#figure-reading mark").wait_for()


def _check(page: Any) -> None:
    page.get_by_label("Draft").fill(DRAFT)
    page.locator("#check").click()
    page.locator("#claims .card").first.wait_for()
    page.mouse.move(0, 0)


def _status(page: Any) -> None:
    page.locator("#facts table").wait_for()


TABS = {
    "Ask": _ask,
    "Articles": _articles,
    "Summary": _summary,
    "Figures": _figures,
    "Check": _check,
    "Status": _status,
}


def reduce(picture: Path, target: Path) -> None:
    """Write a picture with 64 colours, of which a page of text has no more."""
    from PIL import Image

    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(picture) as image:
        image.convert("RGB").quantize(64).save(target, optimize=True)


class _Silent:
    def files(self, total: int) -> None: ...
    def file_done(self, path: str) -> None: ...
    def passages(self, total: int) -> None: ...
    def passages_done(self, count: int) -> None: ...
    def note(self, message: str) -> None: ...


if __name__ == "__main__":
    main()
