"""What an open library can be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from sqlite3 import Connection

from rag.library import copies, figures, mentions, naming, passages, reading
from rag.library.database import Database
from rag.library.values import Fingerprint, LibraryStats, PendingText, StoredSentence
from rag.schema import (
    Document,
    DocumentInfo,
    FigureKind,
    Filters,
    Mentions,
    Passage,
    Sentence,
    StatedFigure,
)

_NO_FILTERS = Filters()


class Contents:
    """What was indexed, for reading: from any thread, also while another process writes.

    Sentences and passages are known by integer keys that are never used again for another one,
    so a key from an older search finds the same sentence or nothing.

    Args:
        database: an open one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._share: tuple[str, str, float] | None = None

    def connection(self) -> AbstractContextManager[Connection]:
        """Lend a connection that can only read, as :class:`Fts5LexicalIndex` asks for one."""
        return self._database.reading()

    def snapshot(self) -> AbstractContextManager[Connection]:
        """Let all that this thread reads inside the block be of one moment.

        Not for a generator that yields inside the block: another thread may take it up.
        """
        return self._database.snapshot()

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
            return passages.passages_of(connection, document_id)

    def sizes(self) -> Mapping[str, tuple[int, int]]:
        """How many passages and figures each document has, by its id."""
        with self._database.reading() as connection:
            return reading.sizes(connection)

    def passages(self, keys: Iterable[int]) -> dict[int, Passage]:
        """The passages of these keys, in their order; keys that are gone are left out."""
        with self._database.reading() as connection:
            return passages.passages(connection, keys)

    def passage_keys(self, filters: Filters) -> list[int] | None:
        """What a vector search may find: the passages that pass the filters; None for all."""
        with self._database.snapshot() as connection:
            return passages.passage_keys(connection, filters)

    def sentence_keys(self, passage_keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """The sentences of each passage in order: the way from dense hits to lexical ones."""
        with self._database.reading() as connection:
            return passages.sentence_keys(connection, passage_keys)

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
            return passages.texts_without_vectors(connection, embedder, limit, after)

    def embedded_share(self, embedder: str) -> float:
        """How much of the passages has a vector, 0 to 1; 0 where there are no passages."""
        with self._database.snapshot() as connection:
            now = reading.generation(connection)
            # Counting takes milliseconds, and every question asks.
            if self._share is None or self._share[:2] != (now, embedder):
                self._share = (now, embedder, passages.embedded_share(connection, embedder))
            return self._share[2]

    def vector_rows(self, embedder: str) -> tuple[list[int], list[bytes]]:
        """Keys of the passages that have a vector, in order, and the vectors as stored."""
        with self._database.reading() as connection:
            return passages.vector_rows(connection, embedder)
