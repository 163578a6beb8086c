"""``rag serve`` and ``rag mcp`` from outside; what they serve is tested elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

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
