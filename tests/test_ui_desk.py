from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
import ui_samples as samples
from ui_fakes import FakeNewsroom

from rag.errors import BusyError, GenerationStoppedError, ModelMissingError, RagError
from rag.protocols import StopCheck
from rag.schema import Answer, Digest, Filters, Retrieval, Summary
from rag.ui.asker import Asker
from rag.ui.desk import Desk, Warmth
from rag.ui.wanted import Choices, wanted

WITHIN_S = 5
ONE = wanted(Choices(samples.HARBOUR.id), Filters())
MANY = wanted(Choices(), Filters())


class Gate(FakeNewsroom):
    """An asker that waits in each question and in loading until it is let on."""

    def __init__(self) -> None:
        super().__init__({"": samples.answer("", "So.")})
        self.entered = threading.Semaphore(0)
        self.let_on = threading.Event()
        self.inside = 0
        self.most_inside = 0

    def ask(
        self,
        question: str,
        *,
        filters: Filters,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        self.entered.release()
        while not self.let_on.wait(0.01) and not stop():
            pass
        self.inside -= 1
        return super().ask(
            question, filters=filters, on_evidence=on_evidence, on_text=on_text, stop=stop
        )

    def warm(self) -> None:
        assert self.let_on.wait(WITHIN_S)


class Follower(threading.Thread):
    """A visitor who follows one question to its end."""

    def __init__(self, desk: Desk, visitor: str, question: str = "q") -> None:
        super().__init__()
        self._progress = desk.follow(question, visitor)
        self.outcome: Answer | Summary | Digest | RagError | None = None
        self.start()

    def run(self) -> None:
        self.outcome = list(self._progress)[-1].outcome

    def end(self) -> Answer | Summary | Digest | RagError | None:
        self.join(WITHIN_S)
        assert not self.is_alive()
        return self.outcome


def test_evidence_comes_before_words_and_the_answer_last() -> None:
    steps = list(Desk(samples.asker(pause_s=0.05)).follow(samples.HOW_MANY, "v"))
    found = [step.evidence is not None for step in steps]
    assert found == sorted(found)
    assert any(step.evidence and not step.draft for step in steps)
    drafts = [step.draft for step in steps]
    assert drafts == sorted(drafts, key=len)
    assert [isinstance(step.outcome, Answer) for step in steps].index(True) == len(steps) - 1


def test_one_question_at_a_time() -> None:
    asker = Gate()
    desk = Desk(asker)
    followers = [Follower(desk, str(n)) for n in range(4)]
    assert asker.entered.acquire(timeout=WITHIN_S)
    asker.let_on.set()
    assert all(isinstance(follower.end(), Answer) for follower in followers)
    assert asker.most_inside == 1


def test_stop_reaches_the_visitors_own_question_only() -> None:
    asker = Gate()
    desk = Desk(asker)
    first = Follower(desk, "first")
    assert asker.entered.acquire(timeout=WITHIN_S)
    second = Follower(desk, "second")
    desk.stop("nobody")
    desk.stop("first")
    assert isinstance(first.end(), GenerationStoppedError)
    asker.let_on.set()
    assert isinstance(second.end(), Answer)


def test_who_waits_for_the_turn_can_stop_too() -> None:
    asker = Gate()
    desk = Desk(asker)
    first = Follower(desk, "first")
    assert asker.entered.acquire(timeout=WITHIN_S)
    waiting = Follower(desk, "waiting")
    while ("waiting", "ask") not in desk._stops:
        time.sleep(0.01)
    desk.stop("waiting")
    assert isinstance(waiting.end(), GenerationStoppedError)
    asker.let_on.set()
    assert isinstance(first.end(), Answer)
    assert asker.entered.acquire(blocking=False) is False


def test_a_newer_question_stops_the_visitors_older_one() -> None:
    asker = Gate()
    desk = Desk(asker)
    older = Follower(desk, "v")
    assert asker.entered.acquire(timeout=WITHIN_S)
    newer = Follower(desk, "v")
    assert isinstance(older.end(), GenerationStoppedError)
    asker.let_on.set()
    assert isinstance(newer.end(), Answer)
    assert desk._stops == {}


def test_closing_the_iterator_stops_the_question() -> None:
    asker = samples.asker(pause_s=0.05)
    desk = Desk(asker)
    steps = desk.follow(samples.HOW_MANY, "v")
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    desk.close()
    assert asker.stopped == [samples.HOW_MANY]


def test_an_error_is_the_outcome() -> None:
    *_, last = Desk(samples.asker()).follow(samples.NO_MODEL, "v")
    assert isinstance(last.outcome, ModelMissingError)


def test_a_mistake_in_the_program_ends_in_words_and_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    *_, last = Desk(FakeNewsroom({})).follow("q", "v")
    assert isinstance(last.outcome, RagError)
    assert "KeyError" in last.outcome.message
    assert last.outcome.hint
    assert "Traceback" in caplog.text
    assert "Traceback" not in str(last.outcome)


def warm(desk: Desk) -> Warmth:
    """The warmth once it is settled."""
    deadline = time.monotonic() + WITHIN_S
    while desk.warmth.loading and time.monotonic() < deadline:
        time.sleep(0.01)
    return desk.warmth


def test_loading_is_seen_until_it_is_done() -> None:
    asker = Gate()
    desk = Desk(asker)
    desk.open()
    assert desk.warmth.loading
    asker.let_on.set()
    assert warm(desk).ready


def test_what_could_not_be_loaded_is_said_until_an_answer_comes() -> None:
    missing = ModelMissingError("No model.", "Run: rag models fetch")
    desk = Desk(FakeNewsroom({"": samples.answer("", "So.")}, broken=missing))
    desk.open()
    assert warm(desk).error is missing
    list(desk.follow("q", "v"))
    assert desk.warmth.ready


def test_who_waits_sees_the_place_in_the_line() -> None:
    asker = Gate()
    desk = Desk(asker)
    first = Follower(desk, "first")
    assert asker.entered.acquire(timeout=WITHIN_S)
    second = Follower(desk, "second")
    third = desk.follow("q", "third")
    seen = [next(third).ahead]
    while seen[-1] < 2:
        seen.append(next(third).ahead)
    desk.stop("second")
    assert isinstance(second.end(), GenerationStoppedError)
    while seen[-1] > 1:
        seen.append(next(third).ahead)
    asker.let_on.set()
    *_, last = third
    assert (last.ahead, type(last.outcome)) == (0, Answer)
    assert isinstance(first.end(), Answer)


def test_a_full_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.ui.desk.MAX_WAITING", 0)
    asker = Gate()
    desk = Desk(asker)
    first = Follower(desk, "first")
    assert asker.entered.acquire(timeout=WITHIN_S)
    (only,) = desk.follow("q", "second")
    assert isinstance(only.outcome, BusyError)
    asker.let_on.set()
    assert isinstance(first.end(), Answer)


def test_a_summary_comes_point_by_point() -> None:
    steps = list(Desk(samples.asker(pause_s=0.02)).summarize(ONE, "v"))
    counts = [len(step.points) for step in steps]
    assert counts == sorted(counts)
    assert counts[-1] == 2
    assert isinstance(steps[-1].outcome, Summary)


def test_stop_can_mean_the_summary_alone() -> None:
    desk = Desk(samples.asker(pause_s=0.02))
    steps = desk.summarize(ONE, "v")
    next(steps)
    desk.stop("v", "ask")
    assert not desk._stops["v", "summary"].is_set()
    desk.stop("v", "summary")
    *_, last = steps
    assert isinstance(last.outcome, GenerationStoppedError)


def test_a_summary_and_a_question_of_one_visitor_wait_for_each_other() -> None:
    desk = Desk(samples.asker(pause_s=0.02))
    summary = desk.summarize(ONE, "v")
    assert next(summary).ahead == 0
    question = desk.follow(samples.HOW_MUCH, "v")
    assert next(question).ahead == 1
    *_, summed = summary
    *_, answered = question
    assert isinstance(summed.outcome, Summary)
    assert isinstance(answered.outcome, Answer)


def test_the_fake_is_an_asker() -> None:
    asker: Asker = samples.asker()
    asker.warm()


def test_what_needs_no_model_waits_for_no_question() -> None:
    asker = Gate()
    desk = Desk(asker)
    asked = Follower(desk, "first")
    assert asker.entered.acquire(timeout=WITHIN_S)
    *_, summed = desk.summarize(MANY, "second")
    assert isinstance(summed.outcome, Digest)
    assert not desk.warmth.ready  # it says nothing of the model
    asker.let_on.set()
    assert isinstance(asked.end(), Answer)


def test_a_digest_tells_how_far_it_is() -> None:
    steps = list(Desk(samples.asker(pause_s=0.02)).summarize(MANY, "v"))
    assert any(step.read == (1, 3) for step in steps)
    assert len(steps[-1].points) == len(samples.POINTS)
