"""Figures that follow from others: difference, sum, share, percent change, ratio."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, permutations

from rag.claim_check.claims import Claim, Value
from rag.claim_check.fitting import Fit
from rag.claim_check.matching import Match, other_subject
from rag.claim_check.sources import Candidate, Sources
from rag.claim_check.verdicts import SHARED, Found
from rag.claim_check.words import stems
from rag.figures import Agreement, agree, same_unit
from rag.schema import ClaimVerdict, Figure, FigureKind

_SUM = re.compile(
    r"\b(?:total\w*|together|combined|in all|altogether|sum|overall)\b", re.IGNORECASE
)
_SHARE = re.compile(
    r"\b(?:share|proportion|of (?:the|all|those|them|its|their)|in (?:every )?\w+)\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:times|twice|double\w*|triple\w*|half|halved|fold|quarter|third)\b", re.IGNORECASE
)
_WINDOW = 40
"""Characters on either side of a figure in which the word stands that says how it came about."""
_NEAREST = 4
"""Sources whose figures may be operands."""
_LEAST_SHARE = 0.4
"""Of the words of the draft's sentence that such a source has."""
_NAMED = 0.37
"""Weight of a word by which the claim names an operand."""
_FOLLOWS = frozenset({Agreement.EXACT, Agreement.ROUNDED, Agreement.BOUND_LOST})


def computed(
    sources: Sources, claim: Claim, others: Sequence[Match], near: Sequence[Candidate]
) -> Found | None:
    """Tell how a figure follows from two that articles state, where its sentence says so.

    Args:
        sources: of the library.
        claim: a figure of a draft.
        others: what supports the other figures of the sentence.
        near: the sources of the sentence.
    """
    figure = claim.statement.figure
    words = claim.text[max(figure.span.start - _WINDOW, 0) : figure.span.end + _WINDOW]
    nearest = _stated_of(sources, claim, near)
    beside = (
        (one, other)
        for one, other in permutations(nearest, 2)
        if one.beside(other) and _of_one_thing(sources, claim, one, other)
    )
    for one, other in chain(permutations(others, 2), beside):
        if not _alike(one.stated.figure, other.stated.figure):
            continue
        for sign, result in _results(claim, words, one.stated.figure, other.stated.figure):
            made = replace(figure, value=result, text="")
            if agree(figure, made) in _FOLLOWS:
                formula = _formula(sign, one.stated.figure, other.stated.figure, result, figure)
                return Found(ClaimVerdict.COMPUTED, (one, other), formula)
    return None


def _stated_of(sources: Sources, claim: Claim, near: Sequence[Candidate]) -> list[Match]:
    """The figures of the nearest sentences on the claim's subject."""
    found = []
    for candidate in near[:_NEAREST]:
        source = candidate.source
        share = sources.covered(claim.whole, source) or 0.0
        shared = share * sources.weights.sum(claim.whole)
        if share < _LEAST_SHARE or shared < SHARED or other_subject(sources, claim, source):
            continue
        found += [
            Match(source, stated, Value.SAME, Fit.UNKNOWN, candidate.similarity, shared)
            for stated in source.statements
        ]
    return found


def _results(claim: Claim, near: str, one: Figure, other: Figure) -> Iterator[tuple[str, Decimal]]:
    """What may be said of two figures, as a figure of the claim's kind."""
    a, b, figure = one.value, other.value, claim.statement.figure
    if min(a, b) <= 0:
        return
    if figure.kind in {FigureKind.PERCENT, FigureKind.RATIO}:
        whole = Decimal(100 if figure.kind is FigureKind.PERCENT else 1)
        if claim.change and one.kind is not FigureKind.PERCENT:
            yield "→", abs(b - a) / a * whole
        elif _SHARE.search(near) and a <= b:
            yield "of", a / b * whole
    elif figure.kind is FigureKind.MULTIPLE and _RATIO.search(near):
        yield "÷", a / b
    elif figure.kind is FigureKind.PERCENTAGE_POINTS:
        if one.kind is FigureKind.PERCENT and a > b and claim.change:
            yield "−", a - b
    elif _same_measure(figure, one):
        if a > b and claim.change:
            yield "−", a - b
        if _SUM.search(near):
            yield "+", a + b


def _same_measure(figure: Figure, operand: Figure) -> bool:
    return figure.kind is operand.kind and same_unit(figure.unit, operand.unit)


def _alike(one: Figure, other: Figure) -> bool:
    return one.kind is other.kind and same_unit(one.unit, other.unit)


def _of_one_thing(sources: Sources, claim: Claim, one: Match, other: Match) -> bool:
    """Whether two figures count the same, or things that the claim both names."""
    nouns = stems(one.stated.noun), stems(other.stated.noun)
    if nouns[0] & nouns[1] or not all(nouns):
        return True
    return all(sources.weights.sum(noun & claim.own) >= _NAMED for noun in nouns)


def _formula(sign: str, one: Figure, other: Figure, result: Decimal, figure: Figure) -> str:
    shown = f"{_plain(one.value)} {sign} {_plain(other.value)}"
    value = _plain(result.quantize(Decimal("0.01")))
    percent = "%" if figure.kind is FigureKind.PERCENT else ""
    return (
        f"{shown}: a change of {value}{percent}" if sign == "→" else f"{shown} = {value}{percent}"
    )


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
