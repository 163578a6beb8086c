"""kill -9 at random moments of an indexing run: what was committed must be there, and go on.

    python -m eval.benchmarks.kills [--kills 100] [--seed 1]

A child indexes small articles with a quick embedder and is killed again and again; each child
takes up what the last one left. After each kill the library must open, be sound, answer a search
by words and by vector, and hold exactly as many documents and vectors as its last transaction
said. When a child comes to its end, all that the library holds must be what an undisturbed run
makes of the same articles. Then a third of the articles change, or everything begins anew.

Exit code 1 when anything was lost, or when fewer than half of the kills hit a transaction.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.benchmarks.kill_target import (
    EMBEDDER,
    TELLING_WORD,
    Marks,
    Moment,
    counts,
    index,
    write_articles,
)
from rag.errors import LibraryError, LibraryMissingError
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.schema import Filters

_ROOT = Path(__file__).resolve().parents[2]
# A run is inside transactions for a fifth of its time: most kills wait for the next to begin.
_AIMED = 0.9
# A transaction takes a few milliseconds.
_POLL_S = 0.0002
# So that half a dozen children share the work of one.
_PARTS = 3
# All but SQLite's own, the insides of the word index, and the mark that is never the same.
_LISTED = """
    SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name NOT LIKE 'sentence~_fts~_%' ESCAPE '~'
    AND name <> 'meta'
"""
_MEANINGS = {
    Moment.STARTING: "before the library was open",
    Moment.OUTSIDE: "while reading, embedding or saving the FAISS index",
    Moment.INSIDE: "inside a transaction",
    Moment.COMMITTING: "during COMMIT",
}


@dataclass(frozen=True, slots=True)
class Toll:
    """What became of the kills."""

    moments: Counter[Moment]
    runs: int
    """Children that came to their end, each held to an undisturbed run."""
    losses: tuple[str, ...]
    duration_s: float

    @property
    def kills(self) -> int:
        """All of them."""
        return self.moments.total()

    @property
    def inside(self) -> int:
        """Those that hit a transaction."""
        return self.moments[Moment.INSIDE] + self.moments[Moment.COMMITTING]

    def table(self) -> str:
        """The numbers as Markdown."""
        said = (
            f"{self.inside} of {self.kills} kills hit a transaction; {len(self.losses)} times "
            f"something was not as last committed. {self.runs} runs came to their end and were "
            f"compared with an undisturbed one. ({self.duration_s:.0f} s)"
        )
        lines = [
            "| killed | times |",
            "| --- | ---: |",
            *(f"| {_MEANINGS[moment]} | {self.moments[moment]} |" for moment in Moment),
            f"| all | {self.kills} |",
            "",
            said,
            *(f"- {loss}" for loss in self.losses),
        ]
        return "\n".join(lines)


def kill_at_random(kills: int, folder: Path, *, seed: int = 1, n_documents: int = 300) -> Toll:
    """Kill indexing children until ``kills`` were hit.

    Args:
        kills: how many.
        folder: an empty one, for articles and libraries.
        seed: of the moments.
        n_documents: articles in each edition.
    """
    started = time.perf_counter()
    chance = random.Random(seed)  # noqa: S311 - moments, no secret
    range_ = _Range(folder, n_documents)
    moments: Counter[Moment] = Counter()
    losses: list[str] = []
    runs = 0
    while moments.total() < kills:
        moment = range_.run_and_kill(chance)
        if moment is None:
            runs += 1
            losses += [f"run {runs}: {why}" for why in range_.differences()]
            range_.change()
        else:
            moments[moment] += 1
            kill = f"kill {moments.total()} ({_MEANINGS[moment]})"
            losses += [f"{kill}: {why}" for why in range_.losses()]
    range_.finish()
    losses += [f"last run: {why}" for why in range_.differences()]
    return Toll(moments, runs + 1, tuple(losses), time.perf_counter() - started)


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that a library holds but for the time of day, by table."""
    with Library.open(folder) as library, library.connection() as connection:
        tables = [name for (name,) in connection.execute(_LISTED)]
        cursors = {name: connection.execute(f"SELECT * FROM {name}") for name in tables}  # noqa: S608
        columns = [column[0] for column in cursors["document"].description]
        held = {name: sorted(cursor, key=repr) for name, cursor in cursors.items()}
    hidden = columns.index("indexed_at")
    held["document"] = [row[:hidden] + row[hidden + 1 :] for row in held["document"]]
    return held


