"""The sentences of the library that may speak of what a draft's sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from rag.claim_check.words import Weights, name_stem, names, stems, without_figures
from rag.drafts import is_checked
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, StoredSentence
from rag.protocols import Embedder, Vectors, VectorStore
from rag.schema import Figure, FigureKind, Filters, Statement
from rag.statements import statements

# With twelve a later article was missed that has another value of what the others state.
_CANDIDATES = 16
_COMPARED = 8
"""Candidates whose own vectors are made: a vector takes 9 ms on one core."""
_LEXICAL_DEPTH = 30
_PASSAGES = 5
_PASSAGE = 0.5
_EQUAL = 0.3
"""What it counts that a sentence has one of the values."""
_SHARES = frozenset({FigureKind.PERCENT, FigureKind.RATIO, FigureKind.PERCENTAGE_POINTS})
_FAR = 0.6
"""A passage is nearer to a sentence than its own sentences are: 0.7 where they have 0.4."""
_LEAD = 0.7
_TITLE = 0.5
_OPENING = 2
"""Sentences in which an article says whom it is about."""
_QUERY_WORDS = 12
"""The rarest words of a sentence find it as well as all, in a third of the time."""

_LOWER = re.compile(r"(?<!\w)[a-zß-öø-ÿ][\w’']*")


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of an article, with all that a claim is compared with."""

    stored: StoredSentence
    statements: tuple[Statement, ...]
    text: str
    """Its figures blanked out."""
    own: frozenset[str]
    lead: frozenset[str]
    """Stems of the sentence before."""
    title: frozenset[str]
    names: frozenset[str]
    """Of the sentence itself, its first word too."""
    names_before: frozenset[str]
    """Of the sentence before."""
    kinds: frozenset[FigureKind]
    values: frozenset[Decimal]
    reading: str
    """The sentence and the one before it."""


@dataclass(frozen=True, slots=True)
class Article:
    """Whom an article speaks of."""

    names: frozenset[str]
    main: frozenset[str]
    """Of the title and the first sentences: whom it means where a sentence names nobody."""
    lower: frozenset[str]
    """Words that it writes in lower case, cut as names are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source for one sentence of a draft."""

    source: Source
    similarity: float
    """Cosine of the two sentences; of the draft's and the passage where it is not near enough."""


def _closeness(stem: str, source: Source) -> float:
    if stem in source.own:
        return 1.0
    return _LEAD if stem in source.lead else _TITLE if stem in source.title else 0.0


