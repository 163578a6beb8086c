"""The pipeline as the page needs it: with a folder for what visitors give, and looks at itself."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryMissingError, RagError
from rag.library import Library
from rag.protocols import StopCheck
from rag.readers import SUPPORTED, read_bytes
from rag.schema import (
    Answer,
    CheckedDraft,
    Document,
    DocumentInfo,
    Filters,
    Refusal,
    Retrieval,
    StatedFigure,
    Summary,
    SummaryPoint,
)
from rag.ui.asker import Added, ListedArticle, Part, Weights
from rag.ui.uploads import MAX_UPLOAD_BYTES

if TYPE_CHECKING:
    from rag.ingestion import IndexReport
    from rag.pipeline import Pipeline

UPLOADS = "uploads"
_PACKAGES = ("citeline", "gradio", "llama-cpp-python", "faiss-cpu")


class Newsroom:
    """One pipeline and what the page adds to it.

    Args:
        pipeline: over the library that the page shows.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._folder = pipeline.settings.library / UPLOADS

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
        self, document: str, *, on_point: Callable[[SummaryPoint], None], stop: StopCheck
    ) -> Summary:
        """Sum up one article."""
        return self._pipeline.summarize(document, on_point=on_point, stop=stop)

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
        """Take files into the library; each is kept in its folder where it holds an article."""
        refused, kept = [], []
        for file in files:
            if (refusal := _unfit(file)) is not None:
                refused.append(refusal)
                file.unlink(missing_ok=True)
            else:
                kept.append(_moved(file, self._folder))
        report = self._pipeline.index(list(map(str, kept)), observer=_Steps(on_step))
        sources = {info.source for info in self.documents()}
        for path in kept:
            if not any(s == str(path) or s.startswith(f"{path}#") for s in sources):
                path.unlink()
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
        report = self._pipeline.index([], documents=documents, observer=_Steps(lambda _: None))
        return self._added(report, refused)

    def remove(self, ids: Sequence[str]) -> tuple[Document, ...]:
        """Remove articles; their files stay where they are."""
        return self._pipeline.remove(ids)

    def restore(self, documents: Sequence[Document]) -> None:
        """Put removed articles back."""
        self._pipeline.index([], documents=documents, observer=_Steps(lambda _: None))

    def _added(self, report: IndexReport, refused: list[Refusal]) -> Added:
        changed = {*report.added, *report.updated}
        folder = f"{self._folder}{os.sep}"
        named = [Refusal(r.source.removeprefix(folder), r.reason, r.hint) for r in report.refused]
        infos = tuple(info for info in self.documents() if info.id in changed)
        return Added(infos, report.unchanged, (*refused, *named))

    # --- itself ----------------------------------------------------------------------------

    def parts(self) -> tuple[Part, ...]:
        """Look at models, memory, index and versions."""
        return (*self._models(), _memory(), self._index(), *_versions())

    def _models(self) -> list[Part]:
        from rag.models import Role, load_registry, resolve

        settings, registry = self._pipeline.settings, load_registry()
        parts = []
        for name, role, chosen in (
            ("Chat model", Role.GENERATOR, settings.generator),
            ("Embedder", Role.EMBEDDER, settings.embedder),
        ):
            model = chosen or registry.default(role).name
            try:
                spec = resolve(model, registry=registry).spec
            except RagError as error:
                known = registry.by_name.get(model)
                has_source = known is not None and (known.hub or known.parts)
                missing = Weights(known.name, known.size) if known and has_source else None
                parts.append(Part(name, error.message, error.hint, ok=False, missing=missing))
            else:
                words = f"{spec.name}, {spec.size / 1e6:,.0f} MB, sha256 {spec.sha256[:12]}…"
                parts.append(Part(name, words))
        return parts

    def _index(self) -> Part:
        folder = self._pipeline.settings.library
        try:
            with Library.open(folder) as library:
                stats = library.stats()
        except LibraryMissingError:
            return Part("Index", f"No article yet, in {folder}")
        except RagError as error:
            return Part("Index", error.message, error.hint, ok=False)
        embedded = max((e.passages for e in stats.embedders), default=0)
        words = (
            f"{stats.documents:,} articles, {stats.sentences:,} sentences, {embedded:,} of "
            f"{stats.passages:,} passages embedded, in {folder}"
        )
        return Part("Index", words)


class _Steps:
    """Tells in words how far indexing is."""

    def __init__(self, on_step: Callable[[str], None]) -> None:
        self._on_step = on_step
        self._done = self._total = 0

    def files(self, total: int) -> None:
        """So many files will be looked at."""
        self._begin(total)

    def file_done(self, _path: str) -> None:
        """One more was looked at."""
        self._step(1, "Read {} of {} files")

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


def _memory() -> Part:
    page = os.sysconf("SC_PAGE_SIZE")
    total = page * os.sysconf("SC_PHYS_PAGES") / 1e9
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return Part("Memory", f"{total:.1f} GB in this machine")
    used = int(statm.read_text().split()[1]) * page / 1e9
    return Part("Memory", f"{used:.1f} GB used here, of {total:.1f} GB in this machine")


def _versions() -> list[Part]:
    found = [Part("Python", platform.python_version())]
    for package in _PACKAGES:
        try:
            found.append(Part(package, version(package)))
        except PackageNotFoundError:
            found.append(Part(package, "not installed as a package"))
    return found
