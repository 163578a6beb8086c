"""The library: one folder with everything that was indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.library import checking, writing
from rag.library.contents import Contents
from rag.library.database import Database
from rag.library.values import Change, Fingerprint
from rag.protocols import Vectors
from rag.schema import Document, Passage, Sentence, Statement

WRITER_WAIT_S = 10.0
"""A run over one article takes less, a run over a thousand more: then a person decides."""


class Library(Contents):
    """What was indexed, on disk: texts, spans, words and vectors in one SQLite file.

    Open it with :meth:`open`, as a context manager.
    """

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        create: bool = False,
        writable: bool = False,
        wait_s: float = WRITER_WAIT_S,
        on_wait: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the library in a folder.

        Args:
            folder: where it lies.
            create: make it where there is none.
            writable: be the one writer until it is closed.
            wait_s: seconds to wait for another writer to finish.
            on_wait: told once who is writing, when the wait takes more than a second.

        Raises:
            LibraryMissingError: there is none and ``create`` is false.
            LibraryFormatError: a newer version wrote it, or it is no library.
            LibraryBusyError: another process writes to it.
            LibraryError: the folder cannot be read or, where needed, written.
        """
        return cls(
            Database(folder, create=create, writable=writable, wait_s=wait_s, on_wait=on_wait)
        )

    @property
    def folder(self) -> Path:
        """Where the library lies."""
        return self._database.folder

    def close(self) -> None:
        """Let go of the files; a writer lets the next one in."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def replace_document(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        passages: Sequence[Passage],
        *,
        path: str | None = None,
        signature: bytes | None = None,
        statements: Sequence[Sequence[Statement]] = (),
    ) -> Change:
        """Store a document in the place of what its source said before, or leave it as it is.

        An id that another source has already gets a suffix made of this source; the returned
        change tells the id. Vectors of texts that stay are kept.

        Args:
            document: its ``info.source`` says which one it replaces.
            sentences: all of them, in order.
            passages: all of them, in order.
            path: the file that it stands in, for :meth:`finish_file`; None: its source.
            signature: of :func:`rag.near_duplicates.minhash`; None: it has no copies.
            statements: what each of the sentences says with its figures, in their order.

        Raises:
            ValueError: a sentence's text is not what its span cuts from the document.
            InputError: the source's name cannot be stored.
            LibraryError: the disk is full or cannot be written.
        """
        with self._database.writing() as connection:
            return writing.replace_document(
                connection,
                document,
                sentences,
                passages,
                path=path or document.info.source,
                signature=signature,
                statements=statements,
            )

    def finish_file(self, path: str, fingerprint: Fingerprint, sources: Iterable[str]) -> list[str]:
        """Remember a file as indexed to its end.

        A run that dies before has the file read again; what is stored already is unchanged then.

        Args:
            path: the file.
            fingerprint: as it was before it was read.
            sources: the documents that it holds now; others of it are removed.

        Returns:
            The ids of the removed documents.
        """
        with self._database.writing() as connection:
            return writing.finish_file(connection, path, fingerprint, sources)

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove documents by id, source or path of their file; unknown names are passed over.

        Their files are forgotten too: the next run over them indexes them again.

        Returns:
            The ids of the removed documents.
        """
        with self._database.writing() as connection:
            return writing.remove(connection, names)

    def store_vectors(self, embedder: str, sums: Sequence[bytes], vectors: Vectors) -> None:
        """Keep the vectors of texts of :meth:`passages_without_vectors`, all or none.

        Texts that no passage has any more are passed over.

        Raises:
            ValueError: not float32 [len(sums), d], or a number that is not finite.
            LibraryError: earlier vectors of this embedder have another length.
        """
        with self._database.writing() as connection:
            writing.store_vectors(connection, embedder, sums, vectors)

    def forget_vectors(self, except_name: str) -> None:
        """Drop the vectors of all embedders but one."""
        with self._database.writing() as connection:
            writing.forget_vectors(connection, except_name)

    def check(self) -> tuple[str, ...]:
        """Look at every page, word, article and vector; returns what is wrong.

        Takes two seconds for a thousand articles; the library must be open for writing.

        Raises:
            LibraryFormatError: the file is too damaged to be looked through.
        """
        with self._database.writing() as connection:
            return checking.problems(connection)
