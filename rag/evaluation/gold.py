"""Which sentences of the articles a case needs, and which of them a citation or evidence is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rag.evaluation.cases import Case, ExpectedFigure, Source
from rag.evaluation.figure_verdicts import figures_in, states_figure
from rag.evaluation.formulas import formula_numbers, stands_for
from rag.evaluation.wording import folded, has_words
from rag.schema import Citation, Evidence, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence and where it stands."""

    document: str
    span: Span
    """In that document."""
    quote: str
    copies: tuple[str, ...] = ()
    """Other documents that have the same sentence, at offsets that are not known."""


def place_of(found: Citation | Evidence) -> Place:
    """Return where a citation or a piece of evidence stands."""
    copies = tuple(info.id for info in found.also_in)
    if isinstance(found, Citation):
        return Place(found.document.id, found.span, found.quote, copies)
    return Place(found.document.id, found.sentence.span, found.sentence.text, copies)


def sources_at(case: Case, place: Place, mapping: Mapping[str, str] | None) -> frozenset[int]:
    """Return the positions of the case's sources that stand at a place.

    In the edition that the case was written for, that is where both have a character in common;
    where the offsets are not known, and in copies, where one quote holds the other. In another
    edition it is the same document and a part of the answer that the source states too.
    """
    return frozenset(
        i
        for i, source in enumerate(case.sources)
        if (
            _is_of(source, place)
            if mapping is None
            else mapping.get(source.document) in {place.document, *place.copies}
            and _is_like(case, source, place)
        )
    )


def needs(case: Case) -> tuple[frozenset[int], ...]:
    """Return what has to be found or cited: sets of positions of sources, one of each set.

    Sources that state the same part of the answer stand for each other. Parts are the expected
    figures, the groups of texts and the numbers of the formula. A source that states none of
    them is needed itself. A set that holds another one asks for nothing more and is left out.
    """
    stating = [
        frozenset(i for i, source in enumerate(case.sources) if _states(part, source.quote))
        for part in _parts(case)
    ]
    stated: frozenset[int] = frozenset().union(*stating)
    silent = [frozenset({i}) for i in range(len(case.sources)) if i not in stated]
    sets = [one for one in dict.fromkeys([*stating, *silent]) if one]
    return tuple(one for one in sets if not any(other < one for other in sets))


def met(case: Case, found: Collection[int]) -> float:
    """Return the share of the needs of a case that sources at these positions meet, 0 to 1.

    needs of which one source is found / all needs, as :func:`needs` has them; 0 for a case that
    needs nothing, which no answerable case is.
    """
    asked = needs(case)
    return sum(not one.isdisjoint(found) for one in asked) / len(asked) if asked else 0.0


Part = ExpectedFigure | tuple[str, ...] | Decimal


def _parts(case: Case) -> tuple[Part, ...]:
    numbers = formula_numbers(case.formula) if case.formula else ()
    return (*case.figures, *case.texts, *numbers)


def _states(part: Part, quote: str) -> bool:
    if isinstance(part, tuple):
        return has_words(quote, part)
    if isinstance(part, Decimal):
        return any(stands_for(part, figure.value) for figure in figures_in(quote))
    return states_figure(quote, part)


def _is_of(source: Source, place: Place) -> bool:
    if place.document == source.document and source.span is not None:
        return place.span.overlaps(source.span)
    if source.document not in {place.document, *place.copies}:
        return False
    quote, gold = folded(place.quote), folded(source.quote)
    return bool(quote) and (quote in gold or gold in quote)


def _is_like(case: Case, source: Source, place: Place) -> bool:
    parts = [part for part in _parts(case) if _states(part, source.quote)] or _parts(case)
    return any(_states(part, place.quote) for part in parts)
