"""The parts of a process: opened once, and as the library is now."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from library_samples import article

from rag.errors import UnknownDocumentError
from rag.fakes import HashEmbedder
from rag.library import Library
from rag.pipeline import NO_FILTERS, Pipeline, ignore
from rag.pipeline.once import Once
from rag.pipeline.parts import Parts
from rag.pipeline.subjects import by_id
from rag.protocols import Embedder
from rag.schema import Filters
from rag.settings import Settings

BOATS = article("/news/boats.md", ["The harbour took 70 boats."])
HOMES = article("/news/homes.md", ["The flood reached 340 homes."])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library.open(tmp_path, create=True, writable=True) as library:
        library.replace_document(*BOATS)
    return tmp_path


@pytest.fixture
def parts(folder: Path) -> Iterator[Parts]:
    opened = Parts(
        Settings(library=folder), on_note=ignore, wrap_generator=lambda generator: generator
    )
    opened.embedder = Once[Embedder](HashEmbedder)
    yield opened
    opened.close()


def test_a_part_is_opened_once_whichever_thread_asks() -> None:
    opened: list[object] = []
    at_once = Barrier(4)

    def open_part() -> object:
        opened.append(object())
        return opened[-1]

    part = Once(open_part)
    assert not part.is_open

    def ask(_: int) -> object:
        at_once.wait()
        return part.get()

    with ThreadPoolExecutor(4) as pool:
        assert len({id(one) for one in pool.map(ask, range(4))}) == 1
    assert len(opened) == 1
    assert part.take() is opened[0]
    assert not part.is_open
    assert part.take() is None


def test_a_part_that_could_not_be_opened_is_tried_again() -> None:
    tries = iter([OSError("not yet"), None])

    def open_part() -> str:
        if error := next(tries):
            raise error
        return "open"

    part = Once(open_part)
    with pytest.raises(OSError, match="not yet"):
        part.get()
    assert part.get() == "open"


def test_the_retriever_is_kept_until_the_library_changes(folder: Path, parts: Parts) -> None:
    first = parts.retriever()
    assert parts.retriever() is first
    assert not first.retrieve("340 homes", NO_FILTERS).evidence
    with Library.open(folder, writable=True) as library:
        library.replace_document(*HOMES)
    assert parts.retriever() is not first
    found = parts.retriever().retrieve("How many homes?", NO_FILTERS).evidence
    assert "340 homes" in found[0].sentence.text


def test_closing_waits_for_what_is_being_opened_ahead_and_opens_no_more(
    parts: Parts,
) -> None:
    begun, go_on = Event(), Event()
    opened: list[str] = []

    def open_scorer() -> Any:
        begun.set()
        go_on.wait()
        opened.append("scorer")

    parts.scorer = Once(open_scorer)
    parts.generator = Once[Any](lambda: opened.append("chat model"))
    parts.expect_writer()
    begun.wait()
    closing = Thread(target=parts.close)
    closing.start()
    closing.join(0.1)
    assert closing.is_alive()
    go_on.set()
    closing.join(5)
    assert not closing.is_alive()
    assert opened == ["scorer"]


def test_articles_are_meant_by_title_or_path_as_well_as_by_id(parts: Parts) -> None:
    library = parts.library.get()
    (info,) = library.documents()
    for name in (info.id, info.source, info.name):
        assert by_id(Filters(documents=(name,)), library).documents == (info.id,)
    assert by_id(NO_FILTERS, library) is NO_FILTERS
    with pytest.raises(UnknownDocumentError):
        by_id(Filters(documents=("trains",)), library)


def test_no_job_loads_what_it_does_not_need(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a model was opened")

    monkeypatch.setattr("rag.pipeline.parts.resolve", refuse)
    with Pipeline(Settings(library=folder)) as pipeline:
        (info,) = pipeline.documents()
        assert pipeline.document(info.id).text
        assert not pipeline.copies()
        assert pipeline.summarize(info.id, reword=False).points
        assert pipeline.summarize_many().coverage.articles_read == 1
        (removed,) = pipeline.remove([info.id])
        assert removed.info == info
        assert pipeline.documents() == []
