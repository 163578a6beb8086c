from __future__ import annotations

import json
from pathlib import Path

import pytest
from models_world import Bar, World

from rag.errors import InputError, RagError, UsageError
from rag.llama_build.tiny_gguf import write_tiny_gguf
from rag.models import Role, add, load_registry, resolve

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
]
DENSE = {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "weights" / "other.gguf"
    path.parent.mkdir()
    write_tiny_gguf(path)
    return path


def sentence_transformer(folder: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    return folder


def test_gguf(world: World, gguf: Path) -> None:
    bar = Bar()
    spec = add("other", gguf, Role.GENERATOR, progress=bar)
    assert (spec.path, spec.context_length) == (gguf, 256)
    assert load_registry().get("other") == spec
    assert resolve("other").path == gguf
    assert (bar.done, bar.total, bar.finished) == (spec.size, spec.size, 1)
    assert not load_registry().get("other").default


def test_changed_weights_are_found_out(world: World, gguf: Path) -> None:
    add("other", gguf)
    gguf.write_bytes(gguf.read_bytes()[:-1] + b"!")
    with pytest.raises(RagError, match="sha256"):
        resolve("other")


@pytest.mark.parametrize(
    ("extra", "dimension", "context_length"),
    [
        ({"1_Pooling/config.json": {"word_embedding_dimension": 384}}, 384, None),
        ({"1_Pooling/config.json": {"embedding_dimension": 768}}, 768, None),
        ({"config.json": {"hidden_size": 384}, "1_Pooling/config.json": []}, None, None),
        ({"sentence_bert_config.json": {"max_seq_length": 512}}, None, 512),
        (
            {
                "modules.json": [*MODULES, DENSE],
                "1_Pooling/config.json": {"word_embedding_dimension": 384},
                "2_Dense/config.json": {"in_features": 384, "out_features": 128},
            },
            128,
            None,
        ),
    ],
)
def test_folder(
    world: World,
    tmp_path: Path,
    extra: dict[str, object],
    dimension: int | None,
    context_length: int | None,
) -> None:
    folder = sentence_transformer(
        tmp_path / "st", {"modules.json": MODULES, "model.safetensors": 0, ".hidden": 0, **extra}
    )
    spec = add("small", folder)
    assert spec.role is Role.EMBEDDER
    assert (spec.dimension, spec.context_length) == (dimension, context_length)
    assert {"modules.json", "model.safetensors"} <= {file.path for file in spec.files}
    assert ".hidden" not in {file.path for file in spec.files}
    assert resolve("small").path == folder


@pytest.mark.parametrize("modules", [{}, [3], "text", None])
def test_folder_without_usable_modules(world: World, tmp_path: Path, modules: object) -> None:
    with pytest.raises(InputError, match=r"no usable modules\.json"):
        add("small", sentence_transformer(tmp_path / "st", {"modules.json": modules}))


def test_default(world: World, gguf: Path) -> None:
    add("other", gguf, default=True)
    assert load_registry().default(Role.GENERATOR).name == "other"


def test_what_stands_in_the_registry_is_kept(world: World, gguf: Path) -> None:
    add("one", gguf)
    text = world.registry.read_text() + "# a comment of mine\n"
    world.registry.write_text(text)
    add("two", gguf)
    assert world.registry.read_text().startswith(text)
    assert {"one", "two"} <= set(load_registry().by_name)


@pytest.mark.parametrize(
    "folder", ['a "quoted" name', "back\\slash", "Grüße 日本 😀", "tab\tand\x7f", "[x]{y}#"]
)
def test_strange_paths_survive(world: World, tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "x.gguf"
    path.parent.mkdir()
    write_tiny_gguf(path)
    add("strange", path)
    assert resolve("strange").path == path


@pytest.mark.parametrize("taken", ["smollm2-135m", "other"])
def test_taken_name(world: World, gguf: Path, taken: str) -> None:
    add("other", gguf)
    before = world.registry.read_text()
    with pytest.raises(UsageError, match=f"a model called '{taken}' already"):
        add(taken, gguf)
    assert world.registry.read_text() == before


@pytest.mark.parametrize("name", ["", "a/b", "-x", "a b", "x" * 101])
def test_impossible_name(world: World, gguf: Path, name: str) -> None:
    with pytest.raises(UsageError, match="was not added"):
        add(name, gguf)
    assert not world.registry.exists()


def test_role_must_suit(world: World, gguf: Path) -> None:
    with pytest.raises(UsageError, match="cannot be used as embedder"):
        add("other", gguf, Role.EMBEDDER)
    with pytest.raises(UsageError, match="cannot be used as generator"):
        add("other", gguf.parent, Role.GENERATOR)
    assert add("other", gguf, Role.TEST_GENERATOR).role is Role.TEST_GENERATOR


def test_missing_file(world: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file or folder"):
        add("other", tmp_path / "none.gguf")


def test_registry_that_cannot_be_written(world: World, gguf: Path) -> None:
    world.registry.parent.write_text("in the way")
    with pytest.raises(RagError, match="cannot be written") as caught:
        add("other", gguf)
    assert "RAG_MODELS_REGISTRY" in caught.value.hint
