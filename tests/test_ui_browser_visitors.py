"""Several people at the page: stopping, waiting, leaving, and nothing seen of each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import ui_samples as samples
from playwright.sync_api import expect
from ui_browser import MARKS, PAUSE_S, Open, ask, begin, go, served, tab
from ui_fakes import FakeNewsroom

from rag.errors import LibraryMissingError, ModelMissingError
from rag.protocols import StopCheck
from rag.schema import Answer, Filters, Retrieval

pytestmark = MARKS


class Recording(FakeNewsroom):
    """Notes when each question begins, and can be told to read its prompt for ever."""

    def __init__(self, like: FakeNewsroom) -> None:
        self.__dict__ |= like.__dict__
        self.begun: dict[str, float] = {}

    def ask(
        self,
        question: str,
        *,
        filters: Filters,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        self.begun[question] = time.monotonic()
        while question == READING_FOR_EVER and not stop():
            time.sleep(0.01)
        return super().ask(
            question, filters=filters, on_evidence=on_evidence, on_text=on_text, stop=stop
        )


READING_FOR_EVER = "Who reads this prompt for ever?"


class Slow(FakeNewsroom):
    """Loads until it is told that it is done."""

    def __init__(self) -> None:
        super().__init__({"": samples.answer("", "So.")}, samples.documents()[:1])
        self.done = threading.Event()

    def warm(self) -> None:
        assert self.done.wait(120)


@pytest.fixture(scope="module")
def asker() -> Recording:
    return Recording(samples.asker(pause_s=PAUSE_S))


@pytest.fixture(scope="module")
def address(asker: Recording, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(asker, tmp_path_factory.mktemp("library")) as site:
        yield site


def within(seconds: float, true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


def test_stop_ends_the_writing_and_shows_nothing_unchecked(visit: Open, asker: Recording) -> None:
    asker.stopped.clear()
    page = visit()
    begin(page, samples.LONG)
    expect(page.locator("#chat .draft")).to_contain_text("harbour")
    page.locator("#stop").click()
    expect(page.locator("#answer-1")).to_contain_text("Stopped")
    expect(page.locator("#chat")).not_to_contain_text("The harbour master")
    expect(page.locator("#evidence .card")).to_have_count(4)
    assert asker.stopped == [samples.LONG]
    ask(page, samples.HOW_MUCH, 2)


@pytest.mark.parametrize("question", [samples.LONG, READING_FOR_EVER])
@pytest.mark.timed
def test_a_closed_tab_lets_the_next_visitor_begin_within_a_second(
    question: str, visit: Open, asker: Recording
) -> None:
    asker.begun.clear()
    leaving, waiting = visit(), visit()
    begin(leaving, question)
    assert within(10, lambda: question in asker.begun)
    begin(waiting, samples.HOW_MUCH)
    expect(waiting.locator("#chat .draft")).to_contain_text("1 question before yours")
    assert samples.HOW_MUCH not in asker.begun
    closed = time.monotonic()
    leaving.close()
    assert within(5, lambda: samples.HOW_MUCH in asker.begun)
    assert asker.begun[samples.HOW_MUCH] - closed < 1
    expect(waiting.locator("#answer-1 .abstained")).to_be_visible()


def test_those_who_wait_see_their_place_move_up(visit: Open, asker: Recording) -> None:
    first, second, third = visit(), visit(), visit()
    begin(first, READING_FOR_EVER)
    expect(first.locator("#chat .draft")).to_be_visible()
    begin(second, samples.HOW_MUCH)
    expect(second.locator("#chat .draft")).to_contain_text("1 question before yours")
    begin(third, samples.IN_APRIL)
    expect(third.locator("#chat .draft")).to_contain_text("2 questions before yours")
    second.locator("#stop").click()
    expect(second.locator("#answer-1")).to_contain_text("Stopped")
    expect(third.locator("#chat .draft")).to_contain_text("1 question before yours")
    first.locator("#stop").click()
    expect(third.locator("#answer-1")).to_contain_text("39,480")


def test_visitors_see_nothing_of_each_other(visit: Open, asker: Recording) -> None:
    asker.begun.clear()
    first, second = visit(), visit()
    begin(first, samples.HOW_MANY)
    # Not what the page shows meanwhile: a slow machine looks again after all has been written.
    assert within(15, lambda: samples.HOW_MANY in asker.begun)
    ask(second, samples.WHICH)
    expect(second.locator("#answer-1 .conflict")).to_be_visible()
    expect(first.locator("#answer-1")).to_contain_text("[2]")
    expect(second.locator("#chat")).not_to_contain_text("39,480 in April")
    expect(first.locator("#chat")).not_to_contain_text("1.2 million")
    tab(first, "Articles")
    first.get_by_role("checkbox", name="Ferry line").check()
    first.locator("#use").click()
    expect(first.locator("#article-counts")).to_contain_text("1 take part")
    tab(second, "Articles")
    expect(second.locator("#article-counts")).to_contain_text("all take part")


def test_a_page_that_is_loaded_again_begins_anew(visit: Open, address: str) -> None:
    page = visit()
    ask(page, samples.HOW_MANY)
    go(page, address)
    expect(page.locator("#chat .message")).to_have_count(0)
    expect(page.locator("#reading mark")).to_have_count(0)
    ask(page, samples.WHICH)


def test_a_missing_model_and_library_say_what_to_do(visit: Open, tmp_path: Path) -> None:
    no_library = LibraryMissingError("There is no library.", "Run: rag index PATH")
    no_model = ModelMissingError("The model has not been fetched.", "Run: rag models fetch")
    broken = FakeNewsroom({"": no_library}, no_library, broken=no_model)
    with served(broken, tmp_path) as site:
        page = visit(site)
        expect(page.locator("#status")).to_contain_text("Run: rag models fetch")
        expect(page.locator("#status")).to_contain_text("Run: rag index PATH")
        ask(page, "How many?")
        expect(page.locator("#answer-1.error")).to_contain_text("There is no library.")
        tab(page, "Articles")
        expect(page.locator("#article-counts")).to_contain_text("Run: rag index PATH")
        tab(page, "Status")
        expect(page.locator("#facts .wrong")).to_contain_text("Run: rag models fetch")
        page.context.close()


def test_the_page_is_there_while_the_model_loads(visit: Open, tmp_path: Path) -> None:
    slow = Slow()
    with served(slow, tmp_path) as site:
        page = visit(site)
        expect(page.locator("#status")).to_contain_text("Loading the model")
        tab(page, "Status")
        expect(page.locator("#facts")).to_contain_text("Loading, ")
        tab(page, "Ask")
        begin(page, "How many?")
        expect(page.locator("#chat .draft")).to_contain_text("Loading the model")
        slow.done.set()
        expect(page.locator("#answer-1")).to_contain_text("So.")
        expect(page.locator("#status")).to_contain_text("Ready")
        page.context.close()
