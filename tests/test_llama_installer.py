from __future__ import annotations

import io
from pathlib import Path

import pytest

from rag.errors import MissingPartError
from rag.llama_build.installer import Pip, Progress, explain
from rag.llama_build.wheels import CompileError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("output", "message", "hint"),
    [
        ("g++: fatal error: x.o: No space left on device", "The disk is full", "RAG_CACHE_DIR"),
        ("OSError: [Errno 122] Disk quota exceeded", "The disk is full", "RAG_CACHE_DIR"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "another file", "pip config list"),
        ("/usr/bin/python: No module named pip", "has no pip", "-m ensurepip"),
        ("error: externally-managed-environment", "belongs to the system", "-m venv"),
        ("c++: fatal error: Killed signal terminated program cc1plus", "memory", "LEVEL=1"),
        ("WARNING: Retrying after 'NewConnectionError('…: Failed')'", "index", "network"),
        ("ERROR: No matching distribution found for scikit-build-core", "index", "network"),
        ("packages in these conflicts have no matching distributions", "index", "network"),
    ],
)
def test_known_causes_are_explained(output: str, message: str, hint: str) -> None:
    error = explain(f"one\n{output}\ntwo", "fetching llama.cpp", "log", CompileError)
    assert type(error) is MissingPartError
    assert message in error.message
    assert "fetching llama.cpp failed and nothing was changed" in error.message
    assert hint in error.hint


def test_an_unknown_cause_shows_its_errors_and_the_log() -> None:
    output = "\n".join(["fine"] * 50 + ["a.s:1: Error: no such instruction", "ERROR: failed"])
    error = explain(output, "compiling llama.cpp", "/x/build.log", CompileError)
    assert type(error) is CompileError
    assert error.message.splitlines() == [
        "Compiling llama.cpp failed and nothing was changed.",
        "a.s:1: Error: no such instruction",
        "ERROR: failed",
    ]
    assert error.hint == "The whole output is in /x/build.log"


LINES = ["Collecting x", *(f"  [{n}/140] /usr/bin/g++ -c x.cpp" for n in range(1, 141)), "done"]


def test_progress_is_a_line_for_each_tenth() -> None:
    out = io.StringIO()
    progress = Progress(out)
    for line in LINES:
        progress.line(line)
    assert out.getvalue().splitlines() == [f"  compiling: {n}0%" for n in range(1, 11)]


def test_progress_is_one_moving_line_on_a_terminal() -> None:
    out = Terminal()
    progress = Progress(out)
    for line in LINES:
        progress.line(line)
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().count("\r") == 140
    assert out.getvalue().endswith("100% \n")


def test_progress_reads_the_lines_of_make_too() -> None:
    out = io.StringIO()
    Progress(out).line("[ 42%] Building CXX object x.o")
    assert out.getvalue() == "  compiling: 40%\n"


def test_output_goes_into_the_log_and_failure_is_raised(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        pip = Pip(log, tmp_path)
        pip("asking pip", "--version")
        with pytest.raises(CompileError, match="Trying something failed"):
            pip("trying something", "no-such-command", failure=CompileError)
    text = (tmp_path / "log").read_text()
    assert text.startswith("pip ")
    assert "no-such-command" in text
