"""The job of indexing: files to documents, documents to the library, passages to vectors.

Each file is stored in a transaction of its own and each batch of vectors in another, so that an
interrupted run goes on where it was. What cannot be read never costs what was there before.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rag.errors import InputError
from rag.library import ChangeKind, Fingerprint, Library
from rag.protocols import Chunker, Embedder, StopCheck
from rag.readers import discover, read_path, read_stdin
from rag.schema import Document, DocumentInfo, Refusal

READING_RECIPE = "1"
"""Raised when readers or chunking change so that files have to be read again."""

STDIN = "-"
# One transaction a batch: 64 passages are embedded in 4 s on two cores, so that at most that is
# done again after a kill.
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
        observer: IndexObserver,
        stop: StopCheck,
    ) -> IndexReport:
        """Add what is new, replace what changed, and with ``prune`` remove what is gone.

        Args:
            paths: files, folders and patterns; ``-`` for what ``stdin`` holds.
            stdin: one article, where ``-`` is among the paths.
            prune: remove documents of files that the named folders no longer hold.
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
            self._store(tally, None, read_stdin(stdin))
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
        known = self._library.known_files()
        n_held = Counter(_file_of(info) for info in self._library.documents())
        for path in files:
            if stop():
                return
            if not self._file(path, known.get(str(path)), tally):
                tally.unchanged += n_held[str(path)]
            observer.file_done(str(path))

    def _file(self, path: Path, before: Fingerprint | None, tally: _Tally) -> bool:
        """Index a file; False where it is the one that is known and was not opened."""
        try:
            status = path.stat()
        except OSError as error:
            reason = f"It cannot be opened: {error.strerror}."
            tally.refused.append(Refusal(str(path), reason, "Index its folder again."))
            return True
        seen = (status.st_size, status.st_mtime_ns, self._recipe)
        if before and seen == (before.size, before.mtime_ns, before.recipe):
            return False
        # The sum is taken before reading: a file that changes meanwhile is read again next time.
        fingerprint = Fingerprint(status.st_size, status.st_mtime_ns, _sum(path), self._recipe)
        sources, complete = self._store(tally, str(path), read_path(path))
        if complete:
            gone = self._library.finish_file(str(path), fingerprint, sources)
            tally.removed += gone
        return True

    def _store(
        self, tally: _Tally, path: str | None, items: Iterator[Document | Refusal]
    ) -> tuple[list[str], bool]:
        """Store the documents of a file; return their sources and whether all were read."""
        sources: list[str] = []
        complete = True
        for item in items:
            if isinstance(item, Refusal):
                tally.refused.append(item)
                complete = False
                continue
            sentences, passages = self._chunker.split(item)
            try:
                change = self._library.replace_document(item, sentences, passages, path=path)
            except InputError as error:
                tally.refused.append(Refusal(item.info.source, error.message, error.hint))
                complete = False
                continue
            sources.append(item.info.source)
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
            if any(Path(path).is_relative_to(f) for f in folders) and not Path(path).exists()
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
            embedder = self._embedder(n_pending)
            n_left = n_pending
            while not stop():
                batch = self._library.passages_without_vectors(name, _EMBED_BATCH)
                if not batch:
                    break
                vectors = embedder.embed_documents([pending.text for pending in batch])
                self._library.store_vectors(name, [p.sha256 for p in batch], vectors)
                # Not the batch's length: several passages may have one text.
                n_before, n_left = n_left, self._n_pending()
                observer.passages_done(n_before - n_left)
        if others and not self._n_pending():
            self._library.forget_vectors(name)
        return n_pending - self._n_pending()

    def _n_pending(self) -> int:
        stats = self._library.stats()
        done = sum(e.passages for e in stats.embedders if e.name == self._embedder_name)
        return stats.passages - done


def _file_of(info: DocumentInfo) -> str:
    """The path of the file that a document stands in."""
    if info.media_type in _RECORD_TYPES:
        return info.source.rpartition("#")[0]
    return info.source


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        # Not readable: the reader refuses it with the reason, and nothing is remembered.
        return ""
