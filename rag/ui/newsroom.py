"""The pipeline as the page needs it: with a folder for what visitors give, and looks at itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryMissingError
from rag.protocols import StopCheck
from rag.readers import SUPPORTED, read_bytes
from rag.schema import (
    Answer,
    CheckedDraft,
    Digest,
    DigestPoint,
    Document,
    DocumentInfo,
    Filters,
    Refusal,
    Retrieval,
    StatedFigure,
    Summary,
    SummaryPoint,
)
from rag.ui.apart import Item, Limits, read_apart
from rag.ui.asker import Added, ListedArticle, Part
from rag.ui.parts import parts_of
from rag.ui.pieces.text import counted
from rag.ui.uploads import MAX_UPLOAD_BYTES
from rag.ui.wanted import Wanted

if TYPE_CHECKING:
    from rag.ingestion import IndexReport
    from rag.pipeline import Pipeline

UPLOADS = "uploads"
EMBED_WITHIN_S = 120.0
"""Then the next visitor's articles are stored; passages without a vector are found by their words
and get one with the next article that is added."""


class Newsroom:
    """One pipeline and what the page adds to it.

    Args:
        pipeline: over the library that the page shows.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._folder = pipeline.settings.library / UPLOADS
        self._storing = threading.Lock()
        self.limits = Limits()
        """How long reading an upload may take."""

    # --- questions -------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        filters: Filters,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        """Answer a question, as :meth:`rag.pipeline.Pipeline.ask` does."""
        return self._pipeline.ask(
            question, filters=filters, on_evidence=on_evidence, on_text=on_text, stop=stop
        )

    def summarize(
        self, wanted: Wanted, *, on_point: Callable[[SummaryPoint], None], stop: StopCheck
    ) -> Summary:
        """Sum up one article; what was written of it before is not written again."""
        return self._pipeline.summarize(
            wanted.document or "",
            length=wanted.length,
            reword=wanted.needs_model,
            keep=True,
            on_point=on_point,
            stop=stop,
        )

    def digest(
        self,
        wanted: Wanted,
        *,
        on_point: Callable[[DigestPoint], None],
        on_read: Callable[[int, int], None],
        stop: StopCheck,
    ) -> Digest:
        """Say what many articles have in common and where they differ."""
        return self._pipeline.summarize_many(
            wanted.filters,
            about=wanted.about,
            length=wanted.length,
            on_point=on_point,
            observer=_Reading(on_read),
            stop=stop,
        )

    def check(self, draft: str, *, filters: Filters) -> CheckedDraft:
        """Compare the figures of a draft with those of the articles."""
        return self._pipeline.check(draft, filters=filters)

    def figures(self, about: str | None, *, filters: Filters) -> tuple[StatedFigure, ...]:
        """Return the figures of the library, those about some words, or all."""
        return self._pipeline.figures(about, filters=filters)

    def warm(self) -> None:
        """Load everything that a question needs."""
        self._pipeline.warm()

    # --- articles --------------------------------------------------------------------------

    def documents(self) -> list[DocumentInfo]:
        """Return what is known of the articles; none where there is no library yet."""
        try:
            return self._pipeline.documents()
        except LibraryMissingError:
            return []

    def articles(self) -> tuple[ListedArticle, ...]:
        """Return the articles with how much is in each."""
        infos = self.documents()
        if not infos:
            return ()
        sizes = self._pipeline.sizes()
        return tuple(ListedArticle(info, *sizes.get(info.id, (0, 0))) for info in infos)

    def document(self, name: str) -> Document:
        """Return one article with its text."""
        return self._pipeline.document(name)

    def add(self, files: Sequence[Path], *, on_step: Callable[[str], None]) -> Added:
        """Take files into the library; each is kept in its folder where it holds an article.

        Several visitors' files are read at the same time and stored one after the other.
        """
        refused, kept = [], []
        for file in files:
            if (refusal := _unfit(file)) is not None:
                refused.append(refusal)
                file.unlink(missing_ok=True)
            else:
                kept.append(_moved(file, self._folder))
        read = self._read(kept, on_step)
        refused += [item for item in read if isinstance(item, Refusal)]
        documents = [item for item in read if isinstance(item, Document)]
        report = self._store(documents, on_step)
        sources = {info.source for info in self.documents()}
        for path in kept:
            source = os.path.realpath(path)
            if not any(s == source or s.startswith(f"{source}#") for s in sources):
                path.unlink(missing_ok=True)
        return self._added(report, refused)

    def paste(self, text: str, *, title: str, publisher: str, published: str) -> Added:
        """Take a text into the library."""
        fields = {"title": title, "publisher": publisher, "published": published, "text": text}
        data = json.dumps({name: value for name, value in fields.items() if value.strip()})
        source = f"pasted:{hashlib.sha256(data.encode()).hexdigest()[:12]}"
        read = list(read_bytes(data.encode(), source, ".json"))
        documents = [item for item in read if isinstance(item, Document)]
        refused = [
            Refusal("The text", item.reason, item.hint)
            for item in read
            if isinstance(item, Refusal)
        ]
        return self._added(self._store(documents, lambda _: None), refused)

    def remove(self, ids: Sequence[str]) -> tuple[Document, ...]:
        """Remove articles; their files stay where they are."""
        return self._pipeline.remove(ids)

    def restore(self, documents: Sequence[Document]) -> None:
        """Put removed articles back."""
        self._store(documents, lambda _: None)

    def _read(self, files: Sequence[Path], on_step: Callable[[str], None]) -> tuple[Item, ...]:
        """The articles of the files, read by another process, or why there are none."""
        begun: list[Path] = []

        def begin(file: Path) -> None:
            begun.append(file)
            on_step(f"Reading {file.name}, {len(begun)} of {counted(len(files), 'file')}")

        return read_apart(files, on_file=begin, limits=self.limits)

    def _store(self, documents: Sequence[Document], on_step: Callable[[str], None]) -> IndexReport:
        with self._storing:
            end = time.monotonic() + EMBED_WITHIN_S
            return self._pipeline.index(
                [],
                documents=documents,
                observer=_Steps(on_step),
                stop=lambda: time.monotonic() > end,
            )

    def _added(self, report: IndexReport, refused: list[Refusal]) -> Added:
        changed = {*report.added, *report.updated}
        folder = f"{os.path.realpath(self._folder)}{os.sep}"
        named = [
            Refusal(r.source.removeprefix(folder), r.reason, r.hint)
            for r in (*refused, *report.refused)
        ]
        infos = tuple(info for info in self.documents() if info.id in changed)
        return Added(infos, report.unchanged, tuple(named), report.pending)

    # --- itself ----------------------------------------------------------------------------

    def parts(self) -> tuple[Part, ...]:
        """Look at models, memory, index and versions."""
        return parts_of(self._pipeline.settings)


