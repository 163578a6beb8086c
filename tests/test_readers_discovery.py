from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.readers.discovery import discover


@pytest.fixture
def news(tmp_path: Path) -> Path:
    for name in (
        *("b.txt", "A.md", "sub/c.HTML", "sub/deep/d.jsonl", "sub/e.xlsx", "README"),
        *(".hidden.txt", ".git/f.txt", "sub/.x/g.txt"),
    ):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("It sells.")
    return tmp_path / "news"


def names(paths: tuple[Path, ...], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


def test_a_folder_is_searched_sorted_and_without_hidden_names(news: Path) -> None:
    found = discover([str(news)])
    assert names(found.files, news) == ["A.md", "b.txt", "sub/c.HTML", "sub/deep/d.jsonl"]
    assert {Path(skip.source).name: skip.reason for skip in found.skipped} == {
        "README": "No reader for files without an ending.",
        "e.xlsx": "No reader for .xlsx.",
    }
    assert all(".txt" in skip.hint for skip in found.skipped)


def test_a_file_that_is_named_is_taken_whatever_its_ending(news: Path) -> None:
    assert names(discover([str(news / "README"), str(news / ".hidden.txt")]).files, news) == [
        *("README", ".hidden.txt"),
    ]


def test_a_file_comes_once(news: Path) -> None:
    files = discover([str(news / "b.txt"), str(news), str(news / "sub" / ".." / "b.txt")]).files
    assert names(files, news) == ["b.txt", "A.md", "sub/c.HTML", "sub/deep/d.jsonl"]


def test_patterns(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(discover([f"{news}/*.txt"]).files, news) == ["b.txt"]
    assert names(discover([f"{news}/**/*.jsonl"]).files, news) == ["sub/deep/d.jsonl"]
    monkeypatch.chdir(news)
    assert names(discover(["sub/*.HTML"]).files, news) == ["sub/c.HTML"]


def test_a_name_that_looks_like_a_pattern_is_a_name_first(news: Path) -> None:
    odd = news / "[1] a*.txt"
    odd.write_text("It sells.")
    assert discover([str(odd)]).files == (odd.resolve(),)


@pytest.mark.parametrize("name", ["no-such-file.txt", "no-such-*.txt", ""])
def test_a_missing_path_is_wrong_input(news: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        discover([f"{news}/{name}" if name else "no/such"])
    assert caught.value.exit_code == 2
    assert "nothing was read" in caught.value.message
    assert caught.value.hint


def test_links_are_followed_and_loops_survived(news: Path, tmp_path: Path) -> None:
    (news / "sub" / "loop").symlink_to(news)
    other = tmp_path / "other"
    other.mkdir()
    (other / "z.txt").write_text("It sells.")
    (news / "linked").symlink_to(other)
    (news / "dead.txt").symlink_to(tmp_path / "nowhere")
    found = discover([str(news)])
    assert {path.name for path in found.files} == {"A.md", "b.txt", "c.HTML", "d.jsonl", "z.txt"}
    assert len(found.files) == 5
    assert "The link points to nothing." in {skip.reason for skip in found.skipped}


def test_what_is_no_regular_file_is_passed_over(news: Path) -> None:
    os.mkfifo(news / "pipe.txt")
    found = discover([str(news)])
    assert "pipe.txt" not in {path.name for path in found.files}
    assert "It is no regular file." in {skip.reason for skip in found.skipped}
