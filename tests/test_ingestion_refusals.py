"""What cannot be read never costs what was there before, nor another file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ingestion_desk import RAIN, SNOW, Desk, Observer, counts, desk_in, feed
from job_samples import write


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from desk_in(tmp_path)


def test_a_broken_file_is_refused_with_its_reason_each_time(desk: Desk) -> None:
    write(desk.news / "broken.pdf", "%PDF-1.7 and no more")
    write(desk.news / "rain.txt", RAIN)
    for expected in ((1, 0, 0, 0, 1), (0, 0, 0, 1, 1)):
        report = desk.run()
        assert counts(report) == expected
        (refusal,) = report.refused
        assert refusal.source == str(desk.news / "broken.pdf")
        assert refusal.reason
        assert refusal.hint
    assert desk.ids == ["rain"]


@pytest.mark.parametrize("content", ["", "\0\1\2\3" * 100])
def test_a_file_that_turns_broken_keeps_its_old_text(desk: Desk, content: str) -> None:
    path = write(desk.news / "rain.txt", RAIN)
    desk.run()
    write(path, content)
    for _ in range(2):
        assert counts(desk.run()) == (0, 0, 0, 0, 1)
        assert desk.text("rain") == RAIN
    write(path, SNOW)
    assert counts(desk.run()) == (0, 1, 0, 0, 0)
    assert desk.text("rain") == SNOW


def test_an_unreadable_file_keeps_its_old_text(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(desk.news / "rain.txt", RAIN)
    desk.run()
    os.utime(path, ns=(0, 10**18))

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", denied)
        patch.setattr(Path, "read_bytes", denied)
        report = desk.run()
    assert counts(report) == (0, 0, 0, 0, 1)
    assert "Permission denied" in report.refused[0].reason
    assert desk.text("rain") == RAIN
    assert counts(desk.run()) == (0, 0, 0, 1, 0)


def test_a_bad_line_costs_no_other(desk: Desk) -> None:
    path = write(desk.news / "feed.jsonl", feed("One fell.", None, "Three fell."))
    for expected in ((2, 0, 0, 0, 1), (0, 0, 0, 2, 1)):
        report = desk.run()
        assert counts(report) == expected
        assert report.refused[0].source == f"{path}#2"
    assert desk.ids == ["item-1", "item-3"]


def test_a_line_that_turns_bad_keeps_what_it_said(desk: Desk) -> None:
    path = write(desk.news / "feed.jsonl", feed("One fell.", "Two fell.", "Three fell."))
    desk.run()
    write(path, feed("One rose.", None))
    assert counts(desk.run()) == (0, 1, 0, 0, 1)
    assert [desk.text(i) for i in desk.ids] == ["One rose.", "Two fell.", "Three fell."]
    write(path, feed("One rose.", "Two rose."))
    report = desk.run()
    assert (report.updated, report.removed) == (("item-2",), ("item-3",))
    assert [desk.text(i) for i in desk.ids] == ["One rose.", "Two rose."]


def test_a_file_that_vanishes_during_the_run_is_refused(desk: Desk) -> None:
    write(desk.news / "a.txt", RAIN)
    gone = write(desk.news / "b.txt", SNOW)
    report = desk.run(observer=Observer(on_file=lambda _: gone.unlink(missing_ok=True)))
    assert report.added == ("a",)
    (refusal,) = report.refused
    assert (refusal.source, "No such file" in refusal.reason) == (str(gone), True)
    assert refusal.hint
    assert desk.observer.done == ["a.txt", "b.txt"]


def test_a_name_that_is_no_text_costs_no_other_file(desk: Desk) -> None:
    write(desk.news / "snow.txt", SNOW)
    odd = os.fsencode(desk.news) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(odd)).write_text(RAIN)
    except OSError:
        pytest.skip("this file system takes no such names")
    report = desk.run()
    assert report.added == ("snow",)
    (refusal,) = report.refused
    assert "Rename the file" in refusal.hint


def test_prune_leaves_what_cannot_be_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write(desk.news / "rain.txt", RAIN)
    hidden = write(desk.news / "closed" / "snow.txt", SNOW)
    desk.run()
    stat = Path.stat

    def denied(path: Path, **how: bool) -> os.stat_result:
        if path.is_relative_to(hidden.parent):
            raise PermissionError(13, "Permission denied")
        return stat(path, **how)

    write(desk.news / "new.txt", RAIN + " More.")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", denied)
        report = desk.run(desk.news, prune=True)
    assert report.removed == ()
    assert desk.text("snow") == SNOW
    hidden.unlink()
    assert desk.run(desk.news, prune=True).removed == ("snow",)