class _Reading:
    """Tells how many of how many articles a digest has read."""

    def __init__(self, on_read: Callable[[int, int], None]) -> None:
        self._on_read = on_read

    def reading(self, done: int, total: int) -> None:
        """So many of them."""
        self._on_read(done, total)

    def wording(self, done: int, total: int) -> None:
        """None is worded anew."""


class _Steps:
    """Tells in words how far indexing is."""

    def __init__(self, on_step: Callable[[str], None]) -> None:
        self._on_step = on_step
        self._done = self._total = 0

    def files(self, total: int) -> None:
        """No file: the articles have been read before."""

    def file_done(self, path: str) -> None:
        """No file."""

    def passages(self, total: int) -> None:
        """So many passages will be embedded."""
        self._begin(total)

    def passages_done(self, count: int) -> None:
        """So many more were embedded."""
        self._step(count, "Embedded {} of {} passages")

    def note(self, message: str) -> None:
        """Something that the visitor should know."""
        self._on_step(message)

    def _begin(self, total: int) -> None:
        self._done, self._total = 0, total

    def _step(self, count: int, words: str) -> None:
        self._done += count
        self._on_step(words.format(self._done, self._total))


def _unfit(file: Path) -> Refusal | None:
    if file.suffix.lower() not in SUPPORTED:
        reason = f"No reader for {file.suffix or 'files without an ending'}."
        return Refusal(file.name, reason, f"Files that can be read: {', '.join(SUPPORTED)}.")
    if file.stat().st_size > MAX_UPLOAD_BYTES:
        reason = f"It has more than {MAX_UPLOAD_BYTES // 10**6} MB."
        return Refusal(file.name, reason, "Index it on the command line: rag index PATH")
    return None


def _moved(file: Path, folder: Path) -> Path:
    """Move a file into the folder; one of the same name that says something else stays."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w .()-]", "_", file.name).lstrip(".") or "file"
    target = folder / name
    digest = _sha256(file)
    if target.exists() and _sha256(target) != digest:
        target = target.with_stem(f"{target.stem}-{digest[:8]}")
    shutil.move(file, target)
    return target


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