class _Range:
    """Articles, a library whose writers are killed, and one whose are not."""

    def __init__(self, folder: Path, n_documents: int) -> None:
        self._news = folder / "news"
        self._library = folder / "library"
        self._undisturbed = folder / "undisturbed"
        self._marks_path = folder / "marks"
        self._marks = Marks(self._marks_path)
        self._n_documents = n_documents
        self._edition = 0
        write_articles(self._news, n_documents, 0)
        started = time.perf_counter()
        index(self._undisturbed, self._news)
        self._run_s = time.perf_counter() - started

    def run_and_kill(self, chance: random.Random) -> Moment | None:
        """Let a child work for a while and kill it; None where it came to its end before."""
        self._marks.moment = Moment.STARTING
        command = [sys.executable, "-m", "eval.benchmarks.kill_target"]
        paths = [self._library, self._news, self._marks_path]
        with subprocess.Popen(
            [*command, *map(str, paths)],
            env=os.environ | {"PYTHONPATH": str(_ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            self._wait(child, Moment.OUTSIDE)
            time.sleep(chance.uniform(0, self._run_s / _PARTS))
            if chance.random() < _AIMED:
                self._wait(child, Moment.INSIDE)
            child.kill()
            _, complaints = child.communicate()
        if child.returncode not in {0, -signal.SIGKILL}:
            raise RuntimeError(f"the child failed by itself:\n{complaints}")
        return self._marks.moment if child.returncode else None

    def _wait(self, child: subprocess.Popen[str], moment: Moment) -> None:
        while self._marks.moment < moment and child.poll() is None:
            time.sleep(_POLL_S)

    def losses(self) -> Iterator[str]:
        """What is not as the last transaction has left it."""
        held = (0, 0)
        try:
            with Library.open(self._library) as library:
                n = library.stats().documents
                hits = Fts5LexicalIndex(library.connection).search(TELLING_WORD, n, Filters())
                if len(library.sentences(hit.id for hit in hits)) != n:
                    yield f"{len(hits)} of {n} documents found by a word"
                keys, _ = library.vector_rows(EMBEDDER.name)
                vectors = open_vectors(library, EMBEDDER.name, EMBEDDER.dimension)
                if len(vectors) != len(keys):
                    yield f"{len(vectors)} vectors opened of {len(keys)}"
            with Library.open(self._library, writable=True, wait_s=0) as library:
                yield from library.check()
                with library.connection() as connection:
                    held = counts(connection)
        except LibraryMissingError:
            pass  # killed while it was made
        except LibraryError as error:
            yield f"it cannot be used: {error}"
        if held not in self._marks.allowed:
            yield f"{held} documents and vectors instead of {self._marks.allowed}"

    def finish(self) -> None:
        """Take up what the last kill has left, and let it come to its end."""
        index(self._library, self._news)

    def differences(self) -> Iterator[str]:
        """What disturbed runs have made otherwise than an undisturbed one."""
        expected, held = rows(self._undisturbed), rows(self._library)
        for table, expected_rows in expected.items():
            if held[table] != expected_rows:
                yield f"table {table} is another one"

    def change(self) -> None:
        """Go on to the next edition; every second one is indexed from nothing."""
        self._edition += 1
        write_articles(self._news, self._n_documents, self._edition)
        if self._edition % 2 == 0:
            shutil.rmtree(self._library)
            shutil.rmtree(self._undisturbed)
            self._marks.clear()
        index(self._undisturbed, self._news)


def main() -> int:
    """Read the command line, kill, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.kills")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citeline-kills-") as home:
        toll = kill_at_random(given.kills, Path(home), seed=given.seed)
    sys.stdout.write(toll.table() + "\n")
    return int(bool(toll.losses) or 2 * toll.inside < toll.kills)


if __name__ == "__main__":
    sys.exit(main())
