"""A claim: a figure of a draft with the words it is compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from rag.claim_check.changes import direction, is_change
from rag.claim_check.fitting import Fit, fit_of
from rag.claim_check.sources import Candidate, Source, Sources
from rag.claim_check.words import (
    first_word,
    name_stem,
    names,
    near_names,
    part_of,
    stems,
    without_figures,
)
from rag.figures import Agreement, agree, same_unit
from rag.schema import Bound, Figure, FigureKind, Span, Statement

_TELLING_DIGITS = 3
_ROUGH = frozenset({Bound.ABOUT, Bound.NEARLY})
_FROM_BELOW = frozenset({Bound.MORE_THAN, Bound.AT_LEAST})
_FROM_ABOVE = frozenset({Bound.NEARLY, Bound.LESS_THAN, Bound.AT_MOST})


class Value(IntEnum):
    """How the value of a claim relates to a stated one."""

    NONE = 0
    """Of another kind: they say nothing of each other."""
    OTHER = 1
    ROUNDED = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a draft with the words it is compared by."""

    statement: Statement
    text: str
    """The sentence."""
    part: frozenset[str]
    """Stems between it and its neighbours."""
    own: frozenset[str]
    """Stems of its clause and its noun."""
    whole: frozenset[str]
    """Stems of the sentence."""
    elsewhere: frozenset[str]
    """Stems of the sentence outside that part."""
    own_names: frozenset[str]
    subject_names: frozenset[str]
    """Those before the figure in the whole sentence."""
    change: bool
    """Whether it says by how much something changed, not how much there is."""


def claim_of(
    sources: Sources,
    text: str,
    of: Statement,
    all_of: Sequence[Statement],
    near: Sequence[Candidate],
) -> Claim:
    """A figure with the words of its sentence that are about it."""
    bare = without_figures(text, [s.figure for s in all_of])
    known = names(text) | _opening_name(sources, text, near)
    part = part_of(text, of, all_of)
    return Claim(
        statement=of,
        text=text,
        part=stems(cut(bare, part)),
        own=stems(cut(bare, of.clause)) | stems(of.noun),
        whole=stems(bare),
        elsewhere=stems(bare[: part.start]) | stems(bare[part.end :]),
        own_names=near_names(text, of, all_of) & known,
        subject_names=names(text[: of.figure.span.start], first_too=True) & known,
        change=is_change(text, of),
    )


def is_telling(figure: Figure) -> bool:
    """Whether a value has so many digits that it is hardly anywhere by chance."""
    return len(figure.value.normalize().as_tuple().digits) >= _TELLING_DIGITS


def compare(claim: Claim, stated: Statement, source: Source) -> Value:
    """How the values relate; figures of one family but of other units differ."""
    text = source.stored.sentence.text
    if claim.change != is_change(text, stated):
        agreement = agree(claim.statement.figure, stated.figure)
        # "An 18% decrease" and "18% lower" are found alike; a word may have been missed.
        return Value.SAME if agreement is Agreement.EXACT else Value.NONE
    value = _compared(claim.statement, stated)
    if value > Value.OTHER and claim.change:
        ways = direction(claim.text, claim.statement), direction(text, stated)
        if all(ways) and ways[0] != ways[1]:
            return Value.OTHER
    return value


def _compared(claim: Statement, stated: Statement) -> Value:
    one, other = claim.figure, stated.figure
    agreement = agree(one, other)
    if agreement is Agreement.EXACT:
        return Value.SAME
    if agreement is Agreement.ROUNDED:
        return Value.ROUNDED
    if agreement is Agreement.BOUND_LOST:
        # To say "about" of what is exact claims less; to drop it claims more.
        return Value.SAME if one.bound in _ROUGH else Value.ROUNDED
    if one.kind is other.kind and same_unit(one.unit, other.unit) and _within_bound(one, other):
        return Value.ROUNDED
    if one.kind is other.kind and (
        same_unit(one.unit, other.unit) or one.kind is FigureKind.DURATION
    ):
        return Value.OTHER
    # The number with another unit: 30 miles for 30 kilometres.
    return Value.OTHER if one.value == other.value else Value.NONE


def _within_bound(claim: Figure, stated: Figure) -> bool:
    """Whether "more than 47,000" is said of 47,905: by less than a step of its last digit."""
    exponent = claim.value.normalize().as_tuple().exponent
    step = Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(0)
    over = stated.value - claim.value
    if stated.bound not in {Bound.EXACT, claim.bound}:
        return False
    return (claim.bound in _FROM_BELOW and 0 <= over < step) or (
        claim.bound in _FROM_ABOVE and 0 <= -over < step
    )


def fit(claim: Claim, stated: Statement, source: Source) -> Fit:
    """How the time of a claim goes with that of a stated figure."""
    stored = source.stored
    return fit_of(
        claim.statement,
        claim.text,
        stated,
        stored.sentence.text,
        reading=source.reading,
        published=stored.document.published,
    )


def _opening_name(sources: Sources, text: str, near: Sequence[Candidate]) -> frozenset[str]:
    """The first word of a text where it is a name: unknown, or one in an article that is near."""
    start = first_word(text)
    word = text[start:].split(maxsplit=1)[0] if start < len(text) else ""
    cut = name_stem(word.strip("\"'“”‘’(),.;:"))
    if not word[:1].isupper() or not cut:
        return frozenset()
    articles = [sources.article(candidate.source) for candidate in near]
    if any(cut in article.lower for article in articles):
        return frozenset()
    bare = word.strip("\"'“”‘’(),.;:").removesuffix("'s").removesuffix("’s")
    known = sources.weights.knows(bare)
    named = any(cut in article.names for article in articles)
    return frozenset({cut}) if named or not known else frozenset()


def cut(text: str, span: Span) -> str:
    """The part of a text."""
    return text[span.start : span.end]
