"""``rag eval`` from outside: exit codes, files, stopping and going on, the baseline."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from evaluation_desk import RIGHT, RYE, WHEAT, WRONG, Desk
from evaluation_runs import HARVEST, SETTINGS, TableSystem

from rag.cli import main
from rag.evaluation import CHEAP, Control


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_the_report_is_markdown_on_stdout_and_progress_is_not(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.run() == 0
    out, err = capsys.readouterr()
    assert out.startswith("# Evaluation passed: 2 cases\n")
    assert "1/2 right: wheat: How much wheat was there?" in err
    assert desk.opened == ["valley"]


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ([], ["How much wheat was there?", "How much rye?"]),
        (["--split", "dev"], ["How much oats?"]),
        (["--split", "all", "--kind", "absent-figure"], ["How much rye?", "How much oats?"]),
    ],
)
def test_a_split_and_kinds_are_asked(desk: Desk, options: list[str], asked: list[str]) -> None:
    assert desk.run(*options) == 0
    assert desk.system.asked == asked


def test_the_exit_code_says_whether_the_floor_is_reached(desk: Desk) -> None:
    floor = desk.file("floor.toml", "right_share = 1\n")
    assert desk.run("--floor", str(floor)) == 0
    desk.system = TableSystem(WRONG)
    assert desk.run("--floor", str(floor)) == 1
    assert desk.run() == 0, "without a floor nothing is gated"


def test_every_report_is_written(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    names = [desk.file(f"reports/run.{ending}") for ending in ("xml", "html", "md")]
    options = ["--junit", "--html", "--markdown"]
    assert desk.run(*(w for pair in zip(options, map(str, names), strict=True) for w in pair)) == 0
    out, _ = capsys.readouterr()
    junit, page, markdown = (name.read_text("utf-8") for name in names)
    assert ET.fromstring(junit.encode()).tag == "testsuites"  # noqa: S314 - our own text
    assert page.startswith("<!doctype html>")
    assert markdown == out


def test_json_is_one_value_on_stdout(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run("--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert [result["id"] for result in report["results"]] == ["wheat", "rye"]


def test_a_report_that_cannot_be_written_is_an_error_with_a_way_out(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.run("--html", str(desk.articles)) == 2
    assert "--resume" in capsys.readouterr().err


# --- the baseline --------------------------------------------------------------------------


def test_the_baseline_moves_only_when_it_is_told_to(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = desk.file("baseline.json")
    options = ("--baseline", str(baseline))
    assert desk.run(*options) == 0
    assert not baseline.exists()
    assert desk.run(*options, "--accept") == 0
    before = baseline.read_text()
    desk.system = TableSystem(WRONG)
    assert desk.run(*options) == 1
    assert baseline.read_text() == before
    assert "lost cases that must never be lost: wheat." in capsys.readouterr().out
    assert desk.run(*options, "--accept") == 0
    assert desk.run(*options) == 0
    entries = json.loads(baseline.read_text())["suites"]["valley"]
    assert {name: entry["outcome"] for name, entry in entries.items()} == {
        "rye": "abstained right",
        "wheat": "wrong",
    }


def test_accepting_own_cases_needs_a_file(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run("--accept") == 2
    assert "--baseline" in capsys.readouterr().err
    assert not desk.opened


def test_accepting_does_not_lift_the_floor(desk: Desk) -> None:
    floor = desk.file("floor.toml", "right_share = 1\n")
    desk.system = TableSystem(WRONG)
    options = ("--baseline", str(desk.file("baseline.json")), "--floor", str(floor))
    assert desk.run(*options, "--accept") == 1


@pytest.mark.parametrize("option", ["--baseline", "--floor"])
def test_a_wrong_file_is_refused_before_anything_is_asked(desk: Desk, option: str) -> None:
    assert desk.run(option, str(desk.file("wrong", "{"))) == 2
    assert not desk.opened


# --- stopping, the cache -------------------------------------------------------------------


def test_ctrl_c_keeps_what_was_done_and_resume_goes_on(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.system = TableSystem(RIGHT, stop_before="How much rye?")
    assert desk.run() == 130
    assert "Stopped. 1 cases are done; with --resume" in capsys.readouterr().err
    desk.system = TableSystem(RIGHT)
    assert desk.run("--resume") == 0
    assert desk.system.asked == ["How much rye?"]
    assert "taken up again: 1." in capsys.readouterr().out


def test_no_cache_keeps_no_library_and_no_replies(desk: Desk) -> None:
    assert desk.run("--no-cache") == 0
    assert not list(desk.file("cache").rglob("*.sqlite3"))
    assert desk.run() == 0
    assert desk.libraries == [None, desk.file("cache") / "eval" / "libraries"]
    assert list(desk.file("cache").rglob("replies.sqlite3"))


def test_mutated_articles_are_asked_beside_the_others_and_not_gated(desk: Desk) -> None:
    (desk.articles / "harvest.md").write_text(
        "---\nid: harvest\ntitle: A dry summer\n---\n"
        "Farmers brought in about 4.1 million tonnes of wheat in 2023.\n\nIt rained in May.\n"
    )
    baseline = desk.file("baseline.json")
    assert desk.run("--mutations", "1", "--baseline", str(baseline), "--accept") == 0
    assert desk.opened[0] == "valley"
    assert re.fullmatch(r"valley-mutated-\d+", desk.opened[1])
    assert list(json.loads(baseline.read_text())["suites"]) == ["valley"]


# --- controls, several models, everything ---------------------------------------------------


def test_cheap_controls_always_run_and_the_others_when_they_are_asked_for(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.run() == 0
    assert desk.controls == list(CHEAP)
    assert "| valley | always abstain | 0 of 1 (0.0%) | 0 | 1 of 1 (100.0%) |" in (
        capsys.readouterr().out
    )
    desk.controls.clear()
    assert desk.run("--controls") == 0
    assert desk.controls == list(Control)


def test_a_control_that_needs_the_model_is_resumed(desk: Desk) -> None:
    assert desk.run("--controls") == 0
    kept = {path.name for path in desk.file("cache").rglob("*.jsonl")}
    assert kept == {"valley.jsonl", "valley-model-alone.jsonl", "valley-gold-evidence.jsonl"}


@pytest.fixture
def _every_model_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.resolve", lambda _: None)


@pytest.mark.usefixtures("_every_model_is_here")
def test_several_models_are_rows_of_one_report(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    floor = desk.file("floor.toml", "right_share = 1\n")
    baseline = desk.file("baseline.json")
    words = ("--floor", str(floor), "--baseline", str(baseline), "--accept")
    assert desk.run("-m", "one", "-m", "folder/two-0.5b.gguf", *words) == 0
    assert desk.opened == ["valley", "valley-two-0.5b"]
    assert desk.models == ["one", "folder/two-0.5b.gguf"]
    out = capsys.readouterr().out
    assert out.startswith("# Evaluation passed: 2 cases\n"), "the other model is no more cases"
    assert "| valley-two-0.5b | folder/two-0.5b.gguf | 1 of 1 (100.0%) | 0 |" in out
    assert list(json.loads(baseline.read_text())["suites"]) == ["valley"]


def test_a_model_that_is_not_here_is_missed_before_anything_is_asked(desk: Desk) -> None:
    assert desk.run("-m", "smollm2-135m", "-m", "no-such-model") == 3
    assert not desk.opened


@pytest.fixture
def checkout(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout with the desk's cases on one article, and one case on another subject."""
    cases, seeds = tmp_path / "eval" / "cases", tmp_path / "seeds"
    for folder in (cases, seeds, tmp_path / "eval" / "articles"):
        folder.mkdir(parents=True)
    desk.cases.rename(cases / "seeds.jsonl")
    (cases / "other.jsonl").write_text(json.dumps({**RYE, "id": "oats-2"}), "utf-8")
    text = "Farmers brought in about 4.1 million tonnes of wheat in 2023.\n\nIt rained in May.\n"
    theirs = text.replace("Farmers", "The farmers of the valley")
    source = desk.articles / "a-12.md"
    source.write_text(f"---\nid: a-12\n---\n{theirs}")
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    head = f"---\nid: harvest\ntitle: A dry summer\nsource_sha256: {sha256}\n---\n"
    (seeds / "harvest.md").write_text(head + text)
    (tmp_path / "eval" / "articles" / "oats.md").write_text("---\nid: oats\n---\nIt rained.\n")
    monkeypatch.setattr("rag.paths.checkout_root", lambda: tmp_path)
    return tmp_path


