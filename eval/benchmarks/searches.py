"""What the searches of citeline find for each question, at one passage length."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.questions import Gold, Question
from rag.embedding import open_embedder
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, StoredSentence, open_vectors
from rag.models import Role, load_registry, resolve
from rag.pipeline import Pipeline
from rag.protocols import Embedder, Vectors, VectorStore
from rag.retrieval import HybridRetriever
from rag.schema import Filters
from rag.settings import Settings

_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Found:
    """What the searches found for one question: sentences by key, ranks from 1."""

    question: Question
    gold: tuple[frozenset[int], ...]
    """The right sentences of each group; an empty group where the library has none of them."""
    lexical: Mapping[int, int]
    dense: Mapping[int, int]
    """Rank of the nearest passage that holds the sentence, nearest passage first."""
    nearest: Mapping[int, int]
    """Sentences of the whole library by their own vectors, nearest first."""
    similarity: Mapping[int, float]
    """Cosine of question and sentence, for the sentences of all three searches."""


class Bench:
    """An indexed corpus whose searches can be asked one by one.

    Args:
        library: open for reading.
        vectors: of its passages.
        embedder: made them.
        work: folder that keeps the vectors of sentences from run to run.
    """

    def __init__(
        self, library: Library, vectors: VectorStore, embedder: Embedder, work: Path
    ) -> None:
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
        self._lexical = Fts5LexicalIndex(library.connection)
        self._depth = Settings().search_depth
        self._stored = [s for d in library.documents() for s in library.sentences_of(d.id)]
        self._rows = {stored.key: row for row, stored in enumerate(self._stored)}
        self._matrix = _sentence_vectors(self._stored, embedder, work)

    @property
    def n_passages(self) -> int:
        """Passages that have a vector."""
        return len(self._vectors)

    def found(self, questions: Sequence[Question]) -> list[Found]:
        """Ask every search every question."""
        of_document: defaultdict[str, list[StoredSentence]] = defaultdict(list)
        for stored in self._stored:
            of_document[stored.document.id].append(stored)
        return [
            self._found(question, tuple(_holders(group, of_document) for group in question.gold))
            for question in questions
        ]

    def as_rag_ranks(self, questions: Sequence[str], n: int) -> list[list[int]]:
        """Return for each question the keys of the ``n`` sentences that citeline ranks first."""
        retriever = HybridRetriever(
            self._library,
            self._embedder,
            self._vectors,
            self._lexical,
            depth=self._depth,
            n_evidence=n,
        )
        keys = {(s.document.id, s.sentence.position): s.key for s in self._stored}
        return [
            [keys[e.document.id, e.sentence.position] for e in found.evidence]
            for found in (retriever.retrieve(question, _NO_FILTERS) for question in questions)
        ]

    def _found(self, question: Question, gold: tuple[frozenset[int], ...]) -> Found:
        text = question.question
        query = self._embedder.embed_query(text)
        cosines = self._matrix @ query
        order = np.argsort(-cosines, kind="stable")[: self._depth]
        nearest = {self._stored[row].key: rank for rank, row in enumerate(order, start=1)}
        hits = self._lexical.search(text, self._depth, _NO_FILTERS)
        lexical = {hit.id: hit.rank for hit in hits}
        dense = self._dense(query)
        kept = {*lexical, *dense, *nearest}
        similarity = {key: float(cosines[self._rows[key]]) for key in kept}
        return Found(question, gold, lexical, dense, nearest, similarity)

    def _dense(self, query: Vectors) -> dict[int, int]:
        hits = self._vectors.search(query, self._depth)
        sentences = self._library.sentence_keys(hit.id for hit in hits)
        ranks: dict[int, int] = {}
        for hit in hits:
            for key in sentences.get(hit.id, ()):
                ranks.setdefault(key, hit.rank)
        return ranks


@contextmanager
def indexed(articles: Path, work: Path, passage_tokens: int) -> Iterator[Bench]:
    """Index a folder with the real embedder, or take up what was indexed before.

    Args:
        articles: the files.
        work: gets a library for each passage length, which keeps the vectors.
        passage_tokens: upper bound of a passage in word pieces.

    Raises:
        MissingPartError: the embedder is not on this machine.
        LibraryError: the library cannot be written.
    """
    settings = Settings(library=work / f"passages-{passage_tokens}", passage_tokens=passage_tokens)
    with Pipeline(settings) as pipeline:
        pipeline.index([str(articles)], observer=_Silent())
    with Library.open(settings.library) as library:
        (stats,) = library.stats().embedders
        spec = load_registry().default(Role.EMBEDDER)
        embedder = open_embedder(resolve(spec.name).path, name=stats.name, n_texts=1)
        vectors = open_vectors(library, stats.name, stats.dimension)
        yield Bench(library, vectors, embedder, work)


def _holders(
    group: Sequence[Gold], of_document: Mapping[str, Sequence[StoredSentence]]
) -> frozenset[int]:
    """Sentences of the library that are, or contain, one of a group.

    Where the splitter takes two sentences for one, that one is right.
    """
    return frozenset(
        stored.key
        for gold in group
        for stored in of_document[gold.document]
        if gold.sentence in stored.sentence.text
    )


def _sentence_vectors(stored: Sequence[StoredSentence], embedder: Embedder, work: Path) -> Vectors:
    """Vectors of the sentences in order, from a file where they were made before."""
    texts = [one.sentence.text for one in stored]
    unique = list(dict.fromkeys(texts))
    name = hashlib.sha256("\n".join([embedder.name, *unique]).encode()).hexdigest()[:16]
    path = work / f"sentences-{name}.npy"
    if not path.exists():
        np.save(path, embedder.embed_documents(unique))
    vectors: Vectors = np.load(path)
    row_of = {text: row for row, text in enumerate(unique)}
    chosen: Vectors = vectors[[row_of[text] for text in texts]]
    return chosen


class _Silent:
    """Is told how far indexing has come, and says nothing."""

    def files(self, total: int) -> None:
        """Nothing."""

    def file_done(self, path: str) -> None:
        """Nothing."""

    def passages(self, total: int) -> None:
        """Nothing."""

    def passages_done(self, count: int) -> None:
        """Nothing."""

    def note(self, message: str) -> None:
        """Nothing."""
