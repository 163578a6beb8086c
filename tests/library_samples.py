"""Small articles, cut into sentences and passages, for tests of the store."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np

from rag.library import Library, open_vectors
from rag.protocols import Vectors
from rag.schema import Document, DocumentInfo, Passage, Sentence, Span

Cut = tuple[Document, tuple[Sentence, ...], tuple[Passage, ...]]


def article(
    source: str,
    sentences: Sequence[str],
    *,
    document_id: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    published: date | None = None,
    boilerplate: Sequence[int] = (),
    page_starts: tuple[int, ...] = (),
    per_passage: int = 2,
) -> Cut:
    """An article of one paragraph; ``boilerplate`` has positions of sentences."""
    text = " ".join(sentences)
    info = DocumentInfo(
        id=document_id or Path(source).stem,
        source=source,
        media_type="text/plain",
        content_sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=title,
        publisher=publisher,
        published=published,
    )
    starts = [sum(len(s) + 1 for s in sentences[:n]) for n in range(len(sentences))]
    cut = tuple(
        Sentence(info.id, n, Span(start, start + len(s)), s, 0, n in boilerplate)
        for n, (start, s) in enumerate(zip(starts, sentences, strict=True))
    )
    spans = tuple(cut[n].span for n in boilerplate)
    document = Document(info, text, page_starts=page_starts, boilerplate=spans)
    return document, cut, _passages(cut, info, per_passage)


def _passages(cut: Sequence[Sentence], info: DocumentInfo, size: int) -> tuple[Passage, ...]:
    groups = [cut[n : n + size] for n in range(0, len(cut), size)]
    return tuple(
        Passage(
            info.id,
            position,
            Span(group[0].span.start, group[-1].span.end),
            group[0].position,
            group[-1].position,
            info.title or "",
            sum(len(s.text.split()) for s in group),
        )
        for position, group in enumerate(groups)
    )


def vectors_of(texts: Sequence[str], dimension: int = 4) -> Vectors:
    """A vector a text, the same one each time and hardly ever that of another text."""
    sums = [hashlib.sha256(text.encode()).digest()[:dimension] for text in texts]
    rows = np.array([list(s) for s in sums], dtype=np.float32).reshape(-1, dimension) + 1
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def embed(library: Library, name: str = "mini", limit: int = 100) -> int:
    """Give at most ``limit`` texts their vectors; returns how many there were."""
    pending = library.passages_without_vectors(name, limit)
    library.store_vectors(name, [p.sha256 for p in pending], vectors_of([p.text for p in pending]))
    return len(pending)


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start code in a process of its own that can import the package and these samples."""
    tests = Path(__file__).parent
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": f"{tests.parent}{os.pathsep}{tests}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def another_process(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run code in a process of its own until it says "ready"; it is killed at the end."""
    with python(code, *arguments) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


RAIN = article(
    "/news/rain.txt",
    ["Rain fell.", "It rained 12 mm.", "Roads flooded.", "Share this page."],
    title="Rain at last",
    publisher="Daily Drop",
    published=date(2024, 3, 1),
    boilerplate=[3],
    page_starts=(0, 28),
)
SNOW = article("/news/snow.txt", ["Snow fell.", "Schools closed."], title="Snow, too")


def saved_library(folder: Path) -> Path:
    """A library of one article with vectors and their index."""
    with Library.open(folder, create=True, writable=True) as library:
        library.replace_document(*RAIN)
        embed(library)
        open_vectors(library, "mini", 4)
    return folder
