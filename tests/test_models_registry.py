from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from filecmp import cmp
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest
from models_world import World

from rag import models
from rag.errors import InputError, ModelMissingError
from rag.models import Role, load_registry, user_registry_path
from rag.models.registry import parse_registry

REPO = Path(__file__).resolve().parents[1]
SUM = "0" * 64


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def own(world: World, text: str) -> None:
    world.registry.parent.mkdir(exist_ok=True)
    world.registry.write_text(text)


def entry(name: str = "mine", role: str = "generator", more: str = "") -> str:
    files = f'files = [{{ path = "a.gguf", size = 4, sha256 = "{SUM}" }}]'
    return f'[[model]]\nname = "{name}"\nrole = "{role}"\n{more}\n{files}\n'


@pytest.mark.parametrize(
    ("name", "role", "size", "sha256"),
    [
        (
            "qwen2.5-coder-1.5b",
            Role.GENERATOR,
            1_117_320_768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        ),
        (
            "qwen2.5-coder-0.5b",
            Role.GENERATOR,
            491_400_064,
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        ),
        (
            "smollm2-135m",
            Role.TEST_GENERATOR,
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
        (
            "all-minilm-l6-v2",
            Role.EMBEDDER,
            90_868_376,
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
    ],
)
def test_shipped_models(world: World, name: str, role: Role, size: int, sha256: str) -> None:
    spec = load_registry().get(name)
    assert spec.role is role
    assert (spec.files[0].size, spec.files[0].sha256) == (size, sha256)
    assert spec.licence == "Apache-2.0"
    assert spec.context_length
    assert spec.memory_mb
    assert (spec.dimension is not None) == (role is Role.EMBEDDER)


def test_every_shipped_model_has_both_sources_and_a_pinned_revision(world: World) -> None:
    for spec in load_registry().models:
        assert spec.hub is not None
        assert re.fullmatch(r"[0-9a-f]{40}", spec.hub.revision)
        assert spec.parts is not None
        assert ("{n}" in spec.parts.distribution) == (spec.parts.count > 1)
        assert ("{path}" in spec.parts.member) == (len(spec.files) > 1)


def test_embedder_is_used_by_its_folder_and_generator_by_its_file(world: World) -> None:
    registry = load_registry()
    assert registry.get("all-minilm-l6-v2").path == world.models / "all-minilm-l6-v2"
    assert registry.get("smollm2-135m").path == world.models / "SmolLM2-135M-Instruct.Q4_1.gguf"


def test_sum_identifies_the_weights(world: World) -> None:
    file, folder = load_registry().get("smollm2-135m"), load_registry().get("all-minilm-l6-v2")
    assert file.sha256 == file.files[0].sha256
    assert replace(folder, files=folder.files[::-1]).sha256 == folder.sha256
    assert replace(folder, files=folder.files[:-1]).sha256 != folder.sha256


def test_defaults(world: World) -> None:
    registry = load_registry()
    assert registry.default(Role.GENERATOR).name == "qwen2.5-coder-1.5b"
    assert registry.default(Role.EMBEDDER).name == "all-minilm-l6-v2"
    assert registry.default(Role.TEST_GENERATOR).name == "smollm2-135m"


def test_missing_default_says_where_to_set_one(world: World) -> None:
    own(world, entry())
    registry = models.Registry(parse_registry(entry(), "mine"))
    with pytest.raises(ModelMissingError, match=re.escape(str(world.registry))):
        registry.default(Role.GENERATOR)


@pytest.mark.parametrize("typo", ["qwen2.5-coder-1.5", "Qwen2.5-Coder-1.5B", "qwen25-coder-15b"])
def test_unknown_name_is_answered_with_near_ones(world: World, typo: str) -> None:
    with pytest.raises(ModelMissingError, match=r"Did you mean qwen2\.5-coder-1\.5b") as caught:
        load_registry().get(typo)
    assert "rag models list" in caught.value.hint


def test_strange_name_is_answered_without_a_guess(world: World) -> None:
    with pytest.raises(ModelMissingError) as caught:
        load_registry().get("zzzzzz")
    assert "Did you mean" not in caught.value.message


def test_own_entry_goes_before_the_shipped_one(world: World) -> None:
    own(world, entry("smollm2-135m"))
    registry = load_registry()
    assert registry.get("smollm2-135m").size == 4
    assert len(registry.models) == 4


def test_own_default_replaces_the_shipped_one(world: World) -> None:
    own(world, entry(more="default = true"))
    registry = load_registry()
    assert registry.default(Role.GENERATOR).name == "mine"
    assert [spec.name for spec in registry.models if spec.default] == [
        "smollm2-135m",
        "all-minilm-l6-v2",
        "mine",
    ]


def test_own_registry_lies_in_the_configuration_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAG_MODELS_REGISTRY", raising=False)
    assert user_registry_path().name == "models.toml"
    assert "citeline" in user_registry_path().parts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[model", "TOML|Expected|expected"),
        ("title = 1", "unknown key 'title'"),
        (entry() + entry(), "two models are called 'mine'"),
        (entry(role="oracle"), "entry 1, role: Input should be"),
        (entry(more="dimensions = 3"), "entry 1, dimensions: "),
        (entry(name="a b"), "entry 1, name: "),
        (entry(name="../a"), "entry 1, name: "),
        (entry().replace(SUM, "abc"), "entry 1, files.0.sha256: "),
        (entry().replace("a.gguf", "../a.gguf"), "must lie inside the model's folder"),
        (entry().replace("a.gguf", "/etc/passwd"), "must lie inside the model's folder"),
        (entry().replace("a.gguf", "C:/a.gguf"), "must not name a drive"),
        (entry().replace("a.gguf", r"..\\a.gguf"), "must lie inside the model's folder"),
        (entry().replace("size = 4", "size = -4"), "entry 1, files.0.size: "),
        (entry(more="context_length = 0"), "entry 1, context_length: "),
        ('[[model]]\nname = "a"\nrole = "generator"\nfiles = []', "entry 1, files: "),
        (
            entry() + '[model.parts]\ndistribution = "--index-url=x"\nversion = "1"\n'
            'count = 1\nmember = "a"',
            "entry 1, parts.distribution: ",
        ),
        ("model = 3", "model: Input should be a valid tuple"),
        ("model = [3]", "entry 1: Input should be"),
    ],
)
def test_unusable_registry_says_what_is_wrong_where(world: World, text: str, message: str) -> None:
    own(world, text)
    with pytest.raises(InputError, match=message) as caught:
        load_registry()
    assert str(world.registry) in caught.value.message


def test_unreadable_registry(world: World) -> None:
    world.registry.mkdir(parents=True)
    with pytest.raises(InputError, match="cannot be read"):
        load_registry()


def test_wheel_carries_the_registry_and_the_answer_scorer(tmp_path: Path, world: World) -> None:
    """A built wheel must find its registry, and our own weights, without the checkout."""
    pytest.importorskip("hatchling")
    tree = tmp_path / "tree"
    copytree(REPO / "rag", tree / "rag", ignore=ignore_patterns("__pycache__"))
    (tree / "models").mkdir()
    copy(REPO / "models" / "registry.toml", tree / "models")
    copy(REPO / "pyproject.toml", tree)
    for name in ("README.md", "LICENSE"):
        (tree / name).write_text("text")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=tree, check=True, capture_output=True)
    site = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(site)

    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "from rag.models import load_registry\n"
        "from rag.paths import checkout_root\n"
        "print(checkout_root(), [spec.name for spec in load_registry().models])"
    )
    run = subprocess.run(
        [sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True
    )
    assert run.stdout.strip() == f"None {[spec.name for spec in load_registry().models]}"
    for name in ("weights.safetensors", "vocab.txt"):
        here, there = (root / "rag" / "answer_scoring" / name for root in (REPO, site))
        assert cmp(here, there, shallow=False)


def test_exported_names() -> None:
    assert sorted(models.__all__) == sorted(set(models.__all__))
    for name in models.__all__:
        assert hasattr(models, name)
