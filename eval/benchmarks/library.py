"""A library of thousands of articles: how long words, vectors, answers and a second run take.

    python -m eval.benchmarks.library [--articles 3000] [--passages 0]

Everything goes through the command line, as a person would run it. `--passages N` interrupts the
embedding with Ctrl-C after N passages, and takes it up again for a moment: a whole run over 3,000
articles embeds for about half an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.library import Library
from rag.models import Role, load_registry, resolve

_POLL_S = 0.2
_BATCH = 256
_RAG = (sys.executable, "-m", "rag")


@dataclass(slots=True)
class Watched:
    """One run of ``rag index``, looked at from outside."""

    words_s: float = 0.0
    """Until every article could be found by its words."""
    embedded: int = 0
    embedding_s: float = 0.0
    peak_mb: float = 0.0
    """Resident memory of the process and its readers."""
    asked_s: list[float] = field(default_factory=list)
    """Seconds of questions that were asked meanwhile, from the shell."""
    shares: list[str] = field(default_factory=list)
    """What those answers said of how much was embedded."""


def watch(articles: Path, library: Path, passages: int, question: str) -> Watched:
    """Index, ask two questions meanwhile, and stop by Ctrl-C after so many passages; 0: never."""
    seen = Watched()
    started = time.perf_counter()
    run = subprocess.Popen(
        [*_RAG, "index", "--library", str(library), str(articles)],
        stdout=subprocess.DEVNULL,
    )
    first: tuple[float, int] | None = None
    while run.poll() is None:
        time.sleep(_POLL_S)
        now = time.perf_counter() - started
        seen.peak_mb = max(seen.peak_mb, _memory_mb(run.pid))
        n_embedded = _embedded(library)
        if n_embedded and first is None:
            first = (now, n_embedded)
            seen.words_s = now
        if first and n_embedded > seen.embedded:
            seen.embedded = n_embedded
            seen.embedding_s = now
            if len(seen.asked_s) < 2:
                seconds, note = ask(library, question)
                seen.asked_s.append(seconds)
                seen.shares.append(note)
        if passages and n_embedded >= passages:
            run.send_signal(signal.SIGINT)
            run.wait()
    if first:
        seen.embedding_s -= first[0]
        seen.embedded -= first[1]
    return seen


def ask(library: Path, question: str) -> tuple[float, str]:
    """Ask from the shell; seconds in all, and the note about what is embedded, if any."""
    started = time.perf_counter()
    done = subprocess.run(
        [*_RAG, "ask", "--json", "--library", str(library), question],
        capture_output=True,
        text=True,
        check=True,
    )
    notes = json.loads(done.stdout)["notes"]
    return time.perf_counter() - started, next((n for n in notes if "embedded" in n), "")


def first_evidence_s(library: Path, question: str) -> float:
    """Seconds from the shell until the first sentence of evidence is on the screen."""
    started = time.perf_counter()
    run = subprocess.Popen(
        [*_RAG, "ask", "--library", str(library), question],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stderr is not None
    for line in run.stderr:
        if line.startswith("  "):
            break
    seconds = time.perf_counter() - started
    run.communicate()
    return seconds


def unchanged_s(articles: Path, library: Path) -> float:
    """Seconds of ``rag index`` over files that have not changed."""
    started = time.perf_counter()
    subprocess.run(
        [*_RAG, "index", "--library", str(library), str(articles)], check=True, capture_output=True
    )
    return time.perf_counter() - started


def warm_s(library: Path, questions: Sequence[str]) -> list[float]:
    """Seconds from question to evidence in a process that has everything loaded."""
    from rag.pipeline import Pipeline
    from rag.settings import Settings

    with Pipeline(Settings(library=library)) as pipeline:
        pipeline.search("To load what is loaded on use.")
        return [pipeline.search(question).duration_s for question in questions]


def rates(library: Path, rounds: int = 3) -> tuple[list[float], list[float]]:
    """Passages a second: a bare ``SentenceTransformer.encode``, and ours, in turns."""
    from sentence_transformers import SentenceTransformer

    from rag.embedding import open_embedder

    spec = load_registry().default(Role.EMBEDDER)
    path = resolve(spec.name, registry=load_registry()).path
    with Library.open(library) as opened:
        texts = [p.text for p in opened.passages_without_vectors("none", rounds * _BATCH)]
    bare = SentenceTransformer(str(path), device="cpu", local_files_only=True)
    ours = open_embedder(path, name="ours", n_texts=100_000)
    ours.embed_documents(texts[:8])
    found: tuple[list[float], list[float]] = ([], [])
    for start in range(0, len(texts), _BATCH):
        part = texts[start : start + _BATCH]
        for rate, encode in zip(found, (bare.encode, ours.embed_documents), strict=True):
            began = time.perf_counter()
            encode(part)
            rate.append(len(part) / (time.perf_counter() - began))
    return found


def _embedded(library: Path) -> int:
    if not (library / "citeline.sqlite3").exists():
        return 0
    with Library.open(library) as opened:
        return sum(embedder.passages for embedder in opened.stats().embedders)


def _memory_mb(pid: int) -> float:
    """Resident memory of a process and its children; the pages of files are counted once each."""
    total = 0.0
    for process in (pid, *_children(pid)):
        try:
            lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))
    return total


def _children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(ours) / statistics.median(theirs)


def report(articles: Path, questions: Sequence[str], passages: int) -> str:
    """Measure everything once; one Markdown table."""
    n_files = sum(1 for path in articles.rglob("*") if path.is_file())
    megabytes = sum(path.stat().st_size for path in articles.rglob("*")) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        seen = watch(articles, library, passages, questions[0])
        rows = [
            ("files", f"{n_files} ({megabytes:.0f} MB)"),
            ("searchable by words after", f"{seen.words_s:.0f} s"),
            ("embedded", f"{seen.embedded} passages at {seen.embedded / seen.embedding_s:.1f}/s"),
            ("peak memory of rag index", f"{seen.peak_mb:.0f} MB"),
            ("rag ask meanwhile", ", ".join(f"{s:.1f} s" for s in seen.asked_s)),
            ("which says", next((share for share in seen.shares if share), "nothing")),
        ]
        if passages:
            again = watch(articles, library, passages + 512, questions[0])
            rows.append(("taken up again after", f"{again.words_s:.1f} s, nothing done twice"))
        else:
            rows.append(("rag index, nothing changed", f"{unchanged_s(articles, library):.1f} s"))
        cold = [first_evidence_s(library, question) for question in questions[:5]]
        warm = sorted(warm_s(library, questions))
        bare, ours = rates(library)
        rows += [
            ("first evidence, cold", f"{statistics.median(cold):.2f} s (most {max(cold):.2f})"),
            (
                "first evidence, warm",
                f"{statistics.median(warm):.2f} s (95% {warm[int(len(warm) * 0.95)]:.2f})",
            ),
            ("bare encode", f"{statistics.median(bare):.1f} passages/s"),
            (
                "our encode",
                f"{statistics.median(ours):.1f} passages/s, {_ratio(ours, bare):.2f} of it",
            ),
        ]
    lines = ["| measure | value |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)]
    return "\n".join(lines)


def main() -> None:
    """Write a corpus, measure, print."""
    from eval.benchmarks.corpus import Plan, write_corpus

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--passages", type=int, default=0)
    given = parser.parse_args()
    os.environ["RAG_LOCK_TIMEOUT_S"] = "60"
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Plan(given.articles), Path(folder))
        lines = (Path(folder) / "retrieval.jsonl").read_text("utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in lines][:40]
        sys.stdout.write(report(Path(folder) / "articles", questions, given.passages) + "\n")


if __name__ == "__main__":
    main()
