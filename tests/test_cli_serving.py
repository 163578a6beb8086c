"""``rag serve`` and ``rag mcp`` from outside; what they serve is tested elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["rag", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("key", [None, "short"])
def test_others_are_not_served_without_a_good_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], key: str | None
) -> None:
    monkeypatch.delenv("RAG_API_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("RAG_API_KEY", key)
    assert run(monkeypatch, "serve", "--host", "0.0.0.0", "--port", "0") == 2  # noqa: S104
    assert "key" in capsys.readouterr().err


def launched(monkeypatch: pytest.MonkeyPatch, module: str, tmp_path: Path) -> list[dict[str, Any]]:
    """What a command asks its launcher for, which then serves nothing."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(f"{module}.launch", lambda *_, **how: asked.append(how))
    monkeypatch.setenv("RAG_LIBRARY", str(tmp_path / "none"))
    for variable in ("RAG_API_KEY", "RAG_UI_AUTH"):
        monkeypatch.delenv(variable, raising=False)
    return asked


def test_the_page_is_for_this_machine_unless_it_has_passwords(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("RAG_UI_AUTH", raising=False)
    words = ["ui", "--no-open", "--library", str(tmp_path / "none"), "--host", "0.0.0.0"]  # noqa: S104
    assert run(monkeypatch, *words) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "it needs a password" in said
    assert "--auth-file" in said
    monkeypatch.setenv("RAG_UI_AUTH", "ada:tooshort")
    assert run(monkeypatch, *words, "--auth", "ada:7chars!") == 2
    assert "7chars!" not in capsys.readouterr().err


def test_who_may_open_the_page_comes_from_a_file_the_environment_or_the_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked, path = launched(monkeypatch, "rag.ui", tmp_path), tmp_path / "logins"
    path.write_text("# the desk\nada:a-secret-of-hers\nbob:another-secret\n")
    path.chmod(0o644)
    assert run(monkeypatch, "ui", "--auth-file", str(path), "--auth", "eve:from the line") == 0
    told = capsys.readouterr()
    assert "chmod 600" in told.err
    assert "secret" not in told.err + told.out
    monkeypatch.setenv("RAG_UI_AUTH", "dan:from outside")
    assert run(monkeypatch, "ui") == 0
    from_file, from_outside = (how["logins"] for how in asked)
    for login in ("ada:a-secret-of-hers", "bob:another-secret", "eve:from the line"):
        assert f"Basic {b64encode(login.encode()).decode()}" in from_file
    assert f"Basic {b64encode(b'dan:from outside').decode()}" in from_outside
    monkeypatch.delenv("RAG_UI_AUTH")
    assert run(monkeypatch, "ui") == 0
    assert asked[-1]["logins"] is None
    path.write_text("# nobody\n")
    assert run(monkeypatch, "ui", "--auth-file", str(path)) == 2


def test_the_key_of_the_server_comes_from_a_file_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked, path = launched(monkeypatch, "rag.server", tmp_path), tmp_path / "key"
    path.write_text("a-key-of-a-file\n")
    path.chmod(0o600)
    assert run(monkeypatch, "serve", "--api-key-file", str(path)) == 0
    assert asked[-1]["api_key"] == "a-key-of-a-file"
    assert capsys.readouterr().err == ""
    path.write_text("one-key\nanother-key\n")
    assert run(monkeypatch, "serve", "--api-key-file", str(path)) == 2
    assert "one-key" not in capsys.readouterr().err
    assert run(monkeypatch, "serve", "--api-key-file", str(tmp_path / "none")) == 2


def test_the_schemas_are_written_where_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run(monkeypatch, "mcp", "--schemas", str(tmp_path / "schemas")) == 0
    names = {path.name for path in (tmp_path / "schemas").iterdir()}
    assert {"ask.parameters.json", "check.result.json"} < names
    assert len(names) == 10


def test_ctrl_c_ends_the_server_as_it_should(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rag", "serve", "--port", "0", "--mcp"]
    environment = {**os.environ, "RAG_LIBRARY": str(tmp_path / "none"), "NO_COLOR": "1"}
    environment.pop("RAG_API_KEY", None)
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**environment, "COLUMNS": "200"}
    ) as child:
        assert child.stderr is not None
        address = child.stderr.readline().split("base_url=")[1].split()[0]
        with urllib.request.urlopen(f"{address}/models", timeout=20) as response:
            assert b'"citeline"' in response.read()
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 0
        assert "Traceback" not in child.stderr.read()
