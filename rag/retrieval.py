"""Finding the sentences that may answer a question: words and vectors, fused by rank."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import astuple, dataclass
from itertools import islice

import numpy as np

from rag.acronyms import spell_out
from rag.fusion import reciprocal_rank_fusion
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, StoredSentence
from rag.protocols import Embedder, Vectors, VectorStore
from rag.question import core, with_months
from rag.schema import DocumentInfo, Evidence, Filters, Retrieval, SearchHit, Sentence
from rag.spelling import respell

# Sentences whose vectors are made while the question waits: 24 take 0.2 s on two cores.
_POOL = 32
_CACHED_VECTORS = 20_000
"""About 30 MB: sentences of earlier questions are not embedded again."""

# Weights of the three rankings. On 35 questions over five articles the right sentence came
# first 32 times with these, 31 with equal weights, 26 by vectors of sentences alone.
_SENTENCE_WEIGHT = 1.0
_PASSAGE_WEIGHT = 0.5
_WORD_WEIGHT = 1.0

# How much a word of the question counts that stands only in the sentence before. With 1, or with
# the sentence behind counted too, a wrong neighbour of the right sentence comes first more often.
_LEAD_WEIGHT = 0.7

# Sentences before one that its article's reader still has in mind.
_CONTEXT = 3
# And those of its article that are near enough to tell what it is about: all of a news article.
_AROUND = 60

# What makes a sentence unreadable without the one before it.
_LEANS = re.compile(
    r"^[\"“'‘(]*(?:He|She|It|They|We|This|That|These|Those|His|Her|Its|Their|Since then|Then|There"
    r"|But|And|The (?:\w+ )?(?:agency|company|department|group|ministry|official|officials|report"
    r"|source|study|two|three))\b"
    r"|\bthat (?:day|week|month|quarter|season|year|period|time)\b|\bbefore that\b"
    r"|\bthe (?:agency|company|department|ministry|official|report|source|study) (?:said|added)\b"
)


# How many of the nearest sentences bring the one behind them along: an answer that leans on one of
# them ("among the others it was 31 percent") has few words of the question itself.
_FOLLOWED = 4

# Sentences beyond the evidence in which a figure is looked up as well. Of 1,760 questions on 160
# articles the sentence that answers is among the eight nearest with figures for 1,419, among those
# and these for 1,575.
_N_MORE = 24

Copies = tuple[DocumentInfo, ...]
Rows = tuple[StoredSentence, ...]


@dataclass(frozen=True, slots=True)
class _Coverage:
    near: float
    context: float
    article: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    stored: StoredSentence
    score: float
    similarity: float
    dense_rank: int | None
    lexical_rank: int | None


class HybridRetriever:
    """Retriever over a library: passages by vector, sentences by words, fused.

    Args:
        library: open for reading.
        embedder: the one whose vectors the store holds.
        vectors: passages of the library by key.
        lexical: sentences of the library by key.
        depth: hits that each search gives to fusion.
        n_evidence: sentences to return at most.
    """

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        vectors: VectorStore,
        lexical: Fts5LexicalIndex,
        *,
        depth: int,
        n_evidence: int,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._vectors = vectors
        self._lexical = lexical
        self._depth = depth
        self._n_evidence = n_evidence
        # By text: a vector differs in the seventh digit with what is computed beside it, and the
        # same sentence in two articles must not change places from question to question.
        self._sentence_vectors: OrderedDict[str, Vectors] = OrderedDict()

    def wide(self, n_evidence: int) -> HybridRetriever:
        """The same, over the same parts, with another number of sentences to return."""
        wider = copy(self)
        wider._n_evidence = n_evidence
        return wider

    def retrieve(self, question: str, filters: Filters) -> Retrieval:
        """Return evidence, best first; none where no word and no vector is near.

        Raises:
            LibraryError: the library cannot be read.
        """
        started = time.perf_counter()
        with self._library.snapshot():
            spelt = with_months(
                respell(question, self._library.known_words, self._library.vocabulary)
            )
            query = self._embedder.embed_query(core(spelt))
            told = self._once_told(self._candidates(spelt, query, filters))
            nearest = dict(islice(told.items(), self._n_evidence))
            spelt = spell_out(spelt, self._articles_of(nearest))
            shown = nearest | self._following(nearest, query)
            known = {candidate.stored.key for candidate in shown}
            less_near = {c: copies for c, copies in told.items() if c.stored.key not in known}
            evidence = self._evidence(spelt, shown | less_near)
            share = self._library.embedded_share(self._embedder.name)
            weights = self._lexical.weights(core(spelt))
        return Retrieval(
            question,
            spelt,
            evidence[: len(shown)],
            share,
            time.perf_counter() - started,
            weights,
            more=evidence[len(shown) :],
        )

    def _candidates(self, question: str, query: Vectors, filters: Filters) -> list[_Candidate]:
        dense = self._dense_ranks(query, filters)
        lexical = _ranks(self._lexical.search(question, self._depth, filters))
        pool = list(reciprocal_rank_fusion([dense, lexical], [_PASSAGE_WEIGHT, _WORD_WEIGHT]))
        stored = self._library.sentences(pool[:_POOL])
        if not stored:
            return []
        similarity = dict(zip(stored, self._similarities(query, stored.values()), strict=True))
        nearest = sorted(similarity, key=lambda key: -similarity[key])
        by_sentence = {key: rank for rank, key in enumerate(nearest, start=1)}
        fused = reciprocal_rank_fusion(
            [by_sentence, dense, lexical], [_SENTENCE_WEIGHT, _PASSAGE_WEIGHT, _WORD_WEIGHT]
        )
        return [
            _Candidate(stored[key], score, similarity[key], dense.get(key), lexical.get(key))
            for key, score in fused.items()
            if key in stored
        ]

    def _dense_ranks(self, query: Vectors, filters: Filters) -> dict[int, int]:
        """Give each sentence the rank of the best passage that holds it."""
        allowed = self._library.passage_keys(filters)
        hits = self._vectors.search(query, self._depth, allowed)
        sentences = self._library.sentence_keys(hit.id for hit in hits)
        ranks: dict[int, int] = {}
        for hit in hits:
            for key in sentences.get(hit.id, ()):
                ranks.setdefault(key, hit.rank)
        return ranks

    def _similarities(self, query: Vectors, stored: Iterable[StoredSentence]) -> list[float]:
        known = self._sentence_vectors
        texts = [row.sentence.text for row in stored]
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._embedder.embed_documents(new), strict=True))
        similarities = [float(np.dot(known[text], query)) for text in texts]
        while len(known) > _CACHED_VECTORS:
            known.popitem(last=False)
        return similarities

    def _once_told(self, candidates: Iterable[_Candidate]) -> dict[_Candidate, Copies]:
        """The first candidates, without those that repeat one in a copy of its article."""
        kept: dict[_Candidate, Copies] = {}
        told: set[tuple[str, str]] = set()
        for candidate in candidates:
            stored = candidate.stored
            if (stored.document.id, stored.sentence.text) in told:
                continue
            kept[candidate] = self._library.retold(stored.key)
            told |= {(copy.id, stored.sentence.text) for copy in kept[candidate]}
            if len(kept) == self._n_evidence + _N_MORE:
                break
        return kept

    def _articles_of(self, candidates: Iterable[_Candidate]) -> list[str]:
        """What stands around the nearest sentences, for names that the question has short."""
        near = list(candidates)[:_FOLLOWED]
        around = (
            self._library.neighbours(c.stored.key, before=_AROUND, after=_AROUND) for c in near
        )
        return list(dict.fromkeys(row.sentence.text for rows in around for row in rows))

    def _following(
        self, candidates: Mapping[_Candidate, Copies], query: Vectors
    ) -> dict[_Candidate, Copies]:
        """The sentences behind the first ones: "Among the others the share was 31 percent"."""
        known = {candidate.stored.key for candidate in candidates}
        behind = {
            row.key: row
            for candidate in list(candidates)[:_FOLLOWED]
            for row in self._library.neighbours(candidate.stored.key, before=0, after=1)
            if row.key not in known and not row.sentence.boilerplate
        }
        similarities = self._similarities(query, behind.values())
        return {
            _Candidate(row, 0.0, similarity, None, None): self._library.retold(row.key)
            for row, similarity in zip(behind.values(), similarities, strict=True)
        }

    def _evidence(
        self, question: str, candidates: Mapping[_Candidate, Copies]
    ) -> tuple[Evidence, ...]:
        around = {
            c.stored.key: self._library.neighbours(c.stored.key, before=_AROUND, after=_AROUND)
            for c in candidates
        }
        before = {
            c.stored.key: _before(c.stored.sentence, around[c.stored.key]) for c in candidates
        }
        coverage = self._coverage(question, before, around)
        if (asking := core(question)) != question:
            alone = self._coverage(asking, before, around)
            coverage = {
                key: _Coverage(*map(max, astuple(whole), astuple(alone[key])))
                for key, whole in coverage.items()
            }
        articles = {key: [row.key for row in rows] for key, rows in around.items()}
        unsaid = self._lexical.unsaid(asking, articles)
        return tuple(
            Evidence(
                sentence=c.stored.sentence,
                document=c.stored.document,
                score=c.score,
                similarity=c.similarity,
                coverage=coverage[c.stored.key].near,
                in_context=coverage[c.stored.key].context,
                in_article=coverage[c.stored.key].article,
                unsaid=unsaid[c.stored.key],
                before=tuple(row.sentence for row in before[c.stored.key]),
                lead=_lead(c.stored.sentence, before[c.stored.key]),
                dense_rank=c.dense_rank,
                lexical_rank=c.lexical_rank,
                page=c.stored.page,
                also_in=copies,
            )
            for c, copies in candidates.items()
        )

    def _coverage(
        self, question: str, before: Mapping[int, Rows], around: Mapping[int, Rows]
    ) -> dict[int, _Coverage]:
        """How much of a question's words each sentence holds, alone and in ever wider context."""
        groups: dict[tuple[str, int], Collection[int]] = {}
        for key, rows in before.items():
            keys = [row.key for row in rows]
            groups["own", key] = [key]
            groups["lead", key] = [*keys[-1:], key]
            groups["context", key] = [*keys, key]
            groups["article", key] = [row.key for row in around[key]]
        share = self._lexical.coverage(question, groups)
        return {
            key: _Coverage(
                _LEAD_WEIGHT * share["lead", key] + (1 - _LEAD_WEIGHT) * share["own", key],
                share["context", key],
                share["article", key],
            )
            for key in before
        }


def _before(sentence: Sentence, around: Rows) -> Rows:
    """The sentences that come before one, as far as a reader has them in mind."""
    earlier = [row for row in around if row.sentence.position < sentence.position]
    return tuple(earlier[-_CONTEXT:])


def _ranks(hits: Iterable[SearchHit]) -> dict[int, int]:
    return {hit.id: hit.rank for hit in hits}


def _lead(sentence: Sentence, near: Sequence[StoredSentence]) -> Sentence | None:
    """The sentence before, where this one cannot be read without it."""
    if not _LEANS.search(sentence.text):
        return None
    before = [n.sentence for n in near if n.sentence.position == sentence.position - 1]
    return before[0] if before else None
