"""Which figure of an article's sentence a claim is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.claim_check.claims import Claim, Value, compare, cut, fit, is_telling
from rag.claim_check.fitting import Fit
from rag.claim_check.sources import Source, Sources
from rag.claim_check.words import near_names, part_of, stems
from rag.schema import FigureKind, Statement

# Weights of stems, as in words.Weights: one that stands in a tenth of the articles has 0.4.
_ANOTHER = 0.37
_NAME = 1.5
_PERIOD = 1.9
_OTHER_NOUN_PERIOD = 0.2
_NOUN = 0.5
_END = re.compile(r"\b(from|to)\s+(?:[\w.]+\s+)?$", re.IGNORECASE)


def bound(
    sources: Sources, claim: Claim, source: Source, comparable: Sequence[Statement]
) -> Statement:
    """Of a source's figures the one whose own words are the claim's.

    The one with the claim's value, unless another one has words, names or the period of the claim
    that this one contradicts.
    """

    def score(stated: Statement) -> float:
        shared = sources.weights.sum(claim.own & _words(source, stated))
        shared += _NAME * len(claim.own_names & near_names(text, stated, source.statements))
        shared += _NOUN * sources.weights.sum(stems(claim.statement.noun) & stems(stated.noun))
        period = _PERIOD if _of_one_noun(claim.statement, stated) else _OTHER_NOUN_PERIOD
        return shared + period * (fit(claim, stated, source) - Fit.UNKNOWN)

    text = source.stored.sentence.text
    best = max(comparable, key=score)
    equal = [s for s in comparable if compare(claim, s, source) > Value.OTHER]
    if not equal:
        return best
    same = max(equal, key=lambda s: (compare(claim, s, source), score(s)))
    if same is not best and _contrast(sources, claim, source, same, best):
        return best
    others = [s for s in source.statements if s not in equal and _may_be(same, s)]
    others = [
        s
        for s in others
        if _exchanged(claim, source, same, s) or _of_its_period(claim, source, same, s)
    ]
    return max(others, key=score) if others else same


def _of_its_period(claim: Claim, source: Source, same: Statement, other: Statement) -> bool:
    """Whether another figure of the thing is of the claim's period, and the one of its value not.

    "And 190,000 in 2022" says nothing but its period: it is of the thing that was named before.
    """
    fits = fit(claim, same, source), fit(claim, other, source)
    if fits != (Fit.OTHER, Fit.SAME):
        return False
    return _of_one_noun(claim.statement, other) or not _own(source, other)


def _may_be(same: Statement, other: Statement) -> bool:
    """Whether another figure can be of the same kind; "and boys at 54" leaves out per cent."""
    kinds = {same.figure.kind, other.figure.kind}
    bare = FigureKind.COUNT in kinds and not (same.figure.unit and other.figure.unit)
    return len(kinds) == 1 or (bare and bool(kinds & {FigureKind.PERCENT, FigureKind.MONEY}))


def _contrast(
    sources: Sources, claim: Claim, source: Source, same: Statement, best: Statement
) -> bool:
    """Whether a figure of the claim's value is that of something else in its sentence."""
    words, others = _words(source, same), _words(source, best)
    if fit(claim, same, source) is Fit.OTHER and fit(claim, best, source) is not Fit.OTHER:
        return sources.weights.sum(claim.own & others) >= _ANOTHER
    text = source.stored.sentence.text
    named, other = (near_names(text, s, source.statements) for s in (same, best))
    if claim.own_names & other - named and named - claim.own_names:
        return True
    if is_telling(claim.statement.figure):
        return False  # as many digits are not there by chance
    theirs = sources.weights.sum((claim.part & _own(source, best)) - words)
    return theirs >= _ANOTHER and sources.weights.sum(words - claim.own) >= _ANOTHER


def _exchanged(claim: Claim, source: Source, same: Statement, other: Statement) -> bool:
    """Whether the draft says of one figure what the article says of the other, and the reverse."""
    ends = _end(claim.text, claim.statement), _end(source.stored.sentence.text, same)
    if all(ends) and ends[0] != ends[1]:
        return _end(source.stored.sentence.text, other) == ends[0]
    words, others = _own(source, same), _own(source, other)
    theirs = (claim.part & others) - words
    return bool(theirs and (words - claim.part - others) & claim.elsewhere)


def _end(text: str, statement: Statement) -> str:
    """Whether a figure is where something came from or went to; empty where it is neither."""
    match = _END.search(text[: statement.figure.span.start])
    return match[1].lower() if match else ""


def _words(source: Source, stated: Statement) -> frozenset[str]:
    return stems(cut(source.text, stated.clause)) | stems(stated.noun)


def _own(source: Source, stated: Statement) -> frozenset[str]:
    return stems(cut(source.text, part_of(source.text, stated, source.statements)))


def _of_one_noun(claim: Statement, stated: Statement) -> bool:
    one, other = stems(claim.noun), stems(stated.noun)
    return not one or not other or bool(one & other)
