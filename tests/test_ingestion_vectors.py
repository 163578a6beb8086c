"""Indexing that is interrupted, and the vectors that it makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ingestion_desk import RAIN, SNOW, Counting, Desk, Observer, desk_in
from job_samples import write

from rag.errors import LibraryFormatError
from rag.ingestion import vectors
from rag.library import Library


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from desk_in(tmp_path)


# --- interruption --------------------------------------------------------------------------


def test_stopping_keeps_the_files_that_were_done(desk: Desk) -> None:
    for n in range(5):
        write(desk.news / f"n{n}.txt", f"Article {n} tells of rain.")
    done = desk.observer = Observer()
    report = desk.run(stop=lambda: len(done.done) >= 2, observer=done)
    assert report.added == ("n0", "n1")
    assert (report.embedded, report.pending) == (0, 2)
    assert desk.embedder.calls == []
    report = desk.run()
    assert report.added == ("n2", "n3", "n4")
    assert (report.unchanged, report.embedded, report.pending) == (2, 5, 0)


def test_stopping_prunes_nothing(desk: Desk) -> None:
    path = write(desk.news / "rain.txt", RAIN)
    write(desk.news / "snow.txt", SNOW)
    desk.run()
    path.unlink()
    assert desk.run(prune=True, stop=lambda: True).removed == ()
    assert desk.run(prune=True).removed == ("rain",)


def test_stopping_between_batches_keeps_what_was_embedded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_EMBED_BATCH", 2)
    for n in range(5):
        write(desk.news / f"n{n}.txt", f"Article {n} tells of rain.")
    told = Observer()
    report = desk.run(stop=lambda: len(told.batches) >= 1, observer=told)
    assert (len(report.added), report.embedded, report.pending) == (5, 2, 3)
    assert desk.embedder.calls == [2]
    report = desk.run()
    assert (report.unchanged, report.embedded, report.pending) == (5, 3, 0)
    assert desk.embedder.calls == [2, 1]


def test_an_embedder_that_fails_costs_no_text_and_no_finished_batch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_EMBED_BATCH", 1)
    write(desk.news / "rain.txt", RAIN)
    write(desk.news / "snow.txt", SNOW)

    def fail(_: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        desk.run(observer=Observer(on_batch=fail))
    assert desk.ids == ["rain", "snow"]
    assert desk.run().embedded == desk.library.stats().passages - 1


# --- vectors -------------------------------------------------------------------------------


def test_the_same_text_twice_is_embedded_once(desk: Desk) -> None:
    for name in ("a", "b"):
        write(desk.news / f"{name}.txt", "Rain fell on Monday.")
    report = desk.run()
    assert sum(desk.embedder.calls) == 1
    assert (report.embedded, report.pending) == (2, 0)
    assert desk.observer.n_passages == sum(desk.observer.batches) == 2


def test_another_embedder_embeds_all_again_and_says_so(desk: Desk) -> None:
    write(desk.news / "rain.txt", RAIN)
    first = desk.run()
    desk.embedder = Counting("other")
    report = desk.run()
    assert report.embedded == first.embedded
    (note,) = desk.observer.notes
    assert "words" in note
    assert "other" in note
    assert [e.name for e in desk.library.stats().embedders] == ["other"]
    desk.run()
    assert desk.observer.notes == []


def test_vectors_of_the_old_embedder_stay_until_the_new_ones_are_complete(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_EMBED_BATCH", 1)
    write(desk.news / "rain.txt", RAIN)
    write(desk.news / "snow.txt", SNOW)
    desk.run()
    desk.embedder = Counting("other")
    told = Observer()
    report = desk.run(stop=lambda: len(told.batches) >= 1, observer=told)
    assert (report.embedded, report.pending) == (1, 1)
    assert desk.library.embedded_share("words") == 1
    assert desk.library.embedded_share("other") == 0.5
    assert desk.run().pending == 0
    assert desk.library.embedded_share("words") == 0
    assert desk.library.embedded_share("other") == 1


def test_vectors_that_were_left_over_by_a_kill_are_dropped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(desk.news / "rain.txt", RAIN)
    desk.run()
    desk.embedder = Counting("other")
    with monkeypatch.context() as patch:
        patch.setattr(Library, "forget_vectors", lambda *_: None)
        desk.run()
    assert len(desk.library.stats().embedders) == 2
    desk.run()
    assert [e.name for e in desk.library.stats().embedders] == ["other"]


def test_vectors_that_are_not_found_again_are_no_endless_work(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(desk.news / "rain.txt", RAIN)
    monkeypatch.setattr(Library, "store_vectors", lambda *_: None)
    with pytest.raises(LibraryFormatError, match="not found again") as caught:
        desk.run()
    assert "rag index PATH" in caught.value.hint
