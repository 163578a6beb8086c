from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from llama_fakes import CRASHING, HEALTHY, write_llama_package

from rag.errors import LlamaBrokenError, MissingPartError
from rag.llama_build import building as llama_build
from rag.llama_build.recipe import VERSION

REPO = Path(__file__).resolve().parents[1]
WHEEL = f"llama_cpp_python-{VERSION}-py3-none-any.whl"

# Does with folders what pip would do with an index and a compiler, and notes what it was asked.
FAKE_PIP = """
import os, pathlib, shutil, subprocess, sys, time, zipfile
stage = pathlib.Path(__file__).parent.parent
arguments = [a for a in sys.argv[1:] if a != "--no-input"]
flags = os.environ.get("CMAKE_ARGS", "")
with (stage / "asked").open("a") as asked:
    asked.write(" ".join(arguments[:1] + (["native"] if "=native" in flags else [])) + "\\n")
if (stage / f"fail-{arguments[0]}").exists():
    sys.exit((stage / f"fail-{arguments[0]}").read_text())
if arguments[0] == "download":
    shutil.copy(stage / "source.tar.gz", pathlib.Path(arguments[-1]) / SDIST)
elif arguments[0] == "wheel":
    assert "LLAMA_BUILD_COMMON OFF" in (pathlib.Path(arguments[-1]) / "CMakeLists.txt").read_text()
    if (stage / "hang").exists():
        subprocess.run(["sh", "-c", "while :; do date > beat; sleep 0.1; done"], cwd=stage)
    print("  [1/2] cc", "  [2/2] cc", sep="\\n")
    target = pathlib.Path(arguments[arguments.index("-w") + 1])
    target.mkdir()
    dies = (stage / ("crash-native" if "=native" in flags else "crash")).exists()
    shutil.copy(stage / ("crashing.whl" if dies else "healthy.whl"), target / WHEEL)
elif arguments[-1].endswith(".whl"):
    zipfile.ZipFile(arguments[-1]).extractall(stage / "site")
    (stage / "site" / INFO / "direct_url.json").write_text('{"url": "file://%s"}' % arguments[-1])
"""
INFO = f"llama_cpp_python-{VERSION}.dist-info"


