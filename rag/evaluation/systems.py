"""The pipeline as what is evaluated: a library of a suite's articles, apart from the user's own.

With a cache, library and replies are kept from run to run; without, nothing is.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import GenerationStoppedError
from rag.evaluation.ceiling import GoldEvidence
from rag.evaluation.control_runs import Control
from rag.evaluation.controls import Abstaining, FirstFigure, ModelAlone
from rag.evaluation.journal import code_sha256
from rag.evaluation.running import Opened, System
from rag.evaluation.suites import Suite
from rag.generation.replies import CachedGenerator, ReplyCache
from rag.protocols import Generator, StopCheck
from rag.schema import Answer, Summary
from rag.settings import Settings
from rag.verification import EvidenceVerifier

if TYPE_CHECKING:
    from rag.ingestion import IndexObserver, IndexReport
    from rag.pipeline import Pipeline

# Libraries that no run has asked for so long belong to older code.
_KEPT_DAYS = 7


class PipelineSystem:
    """Asks a pipeline; the check for Ctrl-C goes with each question."""

    def __init__(self, pipeline: Pipeline, stop: StopCheck) -> None:
        self._pipeline = pipeline
        self._stop = stop

    def ask(self, question: str) -> Answer:
        """Answer a question."""
        _check(self._stop)
        return self._pipeline.ask(question, stop=self._stop)

    def summarize(self, document: str) -> Summary:
        """Sum up an article."""
        _check(self._stop)
        return self._pipeline.summarize(document, stop=self._stop)


@contextmanager
def open_pipeline(
    suite: Suite,
    settings: Settings,
    *,
    observer: IndexObserver,
    stop: StopCheck,
    on_note: Callable[[str], None],
    libraries: Path | None = None,
    replies: ReplyCache | None = None,
) -> Iterator[Opened]:
    """Index a suite's articles and open a pipeline over them.

    Args:
        suite: whose articles.
        settings: of the run; the library that they name is left alone.
        observer: told of the progress of indexing.
        stop: asked during all work.
        on_note: told of what could not be read.
        libraries: folder in which the library is kept; None removes it afterwards.
        replies: what the model has written before; None asks it every time.

    Raises:
        InputError: there are no such articles.
        GenerationStoppedError: ``stop`` said so.
        LibraryError, MissingPartError: as for :class:`rag.pipeline.Pipeline`.
    """
    from rag.pipeline import Pipeline

    wrap = _wrapping(replies, settings)
    with _folder(suite.articles, libraries) as folder:
        apart = settings.model_copy(update={"library": folder})
        with Pipeline(apart, on_note=on_note, wrap_generator=wrap) as pipeline:
            report = pipeline.index([str(suite.articles)], observer=observer, prune=True, stop=stop)
            if stop():
                raise GenerationStoppedError("Stopped.")
            _tell_refusals(report, on_note)
            sums = [(info.id, info.content_sha256) for info in pipeline.documents()]
            articles = hashlib.sha256(json.dumps(sorted(sums)).encode()).hexdigest()
            yield Opened(
                PipelineSystem(pipeline, stop),
                pipeline.settings_sha256,
                articles,
                pipeline.models,
                lambda control: _control(control, pipeline, suite, stop),
            )


class _Stoppable:
    """A control that is asked nothing more after Ctrl-C."""

    def __init__(self, system: System, stop: StopCheck) -> None:
        self._system = system
        self._stop = stop

    def ask(self, question: str) -> Answer:
        """Answer a question."""
        _check(self._stop)
        return self._system.ask(question)

    def summarize(self, document: str) -> Summary:
        """Sum up an article."""
        _check(self._stop)
        return self._system.summarize(document)


def _control(control: Control, pipeline: Pipeline, suite: Suite, stop: StopCheck) -> System:
    """Make a control ready over the articles and with the model of a pipeline."""
    documents = {info.id: pipeline.document(info.id) for info in pipeline.documents()}
    if control is Control.ABSTAIN:
        return Abstaining(documents)
    if control is Control.FIRST_FIGURE:
        return _Stoppable(FirstFigure(pipeline.retriever, documents), stop)
    if control is Control.MODEL_ALONE:
        return _Stoppable(ModelAlone(pipeline.generator, documents), stop)
    ceiling = GoldEvidence(
        suite.cases,
        documents,
        pipeline.scorer,
        pipeline.generator,
        EvidenceVerifier(),
        figure_reader=pipeline.figure_reader,
        answer_tokens=pipeline.settings.answer_tokens,
    )
    return _Stoppable(ceiling, stop)


def _check(stop: StopCheck) -> None:
    # Where nothing is near a question, the model, which asks too, is not called at all.
    if stop():
        raise GenerationStoppedError("Stopped.")


def _wrapping(replies: ReplyCache | None, settings: Settings) -> Callable[[Generator], Generator]:
    if replies is None:
        return lambda generator: generator
    # What another build or number of threads writes may differ in its rounding.
    salt = f"{version('llama-cpp-python')}:{settings.threads}"
    return lambda generator: CachedGenerator(generator, replies, salt=salt)


def _tell_refusals(report: IndexReport, on_note: Callable[[str], None]) -> None:
    for refusal in report.refused:
        on_note(f"Not read: {refusal.source}: {refusal.reason}")


@contextmanager
def _folder(articles: Path, libraries: Path | None) -> Iterator[Path]:
    """A folder for the library of some articles, of its own for each version of the code."""
    if libraries is None:
        with tempfile.TemporaryDirectory(prefix="citeline-eval-") as name:
            yield Path(name)
        return
    _forget_old(libraries)
    key = f"{articles.resolve()}:{code_sha256()}"
    folder = libraries / hashlib.sha256(key.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    folder.touch()
    yield folder


def _forget_old(libraries: Path) -> None:
    oldest = time.time() - _KEPT_DAYS * 24 * 3600
    for folder in libraries.glob("*"):
        with suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)
