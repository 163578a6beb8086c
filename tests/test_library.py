"""Storing: documents, their ids, and the files that they come from."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from library_samples import RAIN, SNOW, Cut, article

from rag.errors import InputError
from rag.library import Change, ChangeKind, Fingerprint, Library
from rag.schema import Span

PRINT = Fingerprint(12, 34, "ab")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, create=True, writable=True) as library:
        yield library
        assert library.check() == ()


def texts(library: Library, document_id: str) -> list[str]:
    return [stored.sentence.text for stored in library.sentences_of(document_id)]


def test_what_was_stored_comes_back_the_same(library: Library) -> None:
    assert library.replace_document(*RAIN) == Change(ChangeKind.ADDED, "rain")
    document, sentences, passages = RAIN
    assert library.document("rain") == document
    assert tuple(s.sentence for s in library.sentences_of("rain")) == sentences
    assert library.passages_of("rain") == passages
    assert library.documents() == [document.info]


def test_pages_and_document_come_with_a_sentence(library: Library) -> None:
    library.replace_document(*RAIN)
    library.replace_document(*SNOW)
    assert [s.page for s in library.sentences_of("rain")] == [1, 1, 2, 2]
    assert [RAIN[0].page_of(s.sentence.span.start) for s in library.sentences_of("rain")] == [
        1, 1, 2, 2
    ]  # fmt: skip
    assert {s.page for s in library.sentences_of("snow")} == {None}
    assert {s.document for s in library.sentences_of("rain")} == {RAIN[0].info}


def test_the_same_again_is_unchanged_and_costs_no_generation(library: Library) -> None:
    library.replace_document(*RAIN)
    before = library.generation()
    assert library.replace_document(*RAIN) == Change(ChangeKind.UNCHANGED, "rain")
    assert library.generation() == before


def _other_title(cut: Cut) -> Cut:
    return replace(cut[0], info=replace(cut[0].info, title="Drizzle")), cut[1], cut[2]


def _other_pages(cut: Cut) -> Cut:
    return replace(cut[0], page_starts=(0, 3)), cut[1], cut[2]


def _other_passages(cut: Cut) -> Cut:
    return cut[0], cut[1], tuple(replace(p, header="Rain, 1 March") for p in cut[2])


@pytest.mark.parametrize("edit", [_other_title, _other_pages, _other_passages])
def test_any_difference_is_an_update(library: Library, edit: Callable[[Cut], Cut]) -> None:
    library.replace_document(*RAIN)
    before = library.generation()
    edited = edit(RAIN)
    assert library.replace_document(*edited) == Change(ChangeKind.UPDATED, "rain")
    assert library.document("rain") == edited[0]
    assert library.passages_of("rain") == edited[2]
    assert library.generation() != before


def test_a_new_text_of_a_source_replaces_the_old_one(library: Library) -> None:
    library.replace_document(*RAIN)
    library.replace_document(*article("/news/rain.txt", ["Dry again."]))
    assert texts(library, "rain") == ["Dry again."]
    assert library.stats().sentences == 1
    assert library.stats().passages == 1


def test_an_article_without_sentences_can_be_stored(library: Library) -> None:
    library.replace_document(*article("/news/empty.txt", []))
    assert library.document("empty").text == ""
    assert library.sentences_of("empty") == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d, s, p: (d, (replace(s[0], span=Span(0, 3)), *s[1:]), p),
        lambda d, s, p: (d, (replace(s[0], text="Else."), *s[1:]), p),
        lambda d, s, p: (d, s, (replace(p[0], span=Span(0, 9999)), *p[1:])),
        lambda d, s, p: (d, s[:-1], p),
    ],
)
def test_spans_that_do_not_fit_are_refused(library: Library, spoil: Callable[..., Cut]) -> None:
    library.replace_document(*RAIN)
    with pytest.raises(ValueError, match="of /news/rain"):
        library.replace_document(*spoil(*RAIN))
    assert library.document("rain") == RAIN[0]


def test_a_name_that_is_no_text_is_explained(library: Library) -> None:
    document, sentences, passages = RAIN
    odd = replace(document, info=replace(document.info, source="/news/\udcff.txt"))
    with pytest.raises(InputError, match="no text") as caught:
        library.replace_document(odd, sentences, passages)
    assert "Rename" in caught.value.hint
    assert library.documents() == []


def test_a_second_source_with_the_same_id_gets_a_suffix_of_its_own(library: Library) -> None:
    first, second = article("/a/x.txt", ["One."]), article("/b/x.txt", ["Two."])
    assert library.replace_document(*first).document_id == "x"
    suffixed = library.replace_document(*second).document_id
    assert suffixed == "x-4eabf7"
    assert library.document(suffixed).text == "Two."
    assert library.passages_of(suffixed)[0].document_id == suffixed
    assert library.sentences_of(suffixed)[0].sentence.document_id == suffixed


def test_an_id_stays_with_its_source(library: Library) -> None:
    library.replace_document(*article("/a/x.txt", ["One."]))
    suffixed = library.replace_document(*article("/b/x.txt", ["Two."])).document_id
    library.remove(["/a/x.txt"])
    assert library.replace_document(*article("/b/x.txt", ["Three."])) == Change(
        ChangeKind.UPDATED, suffixed
    )
    assert library.replace_document(*article("/a/x.txt", ["One."])).document_id == "x"


def test_a_suffix_that_is_taken_is_made_longer(library: Library) -> None:
    library.replace_document(*article("/a/x.txt", ["One."]))
    library.replace_document(*article("/c", ["Trap."], document_id="x-4eabf7"))
    assert library.replace_document(*article("/b/x.txt", ["Two."])).document_id == "x-4eabf713ca1b"


def test_a_file_is_known_when_it_is_finished(library: Library) -> None:
    library.replace_document(*RAIN)
    assert library.known_files() == {}
    assert library.finish_file("/news/rain.txt", PRINT, ["/news/rain.txt"]) == []
    assert library.known_files() == {"/news/rain.txt": PRINT}
    newer = replace(PRINT, mtime_ns=35, recipe="2")
    library.finish_file("/news/rain.txt", newer, ["/news/rain.txt"])
    assert library.known_files() == {"/news/rain.txt": newer}


def test_records_that_a_file_has_no_more_are_removed(library: Library) -> None:
    sources = [f"/feed.jsonl#{n}" for n in range(3)]
    for source in sources:
        library.replace_document(*article(source, [f"Record {source}."]), path="/feed.jsonl")
    library.replace_document(*RAIN)
    assert library.finish_file("/feed.jsonl", PRINT, sources) == []
    assert library.finish_file("/feed.jsonl", PRINT, sources[1:2]) == ["feed", "feed-318f5c"]
    assert [info.source for info in library.documents()] == ["/feed.jsonl#1", "/news/rain.txt"]


@pytest.mark.parametrize(
    ("names", "removed"),
    [
        (["rain"], ["rain"]),
        (["/news/snow.txt", "nobody"], ["snow"]),
        (["rain", "/news/rain.txt", "snow"], ["rain", "snow"]),
        (["/feed.jsonl"], ["0", "1"]),
        (["/feed.jsonl#1"], ["1"]),
        (["nobody"], []),
        ([], []),
    ],
)
def test_documents_are_removed_by_id_source_or_file(
    library: Library, names: list[str], removed: list[str]
) -> None:
    for cut, path in [
        (RAIN, None),
        (SNOW, None),
        (article("/feed.jsonl#0", ["Zero."], document_id="0"), "/feed.jsonl"),
        (article("/feed.jsonl#1", ["One."], document_id="1"), "/feed.jsonl"),
    ]:
        library.replace_document(*cut, path=path)
    before = library.generation()
    for path in ("/news/rain.txt", "/news/snow.txt"):
        library.finish_file(path, PRINT, [path])
    library.finish_file("/feed.jsonl", PRINT, ["/feed.jsonl#0", "/feed.jsonl#1"])
    assert library.remove(names) == removed
    assert {info.id for info in library.documents()} == {"rain", "snow", "0", "1"} - set(removed)
    assert (library.generation() != before) is bool(removed)
    # What is gone is read again by the next run over its file.
    gone = {{"rain": "/news/rain.txt", "snow": "/news/snow.txt"}.get(i, "/feed.jsonl") for i in removed}  # fmt: skip  # noqa: E501
    assert not gone & set(library.known_files())
    assert len(library.known_files()) == 3 - len(gone)


def test_a_file_without_documents_is_forgotten_by_its_path(library: Library) -> None:
    library.finish_file("/news/empty.jsonl", PRINT, [])
    assert library.remove(["/news/empty.jsonl"]) == []
    assert library.known_files() == {}


def test_stats_count_everything(library: Library) -> None:
    assert library.stats().indexed_at is None
    library.replace_document(*RAIN)
    library.replace_document(*SNOW)
    stats = library.stats()
    assert (stats.documents, stats.sentences, stats.passages) == (2, 6, 3)
    assert stats.indexed_at is not None
    assert timedelta() <= datetime.now(UTC) - stats.indexed_at < timedelta(minutes=1)


def test_a_transaction_that_fails_leaves_nothing(library: Library) -> None:
    library.replace_document(*RAIN)
    document, sentences, passages = SNOW
    twice = (*passages, passages[0])
    with pytest.raises(sqlite3.IntegrityError):
        library.replace_document(document, sentences, twice)
    assert [info.id for info in library.documents()] == ["rain"]
    assert library.replace_document(*SNOW).kind is ChangeKind.ADDED


def test_damage_is_found(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True, writable=True) as library:
        library.replace_document(*RAIN)
        assert library.check() == ()
    with sqlite3.connect(tmp_path / "citeline.sqlite3") as raw:
        raw.execute("UPDATE document SET text = 'x' || text")
        raw.execute("INSERT INTO sentence_fts (rowid, text, title) VALUES (99, 'stray', '')")
        raw.execute("INSERT INTO vector VALUES (7, x'00', x'00')")
    raw.close()
    with Library.open(tmp_path, writable=True) as library:
        assert library.check() == (
            "row without parent in vector",
            "4 sentences differ from their article, 1 are left over",
            "document rain: sentence 0 of rain is not what its article says",
        )
