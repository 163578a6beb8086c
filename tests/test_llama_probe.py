from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

import pytest
from llama_fakes import ABORTING, CRASHING, HEALTHY, n_loads, write_llama_package

from rag.errors import LlamaBrokenError
from rag.llama_build.probe import Verdict, ensure_llama_works, try_llama


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which ``import llama_cpp`` is served first."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "llama_cpp", raising=False)
    return folder


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "trace"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.mark.parametrize(
    ("body", "signal"), [(CRASHING, "SIGSEGV"), (ABORTING, "SIGILL")], ids=["segfault", "illegal"]
)
def test_a_library_that_kills_its_process_is_reported_and_remembered(
    site: Path, trace: Path, cache: Path, body: str, signal: str
) -> None:
    write_llama_package(site, body, trace)
    for _ in range(2):
        with pytest.raises(LlamaBrokenError, match="crashed at the first token") as caught:
            ensure_llama_works(cache)
        assert signal in caught.value.message
        assert caught.value.hint == f"run: {sys.executable} -m rag.llama_build"
    assert n_loads(trace) == 1


def test_a_rebuilt_library_is_tried_again(site: Path, trace: Path, cache: Path) -> None:
    write_llama_package(site, CRASHING, trace)
    with pytest.raises(LlamaBrokenError):
        ensure_llama_works(cache)
    write_llama_package(site, HEALTHY, trace)
    ensure_llama_works(cache)
    assert n_loads(trace) == 2


def test_another_processor_is_tried_again(
    site: Path, trace: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_llama_package(site, HEALTHY, trace)
    ensure_llama_works(cache)
    monkeypatch.setattr("rag.llama_build.probe.cpu_flags", lambda: ("sse2",))
    ensure_llama_works(cache)
    assert n_loads(trace) == 2


def test_the_installed_library_decodes_and_is_tried_once(cache: Path) -> None:
    ensure_llama_works(cache)
    began = time.perf_counter()
    ensure_llama_works(cache)
    assert time.perf_counter() - began < 0.05


def test_numbers_that_are_not_finite_count_as_broken(site: Path, trace: Path, cache: Path) -> None:
    write_llama_package(site, HEALTHY, trace, logit="math.nan")
    with pytest.raises(LlamaBrokenError, match="no finite numbers"):
        ensure_llama_works(cache)


def test_a_cause_outside_the_library_is_not_remembered(
    site: Path, trace: Path, cache: Path
) -> None:
    package = write_llama_package(site, HEALTHY, trace)
    (site / "llama_cpp" / "__init__.py").write_text("import a_module_that_is_missing\n")
    with pytest.raises(LlamaBrokenError, match=r"cannot be loaded .*a_module_that_is_missing"):
        ensure_llama_works(cache)
    assert try_llama(package).verdict is Verdict.UNCLEAR
    assert not cache.exists()


def test_a_child_that_hangs_is_stopped(site: Path, trace: Path) -> None:
    package = write_llama_package(site, "for (;;) {}", trace)
    trial = try_llama(package, timeout_s=1.0)
    assert (trial.verdict, trial.detail) == (Verdict.UNCLEAR, "did not decode a token within 1 s")


def test_a_missing_library_says_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LlamaBrokenError, match="not installed") as caught:
        ensure_llama_works(cache)
    assert caught.value.hint.endswith("-m rag.llama_build")
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("content", ["", "{", "[]", '{"verdict": "fine", "detail": ""}'])
def test_a_broken_record_is_tried_again(site: Path, trace: Path, cache: Path, content: str) -> None:
    write_llama_package(site, HEALTHY, trace)
    ensure_llama_works(cache)
    (record,) = (cache / "llama-probes").iterdir()
    record.write_text(content)
    ensure_llama_works(cache)
    assert n_loads(trace) == 2


def test_a_cache_that_cannot_be_written_is_no_error(
    site: Path, trace: Path, tmp_path: Path
) -> None:
    write_llama_package(site, HEALTHY, trace)
    (tmp_path / "file").write_text("in the way")
    ensure_llama_works(tmp_path / "file")


def test_modules_in_the_current_folder_do_not_get_in_the_way(
    site: Path, trace: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("rag", "llama_cpp", "json"):
        (tmp_path / "cwd" / name).mkdir(parents=True)
        (tmp_path / "cwd" / name / "__init__.py").write_text("raise RuntimeError('wrong one')\n")
    monkeypatch.chdir(tmp_path / "cwd")
    write_llama_package(site, HEALTHY, trace)
    ensure_llama_works(cache)
    assert n_loads(trace) == 1
