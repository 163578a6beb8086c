from __future__ import annotations

import http.client
import os
import socket
import sys
import threading
import tomllib
from base64 import b64encode
from pathlib import Path

import pytest
import ui_samples as samples

from rag.errors import LibraryError, MissingPartError, UsageError
from rag.ui import launch
from rag.ui.serving import Site, prepare, require_logins
from rag.web.logins import Logins


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test sets is gone after it."""
    monkeypatch.setattr(os, "environ", dict(os.environ))


GOOD = Logins.of(["ada:a-long-enough-one"])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com", ""])  # noqa: S104
def test_nobody_else_is_served_without_a_good_password(host: str) -> None:
    with pytest.raises(UsageError, match="it needs a password") as caught:
        require_logins(host, None)
    assert "--auth-file" in caught.value.hint
    assert "ssh" in caught.value.hint
    with pytest.raises(UsageError, match="can be guessed") as caught:
        require_logins(host, Logins.of(["ada:a-long-enough-one", "bob:short"]))
    assert "short" not in str(caught.value)
    require_logins(host, GOOD)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "::1", "[::1]"])
def test_this_machine_needs_none(host: str) -> None:
    require_logins(host, None)
    require_logins(host, Logins.of(["ada:short"]))


def test_who_opens_the_page_from_elsewhere_needs_a_login(tmp_path: Path) -> None:
    with Site(
        samples.asker(),
        folder=tmp_path,
        host="0.0.0.0",  # noqa: S104
        port=0,
        logins=GOOD,
    ) as site:
        assert socket.gethostname() in site.address
        thread = threading.Thread(target=site.run)
        thread.start()
        try:
            right = {"Authorization": f"Basic {b64encode(b'ada:a-long-enough-one').decode()}"}
            assert status_of(site.port, {}) == 401
            assert status_of(site.port, right) == 200
            assert status_of(site.port, {**right, "Host": "10.0.0.7:9000"}) == 200
            assert status_of(site.port, {**right, "Host": socket.gethostname()}) == 200
            assert status_of(site.port, {**right, "Host": "evil.example"}) == 400
        finally:
            site.stop()
            thread.join(10)


def status_of(port: int, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


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
