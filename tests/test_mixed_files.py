"""A folder of mixed files, hostile ones among them, as `python -m eval.benchmarks.mixed_files`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from eval.benchmarks.manifest import SMALL, Expected, Fate, Sizes
from eval.benchmarks.mixed_files import Run, run, write_files
from rag.library import Library

TINY = Sizes(
    text=60_000,
    line=10_000,
    marks=1000,
    unpacked=210_000_000,
    nested=2000,
    brackets=5000,
    truncated=5000,
    pages=0,
)


def test_every_file_has_its_fate_run_after_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, 150, SMALL, quick=True) == []
    table = capsys.readouterr().out
    assert "| good docx |" in table
    assert "150 files:" in table
    assert (tmp_path / "manifest.json").stat().st_size > 0


def test_the_same_files_come_out_each_time(tmp_path: Path) -> None:
    def files(name: str) -> dict[str, bytes]:
        expected = write_files(tmp_path / name, 110, TINY)
        root = (tmp_path / name).resolve()
        return {
            str(one.path.relative_to(root)): one.path.read_bytes()
            for one in expected
            if one.path.is_file() and one.kind != "encrypted PDF" and "good pdf" not in one.kind
        }

    first = files("first")
    assert len(first) > 80
    assert first == files("second")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"fate": Fate.REFUSED}, "was not refused"),
        ({"fate": Fate.SKIPPED}, "was not skipped"),
        ({"documents": 2}, "gave 1 documents"),
        ({"reason": "Line 3"}, "refused: []"),
        ({"holds": ("It snowed.",)}, "lost 'It snowed.'"),
        ({"lacks": "12 m+"}, "holds '12 mm'"),
        ({"path": Path("/nowhere/a.txt")}, "was not read"),
    ],
)
def test_another_fate_is_noticed(tmp_path: Path, changed: dict[str, object], fault: str) -> None:
    path = tmp_path / "news" / "rain.txt"
    path.parent.mkdir()
    path.write_text("It rained 12 mm.")
    expected = Expected("rain", path, Fate.READ, holds=("12 mm",))
    with Library.open(tmp_path / "library", create=True, writable=True) as library:
        job = Run(library, path.parent)
        report = job.index()
        job.check_fates([expected], report)
        assert job.wrong == []
        job.check_fates([dataclasses.replace(expected, **changed)], report)  # type: ignore[arg-type]
        assert fault in job.wrong[0]


def test_a_document_that_pruning_loses_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "news" / "rain.txt"
    path.parent.mkdir()
    path.write_text("It rained 12 mm.")
    with Library.open(tmp_path / "library", create=True, writable=True) as library:
        job = Run(library, path.parent)
        report = job.index()
        before = job.texts()
        job.check_pruned(report, before)
        assert job.wrong == []
        library.remove(list(report.added))
        job.check_pruned(report, before)
        assert "did not remove just" in job.wrong[0]
