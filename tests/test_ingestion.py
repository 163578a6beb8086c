from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ingestion_desk import RAIN, SNOW, Desk, counts, desk_in, feed
from job_samples import write

import rag.cutting
from rag.errors import InputError


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from desk_in(tmp_path)


@pytest.fixture
def no_opening(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, every look into a file fails the test."""

    def refuse(path: Path) -> object:
        raise AssertionError(f"{path} was opened")

    def forbid() -> None:
        monkeypatch.setattr(rag.cutting, "cut_file", refuse)

    return forbid


# --- what a run changes --------------------------------------------------------------------


def test_new_files_are_added_and_embedded(desk: Desk) -> None:
    write(desk.news / "rain.txt", RAIN)
    write(desk.news / "deep" / "snow.txt", SNOW)
    write(desk.news / "picture.png", "no text")
    report = desk.run()
    assert report.added == ("rain", "snow")
    assert counts(report) == (2, 0, 0, 0, 0)
    assert [Path(r.source).name for r in report.skipped] == ["picture.png"]
    assert report.embedded == desk.library.stats().passages > 0
    assert report.pending == 0
    assert report.duration_s > 0
    assert desk.library.embedded_share("words") == 1
    assert (desk.observer.n_files, desk.observer.done) == (2, ["rain.txt", "snow.txt"])
    assert desk.observer.n_passages == sum(desk.observer.batches) == report.embedded
    assert desk.observer.notes == []


def test_a_second_run_opens_no_file_and_no_embedder(
    desk: Desk, no_opening: Callable[[], None]
) -> None:
    write(desk.news / "rain.txt", RAIN)
    write(desk.news / "feed.jsonl", feed("One fell.", "Two fell."))
    desk.run()
    before = desk.library.generation()
    no_opening()
    report = desk.run()
    assert counts(report) == (0, 0, 0, 3, 0)
    assert (report.embedded, report.pending, desk.embedder.calls) == (0, 0, [])
    assert desk.library.generation() == before
    assert len(desk.observer.done) == desk.observer.n_files == 2


def test_a_touched_file_is_unchanged_and_known_again(
    desk: Desk, no_opening: Callable[[], None]
) -> None:
    path = write(desk.news / "rain.txt", RAIN)
    desk.run()
    before = desk.library.generation()
    os.utime(path, ns=(0, 10**18))
    assert counts(desk.run()) == (0, 0, 0, 1, 0)
    assert desk.library.generation() == before
    assert desk.embedder.calls == []
    no_opening()
    desk.run()


def test_a_changed_file_is_replaced_in_its_place(desk: Desk) -> None:
    path = write(desk.news / "rain.txt", RAIN)
    write(desk.news / "snow.txt", SNOW)
    desk.run()
    write(path, RAIN.replace("12 mm", "14 mm"))
    report = desk.run()
    assert report.updated == ("rain",)
    assert counts(report) == (0, 1, 0, 1, 0)
    assert "14 mm" in desk.text("rain")
    assert "12 mm" not in desk.text("rain")
    assert desk.ids == ["rain", "snow"]
    assert desk.library.embedded_share("words") == 1


def test_only_what_changed_is_embedded_again(desk: Desk) -> None:
    paragraphs = [f"Sentence {n} of an article that has eleven words in it." for n in range(9)]
    path = write(desk.news / "long.txt", "\n\n".join(paragraphs))
    first = desk.run()
    assert first.embedded > 2
    write(path, "\n\n".join([*paragraphs[:-1], "The end is another one."]))
    assert desk.run().embedded == 1


def test_a_change_of_the_recipe_reads_all_files_again(desk: Desk) -> None:
    write(desk.news / "rain.txt", RAIN)
    desk.run()
    assert desk.run(recipe="words:31").unchanged == 1
    assert desk.library.known_files()[str(desk.news / "rain.txt")].recipe.endswith("words:31")


def test_a_file_and_its_folder_are_one_file(desk: Desk) -> None:
    path = write(desk.news / "rain.txt", RAIN)
    assert counts(desk.run(desk.news, path, str(desk.news / "*.txt"))) == (1, 0, 0, 0, 0)


def test_two_files_of_one_name_keep_both(desk: Desk) -> None:
    for folder, text in (("a", RAIN), ("b", SNOW)):
        write(desk.news / folder / "report.txt", text)
    report = desk.run()
    first, second = report.added
    assert first == "report"
    assert second.startswith("report-")
    assert (desk.text(first), desk.text(second)) == (RAIN, SNOW)
    write(desk.news / "b" / "report.txt", SNOW + " More.")
    assert desk.run().updated == (second,)


def test_two_records_of_one_id_keep_both(desk: Desk) -> None:
    write(desk.news / "feed.jsonl", '{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}')
    report = desk.run()
    assert {desk.text(document_id) for document_id in report.added} == {"One.", "Two."}


def test_a_missing_path_changes_nothing(desk: Desk) -> None:
    write(desk.news / "rain.txt", RAIN)
    with pytest.raises(InputError, match="no file or folder"):
        desk.run(desk.news, desk.news / "nowhere")
    assert desk.ids == []


# --- removing ------------------------------------------------------------------------------


def test_prune_removes_what_the_named_folders_hold_no_more(desk: Desk) -> None:
    for name in ("rain", "snow", "feed"):
        write(desk.news / f"{name}.txt", RAIN if name == "rain" else SNOW)
    other = write(desk.news.parent / "other" / "wind.txt", "Wind blew.")
    desk.run(desk.news, other)
    (desk.news / "rain.txt").unlink()
    other.unlink()
    assert desk.run().removed == ()
    report = desk.run(prune=True)
    assert report.removed == ("rain",)
    assert set(desk.ids) == {"feed", "snow", "wind"}
    assert str(desk.news / "rain.txt") not in desk.library.known_files()
    assert desk.run(prune=True).removed == ()


def test_prune_leaves_files_that_are_still_there(desk: Desk) -> None:
    path = write(desk.news / "rain.txt", RAIN)
    desk.run()
    write(path, "")
    assert desk.run(prune=True).removed == ()
    assert desk.text("rain") == RAIN


def test_prune_removes_all_records_of_a_file(desk: Desk) -> None:
    path = write(desk.news / "feed.jsonl", feed("One fell.", "Two fell."))
    desk.run()
    path.unlink()
    assert desk.run(prune=True).removed == ("item-1", "item-2")
    assert desk.library.known_files() == {}


def test_prune_removes_a_file_of_which_a_part_was_refused(desk: Desk) -> None:
    path = write(desk.news / "feed.jsonl", feed("One fell.", None))
    desk.run()
    assert desk.run(prune=True).removed == ()
    path.unlink()
    assert desk.run(prune=True).removed == ("item-1",)
    assert desk.ids == []


def test_prune_with_a_pattern_or_a_file_removes_nothing(desk: Desk) -> None:
    write(desk.news / "rain.txt", RAIN)
    snow = write(desk.news / "snow.txt", SNOW)
    desk.run()
    snow.unlink()
    for path in (str(desk.news / "*.txt"), desk.news / "rain.txt"):
        assert desk.run(path, prune=True).removed == ()
    assert desk.ids == ["rain", "snow"]


# --- standard input ------------------------------------------------------------------------


def test_standard_input_is_one_article(desk: Desk) -> None:
    report = desk.run("-", stdin=RAIN.encode())
    assert counts(report) == (1, 0, 0, 0, 0)
    assert desk.text(report.added[0]) == RAIN
    assert desk.library.documents()[0].source.startswith("stdin:")
    assert counts(desk.run("-", stdin=RAIN.encode())) == (0, 0, 0, 1, 0)
    assert counts(desk.run("-", stdin=SNOW.encode())) == (1, 0, 0, 0, 0)


def test_standard_input_goes_with_files_and_is_never_pruned(desk: Desk) -> None:
    write(desk.news / "snow.txt", SNOW)
    assert len(desk.run("-", desk.news, stdin=RAIN.encode()).added) == 2
    assert desk.run(desk.news, prune=True).removed == ()
    assert len(desk.ids) == 2


def test_empty_standard_input_is_refused(desk: Desk) -> None:
    report = desk.run("-", stdin=b" \n")
    assert counts(report) == (0, 0, 0, 0, 1)
    assert report.refused[0].source.startswith("stdin:")
