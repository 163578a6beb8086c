from __future__ import annotations

import struct
from pathlib import Path

from rag.llama_build.tiny_gguf import write_tiny_gguf


def test_the_same_small_file_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_tiny_gguf(tmp_path / name)
    raw = (tmp_path / "one").read_bytes()
    assert raw == (tmp_path / "two").read_bytes()
    assert struct.unpack_from("<4sIQ", raw) == (b"GGUF", 3, 12)
    assert len(raw) < 1_000_000


def test_llama_cpp_reads_what_was_written(tmp_path: Path) -> None:
    import llama_cpp

    path = tmp_path / "tiny.gguf"
    write_tiny_gguf(path)
    model = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
    assert model.metadata["llama.block_count"] == "1"
    assert model.tokenize(b"\n", add_bos=False, special=False)[-1] == 3 + ord("\n")
    model.close()