@dataclass
class Stage:
    """A folder with the fake pip, what it serves, and the site-packages that it installs into."""

    root: Path
    said: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        """Build and install; return the commands that pip was given."""
        (self.root / "asked").write_text("")
        llama_build.install_llama(self.said.append)
        return self.asked()

    def asked(self) -> list[str]:
        return (self.root / "asked").read_text().splitlines()

    def tell(self, name: str, text: str = "") -> None:
        (self.root / name).write_text(text)

    @property
    def shelf(self) -> Path:
        return self.root / "cache" / "llama-wheels"

    def left_over(self) -> list[Path]:
        return list(self.shelf.glob("building-*"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pack_wheel(stage: Path, name: str, body: str) -> None:
    package = write_llama_package(stage / name, body, stage / "trace")
    with zipfile.ZipFile(stage / f"{name}.whl", "w") as archive:
        for path in sorted(package.rglob("*")):
            archive.write(path, path.relative_to(stage / name))
        archive.writestr(f"{INFO}/METADATA", f"Name: llama-cpp-python\nVersion: {VERSION}\n")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    names = f"SDIST, WHEEL, INFO = {f'llama_cpp_python-{VERSION}.tar.gz', WHEEL, INFO!r}\n"
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__init__.py").touch()
    (tmp_path / "pip" / "__main__.py").write_text(names + FAKE_PIP)
    (tmp_path / "site").mkdir()
    pack_wheel(tmp_path, "healthy", HEALTHY)
    pack_wheel(tmp_path, "crashing", CRASHING)
    recipe = b'set(LLAMA_BUILD_COMMON ON CACHE BOOL "" FORCE)\n'
    with tarfile.open(tmp_path / "source.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo(f"llama_cpp_python-{VERSION}/CMakeLists.txt")
        member.size = len(recipe)
        archive.addfile(member, io.BytesIO(recipe))
    monkeypatch.setattr(llama_build, "SDIST_SHA256", sha256(tmp_path / "source.tar.gz"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("RAG_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "llama_cpp", raising=False)
    (tmp_path / "site" / INFO).mkdir()
    (tmp_path / "site" / INFO / "METADATA").write_text(
        f"Name: llama-cpp-python\nVersion: {VERSION}"
    )
    return Stage(tmp_path)


@pytest.mark.timed
def test_it_builds_tries_keeps_installs_and_the_second_time_does_nothing(stage: Stage) -> None:
    assert stage.run() == ["install", "download", "wheel native", "install"]
    assert "is installed and decodes (" in stage.said[-1]
    assert llama_build.installed_key() in {path.name for path in stage.shelf.iterdir()}
    assert not stage.left_over()
    began = time.monotonic()
    assert stage.run() == []
    assert time.monotonic() - began < 1
    assert stage.said[-1].endswith("is installed and decodes on this processor.")


def test_a_kept_wheel_is_installed_without_compiling(stage: Stage) -> None:
    stage.run()
    (stage.root / "site" / INFO / "direct_url.json").write_text("{}")
    assert stage.run() == ["install", "install"]


def test_a_build_that_crashes_gives_way_to_the_next(stage: Stage) -> None:
    stage.tell("crash-native")
    assert stage.run() == ["install", "download", "wheel native", "wheel", "install"]
    assert "crashed at the first token on this processor (SIGSEGV)" in stage.said[-3]
    assert stage.run() == []
    assert len(list(stage.shelf.glob("*.bad"))) == 1


def test_an_installed_build_that_turns_out_to_crash_is_replaced(stage: Stage) -> None:
    stage.run()
    lib = Path("llama_cpp") / "lib" / "libllama.so"
    shutil.copy(stage.root / "crashing" / lib, stage.root / "site" / lib)
    assert stage.run() == ["install", "install"]


def test_where_every_build_crashes_nothing_is_installed(stage: Stage) -> None:
    stage.tell("crash-native")
    stage.tell("crash")
    with pytest.raises(LlamaBrokenError, match="No build of llama"):
        stage.run()
    assert stage.asked().count("install") == 1
    assert not (stage.root / "site" / "llama_cpp").exists()


@pytest.mark.parametrize(
    ("step", "output", "message"),
    [
        ("install", "ERROR: Cannot connect to proxy: ProxyError", "package index; installing what"),
        ("download", "HTTP error 404 while getting it", "Fetching llama.cpp failed"),
        ("wheel", "cc1plus: fatal error: No space left on device", "The disk is full; compiling"),
        ("wheel", "x.cpp:1: error: wrong", "x.cpp:1: error: wrong"),
    ],
)
def test_a_failed_step_is_explained_and_leaves_nothing_half(
    stage: Stage, step: str, output: str, message: str
) -> None:
    stage.tell(f"fail-{step}", output)
    with pytest.raises(MissingPartError, match=message) as caught:
        stage.run()
    assert caught.value.exit_code == 3
    assert caught.value.hint
    assert not stage.left_over()
    assert not (stage.root / "site" / "llama_cpp").exists()


def test_a_source_of_another_sum_is_thrown_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama_build, "SDIST_SHA256", "0" * 64)
    with pytest.raises(MissingPartError, match="is not the file that was pinned"):
        stage.run()
    assert not list(stage.shelf.glob("*.tar.gz"))
    assert not any("wheel" in line for line in stage.asked())


def test_a_kept_source_that_has_rotted_is_fetched_again(stage: Stage) -> None:
    stage.shelf.mkdir(parents=True)
    (stage.shelf / f"llama_cpp_python-{VERSION}.tar.gz").write_bytes(b"half a file")
    assert "download" in stage.run()


def test_too_little_space_is_said_before_anything_is_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(stage.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=5_000_000))
    with pytest.raises(MissingPartError, match="Only 5 MB is free") as caught:
        stage.run()
    assert "RAG_CACHE_DIR" in caught.value.hint
    assert stage.asked() == []


def test_without_a_compiler_it_says_how_to_get_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPartError, match="no C and C\\+\\+ compiler") as caught:
        stage.run()
    assert "apt install build-essential" in caught.value.hint


def test_an_installed_build_needs_no_compiler(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.run()
    monkeypatch.setenv("PATH", "")
    assert stage.run() == []


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_the_compiler_and_leaves_nothing_half(
    stage: Stage, signal_number: int
) -> None:
    stage.tell("hang")
    code = (
        "import sys; from pathlib import Path; from rag.llama_build import building as b; "
        f"b.SDIST_SHA256 = {sha256(stage.root / 'source.tar.gz')!r}; sys.exit(b.main())"
    )
    path = os.pathsep.join((str(stage.root / "site"), str(stage.root), str(REPO)))
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not (stage.root / "beat").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal_number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == (130 if signal_number == signal.SIGINT else 143), err
    assert "Traceback" not in err
    assert not stage.left_over()
    (stage.root / "beat").unlink()
    time.sleep(0.5)
    assert not (stage.root / "beat").exists()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (f"file:///home/a%20b/llama-wheels/0123abcd/{WHEEL}", "0123abcd"),
        ("file:///home/llama-wheels/0123abcd/llama_cpp_python-0.3.35-py3-none-any.whl", None),
        (f"https://example.org/wheels/0123abcd/{WHEEL}", None),
        (WHEEL, None),
        (None, None),
    ],
    ids=["ours", "older", "foreign", "short", "no record"],
)
def test_the_installed_key_is_read_from_pips_record(
    stage: Stage, url: str | None, key: str | None
) -> None:
    if url:
        record = stage.root / "site" / INFO / "direct_url.json"
        record.write_text(json.dumps({"url": url}))
    assert llama_build.installed_key() == key


def test_an_error_is_a_message_and_exit_code_3(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    previous = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("PATH", "")
    try:
        assert llama_build.main() == 3
    finally:
        signal.signal(signal.SIGTERM, previous)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") <= 5
    assert "build-essential" in err


def test_it_runs_on_the_standard_library_alone() -> None:
    code = f"import sys; sys.path.insert(0, {str(REPO)!r}); import rag.llama_build"
    # -S: no site-packages, as in an environment where nothing is installed yet.
    subprocess.run([sys.executable, "-S", "-I", "-c", code], check=True, timeout=60)