@dataclass
class Sources:
    """Finds sources by words and by vectors, and keeps what it has read of each.

    Args:
        library: open for reading.
        embedder: the one whose vectors the store holds.
        vectors: passages of the library by key.
        lexical: sentences of the library by key.
    """

    library: Library
    embedder: Embedder
    vectors: VectorStore
    lexical: Fts5LexicalIndex
    weights: Weights = field(init=False)
    _known: dict[int, Source] = field(init=False, default_factory=dict)
    _articles: dict[str, Article] = field(init=False, default_factory=dict)
    _own_vectors: dict[int, Vectors] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        n_documents = self.library.stats().documents
        self.weights = Weights(self.library.vocabulary(), n_documents)

    def find(
        self, text: str, figures: Sequence[Figure], vector: Vectors, filters: Filters
    ) -> list[Candidate]:
        """The nearest sentences that have a figure of the same kind, best first.

        Args:
            text: a draft's sentence.
            figures: its own.
            vector: its own, shape [d].
            filters: which articles count.
        """
        wanted = stems(text)
        kinds = frozenset(figure.kind for figure in figures)
        kinds = kinds | _SHARES if kinds & _SHARES else kinds
        values = frozenset(figure.value for figure in figures)
        by_passage = self._by_passage(vector, filters)
        keys = [hit.id for hit in self.lexical.search(self._query(text), _LEXICAL_DEPTH, filters)]
        read = self._read([*keys, *(key for key in by_passage if key not in set(keys))])
        found = [s for s in read if not s.kinds.isdisjoint(kinds)] or read
        score = {
            s.stored.key: (self.covered(wanted, s) or 0.0)
            + _PASSAGE * by_passage.get(s.stored.key, 0.0)
            + (_EQUAL if values & s.values else 0.0)
            for s in found
        }
        best = sorted(found, key=lambda s: -score[s.stored.key])[:_CANDIDATES]
        own = self._similarities(vector, best[:_COMPARED])
        return [
            Candidate(s, own.get(s.stored.key, _FAR * by_passage.get(s.stored.key, 0.0)))
            for s in best
        ]

    def article(self, source: Source) -> Article:
        """The article of a source."""
        info = source.stored.document
        if info.id not in self._articles:
            texts = [stored.sentence.text for stored in self.library.sentences_of(info.id)]
            opening = [info.title or "", info.publisher or "", *texts[:_OPENING]]
            every = " ".join(texts)
            self._articles[info.id] = Article(
                names=frozenset().union(*(names(text) for text in texts)),
                main=frozenset().union(*(names(text, first_too=True) for text in opening)),
                lower=frozenset(name_stem(word) for word in _LOWER.findall(every)),
            )
        return self._articles[info.id]

    def covered(self, wanted: frozenset[str], source: Source) -> float | None:
        """Which part of some stems a source has, 0 to 1; None where there are none.

        What stands in the sentence before counts less, and what the title says of the whole
        article least.
        """
        total = self.weights.sum(wanted)
        if not total:
            return None
        weight = self.weights.of
        return sum(weight(one) * _closeness(one, source) for one in wanted) / total

    def _query(self, text: str) -> str:
        words = sorted(set(text.split()), key=lambda word: -self._rarity(word))
        values = [word for word in text.split() if any(c.isdigit() for c in word)]
        return " ".join([*words[:_QUERY_WORDS], *values])

    def _rarity(self, word: str) -> float:
        return max((self.weights.of(one) for one in stems(word)), default=0.0)

    def _by_passage(self, vector: Vectors, filters: Filters) -> dict[int, float]:
        """The cosine of the nearest passages, by the key of each of their sentences."""
        hits = self.vectors.search(vector, _PASSAGES, self.library.passage_keys(filters))
        keys = self.library.sentence_keys(hit.id for hit in hits)
        found: dict[int, float] = {}
        for hit in hits:
            for key in keys.get(hit.id, ()):
                found.setdefault(key, hit.score)
        return found

    def _read(self, keys: Sequence[int]) -> list[Source]:
        new = [key for key in keys if key not in self._known]
        for key, stored in self.library.sentences(new).items():
            self._known[key] = self._source(stored)
        known = (self._known.get(key) for key in keys)  # one that was removed meanwhile is gone
        return [source for source in known if source is not None and source.statements]

    def _source(self, stored: StoredSentence) -> Source:
        near = self.library.neighbours(stored.key, before=1, after=0)
        before = next(
            (n.sentence for n in near if n.sentence.position < stored.sentence.position), None
        )
        text, info = stored.sentence.text, stored.document
        lead = before.text if before else ""
        found = statements(text, lead=lead or None, published=info.published)
        bare = without_figures(text, [s.figure for s in found])
        return Source(
            stored=stored,
            statements=tuple(s for s in found if is_checked(s.figure)),
            text=bare,
            own=stems(bare),
            lead=stems(lead),
            title=stems(f"{info.title or ''} {info.publisher or ''}"),
            names=names(text, first_too=True),
            names_before=names(lead, first_too=True),
            kinds=frozenset(s.figure.kind for s in found),
            values=frozenset(s.figure.value for s in found),
            reading=f"{lead} {text}",
        )

    def _similarities(self, vector: Vectors, sources: Sequence[Source]) -> dict[int, float]:
        new = [s for s in sources if s.stored.key not in self._own_vectors]
        if new:
            made = self.embedder.embed_documents([s.stored.sentence.text for s in new])
            self._own_vectors.update(zip((s.stored.key for s in new), made, strict=True))
        return {
            s.stored.key: float(np.dot(self._own_vectors[s.stored.key], vector)) for s in sources
        }
