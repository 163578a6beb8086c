from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

import rag.cutting
from rag.chunking import PassageChunker
from rag.cutting import CutDocument, CutFile, cut_file, cut_files
from rag.schema import Document, Passage, Refusal, Sentence


def count_words(text: str) -> int:
    return len(text.split()) + 2


CHUNKER = PassageChunker(count_words, 30)


@dataclass(frozen=True, slots=True)
class EndsItsProcess:
    """A chunker that dies of one text, in any process but the test's own."""

    text: str
    not_here: int

    def split(self, document: Document) -> tuple[tuple[Sentence, ...], tuple[Passage, ...]]:
        if self.text in document.text and os.getpid() != self.not_here:
            os.kill(os.getpid(), signal.SIGKILL)
        return CHUNKER.split(document)


def end_at_once(_chunker: object) -> None:
    os._exit(1)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few files count as many."""
    monkeypatch.setattr(rag.cutting, "_WORTH_PROCESSES", 2)


def write(folder: Path, *texts: str) -> list[Path]:
    paths = [folder / f"{n:02}.txt" for n in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return paths


def texts(files: list[CutFile]) -> list[str]:
    return [
        item.document.text if isinstance(item, CutDocument) else item.reason
        for file in files
        for item in file.items
    ]


@pytest.mark.usefixtures("many")
def test_other_processes_read_as_this_one_does_and_in_order(tmp_path: Path) -> None:
    paths = write(tmp_path, *(f"It rained {n} mm.\n\nNobody was hurt." for n in range(30)))
    assert list(cut_files(paths, CHUNKER, processes=2)) == [cut_file(p, CHUNKER) for p in paths]


@pytest.mark.usefixtures("many")
def test_a_file_that_ends_its_process_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    paths = write(tmp_path, "Rain.", "Poison.", "Snow.", "Hail.", "Fog.")
    files = list(cut_files(paths, EndsItsProcess("Poison", os.getpid()), processes=2))
    assert [file.path for file in files] == [str(path) for path in paths]
    ended = "Reading it ended the reading process, perhaps for want of memory."
    assert texts(files) == ["Rain.", ended, "Snow.", "Hail.", "Fog."]


@pytest.mark.usefixtures("many")
def test_where_no_process_can_be_had_this_one_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(tmp_path, "Rain.", "Snow.", "Hail.")
    monkeypatch.setattr(rag.cutting, "_begin", end_at_once)
    assert texts(list(cut_files(paths, CHUNKER, processes=2))) == ["Rain.", "Snow.", "Hail."]


@pytest.mark.usefixtures("many")
def test_a_caller_that_stops_leaves_no_process_behind(tmp_path: Path) -> None:
    reading = cut_files(write(tmp_path, *["Rain."] * 9), CHUNKER, processes=2)
    next(reading)
    reading.close()
    assert list(reading) == []


def test_a_file_is_remembered_as_it_was_before_it_was_read(tmp_path: Path) -> None:
    (path,) = write(tmp_path, "Rain.")
    file = cut_file(path, CHUNKER)
    status = path.stat()
    assert (file.size, file.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert file.fingerprint("r").sha256 == file.sha256 != ""


def test_a_file_that_is_gone_holds_a_refusal(tmp_path: Path) -> None:
    (item,) = cut_file(tmp_path / "gone.txt", CHUNKER).items
    assert isinstance(item, Refusal)
