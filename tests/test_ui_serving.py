from __future__ import annotations

import os
import socket
import sys
import tomllib
from pathlib import Path

import pytest
import ui_samples as samples

from rag.errors import LibraryError, MissingPartError, RagError, UsageError
from rag.ui import launch
from rag.ui.serving import Site, bind, prepare
from rag.web import address


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test sets is gone after it."""
    monkeypatch.setattr(os, "environ", dict(os.environ))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com", ""])  # noqa: S104
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(UsageError, match="this machine only") as caught:
        bind(host, 0)
    assert "ssh" in caught.value.hint


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "::1", "[::1]"])
def test_every_loopback_address_will_do(host: str) -> None:
    with bind(host, 0) as taken:
        assert taken.getsockname()[1] > 0


def test_a_taken_port_gives_the_next_free_one() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with bind("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] <= port + address.MORE_PORTS


def test_when_all_are_taken_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "MORE_PORTS", 0)
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RagError, match="taken") as caught:
            bind("127.0.0.1", port)
    assert "--port" in caught.value.hint


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(UsageError, match="no port"):
        bind("127.0.0.1", port)


def test_a_port_that_is_not_ours_to_take(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> socket.socket:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refused)
    with pytest.raises(UsageError, match="Permission denied"):
        bind("127.0.0.1", 80)


def test_the_environment_is_set_before_gradio_comes(tmp_path: Path) -> None:
    prepare(tmp_path)
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert Path(os.environ["GRADIO_TEMP_DIR"]).is_relative_to(tmp_path)


def test_without_gradio_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "gradio", None)
    with pytest.raises(MissingPartError, match="Gradio") as caught:
        Site(samples.asker(), folder=tmp_path, host="127.0.0.1", port=0)
    extra = caught.value.hint.split("[")[1].split("]")[0]
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert extra in project["project"]["optional-dependencies"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file")
    with pytest.raises(LibraryError, match="cannot make"):
        Site(samples.asker(), folder=tmp_path / "library", host="127.0.0.1", port=0)


def test_launch_tells_the_address_opens_the_browser_and_ends_with_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(_: Site) -> None:
        raise KeyboardInterrupt

    told: list[str] = []
    opened: list[str] = []
    monkeypatch.setattr(Site, "run", interrupted)
    monkeypatch.setattr("webbrowser.open", opened.append)
    launch(samples.asker(), folder=tmp_path, port=0, open_browser=True, on_address=told.append)
    assert told == opened
    assert told[0].startswith("http://127.0.0.1:")


def test_importing_the_package_does_not_import_gradio() -> None:
    import subprocess

    code = "import sys, rag.ui; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
