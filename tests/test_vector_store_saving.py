"""The index file: what is loaded is whole and what was saved, or it is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from contracts.vector_store_contract import rows

from rag.vector_store import (
    INDEX_NAME,
    MANIFEST_NAME,
    FaissVectorStore,
    IndexStamp,
    Refused,
    SavedIndex,
    load_index,
    save_index,
)

STAMP = IndexStamp("mini", 3, "7-abc")


MARKS = np.array([[5, -1], [2**40, 2**62]])


def make(exact_up_to: int) -> FaissVectorStore:
    store = FaissVectorStore(3, exact_up_to=exact_up_to)
    store.add([5, 2**40], rows([1, 0, 0], [0, 1, 0]))
    return store


@pytest.fixture
def store() -> FaissVectorStore:
    return make(9)


def load(folder: Path) -> SavedIndex | Refused:
    return load_index(folder, "mini", 3)


@pytest.mark.parametrize("exact_up_to", [9, 1], ids=["exact", "lists"])
def test_what_was_saved_is_loaded(tmp_path: Path, exact_up_to: int) -> None:
    store = make(exact_up_to)
    save_index(store, tmp_path, STAMP, MARKS)
    saved = load_index(tmp_path, "mini", 3, exact_up_to=exact_up_to)
    assert isinstance(saved, SavedIndex)
    loaded = saved.store
    query = rows([0.6, 0.8, 0])[0]
    assert (len(loaded), loaded.dimension, loaded.exact) == (2, 3, exact_up_to == 9)
    assert (saved.generation, saved.marks.tolist()) == ("7-abc", MARKS.tolist())
    assert loaded.search(query, 9) == store.search(query, 9)
    loaded.delete([5])
    loaded.add([6], rows([0, 0, 1]))
    assert [hit.id for hit in loaded.search(query, 9)] == [2**40, 6]
    assert loaded.exact == (exact_up_to == 9)
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_NAME, MANIFEST_NAME]


def test_a_loaded_store_grows_out_of_its_kind(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    saved = load_index(tmp_path, "mini", 3, exact_up_to=2)
    assert isinstance(saved, SavedIndex)
    was_exact = saved.store.exact
    saved.store.add([7], rows([0, 0, 1]))
    assert (was_exact, saved.store.exact) == (True, False)
    assert [hit.id for hit in saved.store.search(rows([0, 0.1, 1])[0], 9)] == [7, 2**40, 5]


def test_an_empty_store_can_be_saved(tmp_path: Path) -> None:
    save_index(FaissVectorStore(3), tmp_path, STAMP, np.empty((0, 2), np.int64))
    saved = load(tmp_path)
    assert isinstance(saved, SavedIndex)
    assert (len(saved.store), saved.marks.shape) == (0, (0, 2))


def test_marks_of_other_vectors_are_refused(tmp_path: Path, store: FaissVectorStore) -> None:
    with pytest.raises(ValueError, match="for 2 vectors"):
        save_index(store, tmp_path, STAMP, MARKS[:1])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("embedder", "dimension"), [("other", 3), ("mini", 4)])
def test_an_index_of_another_embedder_is_refused(
    tmp_path: Path, store: FaissVectorStore, embedder: str, dimension: int
) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    refused = load_index(tmp_path, embedder, dimension)
    assert refused == Refused("it was made with another embedder")
    assert str(refused) == "it was made with another embedder"


def test_files_of_an_earlier_version_are_refused(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    path = tmp_path / MANIFEST_NAME
    manifest = json.loads(path.read_text())
    del manifest["layout"]
    path.write_text(json.dumps(manifest))
    assert load(tmp_path) == Refused("another version of citeline wrote it")


def test_any_flipped_bit_is_noticed(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    path = tmp_path / INDEX_NAME
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        path.write_bytes(
            whole[:position] + bytes([whole[position] ^ 1 << position % 8]) + whole[position + 1 :]
        )
        assert load(tmp_path) == Refused("its file was damaged", damaged=True)


@pytest.mark.parametrize("kept", [0, 1, 40, -1])
def test_a_file_that_was_cut_short_is_noticed(
    tmp_path: Path, store: FaissVectorStore, kept: int
) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    path = tmp_path / INDEX_NAME
    path.write_bytes(path.read_bytes()[:kept])
    assert load(tmp_path) == Refused("its file was damaged", damaged=True)


@pytest.mark.parametrize("text", ["", "{", "[]x", "7", "null", '["a"]', "\udcff"])
def test_a_manifest_that_is_none_is_noticed(
    tmp_path: Path, store: FaissVectorStore, text: str
) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    (tmp_path / MANIFEST_NAME).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert load(tmp_path) == Refused("its manifest was damaged", damaged=True)


@pytest.mark.parametrize("name", [INDEX_NAME, MANIFEST_NAME])
def test_a_missing_file_is_no_damage(tmp_path: Path, store: FaissVectorStore, name: str) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    (tmp_path / name).unlink()
    assert load(tmp_path) == Refused("there was none")


def test_another_version_of_faiss_is_refused(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    path = tmp_path / MANIFEST_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {"faiss": "0.1"}))
    assert load(tmp_path) == Refused("another version of FAISS wrote it (0.1)")


def test_a_failed_save_leaves_the_old_index_and_no_litter(
    tmp_path: Path, store: FaissVectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_index(store, tmp_path, STAMP, MARKS)

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        save_index(store, tmp_path, replace(STAMP, generation="8"), MARKS)
    saved = load(tmp_path)
    assert isinstance(saved, SavedIndex)
    assert saved.generation == STAMP.generation
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_NAME, MANIFEST_NAME]


_FILE_SIZE_LIMITED = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from rag.vector_store import FaissVectorStore, IndexStamp, save_index

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = FaissVectorStore(3)
ids = np.arange(9000)
store.add(ids, np.ones((9000, 3), dtype=np.float32))
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    save_index(store, Path(sys.argv[1]), IndexStamp("mini", 3, "8"), np.stack([ids, ids], axis=1))
except OSError as error:
    print(error.strerror)
"""


