"""The page: from the command to its address, to the field, and from Enter to evidence and answer.

    python -m eval.benchmarks.page [--runs 5]

A run imports Gradio alone, starts `rag ui` over `seeds/`, opens the page as a new visitor, and
when the models are loaded asks two questions there and then of one process of `rag ask`, each of
them new to both. Needs Chromium and the default model.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from unittest.mock import patch

from eval.benchmarks.children import RAG, Child, NotSeenError, printed
from rag.errors import RagError
from rag.evaluation.cases import Split, load_cases
from rag.models import Role, load_registry, resolve
from rag.ui.serving import prepare

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS_A_RUN = 2
# Far more than anything here takes, also where other programs want the processor.
WAIT_S = 120.0
# The first question of a process reads what later ones find read: both are asked it first.
_FIRST = "How many people were stopped between ports of entry in November?"
_IMPORT = ("-c", "import gradio; print('imported', flush=True)")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")

# In the page, because Playwright looks only twice a second at what it waits for, and written onto
# the page, because the page's policy lets no other script ask for it later. Milliseconds since the
# navigation, read every 10 ms: frames would take more of the processor, which the model needs.
_STOPWATCH = """
(() => {
  const places = {
    field: "#question textarea:enabled",
    evidence: "#evidence .card",
    answer: "#answer-1",
  };
  const see = (name) => { document.documentElement.dataset[name] ??= performance.now(); };
  setInterval(() => {
    for (const [name, place] of Object.entries(places)) {
      if (document.querySelector(place)?.checkVisibility()) see(name);
    }
  }, 10);
  addEventListener("keydown", (event) => { if (event.key === "Enter") see("enter"); }, true);
})();
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, in seconds from Enter, and of `rag ask` from the question."""

    evidence_s: float
    answer_s: float
    shell_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured of one process of `rag ui`, in seconds."""

    import_s: float
    """Of Gradio alone, in a process of its own."""
    address_s: float
    field_s: float
    """From the navigation until a question can be typed."""
    asked: tuple[Asked, ...]


class Row(NamedTuple):
    """One line of the table."""

    measure: str
    seconds: Sequence[float]
    aim: str = ""


def rows(runs: Sequence[Run]) -> list[Row]:
    """What the runs come to; the last row compares each question with itself."""
    asked = list(chain.from_iterable(run.asked for run in runs))
    return [
        Row("`import gradio` alone", [run.import_s for run in runs]),
        Row("`rag ui`, until its address is printed", [r.address_s for r in runs], "import + 1 s"),
        Row("navigation, until a question can be typed", [run.field_s for run in runs], "3 s"),
        Row("Enter, until evidence is on the screen", [a.evidence_s for a in asked], "1 s"),
        Row("Enter, until the answer is on the screen", [a.answer_s for a in asked]),
        Row("the same questions to `rag ask`", [a.shell_s for a in asked]),
        Row("answer, later than from `rag ask`", [a.answer_s - a.shell_s for a in asked], "0.3 s"),
    ]


