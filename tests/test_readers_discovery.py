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


@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device"])
def test_what_never_ends_is_passed_over_when_it_is_named_itself(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "endless.txt"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.symlink_to("/dev/zero")
    found = discover([str(path)])
    assert found.files == ()
    (skip,) = found.skipped
    assert skip.reason == "It is no regular file."
    assert "standard input" in skip.hint


@pytest.mark.parametrize("name", ["x" * 5000, "a/" * 3000, "~nobody-of-that-name/a.txt", "a\0b"])
def test_a_name_that_no_file_can_have_is_wrong_input(name: str) -> None:
    with pytest.raises(InputError, match="no file or folder"):
        discover([name])


def test_a_loop_of_links_is_passed_over(news: Path) -> None:
    (news / "x.txt").symlink_to(news / "y.txt")
    (news / "y.txt").symlink_to(news / "x.txt")
    skipped = {Path(skip.source).name: skip.reason for skip in discover([str(news)]).skipped}
    assert "symbolic links" in skipped["x.txt"]
    assert "symbolic links" in skipped["y.txt"]
    with pytest.raises(InputError):
        discover([str(news / "x.txt")])


def test_a_thousand_folders_in_one_another_are_searched(tmp_path: Path) -> None:
    depth = 1100  # more than Python lets a function call itself
    deepest = os.open(tmp_path, os.O_RDONLY)
    folders = [deepest]
    try:
        for _ in range(depth):
            os.mkdir("d", dir_fd=folders[-1])
            folders.append(os.open("d", os.O_RDONLY, dir_fd=folders[-1]))
        os.close(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=folders[-1]))
        (found,) = discover([str(tmp_path)]).files
        assert found.name == "a.txt"
    finally:  # pytest's own cleaning would call itself for each
        os.unlink("a.txt", dir_fd=folders[-1])
        os.close(folders.pop())
        while len(folders) > 0:
            os.rmdir("d", dir_fd=folders[-1])
            os.close(folders.pop())


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_shows_names_only_is_passed_over(news: Path) -> None:
    (news / "sub").chmod(0o400)
    try:
        found = discover([str(news)])
    finally:
        (news / "sub").chmod(0o700)
    assert names(found.files, news) == ["A.md", "b.txt"]
    assert "It cannot be looked at: Permission denied." in {s.reason for s in found.skipped}
