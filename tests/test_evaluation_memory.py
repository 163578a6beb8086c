"""The most memory that a run held: of this process, begun anew for each row."""

from __future__ import annotations

import mmap
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from evaluation_runs import TableSystem, opener, suite

from rag.evaluation import Opened, Suite, evaluate
from rag.evaluation import memory as measured
from rag.evaluation.memory import forget_peak, peak_mb
from rag.schema import Answer

_MB = 2**20
LARGE_MB = 64


def held(n_mb: int) -> None:
    """Hold so much for a moment, every page of it written.

    Asked of the system: a bytearray may get what another test of this process has freed.
    """
    with mmap.mmap(-1, n_mb * _MB) as block:
        for start in range(0, len(block), 4096):
            block[start] = 1


def test_a_peak_is_remembered_when_its_memory_is_free_again() -> None:
    before = peak_mb()
    assert before is not None
    held(LARGE_MB)
    after = peak_mb()
    assert after is not None
    assert after >= max(before, LARGE_MB)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux begins anew")
def test_a_peak_is_forgotten() -> None:
    forget_peak()
    start = peak_mb() or 0.0
    held(LARGE_MB)
    assert (peak_mb() or 0.0) >= start + 0.9 * LARGE_MB
    forget_peak()
    assert (peak_mb() or 0.0) < start + 0.5 * LARGE_MB


def test_where_the_system_cannot_begin_anew_the_peak_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(measured, "_CLEAR_REFS", tmp_path / "none" / "clear_refs")
    before = peak_mb() or 0.0
    forget_peak()
    assert (peak_mb() or 0.0) >= before


def test_without_getrusage_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert peak_mb() is None


class Heavy(TableSystem):
    """Holds much while it answers."""

    def ask(self, question: str) -> Answer:
        held(LARGE_MB)
        return super().ask(question)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux begins anew")
def test_each_suite_has_a_peak_of_its_own() -> None:
    systems = iter([Heavy(), TableSystem()])
    suites = (suite(name="large"), suite(name="small"))

    def open_next(one: Suite) -> AbstractContextManager[Opened]:
        return opener(next(systems))(one)

    large, small = evaluate(suites, open_next).runs
    assert large.peak_mb is not None
    assert small.peak_mb is not None
    assert large.peak_mb > small.peak_mb + 0.5 * LARGE_MB
