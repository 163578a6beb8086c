"""Whether a figure of an article and one of a draft are said of the same thing."""

from __future__ import annotations

from dataclasses import dataclass

from rag.claim_check.binding import bound
from rag.claim_check.claims import Claim, Value, compare, fit
from rag.claim_check.fitting import Fit
from rag.claim_check.sources import Candidate, Source, Sources
from rag.claim_check.words import abbreviates, stems
from rag.schema import Statement

_SIMILARITY = 0.5
"""How much of sameness is the cosine of the sentences; the rest are words in common."""
_COUNTED = 0.08
_MEASURED = 0.04
_BESIDE = 2
"""Sentences between two figures that one draft's sentence may have been written from."""


@dataclass(frozen=True, slots=True)
class Match:
    """A stated figure beside a claim."""

    source: Source
    stated: Statement
    value: Value
    fit: Fit
    sameness: float
    """How sure it is that both are said of the same thing: 0 to 1, and a little for the noun."""
    shared: float
    """Weight of the words of the claim's sentence that the source has."""
    named: bool = True
    """Whether the source means whom the claim names, or its article only speaks of them."""

    @property
    def document(self) -> str:
        """Id of the article."""
        return self.source.stored.document.id

    def beside(self, other: Match) -> bool:
        """Whether another match stands in the same lines of the same article."""
        one, two = self.source.stored.sentence, other.source.stored.sentence
        return self.document == other.document and abs(one.position - two.position) <= _BESIDE


def match(sources: Sources, claim: Claim, candidate: Candidate) -> Match | None:
    """The figure of a source that speaks of the claim's thing, if one may."""
    source = candidate.source
    comparable = [s for s in source.statements if compare(claim, s, source) is not Value.NONE]
    if not comparable or _unknown_subject(sources, claim, source):
        return None
    stated = bound(sources, claim, source, comparable)
    own = sources.covered(claim.own, source)
    whole = sources.covered(claim.whole, source) or 0.0
    cover = whole if own is None else (own + whole) / 2
    sameness = (1 - _SIMILARITY) * cover + _SIMILARITY * max(candidate.similarity, 0.0)
    return Match(
        source,
        stated,
        max(compare(claim, stated, source), Value.OTHER),
        fit(claim, stated, source),
        sameness + _of_one_measure(claim.statement, stated),
        whole * sources.weights.sum(claim.whole),
        named=not other_subject(sources, claim, source),
    )


def other_subject(sources: Sources, claim: Claim, source: Source) -> bool:
    """Whether the claim names somebody whom the source does not mean."""
    article = sources.article(source)
    missing = claim.own_names - source.names - source.names_before - article.main
    if missing <= article.names and source.names & (claim.own_names | claim.subject_names):
        missing = frozenset()  # the rest of whom it speaks of is said elsewhere
    unknown = any(not abbreviates(name, source.reading) for name in missing)
    return unknown or _unknown_subject(sources, claim, source)


def _unknown_subject(sources: Sources, claim: Claim, source: Source) -> bool:
    """Whether the claim names somebody of whom the whole article does not speak."""
    article = sources.article(source)
    known = source.names | source.names_before | article.main | article.names
    missing = (claim.own_names | claim.subject_names) - known
    return any(not abbreviates(name, source.reading) for name in missing)


def _of_one_measure(claim: Statement, stated: Statement) -> float:
    """What nouns and units add to sameness, or take from it."""
    one, other = stems(claim.noun), stems(stated.noun)
    noun = 0.0 if not one or not other else _COUNTED if one & other else -_COUNTED
    unit = claim.figure.unit
    return noun + (_MEASURED if unit and unit == stated.figure.unit else 0.0)
