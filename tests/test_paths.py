from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import platformdirs
import pytest

from rag import paths

REPO = Path(__file__).resolve().parents[1]
VARIABLES = ("RAG_MODELS_DIR", "RAG_CACHE_DIR", "RAG_LIBRARY")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def module_at(root: Path) -> ModuleType:
    """rag.paths as it is when the package lies below another folder."""
    target = root / "rag" / "paths.py"
    target.parent.mkdir(parents=True)
    shutil.copy(paths.__file__, target)
    spec = importlib.util.spec_from_file_location("paths_elsewhere", target)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_checkout_holds_weights_and_library() -> None:
    assert paths.checkout_root() == REPO
    assert paths.models_dir() == REPO / "models"
    assert paths.default_library_dir() == REPO / "library"


@pytest.mark.parametrize(
    ("pyproject", "is_checkout"),
    [
        ('[project]\nname = "citeline"\n', True),
        ('[project]\nname = "other"\n', False),
        ("[tool.ruff]\nline-length = 100\n", False),
        ("[project\n", False),
        (None, False),
    ],
)
def test_checkout_is_known_by_its_pyproject(
    tmp_path: Path, pyproject: str | None, is_checkout: bool
) -> None:
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject)
    assert module_at(tmp_path).checkout_root() == (tmp_path if is_checkout else None)


def test_installed_package_uses_the_folders_of_the_system(tmp_path: Path) -> None:
    installed = module_at(tmp_path)
    cache = Path(platformdirs.user_cache_dir("citeline", appauthor=False))
    data = Path(platformdirs.user_data_dir("citeline", appauthor=False))
    assert installed.cache_dir() == cache
    assert installed.models_dir() == cache / "models"
    assert installed.default_library_dir() == data / "library"


def test_cache_variable_moves_the_weights_of_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_CACHE_DIR", str(tmp_path / "cache"))
    assert module_at(tmp_path).models_dir() == tmp_path / "cache" / "models"


@pytest.mark.parametrize(
    ("variable", "function"),
    [
        ("RAG_MODELS_DIR", paths.models_dir),
        ("RAG_CACHE_DIR", paths.cache_dir),
        ("RAG_LIBRARY", paths.default_library_dir),
    ],
)
def test_variables(variable: str, function: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(function)
    unset = function()
    monkeypatch.setenv(variable, "~/there")
    assert function() == Path.home() / "there"
    monkeypatch.setenv(variable, "here")
    assert function() == Path.cwd() / "here"
    monkeypatch.setenv(variable, "  ")
    assert function() == unset
