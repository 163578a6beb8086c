from __future__ import annotations

import threading
from pathlib import Path

import pytest

from rag.errors import LlamaBrokenError
from rag.llama_build.probe import Trial, Verdict
from rag.llama_build.recipe import Rung
from rag.llama_build.wheels import CompileError, Shelf, climb

LADDER = {name: Rung(name, (f"-m{name}",)) for name in ("fast", "plain", "portable")}


class Builder:
    """Builds by writing the rung's name into a file; a wheel decodes as its name says."""

    def __init__(self, shelf: Shelf, outcomes: dict[str, Verdict | None]) -> None:
        self.shelf, self.outcomes = shelf, outcomes
        self.built: list[str] = []
        self.said: list[str] = []

    def build(self, rung: Rung) -> Path:
        self.built.append(rung.name)
        if self.outcomes[rung.name] is None:
            raise CompileError(f"{rung.name} does not compile")
        folder = self.shelf.root / "building-x" / rung.name
        folder.mkdir(parents=True)
        (folder / "llama.whl").write_text(rung.name)
        return folder / "llama.whl"

    def decode(self, wheel: Path) -> Trial:
        verdict = self.outcomes[wheel.read_text()]
        assert verdict is not None
        return Trial(verdict, "does as told")

    def climb(self) -> Path:
        self.built.clear()
        return climb(LADDER, self.shelf, self.build, self.decode, self.said.append)


WORKS, CRASHES, UNCLEAR = Verdict.WORKS, Verdict.CRASHES, Verdict.UNCLEAR


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_good_wheel_is_kept_and_taken_again(shelf: Shelf) -> None:
    builder = Builder(shelf, {"fast": WORKS})
    wheel = builder.climb()
    assert wheel == shelf.root / "fast" / "llama.whl" == shelf.wheel("fast")
    assert builder.built == ["fast"]
    assert builder.climb() == wheel
    assert builder.built == []


def test_a_rung_whose_child_dies_is_deleted_remembered_and_left_out(shelf: Shelf) -> None:
    builder = Builder(shelf, {"fast": CRASHES, "plain": WORKS})
    assert builder.climb().read_text() == "plain"
    assert builder.built == ["fast", "plain"]
    assert shelf.is_bad("fast")
    assert shelf.wheel("fast") is None
    assert builder.climb().read_text() == "plain"
    assert builder.built == []
    assert "it crashed on this processor before" in builder.said[-1]


def test_a_kept_wheel_that_crashes_now_is_given_up(shelf: Shelf) -> None:
    builder = Builder(shelf, {"fast": WORKS, "plain": WORKS})
    builder.climb()
    builder.outcomes["fast"] = CRASHES
    assert builder.climb().read_text() == "plain"
    assert not (shelf.root / "fast").exists()


def test_a_rung_that_does_not_compile_is_passed_but_not_remembered(shelf: Shelf) -> None:
    builder = Builder(shelf, {"fast": None, "plain": WORKS})
    assert builder.climb().read_text() == "plain"
    assert not shelf.is_bad("fast")


def test_where_nothing_compiles_the_last_failure_is_told(shelf: Shelf) -> None:
    builder = Builder(shelf, {"fast": None, "plain": CRASHES, "portable": None})
    with pytest.raises(CompileError, match="portable does not compile"):
        builder.climb()


def test_where_everything_crashes_the_hint_names_the_shelf(shelf: Shelf) -> None:
    builder = Builder(shelf, dict.fromkeys(LADDER, CRASHES))
    with pytest.raises(LlamaBrokenError) as caught:
        builder.climb()
    assert str(shelf.root) in caught.value.hint


def test_an_unclear_trial_stops_and_condemns_nothing(shelf: Shelf) -> None:
    builder = Builder(shelf, {"fast": UNCLEAR})
    with pytest.raises(LlamaBrokenError, match="does as told; it was not installed"):
        builder.climb()
    assert not shelf.is_bad("fast")


def test_a_workspace_is_gone_afterwards_and_so_are_older_ones(shelf: Shelf) -> None:
    (shelf.root / "building-old").mkdir()

    def work() -> None:
        with shelf.workspace() as folder:
            (folder / "half").write_text("half")
            assert not (shelf.root / "building-old").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert list(shelf.root.iterdir()) == []


def test_a_second_build_waits_for_the_first(shelf: Shelf) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def say(line: str) -> None:
        order.append(line)
        waiting.set()

    def second() -> None:
        with shelf.lock(say):
            order.append("second")

    thread = threading.Thread(target=second)
    with shelf.lock(order.append):
        thread.start()
        assert waiting.wait(10)
        order.append("first is done")
    thread.join(10)
    assert order == [
        "Another build of llama.cpp is running; waiting for it.",
        "first is done",
        "second",
    ]
