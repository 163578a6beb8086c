"""Writes a GGUF of half a megabyte whose only use is to run llama.cpp's matrix kernels once.

One llama layer with weights of random bits, in each of the quantised formats that the registered
models use. What it writes means nothing; that it decodes without a crash, to finite numbers,
shows that this build runs on this processor. Standard library only, since it also serves before
anything is installed.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from pathlib import Path

N_EMBD = 256
"""Width: one super-block of the K formats, the least that they can store."""
N_HEAD, N_HEAD_KV, N_FF = 4, 2, 512
N_VOCAB = 288
"""3 special tokens, 256 bytes, and filling up to a multiple of 32: tiled kernels ask for it."""
N_CTX = 256
_ALIGNMENT = 32
_F32 = 0

_SCALE = struct.pack("<e", 2e-4)
"""Half-precision block scale: small enough that sums over 512 weights stay near 1."""

# GGUF's number of a format: weights in a block, random bytes before the scales, scales, random
# bytes after. From the block structs of llama.cpp's ggml-common.h.
_BLOCKS = {
    2: (32, 0, 1, 16),  # Q4_0: d, 32 × 4 bits
    3: (32, 0, 2, 16),  # Q4_1: d, m, 32 × 4 bits
    6: (32, 0, 1, 20),  # Q5_0: d, 32 × 1 bit, 32 × 4 bits
    8: (32, 0, 1, 32),  # Q8_0: d, 32 × 8 bits
    12: (256, 0, 2, 140),  # Q4_K: d, dmin, 12 scales, 256 × 4 bits
    13: (256, 0, 2, 172),  # Q5_K: d, dmin, 12 scales, 256 × 1 bit, 256 × 4 bits
    14: (256, 208, 1, 0),  # Q6_K: 256 × 6 bits, 16 scales, d
}

# Name, columns, rows and format; GGUF names the columns first.
_TENSORS = (
    ("token_embd.weight", N_EMBD, N_VOCAB, 8),
    ("blk.0.attn_norm.weight", N_EMBD, 1, _F32),
    ("blk.0.attn_q.weight", N_EMBD, N_EMBD, 12),
    ("blk.0.attn_k.weight", N_EMBD, N_EMBD * N_HEAD_KV // N_HEAD, 2),
    ("blk.0.attn_v.weight", N_EMBD, N_EMBD * N_HEAD_KV // N_HEAD, 6),
    ("blk.0.attn_output.weight", N_EMBD, N_EMBD, 3),
    ("blk.0.ffn_norm.weight", N_EMBD, 1, _F32),
    ("blk.0.ffn_gate.weight", N_EMBD, N_FF, 13),
    ("blk.0.ffn_up.weight", N_EMBD, N_FF, 8),
    ("blk.0.ffn_down.weight", N_FF, N_EMBD, 12),
    ("output_norm.weight", N_EMBD, 1, _F32),
    ("output.weight", N_EMBD, N_VOCAB, 14),
)


def write_tiny_gguf(path: Path) -> None:
    """Write the model to ``path``; the same bytes each time."""
    noise = random.Random(0)  # noqa: S311 - filler, no secret
    infos, data = bytearray(), bytearray()
    for name, columns, rows, kind in _TENSORS:
        data += bytes(-len(data) % _ALIGNMENT)
        shape = (
            struct.pack("<IQ", 1, columns) if rows == 1 else struct.pack("<IQQ", 2, columns, rows)
        )
        infos += _string(name) + shape + struct.pack("<IQ", kind, len(data))
        data += _weights(kind, columns * rows, noise)
    pairs = list(_metadata())
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(_TENSORS), len(pairs)) + b"".join(pairs) + infos
    path.write_bytes(head + bytes(-len(head) % _ALIGNMENT) + data)


def _weights(kind: int, n_weights: int, noise: random.Random) -> bytes:
    if kind == _F32:
        return struct.pack("<f", 1.0) * n_weights
    per_block, before, n_scales, after = _BLOCKS[kind]
    blocks = range(n_weights // per_block)
    return b"".join(
        noise.randbytes(before) + _SCALE * n_scales + noise.randbytes(after) for _ in blocks
    )


def _metadata() -> Iterator[bytes]:
    """Yield GGUF's key-value pairs: the architecture and a vocabulary of single bytes."""
    yield _text("general.architecture", "llama")
    for key, number in (
        ("context_length", N_CTX),
        ("embedding_length", N_EMBD),
        ("block_count", 1),
        ("feed_forward_length", N_FF),
        ("attention.head_count", N_HEAD),
        ("attention.head_count_kv", N_HEAD_KV),
    ):
        yield _string(f"llama.{key}") + struct.pack("<II", 4, number)
    yield _string("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", 6, 1e-5)
    special = ["<unk>", "<s>", "</s>"]
    single = [f"<0x{byte:02X}>" for byte in range(256)]
    unused = [f"<unused{n}>" for n in range(N_VOCAB - len(special) - len(single))]
    tokens = special + single + unused
    # Token types of llama.cpp: 2 unknown, 3 control, 6 byte, 5 unused.
    types = [2, 3, 3] + [6] * len(single) + [5] * len(unused)
    yield _text("tokenizer.ggml.model", "llama")
    yield _array("tokenizer.ggml.tokens", 8, [_string(token) for token in tokens])
    yield _array("tokenizer.ggml.scores", 6, [struct.pack("<f", 0.0)] * N_VOCAB)
    yield _array("tokenizer.ggml.token_type", 5, [struct.pack("<i", kind) for kind in types])


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _text(key: str, value: str) -> bytes:
    return _string(key) + struct.pack("<I", 8) + _string(value)


def _array(key: str, item_type: int, items: list[bytes]) -> bytes:
    return _string(key) + struct.pack("<IIQ", 9, item_type, len(items)) + b"".join(items)
