"""The job of indexing: files to documents, documents to the library, passages to vectors.

Each file is stored in a transaction of its own and each batch of vectors in another, so that an
interrupted run goes on where it was. What cannot be read never costs what was there before.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rag.cutting import CutDocument, cut, cut_files
from rag.errors import InputError, LibraryFormatError
from rag.library import ChangeKind, Library
from rag.protocols import Chunker, Embedder, StopCheck
from rag.readers import discover, read_stdin
from rag.schema import Document, DocumentInfo, Refusal

READING_RECIPE = "4"
"""Raised when readers, chunking or statements change so that files have to be read again."""

STDIN = "-"
# One transaction a batch: 64 passages are embedded in 0.5 to 4 s on two cores, so that at most that
# is done again after a kill.
_EMBED_BATCH = 64
# Files of many documents, whose sources are ``path#record``.
_RECORD_TYPES = frozenset({"application/json", "application/jsonl"})


class IndexObserver(Protocol):
    """Is told how far indexing has come; draws progress bars or does nothing."""

    def files(self, total: int) -> None:
        """So many files will be looked at."""
        ...

    def file_done(self, path: str) -> None:
        """One more was looked at."""
        ...

    def passages(self, total: int) -> None:
        """So many passages will be embedded."""
        ...

    def passages_done(self, count: int) -> None:
        """So many more were embedded."""
        ...

    def note(self, message: str) -> None:
        """Something that the user should know."""
        ...


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run changed; ids of documents, and refusals with their reasons."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    """Documents that are as they were; those of an unchanged file were not looked at."""
    refused: tuple[Refusal, ...]
    skipped: tuple[Refusal, ...]
    """Files that a folder holds and that no reader takes."""
    embedded: int
    """Passages that got a vector in this run."""
    pending: int
    """Passages without a vector yet: more than 0 only after an interruption."""
    duration_s: float


@dataclass(slots=True)
class _Tally:
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


class Ingestor:
    """Indexes files into a library that is open for writing.

    Args:
        library: the one to change.
        chunker: cuts documents.
        embedder_name: weights whose vectors are wanted.
        embedder: opens the embedder for a number of texts, only when there are any.
        recipe: what reading depends on beside this module's own version.
    """

    def __init__(
        self,
        library: Library,
        chunker: Chunker,
        embedder_name: str,
        embedder: Callable[[int], Embedder],
        *,
        recipe: str,
    ) -> None:
        self._library = library
        self._chunker = chunker
        self._embedder_name = embedder_name
        self._embedder = embedder
        self._recipe = f"{READING_RECIPE}:{recipe}"

    def index(
        self,
        paths: Sequence[str],
        *,
        stdin: bytes,
        prune: bool,
        documents: Sequence[Document] = (),
        observer: IndexObserver,
        stop: StopCheck,
    ) -> IndexReport:
        """Add what is new, replace what changed, and with ``prune`` remove what is gone.

        Args:
            paths: files, folders and patterns; ``-`` for what ``stdin`` holds.
            stdin: one article, where ``-`` is among the paths.
            prune: remove documents of files that the named folders no longer hold.
            documents: stored as they are, beside what is read.
            observer: told of progress.
            stop: asked between files and between batches.

        Raises:
            InputError: a path does not exist; nothing was changed.
            LibraryError: the library cannot be written.
        """
        started = time.perf_counter()
        found = discover([path for path in paths if path != STDIN])
        tally = _Tally()
        if STDIN in paths:
            self._store(tally, None, [cut(item, self._chunker) for item in read_stdin(stdin)])
        self._store(tally, None, [cut(document, self._chunker) for document in documents])
        self._files(found.files, tally, observer, stop)
        if prune and not stop():
            gone = self._gone([Path(p).expanduser().resolve() for p in paths if p != STDIN])
            tally.removed += self._library.remove(gone)
        embedded = self._embed(observer, stop)
        return IndexReport(
            added=tuple(tally.added),
            updated=tuple(tally.updated),
            removed=tuple(tally.removed),
            unchanged=tally.unchanged,
            refused=tuple(tally.refused),
            skipped=found.skipped,
            embedded=embedded,
            pending=self._n_pending(),
            duration_s=time.perf_counter() - started,
        )

    # --- files -----------------------------------------------------------------------------

    def _files(
        self, files: Sequence[Path], tally: _Tally, observer: IndexObserver, stop: StopCheck
    ) -> None:
        observer.files(len(files))
        changed = []
        for path, is_known in self._compared(files, tally):
            if is_known:
                observer.file_done(str(path))
            else:
                changed.append(path)
        with closing(cut_files(changed, self._chunker)) as read:
            for file in () if stop() else read:
                sources, complete = self._store(tally, file.path, file.items)
                if complete:
                    tally.removed += self._library.finish_file(
                        file.path, file.fingerprint(self._recipe), sources
                    )
                observer.file_done(file.path)
                if stop():
                    return

    def _compared(self, files: Sequence[Path], tally: _Tally) -> Iterator[tuple[Path, bool]]:
        """Yield each file and whether it is as it was; such a one is not opened."""
        known = self._library.known_files()
        n_held = Counter(_file_of(info) for info in self._library.documents())
        for path in files:
            before = known.get(str(path))
            try:
                status = path.stat()
            except OSError:
                yield path, False  # its reader says why
                continue
            seen = (status.st_size, status.st_mtime_ns, self._recipe)
            is_known = before is not None and seen == (before.size, before.mtime_ns, before.recipe)
            tally.unchanged += n_held[str(path)] if is_known else 0
            yield path, is_known

    def _store(
        self, tally: _Tally, path: str | None, items: Iterable[CutDocument | Refusal]
    ) -> tuple[list[str], bool]:
        """Store the documents of a file; return their sources and whether all were read."""
        sources: list[str] = []
        complete = True
        for item in items:
            if isinstance(item, Refusal):
                tally.refused.append(item)
                complete = False
                continue
            source = item.document.info.source
            try:
                change = self._library.replace_document(
                    item.document,
                    item.sentences,
                    item.passages,
                    path=path,
                    signature=item.signature,
                    statements=item.statements,
                )
            except InputError as error:
                tally.refused.append(Refusal(source, error.message, error.hint))
                complete = False
                continue
            sources.append(source)
            match change.kind:
                case ChangeKind.ADDED:
                    tally.added.append(change.document_id)
                case ChangeKind.UPDATED:
                    tally.updated.append(change.document_id)
                case ChangeKind.UNCHANGED:
                    tally.unchanged += 1
        return sources, complete

    def _gone(self, roots: Iterable[Path]) -> list[str]:
        """Files under the named folders that exist no more, and sources of their documents."""
        folders = [root for root in roots if root.is_dir()]
        # A file of which something was refused is no known file, but its documents are there.
        names = {path: path for path in self._library.known_files()}
        names |= {info.source: _file_of(info) for info in self._library.documents()}
        return [
            name
            for name, path in names.items()
            if any(Path(path).is_relative_to(f) for f in folders) and _is_gone(path)
        ]

    # --- vectors ---------------------------------------------------------------------------

    def _embed(self, observer: IndexObserver, stop: StopCheck) -> int:
        name = self._embedder_name
        others = [e.name for e in self._library.stats().embedders if e.name != name and e.passages]
        n_pending = self._n_pending()
        if others and n_pending:
            observer.note(
                f"The embedder changed from {', '.join(others)} to {name}: "
                "every passage is embedded again."
            )
        if n_pending and not stop():
            observer.passages(n_pending)
            self._embed_all(self._embedder(n_pending), observer, stop)
        if others and not self._n_pending():
            self._library.forget_vectors(name)
        return n_pending - self._n_pending()

    def _embed_all(self, embedder: Embedder, observer: IndexObserver, stop: StopCheck) -> None:
        last = 0
        while not stop():
            batch = self._library.passages_without_vectors(
                self._embedder_name, _EMBED_BATCH, after=last
            )
            if not batch:
                break
            vectors = embedder.embed_documents([pending.text for pending in batch])
            self._library.store_vectors(self._embedder_name, [p.sha256 for p in batch], vectors)
            observer.passages_done(sum(pending.n_passages for pending in batch))
            last = batch[-1].key
        if not stop() and self._n_pending():
            raise LibraryFormatError(
                f"The library in {self._library.folder} is damaged: vectors that were "
                "stored are not found again.",
                "Move the folder away and index the articles again: rag index PATH",
            )

    def _n_pending(self) -> int:
        stats = self._library.stats()
        done = sum(e.passages for e in stats.embedders if e.name == self._embedder_name)
        return stats.passages - done


def _is_gone(path: str) -> bool:
    """Whether nothing is there; what cannot be looked at may well be."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _file_of(info: DocumentInfo) -> str:
    """The path of the file that a document stands in."""
    if info.media_type in _RECORD_TYPES:
        return info.source.rpartition("#")[0]
    return info.source
