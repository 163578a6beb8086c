"""Files to documents, documents to the library."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rag.cutting import CutDocument, cut, cut_files
from rag.errors import InputError
from rag.ingestion.report import IndexObserver, IndexReport
from rag.ingestion.vectors import MissingVectors
from rag.library import ChangeKind, Library
from rag.protocols import Chunker, Embedder, StopCheck
from rag.readers import discover, read_stdin
from rag.schema import Document, DocumentInfo, Refusal

READING_RECIPE = "4"
"""Raised when readers, chunking or statements change so that files have to be read again."""

STDIN = "-"
# Files of many documents, whose sources are ``path#record``.
_RECORD_TYPES = frozenset({"application/json", "application/jsonl"})


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
        self._vectors = MissingVectors(library, embedder_name, embedder)
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
        embedded = self._vectors.embed(observer, stop)
        return IndexReport(
            added=tuple(tally.added),
            updated=tuple(tally.updated),
            removed=tuple(tally.removed),
            unchanged=tally.unchanged,
            refused=tuple(tally.refused),
            skipped=found.skipped,
            embedded=embedded,
            pending=self._vectors.n_pending(),
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
