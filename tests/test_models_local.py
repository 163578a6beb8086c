from __future__ import annotations

import os
from pathlib import Path

import pytest
from models_world import Bar, World, embedder, generator

from rag.errors import InputError, ModelCorruptError, ModelMissingError
from rag.llama_build.tiny_gguf import write_tiny_gguf
from rag.models import (
    HubSource,
    ModelSpec,
    ProblemKind,
    Registry,
    Role,
    is_present,
    resolve,
    sums,
    verify,
)

HUB = HubSource("org/repo", "main")
CONTENT = b"weights of a model"
FOLDER = {"model.safetensors": b"vectors", "1_Pooling/config.json": b"{}"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(sums, "_WORTH_REMEMBERING", 0)
    return World(tmp_path, monkeypatch)


def test_registered_name(world: World) -> None:
    spec, other = generator(CONTENT), embedder(FOLDER)
    world.put(spec, [CONTENT])
    world.put(other, list(FOLDER.values()))
    registry = Registry((spec, other))
    assert resolve("tiny", registry=registry).path == world.models / "tiny.gguf"
    assert resolve("small", registry=registry).path == world.models / "small"


def test_shipped_names_are_known(world: World) -> None:
    with pytest.raises(ModelMissingError, match=r"weights of smollm2-135m are not on") as caught:
        resolve("smollm2-135m")
    assert caught.value.hint == "Fetch them (98 MB): rag models fetch smollm2-135m"


def test_unknown_name(world: World) -> None:
    with pytest.raises(ModelMissingError, match=r"Did you mean smollm2-135m\?"):
        resolve("smollm-135m")


@pytest.mark.parametrize("path", ["none.gguf", "some/folder", Path("none")])
def test_missing_path(world: World, path: str | Path) -> None:
    with pytest.raises(ModelMissingError, match="There is no file or folder /"):
        resolve(path)


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (CONTENT[:-1], ProblemKind.SIZE, "17 bytes instead of 18: it was cut short"),
        (CONTENT + b"!", ProblemKind.SIZE, "19 bytes instead of 18: it is another file"),
        (CONTENT.upper(), ProblemKind.SHA256, r"has the sha256 [0-9a-f]{12}… instead of"),
    ],
)
def test_wrong_weights_are_never_used(
    world: World, content: bytes, kind: ProblemKind, message: str
) -> None:
    spec = generator(CONTENT, hub=HUB)
    world.put(spec, [content])
    with pytest.raises(ModelCorruptError, match=message) as caught:
        resolve("tiny", registry=Registry((spec,)))
    assert caught.value.message.endswith("It was not used.")
    assert caught.value.hint == "Fetch it again: rag models fetch tiny"
    assert [problem.kind for problem in verify(spec)] == [kind]


def test_file_that_changed_since_is_not_used(world: World) -> None:
    spec = generator(CONTENT)
    world.put(spec, [CONTENT])
    resolve("tiny", registry=Registry((spec,)))
    world.put(spec, [CONTENT.upper()])
    with pytest.raises(ModelCorruptError):
        resolve("tiny", registry=Registry((spec,)))


def test_verify_hashes_what_resolve_remembers(world: World) -> None:
    spec = generator(CONTENT)
    world.put(spec, [CONTENT])
    resolve("tiny", registry=Registry((spec,)))
    status = spec.path.stat()
    spec.path.write_bytes(CONTENT.upper())
    os.utime(spec.path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert resolve("tiny", registry=Registry((spec,)))
    assert [problem.kind for problem in verify(spec)] == [ProblemKind.SHA256]
    with pytest.raises(ModelCorruptError):
        resolve("tiny", registry=Registry((spec,)))


def test_model_without_a_source_is_not_said_to_be_fetchable(world: World) -> None:
    registry = Registry((generator(CONTENT),))
    with pytest.raises(ModelMissingError) as missing:
        resolve("tiny", registry=registry)
    world.put(registry.get("tiny"), [b"short"])
    with pytest.raises(ModelCorruptError) as corrupt:
        resolve("tiny", registry=registry)
    assert "fetch" not in missing.value.hint + corrupt.value.hint


def test_every_file_of_a_folder_counts(world: World) -> None:
    spec = embedder(FOLDER)
    assert [problem.kind for problem in verify(spec)] == [ProblemKind.MISSING] * 2
    world.put(spec, [b"vectors", b"[]"])
    assert is_present(spec)
    (problem,) = verify(spec)
    assert problem.path == world.models / "small" / "1_Pooling" / "config.json"
    world.put(spec, [b"vectors", b"{}"])
    bar = Bar()
    assert verify(spec, progress=bar) == ()
    assert (bar.done, bar.total, bar.finished) == (9, 9, 1)


def test_unreadable_weights(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = generator(CONTENT)
    world.put(spec, [CONTENT])

    def refuse(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("rag.models.local.sha256_of", refuse)
    (problem,) = verify(spec)
    assert problem.kind is ProblemKind.UNREADABLE
    assert "Permission denied" in problem.message


def test_gguf_by_path(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_gguf(tmp_path / "My model.gguf")
    monkeypatch.chdir(tmp_path)
    model = resolve("My model.gguf")
    assert model.path == tmp_path / "My model.gguf"
    assert (model.spec.name, model.spec.role) == ("My-model", Role.GENERATOR)
    assert model.spec.context_length == 256
    assert verify(model.spec) == ()


def test_path_of_a_registered_model_is_held_to_its_sum(world: World) -> None:
    spec = generator(CONTENT)
    world.put(spec, [CONTENT.upper()])
    with pytest.raises(ModelCorruptError):
        resolve(spec.path, registry=Registry((spec,)))


def test_file_that_is_no_model(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_text("hello")
    with pytest.raises(InputError, match="not a GGUF file"):
        resolve(tmp_path / "a.gguf")


def test_folder_that_is_no_model(world: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sentence-transformers folder"):
        resolve(tmp_path)


@pytest.mark.parametrize("spec", [generator(CONTENT), embedder(FOLDER)], ids=["file", "folder"])
def test_nothing_here(world: World, spec: ModelSpec) -> None:
    assert not is_present(spec)
