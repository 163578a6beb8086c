"""Looking up by filters and keys, from several threads, and at one moment."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, article, embed

from rag.errors import LibraryError
from rag.library import Library
from rag.schema import Filters


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, create=True, writable=True) as library:
        yield library
        assert library.check() == ()


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), ["rain", "snow"]),
        (Filters(documents=("rain", "none")), ["rain"]),
        (Filters(publishers=("DAILY drop",)), ["rain"]),
        (Filters(since=date(2024, 3, 1)), ["rain"]),
        (Filters(until=date(2024, 2, 29)), []),
    ],
)
def test_documents_and_passages_are_filtered(
    library: Library, filters: Filters, ids: list[str]
) -> None:
    library.replace_document(*RAIN)
    library.replace_document(*SNOW)
    assert [info.id for info in library.documents(filters)] == ids
    keys = library.passage_keys(filters)
    if not filters:
        assert keys is None
    else:
        assert keys is not None
        assert {p.document_id for p in library.passages(keys).values()} == set(ids)


def test_sentences_come_in_the_order_that_was_asked_for(library: Library) -> None:
    library.replace_document(*RAIN)
    keys = [stored.key for stored in library.sentences_of("rain")]
    asked = [keys[2], 9999, keys[0], keys[2]]
    assert list(library.sentences(asked)) == [keys[2], keys[0]]
    assert library.sentences([]) == {}


@pytest.mark.parametrize(
    ("at", "before", "after", "found"),
    [(1, 1, 1, [0, 1, 2]), (0, 2, 0, [0]), (3, 1, 5, [2, 3]), (2, 0, 0, [2])],
)
def test_neighbours_stay_in_the_document(
    library: Library, at: int, before: int, after: int, found: list[int]
) -> None:
    library.replace_document(*SNOW)
    library.replace_document(*RAIN)
    library.replace_document(*article("/news/later.txt", ["After."]))
    key = library.sentences_of("rain")[at].key
    around = library.neighbours(key, before=before, after=after)
    assert [s.sentence for s in around] == [RAIN[1][n] for n in found]
    assert library.neighbours(9999, before=1, after=1) == ()


def test_a_passage_knows_its_sentences(library: Library) -> None:
    library.replace_document(*SNOW)
    library.replace_document(*RAIN)
    embed(library)
    keys, _ = library.vector_rows("mini")
    by_passage = library.sentence_keys([*keys[::-1], 9999])
    assert list(by_passage) == keys[::-1]
    for key, passage in library.passages(keys).items():
        stored = library.sentences(by_passage[key]).values()
        assert [s.sentence.position for s in stored] == list(
            range(passage.first_sentence, passage.last_sentence + 1)
        )
        assert {s.document.id for s in stored} == {passage.document_id}


def test_a_key_is_never_used_again(library: Library) -> None:
    library.replace_document(*RAIN)
    old = [stored.key for stored in library.sentences_of("rain")]
    library.remove(["rain"])
    library.replace_document(*SNOW)
    assert library.sentences(old) == {}


def test_writing_needs_a_library_that_is_open_for_it(tmp_path: Path) -> None:
    Library.open(tmp_path, create=True).close()
    with Library.open(tmp_path) as library:
        with pytest.raises(LibraryError, match="for reading only"):
            library.replace_document(*RAIN)
        with library.connection() as connection, pytest.raises(sqlite3.OperationalError):
            connection.execute("DELETE FROM document")


def test_many_threads_may_read(library: Library) -> None:
    library.replace_document(*RAIN)
    together = threading.Barrier(8)

    def read(n: int) -> tuple[int, int]:
        with library.snapshot():
            together.wait(10)
            return n, len(library.sentences_of("rain")) + len(library.documents())

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(8))) == [(n, 5) for n in range(8)]


def test_a_snapshot_sees_one_moment(tmp_path: Path, library: Library) -> None:
    library.replace_document(*RAIN)
    with Library.open(tmp_path) as reader:
        with reader.snapshot():
            before = reader.documents(), reader.generation()
            library.remove(["rain"])
            assert (reader.documents(), reader.generation()) == before
            with reader.snapshot():
                assert len(reader.sentences_of("rain")) == 4
        assert reader.documents() == []
