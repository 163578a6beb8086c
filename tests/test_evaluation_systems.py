"""The pipeline under evaluation: a library of its own, kept or not, and Ctrl-C at any time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest
from contracts.generator_contract import FRUIT, write
from evaluation_runs import ABSTENTION, HARVEST, SETTINGS, SUMMARY, suite

from rag.cli.evaluation_bars import EvaluationBars
from rag.errors import GenerationStoppedError
from rag.evaluation import Control, Opened
from rag.evaluation.systems import open_pipeline
from rag.fakes import ScriptedGenerator, ScriptedScorer
from rag.generation.replies import CachedGenerator, ReplyCache
from rag.protocols import Generator, StopCheck
from rag.schema import (
    Answer,
    Document,
    DocumentInfo,
    Filters,
    Refusal,
    Retrieval,
    Status,
    Summary,
)
from rag.settings import Settings


class Finding:
    """Finds nothing, and remembers what for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def retrieve(self, question: str, _filters: Filters) -> Retrieval:
        self.asked.append(question)
        return Retrieval(question, question, (), embedded_share=1.0, duration_s=0.0)


class FakePipeline:
    """Stands in for the pipeline; the last one that was made is ``last``."""

    last: FakePipeline

    def __init__(
        self,
        settings: Settings,
        *,
        on_note: Callable[[str], None],
        wrap_generator: Callable[[Generator], Generator],
    ) -> None:
        FakePipeline.last = self
        self.settings = settings
        self.settings_sha256 = SETTINGS
        self.models = {"tiny": "7" * 64, "words": "8" * 64}
        self.retriever = Finding()
        self.scorer = ScriptedScorer()
        self.generator = wrap_generator(ScriptedGenerator({"": "Yes."}))
        self.figure_reader = self.generator
        self.indexed: list[str] = []
        self.stops: list[StopCheck] = []

    def index(self, paths: list[str], *, observer: object, prune: bool, stop: StopCheck) -> object:
        assert prune, "articles that are gone must not be found"
        self.indexed += paths
        return SimpleNamespace(refused=[Refusal("b.pdf", "It is empty.")])

    def documents(self) -> list[DocumentInfo]:
        return [HARVEST]

    def document(self, name: str) -> Document:
        assert name == HARVEST.id
        return Document(HARVEST, "It rained. Wheat came in late. Barley did not. All was well.")

    def ask(self, question: str, *, stop: StopCheck) -> Answer:
        self.stops.append(stop)
        return ABSTENTION

    def summarize(self, document: str, *, stop: StopCheck) -> Summary:
        self.stops.append(stop)
        return SUMMARY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.pipeline.Pipeline", FakePipeline)


@contextmanager
def opened(
    *,
    stop: StopCheck = lambda: False,
    notes: list[str] | None = None,
    libraries: Path | None = None,
    replies: ReplyCache | None = None,
    threads: int = 2,
) -> Iterator[Opened]:
    with open_pipeline(
        suite(),
        Settings(threads=threads),
        observer=EvaluationBars(),
        stop=stop,
        on_note=(notes if notes is not None else []).append,
        libraries=libraries,
        replies=replies,
    ) as found:
        yield found


def test_articles_are_indexed_apart_from_the_users_library() -> None:
    with opened() as found:
        folder = FakePipeline.last.settings.library
        assert folder.is_dir()
        assert folder != Settings().library
        assert FakePipeline.last.indexed == ["articles"]
        assert found.settings_sha256 == SETTINGS
    assert not folder.exists()


def test_each_control_answers_in_the_place_of_the_pipeline() -> None:
    with opened() as found:
        assert found.models == {"tiny": "7" * 64, "words": "8" * 64}
        assert found.control is not None
        systems = {control: found.control(control) for control in Control}
        answers = {control: system.ask("How much wheat?") for control, system in systems.items()}
        assert FakePipeline.last.retriever.asked == ["How much wheat?"]
        said = [control for control, one in answers.items() if one.status is Status.ANSWERED]
        assert said == [Control.MODEL_ALONE]
        lead = systems[Control.FIRST_FIGURE].summarize(HARVEST.id)
        assert [point.text for point in lead.points][:2] == [
            "It rained. [1]",
            "Wheat came in late. [2]",
        ]


def test_a_control_can_be_stopped() -> None:
    pressed: list[bool] = []
    with opened(stop=lambda: bool(pressed)) as found:
        assert found.control is not None
        system = found.control(Control.MODEL_ALONE)
        pressed.append(True)
        for call in (system.ask, system.summarize):
            with pytest.raises(GenerationStoppedError):
                call(HARVEST.id)


def test_questions_and_summaries_can_be_stopped() -> None:
    pressed: list[bool] = []

    def stop() -> bool:
        return bool(pressed)

    with opened(stop=stop) as found:
        assert found.system.ask("How many?") is ABSTENTION
        assert found.system.summarize("harvest") is SUMMARY
        assert FakePipeline.last.stops == [stop, stop]
        pressed.append(True)
        for call in (found.system.ask, found.system.summarize):
            with pytest.raises(GenerationStoppedError):
                call("harvest")
    assert len(FakePipeline.last.stops) == 2


def test_indexing_that_was_stopped_asks_nothing() -> None:
    with pytest.raises(GenerationStoppedError), opened(stop=lambda: True):
        pytest.fail("half of the articles are not those of the suite")


def test_what_could_not_be_read_is_told() -> None:
    notes: list[str] = []
    with opened(notes=notes):
        assert notes == ["Not read: b.pdf: It is empty."]


def test_the_sum_of_the_articles_follows_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as one, opened() as two:
        assert one.articles_sha256 == two.articles_sha256
    changed = [DocumentInfo(HARVEST.id, HARVEST.source, HARVEST.media_type, "2" * 64)]
    monkeypatch.setattr(FakePipeline, "documents", lambda _: changed)
    with opened() as three:
        assert three.articles_sha256 != one.articles_sha256


def test_a_library_is_kept_for_the_next_run(tmp_path: Path) -> None:
    folders = []
    for _ in range(2):
        with opened(libraries=tmp_path):
            folders.append(FakePipeline.last.settings.library)
    assert folders[0] == folders[1]
    assert folders[0].is_dir()


def test_a_library_of_other_code_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(libraries=tmp_path):
        before = FakePipeline.last.settings.library
    monkeypatch.setattr("rag.evaluation.systems.code_sha256", lambda: "other")
    with opened(libraries=tmp_path):
        assert FakePipeline.last.settings.library != before


def test_libraries_that_nobody_asks_for_are_removed(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, days in ((old, 8), (new, 6)):
        folder.mkdir()
        (folder / "file").write_text("")
        then = time.time() - days * 24 * 3600
        os.utime(folder, (then, then))
    with opened(libraries=tmp_path):
        assert not old.exists()
        assert new.exists()


def test_without_a_cache_the_model_is_asked_itself() -> None:
    with opened():
        assert isinstance(FakePipeline.last.generator, ScriptedGenerator)


def test_another_number_of_threads_does_not_get_the_same_replies(tmp_path: Path) -> None:
    with ReplyCache(tmp_path / "replies.sqlite3") as cache:
        for threads, hits in ((1, 0), (2, 0), (2, 1)):
            with opened(replies=cache, threads=threads):
                assert isinstance(FakePipeline.last.generator, CachedGenerator)
                write(FakePipeline.last.generator, FRUIT)
            assert cache.hits == hits
