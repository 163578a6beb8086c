"""The library: one folder with everything that was indexed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import Self

from rag.library import checking, copies, figures, mentions, naming, reading, writing
from rag.library.database import Database
from rag.library.values import Change, Fingerprint, LibraryStats, PendingText, StoredSentence
from rag.protocols import Vectors
from rag.schema import (
    Document,
    DocumentInfo,
    FigureKind,
    Filters,
    Mentions,
    Passage,
    Sentence,
    StatedFigure,
    Statement,
)

WRITER_WAIT_S = 10.0
"""A run over one article takes less, a run over a thousand more: then a person decides."""

_NO_FILTERS = Filters()


class Library:
    """What was indexed, on disk: texts, spans, words and vectors in one SQLite file.

    Reading methods may be called from any thread, also while another process writes. Sentences
    and passages are known by integer keys that are never used again for another one, so a key
    from an older search finds the same sentence or nothing.

    Open it with :meth:`open`, as a context manager.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._share: tuple[str, str, float] | None = None

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

    def connection(self) -> AbstractContextManager[Connection]:
        """Lend a connection that can only read, as :class:`Fts5LexicalIndex` asks for one."""
        return self._database.reading()

    def snapshot(self) -> AbstractContextManager[Connection]:
        """Let all that this thread reads inside the block be of one moment.

        Not for a generator that yields inside the block: another thread may take it up.
        """
        return self._database.snapshot()

    # --- reading ---------------------------------------------------------------------------

    def generation(self) -> str:
        """A mark that is another one after every change of documents or vectors."""
        with self._database.reading() as connection:
            return reading.generation(connection)

    def stats(self) -> LibraryStats:
        """How much there is of everything."""
        with self._database.snapshot() as connection:
            return reading.stats(connection)

    def known_files(self) -> Mapping[str, Fingerprint]:
        """Every file that was indexed to its end, by path: equal ones need no reading."""
        with self._database.reading() as connection:
            return reading.known_files(connection)

    def documents(self, filters: Filters = _NO_FILTERS) -> list[DocumentInfo]:
        """The documents that pass the filters, in the order of their sources."""
        with self._database.snapshot() as connection:
            return reading.documents(connection, filters)

    def resolve(self, name: str) -> DocumentInfo:
        """The document that a person means by an id, its unique beginning, a title or a path.

        Raises:
            UnknownDocumentError: none or several are meant; the hint names the nearest.
        """
        return naming.resolve(self.documents(), name)

    def document(self, name: str) -> Document:
        """The text of the document that a person means, as for :meth:`resolve`.

        Raises:
            UnknownDocumentError: none or several are meant; the hint names the nearest.
        """
        with self._database.snapshot() as connection:
            return reading.document(connection, self.resolve(name).id)

    def sentences_of(self, document_id: str) -> tuple[StoredSentence, ...]:
        """All sentences of a document in order; none where there is no such id."""
        with self._database.snapshot() as connection:
            return reading.sentences_of(connection, document_id)

    def sentences(self, keys: Iterable[int]) -> dict[int, StoredSentence]:
        """The sentences of these keys, in their order; keys that are gone are left out."""
        with self._database.reading() as connection:
            return reading.sentences(connection, keys)

    def figures(
        self,
        filters: Filters = _NO_FILTERS,
        *,
        kinds: Collection[FigureKind] = (),
        of: Sequence[Sentence] | None = None,
    ) -> tuple[StatedFigure, ...]:
        """The figures that sentences state, in the order of the documents' sources.

        Args:
            filters: which documents.
            kinds: which kinds; empty takes all.
            of: the only sentences that are looked at, in whose order the figures are then given.
        """
        with self._database.snapshot() as connection:
            return figures.stated(connection, filters, kinds, of)

    def mentions(
        self, texts: Sequence[str], filters: Filters = _NO_FILTERS, *, shown: int = 0
    ) -> Mentions:
        """Count the articles that have all words of each text in a sentence, or in the title."""
        with self._database.snapshot() as connection:
            return mentions.mentions(connection, texts, filters, shown)

    def copies(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the documents that tell each one's story in nearly the same words, if any."""
        with self._database.reading() as connection:
            return copies.pairs(connection)

    def known_words(self, words: Collection[str]) -> set[str]:
        """Those of some words, in lower case, that an article has."""
        with self._database.reading() as connection:
            return reading.known_words(connection, words)

    def vocabulary(self) -> dict[str, int]:
        """All words of the articles, in lower case, and in how many articles each stands."""
        with self._database.reading() as connection:
            return reading.vocabulary(connection)

    def retold(self, key: int) -> tuple[DocumentInfo, ...]:
        """The copies of a sentence's article that have the same sentence, the earliest first."""
        with self._database.reading() as connection:
            return copies.retold(connection, key)

    def neighbours(self, key: int, *, before: int, after: int) -> tuple[StoredSentence, ...]:
        """A sentence and those around it in its document, in order; none when it is gone."""
        with self._database.snapshot() as connection:
            return reading.neighbours(connection, key, before, after)

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """All passages of a document in order; none where there is no such id."""
        with self._database.reading() as connection:
            return reading.passages_of(connection, document_id)

    def sizes(self) -> Mapping[str, tuple[int, int]]:
        """How many passages and figures each document has, by its id."""
        with self._database.reading() as connection:
            return reading.sizes(connection)

    def passages(self, keys: Iterable[int]) -> dict[int, Passage]:
        """The passages of these keys, in their order; keys that are gone are left out."""
        with self._database.reading() as connection:
            return reading.passages(connection, keys)

    def passage_keys(self, filters: Filters) -> list[int] | None:
        """What a vector search may find: the passages that pass the filters; None for all."""
        with self._database.snapshot() as connection:
            return reading.passage_keys(connection, filters)

    def sentence_keys(self, passage_keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """The sentences of each passage in order: the way from dense hits to lexical ones."""
        with self._database.reading() as connection:
            return reading.sentence_keys(connection, passage_keys)

    def passages_without_vectors(
        self, embedder: str, limit: int, *, after: int = 0
    ) -> list[PendingText]:
        """Texts that the embedder has not read yet, each once, oldest first.

        Args:
            embedder: name of the weights.
            limit: so many at most.
            after: key of the last text that was given; 0 for the first.
        """
        with self._database.reading() as connection:
            return reading.texts_without_vectors(connection, embedder, limit, after)

    def embedded_share(self, embedder: str) -> float:
        """How much of the passages has a vector, 0 to 1; 0 where there are no passages."""
        with self._database.snapshot() as connection:
            now = reading.generation(connection)
            # Counting takes milliseconds, and every question asks.
            if self._share is None or self._share[:2] != (now, embedder):
                self._share = (now, embedder, reading.embedded_share(connection, embedder))
            return self._share[2]

    def vector_rows(self, embedder: str) -> tuple[list[int], list[bytes]]:
        """Keys of the passages that have a vector, in order, and the vectors as stored."""
        with self._database.reading() as connection:
            return reading.vector_rows(connection, embedder)

    # --- writing ---------------------------------------------------------------------------

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
