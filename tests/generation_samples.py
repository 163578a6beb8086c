"""A stand-in for llama.cpp under the generator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import GenerationStoppedError

END = 256
"""The end token of :class:`ByteContext`; the tokens below are bytes."""


class ByteContext:
    """Stands for llama.cpp: a token is a byte, and what is written is given beforehand."""

    context_tokens = 1000
    build = "fake"
    restored: bytes | None = None
    first_token: int | None = None
    reply: bytes = b"It rose."

    def __init__(self, path: Path, *, context_tokens: int, threads: int) -> None:
        self.evaluated: list[tuple[int, ...]] = []
        self.n_evaluated = 0
        self.closed = False
        self._n_written = 0

    def metadata(self, key: str) -> str:
        return "{% for m in messages %}<{{ m.role[0] }}>{{ m.content }}{% endfor %}<a>"

    def special_text(self, which: str) -> str:
        return ""

    def encode(self, text: str, special: bool) -> list[int]:
        return list(text.encode(errors="replace"))

    def piece(self, token: int) -> bytes:
        return bytes([token])

    def ends_generation(self, token: int) -> bool:
        return token == END

    def cut_back(self, n_tokens: int) -> None:
        self.n_evaluated = n_tokens
        self._n_written = 0

    def state(self) -> bytes:
        return b"".join(bytes(block) for block in self.evaluated)

    def restore(self, state: bytes, n_tokens: int) -> bool:
        self.restored = state
        self.n_evaluated = n_tokens
        return True

    def evaluate(self, tokens: Sequence[int], stop: Callable[[], bool]) -> None:
        if stop():
            raise GenerationStoppedError("Stopped.")
        self.evaluated.append(tuple(tokens))
        self.n_evaluated += len(tokens)
        self._n_written = self._n_written + 1 if len(tokens) == 1 else 0

    def logits(self) -> Any:
        scores = np.zeros(END + 1, dtype=np.float32)
        rest = self.reply[self._n_written : self._n_written + 1]
        scores[rest[0] if rest else END] = 3.0
        return scores

    def close(self) -> None:
        self.closed = True
