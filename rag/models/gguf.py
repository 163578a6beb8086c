"""The few keys at the head of a GGUF file that say what the model is.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little-endian).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag.errors import InputError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_FORMATS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_LONGEST = 1 << 24
"""Bytes of a string or an array of numbers. The scores of the largest vocabularies, 262,144 words,
take 1 MB; more means a broken file."""


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a GGUF file says of itself; a field that it does not state is None."""

    architecture: str | None
    name: str | None
    context_length: int | None
    """In tokens."""


def read_gguf_header(path: Path) -> GgufHeader:
    """Read the keys before the tokenizer's tables; the weights are not touched.

    Raises:
        InputError: the file is no GGUF file, or its head is broken.
    """
    values: dict[str, object] = {}
    try:
        with path.open("rb") as stream:
            if stream.read(4) != _MAGIC:
                raise InputError(
                    f"{path} is not a GGUF file: it does not begin with the letters GGUF.",
                    "Give a file that llama.cpp reads, for instance model-q4_k_m.gguf.",
                )
            version, _tensors, n_keys = struct.unpack("<IQQ", _exactly(stream, 20))
            if version not in _VERSIONS:
                raise ValueError(f"GGUF version {version}")
            for _ in range(n_keys):
                key = _string(stream)
                values[key] = _value(stream, _number(stream, 4))
                if f"{values.get('general.architecture')}.context_length" in values:
                    break
    except (OSError, ValueError, struct.error) as error:
        raise InputError(
            f"{path} cannot be read as a GGUF file ({error}).",
            "Fetch or copy the file again: its head is cut short or damaged.",
        ) from error
    return _header(values)


def _header(values: dict[str, object]) -> GgufHeader:
    architecture = values.get("general.architecture")
    name = values.get("general.name")
    context = values.get(f"{architecture}.context_length")
    return GgufHeader(
        architecture=architecture if isinstance(architecture, str) else None,
        name=name if isinstance(name, str) else None,
        context_length=context if isinstance(context, int) else None,
    )


def _exactly(stream: BinaryIO, n_bytes: int) -> bytes:
    if n_bytes > _LONGEST:
        raise ValueError(f"a value of {n_bytes:,} bytes")
    data = stream.read(n_bytes)
    if len(data) != n_bytes:
        raise ValueError("the file ends within its head")
    return data


def _number(stream: BinaryIO, kind: int) -> int:
    (value,) = struct.unpack(_FORMATS[kind], _exactly(stream, _size(kind)))
    return int(value)


def _string(stream: BinaryIO) -> str:
    return _exactly(stream, _number(stream, 10)).decode("utf-8", errors="replace")


def _value(stream: BinaryIO, kind: int) -> object:
    """Read one value; of an array only its length is kept."""
    if kind == _STRING:
        return _string(stream)
    if kind == _ARRAY:
        item, length = _number(stream, 4), _number(stream, 10)
        if item == _STRING:
            for _ in range(length):
                _string(stream)
        else:
            _exactly(stream, _size(item) * length)
        return length
    size = _size(kind)
    (value,) = struct.unpack(_FORMATS[kind], _exactly(stream, size))
    return value


def _size(kind: int) -> int:
    if kind not in _FORMATS:
        raise ValueError(f"a value of kind {kind}")
    return struct.calcsize(_FORMATS[kind])
