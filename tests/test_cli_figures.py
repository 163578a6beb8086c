"""The figures of a library as a table, as CSV for spreadsheets and as JSON."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from library_samples import article
from rich.console import Console
from statement_samples import COURIER, MAY, stated

from rag.cli import main
from rag.cli.figures import show_figures
from rag.library import Library
from rag.schema import StatedFigure
from rag.spreadsheet import COLUMNS, link_to, write_csv
from rag.statements import statements

SENTENCES = [
    "In February the ferry carried more than 3,100 people.",
    "Fares rose by 4% on 1 March 2024, the port said.",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of one article, which is the one that commands take."""
    cut = article(
        str(tmp_path / "ferry.txt"), SENTENCES, title="Ferries", published=date(2024, 3, 2)
    )
    found = [statements(text, published=date(2024, 3, 2)) for text in SENTENCES]
    with Library.open(tmp_path / "library", create=True, writable=True) as library:
        library.replace_document(*cut, statements=found)
    monkeypatch.setenv("RAG_LIBRARY", str(tmp_path / "library"))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["rag", "figures", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def written(*figures: StatedFigure) -> dict[str, str]:
    file = io.StringIO()
    write_csv(file, figures)
    return rows_of(file.getvalue())[0]


def test_csv_has_one_row_a_figure_with_all_that_is_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--csv") == 0
    first, second = rows_of(capsys.readouterr().out)
    assert tuple(first) == COLUMNS
    assert (first["figure"], first["value"], first["bound"]) == ("3,100", "3100", "more than")
    assert (first["of"], first["first"], first["last"]) == ("people", "2024-02-01", "2024-02-29")
    assert (first["period"], first["resolved"]) == ("In February", "yes")
    assert (second["figure"], second["of"], second["speaker"]) == ("4%", "Fares", "the port")
    text = " ".join(SENTENCES)
    assert text[int(second["start"]) : int(second["end"])] == "4%"
    assert second["link"].startswith(f"{(folder / 'ferry.txt').as_uri()}#:~:text=Fares%20rose")


def test_json_has_one_figure_a_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--json", "--all", "--doc", "Ferries") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in found] == ["3,100", "4%", "1 March 2024"]
    assert found[0]["quote"] == SENTENCES[0]


def test_the_table_shows_a_figure_as_it_is_stated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    shown = capsys.readouterr().out
    for words in (
        "more than 3,100",
        "people",
        "February 2024",
        "the port",
        "Ferries",
        SENTENCES[0],
    ):
        assert words in shown
    assert not any(line.strip().startswith("1 March 2024") for line in shown.splitlines())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--csv", "--json"], 2, "Leave one out"),
        (["--doc", "nothing"], 2, "nothing"),
        (["--since", "soon"], 2, "YYYY-MM-DD"),
        (["--since", "2025-01-01"], 0, "No figures"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_shown_is_said_on_stderr(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    said: str,
) -> None:
    assert run(monkeypatch, *words) == code
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("speaker", ["=2+3", "+1 officer", "-5 percent", "@home", "\tx", "\rx"])
def test_no_cell_is_a_formula_to_a_spreadsheet(speaker: str) -> None:
    assert written(stated("It sold 12 cars.", speaker=speaker))["speaker"] == f"'{speaker}"


def test_a_number_below_zero_stays_a_number() -> None:
    row = written(stated("It was -5 in May.", when=MAY))
    assert (row["figure"], row["value"]) == ("-5", "-5")


def test_a_cell_without_a_value_is_empty() -> None:
    row = written(stated("It sold 12 cars.", document=replace(COURIER, published=None)))
    assert (row["first"], row["resolved"], row["speaker"], row["published"]) == ("", "", "", "")


@pytest.mark.parametrize(
    ("source", "media_type", "text", "link"),
    [
        ("/a b/x.txt", "text/plain", "Up 4-5%.", "file:///a%20b/x.txt#:~:text=Up%204%2D5%25."),
        (
            "/x.html",
            "text/html",
            "It rose, we say.",
            "file:///x.html#:~:text=It%20rose%2C%20we%20say.",
        ),
        ("/x.pdf", "application/pdf", "It rose.", "/x.pdf#100-108"),
        ("/x.jsonl#7", "text/plain", "It rose.", "/x.jsonl#7#100-108"),
        ("stdin:ab12", "text/plain", "It rose.", "stdin:ab12#100-108"),
    ],
)
def test_a_link_opens_at_the_sentence_or_says_where_it_stands(
    source: str, media_type: str, text: str, link: str
) -> None:
    document = replace(COURIER, source=source, media_type=media_type)
    sentence = stated(f"{text} 12").sentence
    short = replace(sentence, text=text, span=replace(sentence.span, end=100 + len(text)))
    assert link_to(document, short) == link


def test_a_long_sentence_is_linked_to_by_its_ends() -> None:
    row = stated(f"One two three four {'and so on ' * 20}six seven eight 12.")
    _, _, words = link_to(COURIER, row.sentence).partition("#:~:text=")
    assert words == "One%20two%20three%20four,six%20seven%20eight%2012."


def test_brackets_of_an_article_stay_brackets_in_the_table() -> None:
    console = Console(file=io.StringIO(), width=200)
    show_figures(console, [stated("[red] 12 cars [/red] were sold.", noun="[bold]cars")])
    assert isinstance(console.file, io.StringIO)
    assert "[bold]cars" in console.file.getvalue()


@pytest.mark.models
def test_figures_about_a_subject_come_nearest_first(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    embedder_folder: Path,
) -> None:
    text = (
        "The bakery sold 40 loaves.\n\nThe ferry carried 3,100 passengers.\n\nRain filled 12 tubs."
    )
    (tmp_path / "news.txt").write_text(text, encoding="utf-8")
    monkeypatch.setenv("RAG_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setattr(sys, "argv", ["rag", "index", str(tmp_path / "news.txt")])
    with pytest.raises(SystemExit):
        main()
    capsys.readouterr()
    assert run(monkeypatch, "--about", "ferry passengers", "--json") == 0
    found = [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()]
    assert found == ["3,100"]
