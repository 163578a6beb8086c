"""What a model wrote is kept on disk, so that the same prompt costs nothing the next time.

Decoding is greedy, so the same weights write the same text; a cache is right as long as its key
holds all that text depends on. Timings are those of the first time.
"""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Self

from rag.errors import GenerationStoppedError
from rag.protocols import Generator, StopCheck
from rag.schema import Generation, GenerationParams, Likelihood, Message

# Replies to prompts that nobody has asked for so long belong to an older version.
_KEPT_DAYS = 60
_TABLE = "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT, used REAL)"


class ReplyCache:
    """Replies by key in one SQLite file; any number of threads and processes.

    A cache that cannot be read or written is one that has nothing: it costs time, not answers.

    Args:
        path: made where it is not there, made anew where it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.hits = 0
        """How many replies were there."""
        self._lock = threading.Lock()
        self._connection = _open(path)

    def get(self, key: str) -> Any | None:
        """Return what was put there, as JSON gives it back."""
        row = self._run("SELECT reply FROM replies WHERE key = ?", key)
        if row is None:
            return None
        self._run("UPDATE replies SET used = ? WHERE key = ?", time.time(), key)
        self.hits += 1
        return json.loads(row[0])

    def put(self, key: str, reply: Any) -> None:
        """Keep a JSON value."""
        text = json.dumps(reply)
        self._run("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", key, text, time.time())

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, statement: str, *values: str | float) -> Any:
        """The first row of one statement; None where there is none, or no cache."""
        with self._lock:
            try:
                return self._connection.execute(statement, values).fetchone()
            except sqlite3.Error:
                return None


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connect(str(path))
    except sqlite3.OperationalError:  # not writable, or another process is at it
        return _connect(":memory:")
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        return _connect(str(path))
    except OSError:
        return _connect(":memory:")


def _connect(name: str) -> sqlite3.Connection:
    # Autocommit: what was written before a crash is there afterwards.
    connection = sqlite3.connect(name, check_same_thread=False, isolation_level=None)
    try:
        # A write without waiting for the disk; what a power cut takes is written again.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
        oldest = time.time() - _KEPT_DAYS * 24 * 3600
        connection.execute("DELETE FROM replies WHERE used < ?", (oldest,))
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class CachedGenerator:
    """A generator that writes each reply once.

    Args:
        inner: what writes.
        cache: where replies are kept.
        salt: all else that a reply depends on: build, threads.
    """

    def __init__(self, inner: Generator, cache: ReplyCache, *, salt: str = "") -> None:
        self._inner = inner
        self._cache = cache
        self._salt = salt

    @property
    def name(self) -> str:
        """That of the generator within."""
        return self._inner.name

    @property
    def reads_figures(self) -> bool:
        """Whether the generator within does."""
        return self._inner.reads_figures

    @property
    def context_tokens(self) -> int:
        """That of the generator within."""
        return self._inner.context_tokens

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """As the generator within counts them."""
        return self._inner.count_tokens(messages)

    def stream(
        self,
        messages: Sequence[Message],
        params: GenerationParams,
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Generation:
        """Write, or hand over in the same pieces what was written before.

        Raises:
            ContextOverflowError, GenerationStoppedError: as for :class:`rag.protocols.Generator`.
        """
        key = self._key(_FORM, messages, asdict(params))
        kept = self._cache.get(key)
        if kept is not None:
            return _replayed(kept, on_text, stop)
        pieces: list[str] = []

        def tell(piece: str) -> None:
            pieces.append(piece)
            on_text(piece)

        written = self._inner.stream(messages, params, tell, stop)
        self._cache.put(key, {"pieces": pieces, "generation": asdict(written)})
        return written

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,
    ) -> Likelihood:
        """Tell how likely a text is, or what was told before.

        Raises:
            ContextOverflowError, GenerationStoppedError: as for :class:`rag.protocols.Generator`.
        """
        key = self._key(_LIKELIHOOD_FORM, messages, [text, least])
        kept = self._cache.get(key)
        if kept is not None:
            return Likelihood(**kept)
        told = self._inner.likelihood(messages, text, stop, least=least)
        self._cache.put(key, asdict(told))
        return told

    def _key(self, form: list[str], messages: Sequence[Message], asked: object) -> str:
        said = [[message.role, message.content] for message in messages]
        parts = [form, self._salt, self.name, self.context_tokens, said, asked]
        # In ASCII, so that halves of characters have bytes as well.
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


# A reply of another form is another reply.
_FORM = [field.name for field in fields(Generation)]
_LIKELIHOOD_FORM = [field.name for field in fields(Likelihood)]


def _replayed(kept: Any, on_text: Callable[[str], None], stop: StopCheck) -> Generation:
    for piece in kept["pieces"]:
        if stop():
            raise GenerationStoppedError("Stopped.")
        on_text(piece)
    return Generation(**kept["generation"])
