from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.llama_build.tiny_gguf import N_CTX, write_tiny_gguf
from rag.models.gguf import GgufHeader, read_gguf_header


def string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def key(name: str, kind: int, value: bytes) -> bytes:
    return string(name) + struct.pack("<I", kind) + value


def gguf(*keys: bytes, version: int = 3, magic: bytes = b"GGUF") -> bytes:
    return magic + struct.pack("<IQQ", version, 0, len(keys)) + b"".join(keys)


ARCHITECTURE = key("general.architecture", 8, string("qwen2"))
NAME = key("general.name", 8, string("A model"))
LENGTH = key("qwen2.context_length", 4, struct.pack("<I", 32768))
NUMBERS = key("a", 9, struct.pack("<IQ", 6, 3) + struct.pack("<3f", 1, 2, 3))
WORDS = key("tokens", 9, struct.pack("<IQ", 8, 2) + string("one") + string("two"))


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (gguf(ARCHITECTURE, NAME, LENGTH), GgufHeader("qwen2", "A model", 32768)),
        (gguf(ARCHITECTURE, NAME, LENGTH, version=2), GgufHeader("qwen2", "A model", 32768)),
        (gguf(NUMBERS, ARCHITECTURE, WORDS, LENGTH), GgufHeader("qwen2", None, 32768)),
        (gguf(ARCHITECTURE, key("llama.context_length", 4, struct.pack("<I", 7))),
         GgufHeader("qwen2", None, None)),
        (gguf(ARCHITECTURE, key("qwen2.context_length", 8, string("long"))),
         GgufHeader("qwen2", None, None)),
        (gguf(), GgufHeader(None, None, None)),
    ],
)  # fmt: skip
def test_header(tmp_path: Path, content: bytes, header: GgufHeader) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(content)
    assert read_gguf_header(path) == header


def test_header_of_a_file_that_llama_cpp_reads(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path / "tiny.gguf")
    header = read_gguf_header(tmp_path / "tiny.gguf")
    assert (header.architecture, header.context_length) == ("llama", N_CTX)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a GGUF file"),
        (b"%PDF-1.7", "not a GGUF file"),
        (gguf(version=1), "GGUF version 1"),
        (b"GGUF\x00\x00\x00\x03" + bytes(16), "GGUF version"),  # big-endian
        (gguf(ARCHITECTURE)[:-2], "ends within its head"),
        (gguf(key("a", 77, b"")), "a value of kind 77"),
        (gguf(struct.pack("<Q", 1 << 40)), "a value of 1,099,511,627,776 bytes"),
        (gguf(key("a", 9, struct.pack("<IQ", 10, 1 << 60))), "a value of"),
        (gguf(key("a", 9, struct.pack("<IQ", 8, 1 << 60))), "ends within its head"),
        (gguf(key("a", 9, struct.pack("<IQ", 9, 1))), "a value of kind 9"),
    ],
)
def test_broken_head(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_gguf_header(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read"):
        read_gguf_header(tmp_path / "none.gguf")


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_content_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, cut: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.gguf"
    path.write_bytes(gguf(NUMBERS, WORDS, ARCHITECTURE)[:cut] + tail)
    try:
        read_gguf_header(path)
    except InputError:
        return
