"""How fast the page is: from the command to the address, to the page, to evidence and answer.

    python -m eval.benchmarks.page [--questions 6]

`rag ui` over `seeds/` in a process of its own, a new Chromium, the default model. Answers are
timed in turns with the same pipeline without the page, each question new to both.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rag.cli.progress import IndexBars
from rag.pipeline import Pipeline
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = (
    "How many people were stopped between ports of entry in November?",
    "Who leads the Border Patrol?",
    "How many encounters were recorded between ports of entry in May?",
    "What share of the migrants were stopped at the border?",
    "How many people were removed in fiscal year 2024?",
    "How many asylum officers were there?",
)
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")
_WAIT_MS = 120_000


def imported_s() -> float:
    """Seconds that a new process takes to import Gradio, the second time."""
    for _ in range(2):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import gradio"], check=True)
    return time.perf_counter() - started


@contextmanager
def running(library: Path) -> Iterator[tuple[str, float]]:
    """`rag ui`: its address, and the seconds until it was printed."""
    command = [
        sys.executable,
        "-m",
        "rag",
        "ui",
        "--library",
        str(library),
        "--port",
        "0",
        "--no-open",
    ]
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            told = next(match for line in process.stdout if (match := _ADDRESS.search(line)))
            yield told[0], time.perf_counter() - started
        finally:
            process.terminate()


def asked(page: Page, question: str, turn: int) -> tuple[float, float]:
    """Seconds from Enter to the first piece of evidence and to the first words of the answer."""
    old = page.locator("#evidence .card").count()
    page.locator("#question textarea").fill(question)
    started = time.perf_counter()
    page.locator("#question textarea").press("Enter")
    if old:
        page.locator("#evidence .card").first.wait_for(state="detached", timeout=_WAIT_MS)
    page.locator("#evidence .card").first.wait_for(timeout=_WAIT_MS)
    evidence_s = time.perf_counter() - started
    page.locator(f"#answer-{turn}").wait_for(timeout=_WAIT_MS)
    answer_s = time.perf_counter() - started
    page.locator("#ask:enabled").wait_for(timeout=_WAIT_MS)
    return evidence_s, answer_s


def without_page(pipeline: Pipeline, question: str) -> float:
    """Seconds from the question to the first words, without the page."""
    first: list[float] = []
    started = time.perf_counter()
    pipeline.ask(question, on_text=lambda _text: first.append(time.perf_counter() - started))
    return first[0]


def main() -> None:
    """Measure and print a table."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--questions", type=int, default=len(QUESTIONS))
    questions = QUESTIONS[: parser.parse_args().questions]
    gradio_s = imported_s()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        library = Path(folder) / "library"
        with Pipeline(Settings(library=library)) as pipeline, IndexBars() as bars:
            pipeline.index([str(ROOT / "seeds")], observer=bars)
            pipeline.warm()
            with running(library) as (address, address_s):
                chromium = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                page = chromium.new_page()
                started = time.perf_counter()
                page.goto(address)
                page.locator("#question textarea").wait_for()
                page_s = time.perf_counter() - started
                page.get_by_text("Ready").first.wait_for(timeout=_WAIT_MS)
                ready_s = time.perf_counter() - started
                bare, evidence, answers = [], [], []
                for turn, question in enumerate(questions, start=1):
                    bare.append(without_page(pipeline, question))
                    evidence_s, answer_s = asked(page, question, turn)
                    evidence.append(evidence_s)
                    answers.append(answer_s)
                chromium.close()
    more = [on_page - off for on_page, off in zip(answers, bare, strict=True)]
    print("| from | to | s | most |\n| --- | --- | --: | --: |")
    print(f"| `import gradio` | its end | {gradio_s:.1f} | |")
    print(f"| `rag ui` | its address | {address_s:.1f} | |")
    print(f"| the browser opens it | the page can be used | {page_s:.1f} | |")
    print(f"| the same | all is loaded | {ready_s:.1f} | |")
    print(f"| Enter | evidence on screen | {median(evidence):.2f} | {max(evidence):.2f} |")
    print(f"| Enter | the first words | {median(answers):.2f} | {max(answers):.2f} |")
    print(f"| the same, more than without the page | | {median(more):.2f} | {max(more):.2f} |")


if __name__ == "__main__":
    main()
