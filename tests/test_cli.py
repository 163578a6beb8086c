"""The command line from outside: what goes to stdout and stderr, and the exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.cli import main

ARTICLE = """---
title: Ferry traffic grows
publisher: The Harbour Post
published: 2024-03-02
---
The port counted 12,400 passengers in February. The ferry to the island carried 3,100 of them.

Fares will rise by 4% in May, the port said.
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.setenv("RAG_LIBRARY", str(tmp_path / "library"))
    return Run(monkeypatch, capsys)


class Run:
    """Runs a command in this process and keeps what it printed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.out = ""
        self.err = ""

    def __call__(self, *words: str) -> int:
        self._monkeypatch.setattr(sys, "argv", ["rag", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        self.out, self.err = self._capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.mark.timed
def test_help_is_quick() -> None:
    command = [sys.executable, "-m", "rag", "--help"]
    subprocess.run(command, check=True, capture_output=True)
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    # 0.17 s on an idle machine; the bound leaves room for one that is not.
    assert time.perf_counter() - started < 1.0
    assert "summarize" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, rag.cli.app; "
        "print([m for m in ('torch', 'faiss', 'llama_cpp', 'gradio', 'numpy', 'pydantic') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ask", "How many?"], 3, "rag index PATH"),
        (["ask"], 2, "--questions"),
        (["ask", "x", "--since", "yesterday"], 2, "YYYY-MM-DD"),
        (["nonsense"], 2, "nonsense"),
        (["index", "no/such/file.txt"], 2, "no/such/file.txt"),
        (["ask", "x", "--model", "no-such-model"], 3, "no-such-model"),
        (["models", "fetch", "no-such-model"], 3, "no-such-model"),
        (["ui", "--host", "0.0.0.0"], 2, "0.0.0.0"),  # noqa: S104 - it has to be refused
    ],
)
@pytest.mark.models
def test_errors_are_one_screen_on_stderr(
    run: Run, article: Path, words: list[str], code: int, said: str
) -> None:
    if code == 3 and words[-1] == "no-such-model" and words[0] == "ask":
        assert run("index", str(article)) == 0
    assert run(*words) == code
    assert said in run.err
    assert "Traceback" not in run.err
    assert len(run.err.splitlines()) < 24
    assert run.out == ""


@pytest.mark.models
def test_index_list_and_index_again(run: Run, article: Path, embedder_folder: Path) -> None:
    assert run("index", str(article)) == 0
    assert "1 added" in run.out
    assert run("list", "--json") == 0
    listed = json.loads(run.out)
    assert (listed["document"], listed["publisher"]) == ("ferry", "The Harbour Post")
    assert run("index", str(article), "--json") == 0
    report = json.loads(run.out)
    assert (report["unchanged"], report["embedded"]) == (1, 0)


@pytest.mark.models
def test_a_refused_file_is_named_and_costs_nothing_else(
    run: Run, article: Path, embedder_folder: Path
) -> None:
    article.with_name("empty.txt").write_bytes(b"")
    assert run("index", str(article.parent)) == 0
    assert "1 added" in run.out
    assert "empty.txt" in run.out
    assert run("index", str(article.with_name("empty.txt"))) == 2


@pytest.mark.models
def test_answers_as_json_keep_the_contract(
    run: Run, article: Path, embedder_folder: Path, small_gguf: Path, tmp_path: Path
) -> None:
    assert run("index", str(article)) == 0
    questions = tmp_path / "questions.jsonl"
    asked = ["How many passengers did the port count in February?", "Who won the cup?"]
    lines = [json.dumps({"id": n, "question": q}) for n, q in enumerate(asked)]
    questions.write_text("\n".join(lines), encoding="utf-8")
    assert run("ask", "--questions", str(questions), "--model", str(small_gguf)) == 0
    answers = [json.loads(line) for line in run.out.splitlines()]
    assert [(a["id"], a["question"]) for a in answers] == list(enumerate(asked))
    for answer in answers:
        assert answer["status"] in {"answered", "abstained"}
        assert set(answer["timing"]) == {"retrieve_s", "first_token_s", "total_s"}
        assert len(answer["settings_sha256"]) == 64
        for citation in answer["citations"]:
            assert citation["quote"] in ARTICLE
        assert all(figure["verdict"] != "unsupported" for figure in answer["figures"])
    assert answers[1]["status"] == "abstained"


@pytest.mark.models
def test_a_wrong_line_ends_after_the_answers_before_it(
    run: Run, article: Path, embedder_folder: Path, small_gguf: Path, tmp_path: Path
) -> None:
    assert run("index", str(article)) == 0
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": 1, "question": "Who won the cup?"}\nnot json\n', "utf-8")
    assert run("ask", "--questions", str(questions), "--model", str(small_gguf)) == 2
    assert json.loads(run.out)["id"] == 1
    assert "Line 2" in run.err


@pytest.mark.models
def test_summary_reads_everything(
    run: Run, article: Path, embedder_folder: Path, small_gguf: Path
) -> None:
    assert run("index", str(article)) == 0
    assert run("summarize", "ferry", "--model", str(small_gguf), "--json") == 0
    summary = json.loads(run.out)
    assert summary["passages_read"] == summary["passages_total"] > 0
    assert all(point["citations"] for point in summary["points"])
    assert run("summarize", "fery", "--model", str(small_gguf)) == 2
    assert "ferry" in run.err


def test_doctor_names_every_part(run: Run) -> None:
    run("doctor", "--json")
    names = {check["name"] for check in json.loads(run.out)}
    assert {"Python", "llama.cpp", "generator", "embedder", "FAISS", "SQLite", "disk"} <= names


@pytest.mark.models
def test_ctrl_c_ends_with_one_line(article: Path, tmp_path: Path, small_gguf: Path) -> None:
    environment = {**os.environ, "RAG_LIBRARY": str(tmp_path / "library")}
    base = [sys.executable, "-m", "rag"]
    subprocess.run([*base, "index", str(article)], check=True, env=environment, capture_output=True)
    command = [*base, "ask", "--questions", "-", "--model", str(small_gguf)]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asking:
        assert asking.stdin is not None
        assert asking.stdout is not None
        line = json.dumps({"id": 1, "question": "How many passengers were counted in February?"})
        asking.stdin.write(f"{line}\n" * 500)
        asking.stdin.flush()
        asking.stdout.readline()
        asking.send_signal(signal.SIGINT)
        started = time.perf_counter()
        _, err = asking.communicate(timeout=30)
    assert time.perf_counter() - started < 3
    assert asking.returncode == 130
    assert "Traceback" not in err
