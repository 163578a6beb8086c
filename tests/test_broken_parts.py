"""Each part broken, asked through the real command: an exit code and one screen of words."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from library_samples import another_process
from rag_child import QUESTION, Machine, SmallDisk, small_disk

from rag.library import DATABASE_NAME, Library
from rag.vector_store import INDEX_NAME, MANIFEST_NAME

Spoil = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    assert "3 added" in machine.rag("index", str(machine.news))[0]
    return machine


@pytest.fixture(scope="module")
def answer(machine: Machine) -> str:
    """What is printed where nothing is broken."""
    printed, said = machine.rag("ask", QUESTION)
    assert "Nearest sentences" in said
    assert "rebuilt" not in said
    return printed


@pytest.fixture
def library(machine: Machine, tmp_path: Path) -> Path:
    """A copy of the library, to be broken."""
    return machine.copy(tmp_path / "library")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=2) as disk:
        yield disk


def spoil(path: Path, change: Spoil) -> bytes:
    """Change a file's bytes; what it holds then."""
    changed = change(path.read_bytes())
    path.write_bytes(changed)
    return changed


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def one_bit(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :]


def emptied(_data: bytes) -> bytes:
    return b""


# --- vectors -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change"), [(INDEX_NAME, half), (INDEX_NAME, one_bit), (MANIFEST_NAME, half)]
)
def test_a_broken_index_of_vectors_is_made_again(
    machine: Machine, answer: str, library: Path, name: str, change: Spoil
) -> None:
    spoil(library / name, change)
    printed, said = machine.rag("ask", QUESTION, library=library)
    assert "The vector index was rebuilt: its " in said
    assert "damaged." in said
    assert printed == answer


# --- the SQLite file -----------------------------------------------------------------------


@pytest.mark.parametrize("words", [("ask", QUESTION), ("index", ".")], ids="-".join)
def test_a_library_of_a_newer_version_is_left_alone(
    machine: Machine, library: Path, words: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(library / DATABASE_NAME)) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = (library / DATABASE_NAME).read_bytes()
    printed, said = machine.rag(*words, code=3, library=library)
    assert printed == ""
    assert "format 99, written by a newer citeline" in said
    assert "Upgrade citeline" in said
    assert (library / DATABASE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (("ask", QUESTION), half),
        (("index", "."), half),
        (("index", "."), emptied),
        (("list",), emptied),
    ],
    ids=["ask-half", "index-half", "index-emptied", "list-emptied"],
)
def test_a_library_that_was_cut_short_says_so_and_is_left_alone(
    machine: Machine, library: Path, words: tuple[str, ...], change: Spoil
) -> None:
    left = spoil(library / DATABASE_NAME, change)
    printed, said = machine.rag(*words, code=3, library=library)
    assert printed == ""
    assert f"{DATABASE_NAME} is damaged" in said
    assert "Move the folder away and index the articles again: rag index PATH" in said
    assert (library / DATABASE_NAME).read_bytes() == left


def test_a_wrong_digit_in_a_stored_sentence_is_never_quoted(
    machine: Machine, library: Path
) -> None:
    path = library / DATABASE_NAME
    data = path.read_bytes()
    # A sentence stands in its article and in the index of words: one of the two is changed.
    assert data.count(b"counted 12,400 passengers") == 2
    for at in (data.find(b"12,400 pass"), data.rfind(b"12,400 pass")):
        path.write_bytes(data[:at] + b"12,900" + data[at + 6 :])
        printed, said = machine.rag("ask", QUESTION, code=3, library=library)
        assert "12,900" not in printed + said
        assert "is damaged: sentence" in said
        assert "of ferry1 is not what its article says" in said


def test_text_that_is_no_text_any_more_says_so(machine: Machine, library: Path) -> None:
    with closing(sqlite3.connect(library / DATABASE_NAME, isolation_level=None)) as raw:
        raw.execute("UPDATE document SET title = CAST(x'46ff' AS TEXT) WHERE id = 'ferry2'")
    _, said = machine.rag("list", code=3, library=library)
    assert "is damaged: Could not decode to UTF-8" in said
    assert "rag index PATH" in said


@pytest.mark.parametrize("words", [("ask", QUESTION), ("index", ".")], ids="-".join)
def test_noise_in_the_middle_is_told(
    machine: Machine, library: Path, words: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(library / DATABASE_NAME)) as raw:
        (page,) = raw.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'document'"
        ).fetchone()
    start = (page - 1) * 4096
    spoil(
        library / DATABASE_NAME,
        lambda data: data[:start] + b"\xa5" * 4096 + data[start + 4096 :],
    )
    assert "is damaged: " in machine.rag(*words, code=3, library=library)[1]