def test_a_disk_that_fills_up_is_told_as_such(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    done = subprocess.run(
        [sys.executable, "-c", _FILE_SIZE_LIMITED, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert (done.stdout, done.stderr) == ("File too large\n", "")
    assert isinstance(load(tmp_path), SavedIndex)
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_NAME, MANIFEST_NAME]


def test_a_save_by_another_process_meanwhile_is_no_damage(
    tmp_path: Path, store: FaissVectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest is read, both files are replaced, the index is read."""
    save_index(store, tmp_path, STAMP, MARKS)
    really_open = Path.open
    saves = [replace(STAMP, generation="8-new")]

    def open_after_a_save(self: Path, *arguments: Any, **named: Any) -> Any:
        if self.name == INDEX_NAME and saves:
            store.add([5], rows([0, 0, 1]))
            save_index(store, tmp_path, saves.pop(), MARKS)
        return really_open(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", open_after_a_save)
    saved = load(tmp_path)
    assert isinstance(saved, SavedIndex)
    assert saved.generation == "8-new"
    assert saved.store.search(rows([0, 0, 1])[0], 1)[0].id == 5


def test_old_litter_of_killed_processes_is_removed(tmp_path: Path, store: FaissVectorStore) -> None:
    old, young = tmp_path / f"{INDEX_NAME}.old.tmp", tmp_path / f"{INDEX_NAME}.young.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    two_hours_ago = time.time() - 7200
    os.utime(old, (two_hours_ago, two_hours_ago))
    save_index(store, tmp_path, STAMP, MARKS)
    assert not old.exists()
    assert young.exists()


_KILLED_WHILE_SAVING = """
import os, signal, sys
from pathlib import Path
import numpy as np
from rag.vector_store import FaissVectorStore, IndexStamp, save_index

moves_left = int(sys.argv[2])
really_replace = Path.replace

def replace(self, target):
    global moves_left
    if not moves_left:
        os.kill(os.getpid(), signal.SIGKILL)
    moves_left -= 1
    return really_replace(self, target)

Path.replace = replace
store = FaissVectorStore(3)
store.add([1], np.ones((1, 3), dtype=np.float32))
marks = np.array([[1, 1]])
save_index(store, Path(sys.argv[1]), IndexStamp("mini", 3, sys.argv[3]), marks)
"""


@pytest.mark.parametrize(("moves", "damaged"), [(0, False), (1, True)])
def test_a_save_that_is_killed_never_gives_a_wrong_index(
    tmp_path: Path, store: FaissVectorStore, moves: int, damaged: bool
) -> None:
    save_index(store, tmp_path, STAMP, MARKS)
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_WHILE_SAVING, str(tmp_path), str(moves), "8-new"],
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == -signal.SIGKILL
    after = load(tmp_path)
    assert isinstance(after, Refused) is damaged
    if isinstance(after, SavedIndex):
        assert (after.generation, len(after.store)) == (STAMP.generation, 2)
