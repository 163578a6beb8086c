from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from contracts.vector_store_contract import VectorStoreContract, rows

from rag.fakes import MemoryVectorStore
from rag.protocols import VectorStore
from rag.vector_store import (
    INDEX_NAME,
    MANIFEST_NAME,
    FaissVectorStore,
    IndexStamp,
    Refused,
    load_index,
    save_index,
)

STAMP = IndexStamp("mini", 3, "7-abc")


class TestFaissVectorStore(VectorStoreContract):
    def make(self, dimension: int) -> VectorStore:
        return FaissVectorStore(dimension)


class TestMemoryVectorStore(VectorStoreContract):
    def make(self, dimension: int) -> VectorStore:
        return MemoryVectorStore(dimension)


@pytest.fixture
def store() -> FaissVectorStore:
    store = FaissVectorStore(3)
    store.add([5, 2**40], rows([1, 0, 0], [0, 1, 0]))
    return store


def test_a_dimension_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FaissVectorStore(0)


def test_what_was_saved_is_loaded(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP)
    loaded = load_index(tmp_path, STAMP)
    assert isinstance(loaded, FaissVectorStore)
    query = rows([0.6, 0.8, 0])[0]
    assert (len(loaded), loaded.dimension) == (2, 3)
    assert loaded.search(query, 9) == store.search(query, 9)
    loaded.delete([5])
    loaded.add([6], rows([0, 0, 1]))
    assert [hit.id for hit in loaded.search(query, 9)] == [2**40, 6]
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_NAME, MANIFEST_NAME]


def test_an_empty_store_can_be_saved(tmp_path: Path) -> None:
    save_index(FaissVectorStore(3), tmp_path, STAMP)
    loaded = load_index(tmp_path, STAMP)
    assert isinstance(loaded, FaissVectorStore)
    assert len(loaded) == 0


@pytest.mark.parametrize(
    "other",
    [
        replace(STAMP, embedder="other"),
        replace(STAMP, dimension=4),
        replace(STAMP, generation="8-abc"),
    ],
)
def test_an_index_of_another_state_is_refused(
    tmp_path: Path, store: FaissVectorStore, other: IndexStamp
) -> None:
    save_index(store, tmp_path, STAMP)
    assert load_index(tmp_path, other) == Refused("the library has changed since it was saved")


def test_any_flipped_bit_is_noticed(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP)
    path = tmp_path / INDEX_NAME
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        path.write_bytes(
            whole[:position] + bytes([whole[position] ^ 1 << position % 8]) + whole[position + 1 :]
        )
        assert load_index(tmp_path, STAMP) == Refused("its file was damaged", damaged=True)


@pytest.mark.parametrize("kept", [0, 1, 40, -1])
def test_a_file_that_was_cut_short_is_noticed(
    tmp_path: Path, store: FaissVectorStore, kept: int
) -> None:
    save_index(store, tmp_path, STAMP)
    path = tmp_path / INDEX_NAME
    path.write_bytes(path.read_bytes()[:kept])
    assert load_index(tmp_path, STAMP) == Refused("its file was damaged", damaged=True)


@pytest.mark.parametrize("text", ["", "{", "[]x", "7", "null", '["a"]', "\udcff"])
def test_a_manifest_that_is_none_is_noticed(
    tmp_path: Path, store: FaissVectorStore, text: str
) -> None:
    save_index(store, tmp_path, STAMP)
    (tmp_path / MANIFEST_NAME).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert load_index(tmp_path, STAMP) == Refused("its manifest was damaged", damaged=True)


@pytest.mark.parametrize("name", [INDEX_NAME, MANIFEST_NAME])
def test_a_missing_file_is_no_damage(tmp_path: Path, store: FaissVectorStore, name: str) -> None:
    save_index(store, tmp_path, STAMP)
    (tmp_path / name).unlink()
    assert load_index(tmp_path, STAMP) == Refused("there was none")


def test_another_version_of_faiss_is_refused(tmp_path: Path, store: FaissVectorStore) -> None:
    save_index(store, tmp_path, STAMP)
    path = tmp_path / MANIFEST_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {"faiss": "0.1"}))
    assert load_index(tmp_path, STAMP) == Refused("another version of FAISS wrote it (0.1)")


def test_a_failed_save_leaves_the_old_index_and_no_litter(
    tmp_path: Path, store: FaissVectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_index(store, tmp_path, STAMP)

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        save_index(FaissVectorStore(3), tmp_path, replace(STAMP, generation="8"))
    assert isinstance(load_index(tmp_path, STAMP), FaissVectorStore)
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_NAME, MANIFEST_NAME]


def test_old_litter_of_killed_processes_is_removed(tmp_path: Path, store: FaissVectorStore) -> None:
    old, young = tmp_path / f"{INDEX_NAME}.old.tmp", tmp_path / f"{INDEX_NAME}.young.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    two_hours_ago = time.time() - 7200
    os.utime(old, (two_hours_ago, two_hours_ago))
    save_index(store, tmp_path, STAMP)
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
save_index(store, Path(sys.argv[1]), IndexStamp("mini", 3, sys.argv[3]))
"""


@pytest.mark.parametrize(("moves", "damaged"), [(0, False), (1, True)])
def test_a_save_that_is_killed_never_gives_a_wrong_index(
    tmp_path: Path, store: FaissVectorStore, moves: int, damaged: bool
) -> None:
    save_index(store, tmp_path, STAMP)
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_WHILE_SAVING, str(tmp_path), str(moves), "8-new"],
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == -signal.SIGKILL
    assert isinstance(load_index(tmp_path, replace(STAMP, generation="8-new")), Refused)
    after = load_index(tmp_path, STAMP)
    assert isinstance(after, Refused) is damaged


def test_importing_the_module_does_not_import_faiss() -> None:
    code = "import sys, rag.vector_store, rag.library; sys.exit('faiss' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_vectors_of_a_view_are_copied() -> None:
    store = FaissVectorStore(3)
    wide = np.ones((2, 6), dtype=np.float32)
    store.add([1, 2], wide[:, ::2])
    wide[:] = 0
    assert store.search(rows([1, 0, 0])[0], 1)[0].score == 1