@pytest.mark.usefixtures("_every_model_is_here")
def test_a_full_run_asks_everything_and_other_models_the_gate_on_seeds(
    desk: Desk, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--corpus", str(desk.articles), "-m", "one", "-m", "two", "--mutations", "9"]
    assert desk.run_words("rag", "eval", "--full", *words) == 0
    assert desk.opened[:4] == ["seeds", "other", "source", "seeds-two"]
    assert all(name.startswith("seeds-mutated-") for name in desk.opened[4:])
    assert len(desk.opened) > 4
    out, err = capsys.readouterr()
    assert out.startswith("# Evaluation passed: ")
    assert "on two cores; Ctrl-C keeps what is done, --resume goes on." in " ".join(err.split())
    gold = [name for name in desk.opened if name in {"seeds", "other"}]
    assert desk.controls.count(Control.GOLD_EVIDENCE) == len(gold), "offsets are those of ours"
    assert desk.controls.count(Control.MODEL_ALONE) == 3
    assert desk.controls.count(Control.ABSTAIN) == len(desk.opened)


@pytest.mark.usefixtures("checkout")
def test_a_full_run_that_was_stopped_is_not_lost_to_a_short_one(desk: Desk) -> None:
    desk.system = TableSystem(RIGHT, stop_before="How much oats?")
    assert desk.run_words("rag", "eval", "--full") == 130
    desk.system = TableSystem(RIGHT)
    assert desk.run_words("rag", "eval", "--kind", "lookup") == 0
    desk.system = TableSystem(RIGHT)
    assert desk.run_words("rag", "eval", "--full", "--resume") == 0
    assert "How much wheat was there?" not in desk.system.asked


def test_a_full_run_takes_no_cases_of_ones_own(desk: Desk) -> None:
    assert desk.run("--full") == 2
    assert not desk.opened


@pytest.mark.usefixtures("_every_model_is_here")
def test_a_record_has_every_hash_and_no_word_of_articles_that_are_not_ours(
    desk: Desk, checkout: Path
) -> None:
    desk.system = TableSystem(WRONG)
    path = checkout / "eval" / "reports" / "full.md"
    words = ["--corpus", str(desk.articles), "-m", "one", "-m", "two", "--record", str(path)]
    assert desk.run_words("rag", "eval", "--full", *words) == 0
    page, numbers = path.read_text(), path.with_suffix(".json").read_text()
    for text in (page, numbers):
        assert {SETTINGS, "7" * 64} <= set(re.findall("[0-9a-f]{64}", text))
        assert "Farmers" not in text
    theirs = page[page.index("(source, lookup)") :].splitlines()[1]
    assert theirs == "  - answer: left out: the article is not ours"
    assert "  - answer: It was 900,000 tonnes" in page, "that of our own article stays"
    record = json.loads(numbers)
    rows = {suite["name"]: suite for suite in record["suites"]}
    assert list(rows) == ["seeds", "other", "source", "seeds-two"]
    assert rows["seeds"]["verdicts"] == {
        "wheat": "wrong",
        "rye": "abstained right",
        "oats": "abstained right",
    }
    assert rows["seeds-two"]["models"] == {"two": "7" * 64}
    assert "900,000" not in numbers


# --- what is wrong with the command --------------------------------------------------------


def test_own_cases_need_articles(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run_words("rag", "eval", str(desk.cases)) == 2
    assert "--corpus" in capsys.readouterr().err


def test_a_kind_that_no_case_has_is_refused(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run("--kind", "lokup") == 2
    assert "absent-figure, lookup" in capsys.readouterr().err


def test_the_shipped_cases_are_held_against_floor_and_baseline(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a checkout of its own, with the desk's cases in the place of the shipped ones."""
    (tmp_path / "eval" / "cases").mkdir(parents=True)
    desk.cases.rename(tmp_path / "eval" / "cases" / "seeds.jsonl")
    (tmp_path / "eval" / "floor.toml").write_text("right_share = 1\n")
    monkeypatch.setattr("rag.paths.checkout_root", lambda: tmp_path)
    assert desk.run_words("rag", "eval", "--accept") == 0
    assert (tmp_path / "eval" / "baseline.json").is_file()
    desk.system = TableSystem(WRONG)
    assert desk.run_words("rag", "eval") == 1
    assert desk.run_words("rag", "eval", "--kind", "absent-figure") == 0, "a part has no floor"
    assert desk.run_words("rag", "eval", "--kind", "lookup") == 1, "but each case its baseline"


@pytest.mark.models
def test_with_a_real_model_a_second_run_takes_its_replies_from_the_cache(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    small_gguf: Path,
    embedder_folder: Path,
) -> None:
    cases, articles = tmp_path / "mine.jsonl", tmp_path / "articles"
    summary = {**WHEAT, "id": "short", "kind": "summary", "summarize": HARVEST.id}
    cases.write_text("\n".join(map(json.dumps, (WHEAT, summary))), "utf-8")
    articles.mkdir()
    (articles / "harvest.md").write_text(
        f"{WHEAT['sources'][0]['quote']} Barley came to 900,000 tonnes.\n"  # type: ignore[index]
    )
    monkeypatch.setenv("RAG_CACHE_DIR", str(tmp_path / "cache"))
    words = ["rag", "eval", str(cases), "--corpus", str(articles), "-m", str(small_gguf), "--json"]
    monkeypatch.setattr(sys, "argv", words)
    reports = []
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        reports.append(json.loads(capsys.readouterr().out))
    first, second = reports
    assert first["replies_from_cache"] == 0
    assert second["replies_from_cache"] >= 2
    for before, now in zip(first["results"], second["results"], strict=True):
        assert (before["error"], now["error"]) == (None, None)
        assert (before["answer"], before["summary"]) == (now["answer"], now["summary"])
