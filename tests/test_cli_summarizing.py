"""``rag summarize`` from outside, over a library made without any model."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest
from library_samples import article

from rag.cli import main
from rag.fakes import ScriptedGenerator
from rag.library import Library
from rag.pipeline.parts import Parts

CUTS = (
    article(
        "/news/first.md",
        [
            "The storm left 340 homes in Harnby flooded, near Tanner Bridge and the Sarn.",
            "In Harnby the Marrow Dales council opened beds on 19 November 2031 by the Sarn.",
        ],
        title="Storm floods Harnby",
        publisher="Examiner",
        published=date(2031, 11, 19),
    ),
    article(
        "/news/later.md",
        [
            "In Harnby 527 homes were flooded, near Tanner Bridge and the Sarn.",
            "Nobody in Marrow Dales knows of any more, said the council [of 12].",
        ],
        title="Harnby counts",
        publisher="Examiner",
        published=date(2031, 12, 3),
    ),
)


class Run:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        self._monkeypatch.setattr(sys, "argv", ["rag", "summarize", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        self.out, self.err = self._capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    with Library.open(tmp_path, create=True, writable=True) as library:
        for cut in CUTS:
            library.replace_document(*cut)
    monkeypatch.setenv("RAG_LIBRARY", str(tmp_path))
    monkeypatch.setenv("RAG_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(Parts, "settings_sha256", lambda _parts: "5" * 64)
    return Run(monkeypatch, capsys)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedGenerator:
    """Writes nothing that could be taken, and remembers what it was asked."""
    generator = ScriptedGenerator({"": "It sank."})
    monkeypatch.setattr(Parts, "writer", lambda _parts: generator)
    return generator


@pytest.mark.parametrize("form", ["prose", "bullets"])
def test_one_article_is_told_on_stdout_and_how_much_was_read_on_stderr(
    run: Run, model: ScriptedGenerator, form: str
) -> None:
    assert run("first", "--format", form) == 0
    assert "340 homes" in run.out
    assert run.out.startswith("“" if form == "prose" else "•")
    assert "first, characters 0–76" in run.out
    assert "Read 1 of 1 passages" in run.err
    assert "ranked all 2 sentences" in run.err


@pytest.mark.parametrize("form", ["table", "timeline"])
def test_figures_are_listed_without_any_model(
    run: Run, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def refuse(_parts: Parts) -> ScriptedGenerator:
        raise AssertionError("the model was opened")

    monkeypatch.setattr(Parts, "writer", refuse)
    for words in (["first"], ["--all"]):
        assert run(*words, "--format", form) == 0
        assert "340" in run.out
        assert "Examiner, 2031-11-19" in run.out


@pytest.mark.parametrize(
    "words",
    [["--all"], ["first", "later"], ["--about", "homes flooded"], ["--since", "2031-01-01"]],
)
def test_several_articles_are_told_by_what_they_have_in_common(run: Run, words: list[str]) -> None:
    assert run(*words) == 0
    heading, point, behind, *_ = run.out.splitlines()
    assert heading == "What changed over time"
    assert point.index("340") < point.index("527")
    assert "Examiner, 2031-11-19; Examiner, 2031-12-03" in behind
    assert "Read 2 of 2 articles, 2 of 2 passages" in run.err


def test_a_date_leaves_out_the_others(run: Run) -> None:
    assert run("--since", "2031-12-01") == 0
    assert "527" in run.out
    assert "340" not in run.out
    assert "1 of 1 articles" in run.err


def test_json_is_one_line_on_stdout(run: Run, model: ScriptedGenerator) -> None:
    assert run("first", "--json") == 0
    summary = json.loads(run.out)
    assert summary["points"][0]["origin"] == "ranked"
    assert summary["figures"][0]["value"] == "340"
    assert run("--all", "--json") == 0
    digest = json.loads(run.out)
    assert [point["relation"] for point in digest["points"]] == ["changed"]
    assert (digest["articles_read"], digest["passages_total"]) == (2, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--about"),
        (["first", "--all"], "name none"),
        (["fist"], "first"),
        (["--since", "yesterday"], "YYYY-MM-DD"),
        (["first", "--length", "endless"], "endless"),
    ],
)
def test_wrong_words_are_told_what_to_do(run: Run, words: list[str], said: str) -> None:
    assert run(*words) == 2
    assert said in run.err
    assert run.out == ""


def test_what_the_model_wrote_is_not_written_again(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    aside = "which lies at the mouth of the river and was built by hand long ago"
    texts = [
        f"In {n} the harbour of Norby, {aside}, took {n * 7} boats." for n in range(1990, 2000)
    ]
    with Library.open(tmp_path, writable=True) as library:
        library.replace_document(*article("/news/boats.md", texts))
    written: list[ScriptedGenerator] = []

    def writer(_parts: Parts) -> ScriptedGenerator:
        written.append(ScriptedGenerator({"": "It sank."}))
        return written[-1]

    monkeypatch.setattr(Parts, "writer", writer)
    for _ in range(2):
        assert run("boats") == 0
    n_asked = [len(generator.prompts) for generator in written]
    assert sum(n_asked) == len(n_asked) // 2 > 1
    assert sum(n_asked[len(n_asked) // 2 :]) == 0
