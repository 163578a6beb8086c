"""Indexing as a person does it, run after run, with everything real but the embedder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rag.chunking import PassageChunker
from rag.fakes import HashEmbedder
from rag.ingestion import IndexReport, Ingestor
from rag.library import Library
from rag.protocols import Embedder, Vectors

RAIN = "Rain fell on Monday.\n\nIt rained 12 mm in the valley."
SNOW = "Snow fell on Friday.\n\nAll schools were closed."


class Observer:
    """Keeps what it is told; ``on_file`` and ``on_batch`` are called as it happens."""

    def __init__(
        self,
        on_file: Callable[[str], None] = lambda _: None,
        on_batch: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._on_file = on_file
        self._on_batch = on_batch
        self.n_files = 0
        self.done: list[str] = []
        self.n_passages = 0
        self.batches: list[int] = []
        self.notes: list[str] = []

    def files(self, total: int) -> None:
        self.n_files = total

    def file_done(self, path: str) -> None:
        self.done.append(Path(path).name)
        self._on_file(path)

    def passages(self, total: int) -> None:
        self.n_passages = total

    def passages_done(self, count: int) -> None:
        self.batches.append(count)
        self._on_batch(count)

    def note(self, message: str) -> None:
        self.notes.append(message)


class Counting(HashEmbedder):
    """Keeps how many texts it was given at once."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.calls: list[int] = []

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(len(texts))
        return super().embed_documents(texts)


class Desk:
    """Indexes into one library, run after run, as a person would."""

    def __init__(self, library: Library, news: Path) -> None:
        self.library = library
        self.news = news
        self.embedder = Counting("words")
        self.observer = Observer()

    def run(
        self,
        *paths: Path | str,
        stdin: bytes = b"",
        prune: bool = False,
        stop: Callable[[], bool] = lambda: False,
        observer: Observer | None = None,
        recipe: str = "words:30",
    ) -> IndexReport:
        self.observer = observer or Observer()
        self.embedder.calls.clear()
        ingestor = Ingestor(
            self.library,
            PassageChunker(lambda text: len(text.split()) + 2, 30),
            self.embedder.name,
            self._open_embedder,
            recipe=recipe,
        )
        return ingestor.index(
            [str(path) for path in paths or (self.news,)],
            stdin=stdin,
            prune=prune,
            observer=self.observer,
            stop=stop,
        )

    def _open_embedder(self, n_texts: int) -> Embedder:
        assert n_texts > 0
        return self.embedder

    def text(self, document_id: str) -> str:
        return self.library.document(document_id).text

    @property
    def ids(self) -> list[str]:
        return [info.id for info in self.library.documents()]


def feed(*texts: str | None) -> str:
    """JSON lines; a line that is broken for None."""
    return "\n".join(
        '{"text": }' if text is None else json.dumps({"id": f"item-{n}", "text": text})
        for n, text in enumerate(texts, start=1)
    )


def counts(report: IndexReport) -> tuple[int, int, int, int, int]:
    """Added, updated, removed, unchanged, refused."""
    return (
        len(report.added),
        len(report.updated),
        len(report.removed),
        report.unchanged,
        len(report.refused),
    )


def desk_in(folder: Path) -> Iterator[Desk]:
    """A desk with an empty library, which must be sound at the end."""
    with Library.open(folder / "library", create=True, writable=True) as library:
        yield Desk(library, folder / "news")
        assert library.check() == ()
