"""``rag figures --plot`` from outside."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rag.cli import main

ARTICLE = """---
title: Ferry traffic grows
publisher: The Harbour Post
published: 2024-03-02
---
The port counted 12,400 passengers in February 2024. In January 2024 it counted 11,900 passengers.
"""


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["rag", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.models
@pytest.mark.parametrize("name", ["out.png", "out.html"])
def test_figures_are_drawn_and_what_is_not_drawn_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    embedder_folder: Path,
    name: str,
) -> None:
    monkeypatch.setenv("RAG_LIBRARY", str(tmp_path / "library"))
    (tmp_path / "ferry.md").write_text(ARTICLE, encoding="utf-8")
    assert run(monkeypatch, "index", str(tmp_path / "ferry.md")) == 0
    capsys.readouterr()
    assert run(monkeypatch, "figures", "--plot", str(tmp_path / name)) == 0
    out, err = capsys.readouterr()
    assert out == ""
    # A long folder is broken across lines, amid its words too.
    assert f"{name}iswritten" in "".join(err.split())
    drawn = (tmp_path / name).read_bytes()
    if name == "out.html":
        assert b'id="mark-2"' in drawn
        assert b"12,400" in drawn
    else:
        assert drawn.startswith(b"\x89PNG")


def test_another_ending_is_refused_before_the_library_is_opened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("RAG_LIBRARY", str(tmp_path / "none"))
    assert run(monkeypatch, "figures", "--plot", str(tmp_path / "out.pdf")) == 2
    assert "no picture" in capsys.readouterr().err