def table(measured: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = ["| measure | median | most | aim |", "| --- | --: | --: | --- |"]
    for measure, seconds, aim in measured:
        lines.append(f"| {measure} | {median(seconds):.2f} s | {max(seconds):.2f} s | {aim} |")
    return "\n".join(lines)


def questions() -> tuple[str, ...]:
    """Lookups over `seeds/`, one an event, so that none asks again what another has asked."""
    by_event: dict[tuple[str, ...], str] = {}
    for case in load_cases([ROOT / "eval" / "cases" / "seeds.jsonl"]):
        if case.split is Split.DEV and case.kind == "lookup" and case.answerable:
            event = tuple(tag for tag in case.tags if tag.startswith("event:"))
            by_event.setdefault(event, case.question)
    return tuple(by_event.values())


def imported_s(folder: Path) -> float:
    """Seconds until a new process has imported Gradio, told what `rag ui` tells it first."""
    with patch.dict(os.environ):
        prepare(folder)
        environment = dict(os.environ)
    with Child(*_IMPORT, environment=environment) as child:
        return child.told(re.compile("imported"), "the import of Gradio", WAIT_S)[1]


@contextmanager
def waiting_for(what: str) -> Iterator[None]:
    """Say what the block waited for where the browser gives up."""
    from playwright.sync_api import Error

    try:
        yield
    except Error as error:
        reason = error.message.partition("\n")[0]
        raise NotSeenError(f"Waited for {what}; the browser says: {reason}") from None


def seen_s(page: Page, name: str, what: str) -> float:
    """Seconds from the navigation until something was on the screen, by the page's stopwatch."""
    with waiting_for(what):
        seen = page.locator(f"html[data-{name}]").get_attribute(f"data-{name}")
    return float(seen or "nan") / 1000


@contextmanager
def visited(context: BrowserContext, address: str) -> Iterator[tuple[Page, float]]:
    """The page with its models loaded, and the seconds until a question could be typed."""
    page = context.new_page()
    try:
        with waiting_for("the page's head"):
            page.goto(address, wait_until="commit")
        field_s = seen_s(page, "field", "the field for a question")
        with waiting_for("the models and the first questions"):
            state = page.locator("#status .ready, #status .failed").first
            state.wait_for()
            # What the page still fetches when it is opened would be measured with the question.
            page.locator("#first button:visible").first.wait_for()
            if "Ready" not in (said := state.inner_text()):
                raise NotSeenError(f"Waited for the models; the page says: {said}")
        yield page, field_s
    finally:
        page.close()


def asked_s(context: BrowserContext, address: str, question: str) -> tuple[float, float]:
    """Seconds from Enter to the first piece of evidence and to the answer, as a new visitor."""
    with visited(context, address) as (page, _):
        with waiting_for("the question to be typed"):
            page.locator("#question textarea").fill(question)
            page.locator("#question textarea").press("Enter")
        answer = seen_s(page, "answer", f"an answer to {question!r}")
        with waiting_for(f"the end of {question!r}"):
            page.locator("#ask:enabled").wait_for()
            if page.locator("#answer-1:is(.error, .unclear)").count():
                said = " ".join(page.locator("#answer-1").inner_text().split())
                raise NotSeenError(f"Waited for an answer to {question!r}; the page says: {said}")
        evidence = seen_s(page, "evidence", f"evidence for {question!r}")
        enter = seen_s(page, "enter", "Enter")
        return evidence - enter, answer - enter


def asked_by_shell_s(library: Path, asked: Sequence[str]) -> list[float]:
    """Seconds from each question to its answer, in one process of `rag ask` that is warm."""
    file = library.parent / "questions.jsonl"
    file.write_text("".join(json.dumps({"question": q}) + "\n" for q in (_FIRST, *asked)), "utf-8")
    words = ("ask", "--library", str(library), "--questions", str(file), "--json")
    out = printed(*words, what="the answers of rag ask", within_s=WAIT_S * (len(asked) + 1))
    return [float(json.loads(line)["timing"]["total_s"]) for line in out.strip().split("\n")[1:]]


def measured(browser: Browser, library: Path, asked: Sequence[str]) -> Run:
    """One run."""
    import_s = imported_s(library)
    words = ("ui", "--no-open", "--port", "0", "--library", str(library))
    with Child(*RAG, *words) as child, browser.new_context() as context:
        address, address_s = child.told(_ADDRESS, "the address of rag ui", WAIT_S)
        context.set_default_timeout(WAIT_S * 1000)
        context.add_init_script(_STOPWATCH)
        with visited(context, address) as (_, field_s):
            pass
        asked_s(context, address, _FIRST)
        on_page = [asked_s(context, address, question) for question in asked]
    by_shell = asked_by_shell_s(library, asked)
    both = tuple(Asked(*page, shell) for page, shell in zip(on_page, by_shell, strict=True))
    return Run(import_s, address_s, field_s, both)


def measure(n_runs: int) -> list[Run]:
    """All runs, over one library of `seeds/`."""
    from playwright.sync_api import sync_playwright

    if (chromium := shutil.which("chromium")) is None:
        raise NotSeenError("There is no chromium to open the page with.")
    resolve(load_registry().default(Role.GENERATOR).name)
    with (
        tempfile.TemporaryDirectory() as folder,
        waiting_for("the browser"),
        sync_playwright() as playwright,
    ):
        library = Path(folder) / "library"
        seeds = str(ROOT / "seeds")
        printed("index", "--library", str(library), seeds, what="rag index", within_s=WAIT_S)
        imported_s(library)  # so that its files need not come from the disk
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        runs = []
        for start in range(0, n_runs * QUESTIONS_A_RUN, QUESTIONS_A_RUN):
            runs.append(measured(browser, library, questions()[start : start + QUESTIONS_A_RUN]))
            print(f"{len(runs)} of {n_runs} runs: {runs[-1]}", file=sys.stderr)
        browser.close()
        return runs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=5)
    n_runs = parser.parse_args().runs
    if not 1 <= n_runs <= (most := len(questions()) // QUESTIONS_A_RUN):
        parser.error(f"--runs is 1 to {most}: there are no more questions")
    # Otherwise a program that ends this one would leave its children behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended from outside."))
    try:
        runs = measure(n_runs)
    except (NotSeenError, RagError) as error:
        sys.exit(str(error))
    sys.stdout.write(table(rows(runs)) + "\n")


if __name__ == "__main__":
    main()