# --- weights -------------------------------------------------------------------------------


def test_a_generator_cut_short_is_not_used(machine: Machine, tmp_path: Path) -> None:
    weights = tmp_path / "other.gguf"
    shutil.copy(machine.generator, weights)
    own: dict[str, Any] = {"models_registry": tmp_path / "models.toml", "generator": "other"}
    machine.rag("models", "add", "other", str(weights), **own)
    spoil(weights, lambda data: data[:-9000])
    _, said = machine.rag("ask", QUESTION, code=3, **own)
    assert "it was cut short. It was not used." in said
    # One that no registry knows has no sum to be held to; it is opened where words are asked for.
    _, said = machine.rag("ask", "Why does the ferry go to the island?", code=3, generator=weights)
    assert "llama.cpp cannot load other.gguf" in said


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_an_embedder_cut_short_is_not_used_and_costs_no_vector(
    machine: Machine, library: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "embedder"
    shutil.copytree(machine.embedder, folder)
    spoil(folder / name, half)
    _, said = machine.rag("index", str(machine.news), code=3, library=library, embedder=folder)
    assert f"The embedder in {folder} cannot be loaded" in said
    with Library.open(library) as held:
        (stats,) = [e for e in held.stats().embedders if e.passages]
        assert stats.passages == held.stats().passages > 0


def test_a_registered_embedder_cut_short_is_not_used(machine: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "embedder"
    shutil.copytree(machine.embedder, folder)
    own: dict[str, Any] = {"models_registry": tmp_path / "models.toml", "embedder": "other"}
    machine.rag("models", "add", "other", str(folder), **own)
    spoil(folder / "model.safetensors", half)
    _, said = machine.rag("index", str(machine.news), code=3, library=tmp_path / "new", **own)
    assert "model.safetensors has" in said
    assert "it was cut short. It was not used." in said
    assert not (tmp_path / "new").exists()


# --- the disk ------------------------------------------------------------------------------


@pytest.mark.parametrize("kilobytes", [24, 200])
def test_a_full_disk_stops_indexing_and_the_same_command_goes_on(
    machine: Machine, disk: SmallDisk, kilobytes: int
) -> None:
    library = disk.folder / "library"
    disk.fill(leave=kilobytes * 1024)
    _, said = machine.rag("index", str(machine.news), code=3, library=library)
    assert "is full; the last change was undone" in said
    assert "Free some space, then run the same command again" in said
    disk.empty()
    printed, _ = machine.rag("index", str(machine.news), library=library)
    assert "3 passages embedded" in printed
    with Library.open(library, writable=True) as held:
        assert held.check() == ()
        assert [info.id for info in held.documents()] == ["ferry1", "ferry2", "ferry3"]


def test_a_full_disk_can_be_asked(machine: Machine, answer: str, disk: SmallDisk) -> None:
    library = machine.copy(disk.folder / "library")
    (library / INDEX_NAME).unlink()
    disk.fill()
    printed, said = machine.rag("ask", QUESTION, library=library)
    assert printed == answer
    assert "The vector index was rebuilt: there was none." in said
    # There was no room to save it.
    assert not (library / INDEX_NAME).exists()


def test_a_disk_that_cannot_be_written_can_be_asked(
    machine: Machine, answer: str, disk: SmallDisk
) -> None:
    library = machine.copy(disk.folder / "library")
    disk.seal()
    assert machine.rag("ask", QUESTION, library=library)[0] == answer
    _, said = machine.rag("index", str(machine.news), code=3, library=library)
    assert f"The library in {library} cannot be written: Read-only file system." in said
    assert "--library DIR" in said


# --- another writer ------------------------------------------------------------------------

_HOLD = """
import sys
from pathlib import Path
from rag.library import Library
sys.argv = ["/usr/bin/rag", "index", "all the news"]
with Library.open(Path(sys.stdin.readline().strip()), writable=True):
    print("ready", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_says_who_is_the_first(machine: Machine, library: Path) -> None:
    hold = _HOLD.replace("sys.stdin.readline().strip()", repr(str(library)))
    with another_process(hold) as first:
        words = ("index", str(machine.news))
        _, said = machine.rag(*words, code=3, library=library, lock_timeout_s=1.2)
        assert f"Process {first.pid} on " in said
        assert "(rag index 'all the news', since 20" in said
        assert "waited 1.2 s, nothing was changed" in said
        assert "waiting up to 1.2 s" in said
