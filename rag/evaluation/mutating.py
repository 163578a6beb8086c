"""What can be done to the articles of one case, and what the case expects then."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from rag.evaluation.cases import Case
from rag.evaluation.editing import Article, Edit, Key, Place, edited
from rag.evaluation.occurrences import (
    Occurrence,
    all_stating,
    gold_places,
    is_rounded_elsewhere,
    stating,
)
from rag.evaluation.restating import (
    RESTATABLE,
    far_apart,
    is_new,
    of_one_order,
    other_values,
    restated_at,
)
from rag.figures import find_figures
from rag.schema import Span

Articles = Mapping[str, Article]


class Mutation(StrEnum):
    """What is done to the articles of a case."""

    CHANGED = "changed"
    """Its figures have other values, wherever they are stated."""
    SWAPPED = "swapped"
    """Its figure and another one of the kind in the same article have changed places."""
    REMOVED = "removed"
    """No sentence states the answer any more."""


class Skip(StrEnum):
    """Why a case has no such mutation."""

    NO_FIGURE = "no figure is asked for"
    NOT_STATED = "the figure is not stated as such: it is computed, or set in other words"
    NO_QUOTE = "a quote of the case is not in the articles"
    SUMMARY = "it is a summary"
    KIND = "figures of the kind, or written so, cannot be restated"
    WORDS = "the words expected beside the figures may hang on them"
    NAMED = "the question names the figure"
    ROUNDED = "a rounding of the figure stands elsewhere"
    ELSEWHERE = "the figure stands, or may stand, in another sentence too"
    PREMISE = "the articles contradict the question, or each other, in other words too"
    NO_PARTNER = "there is no other figure to swap it with"
    MARKS = "the changed article does not read as it should"


@dataclass(frozen=True, slots=True)
class Mutated:
    """A case, what is done to the articles for it, and what it expects then."""

    of: str
    """Id of the case as it was."""
    case: Case
    """With new expectations; its sources are still those of the articles as they were."""
    mutation: Mutation
    edits: tuple[Edit, ...]
    reads: frozenset[Key]
    """The sentences that answer, and those before them: no other edit may touch these."""
    values: tuple[tuple[Decimal, Decimal], ...] = ()
    """Old and new value of each figure that was changed."""

    @property
    def touches(self) -> frozenset[Key]:
        """The places that are edited."""
        return frozenset(edit.key for edit in self.edits)

    @property
    def documents(self) -> frozenset[str]:
        """The articles that are edited."""
        return frozenset(edit.key[0] for edit in self.edits)


def mutate(case: Case, mutation: Mutation, articles: Articles, seed: int) -> Mutated | Skip:
    """Return one mutation of a case, the same for the same seed, or why there is none."""
    if (skip := _unfit(case, mutation)) is not None:
        return skip
    places = gold_places(case, articles)
    gold = [stating(places, expected) for expected in case.figures]
    if not places or not all(gold):
        return Skip.NOT_STATED if places else Skip.NO_QUOTE
    if any(is_rounded_elsewhere(stated, case.question, articles) for stated in gold):
        return Skip.ROUNDED
    if mutation is Mutation.REMOVED:
        result = _removed(case, places, gold, articles)
    elif mutation is Mutation.SWAPPED:
        result = _swapped(case, gold[0], articles)
    else:
        # Not for secrets: the same seed has to give the same articles.
        rng = random.Random(f"{seed}:{case.id}")  # noqa: S311
        result = _changed(case, gold, articles, rng)
    if isinstance(result, Skip):
        return result
    result = replace(result, reads=_with_the_one_before(places), case=_renamed(result))
    return result if _reads_back(result, articles) else Skip.MARKS


def _unfit(case: Case, mutation: Mutation) -> Skip | None:
    """What tells from the case alone that it cannot be mutated."""
    named = {figure.value for figure in find_figures(case.question)}
    asked = {figure.value for figure in case.figures}
    restates = mutation is not Mutation.REMOVED
    tests = {
        Skip.SUMMARY: case.summarize is not None,
        Skip.NO_FIGURE: not case.figures,
        Skip.NOT_STATED: bool(case.formula),
        Skip.PREMISE: not restates and (case.conflict or case.kind == "false-premise"),
        Skip.WORDS: restates and bool(case.texts),
        Skip.KIND: restates and any(figure.kind not in RESTATABLE for figure in case.figures),
        Skip.NAMED: restates and bool(named & asked),
        Skip.NO_PARTNER: mutation is Mutation.SWAPPED and len(case.figures) > 1,
    }
    return next((skip for skip, holds in tests.items() if holds), None)


# --- the three mutations -------------------------------------------------------------------


def _changed(
    case: Case, gold: Sequence[tuple[Occurrence, ...]], articles: Articles, rng: random.Random
) -> Mutated | Skip:
    edits: list[Edit] = []
    values: list[tuple[Decimal, Decimal]] = []
    for expected, occurrences in zip(case.figures, gold, strict=True):
        figure = replace(occurrences[0].figure, kind=expected.kind)
        if figure.value in {old for old, _ in values}:
            continue  # both sides of a comparison may be equal
        everywhere = all_stating(occurrences, case.question, articles)
        if everywhere is None:
            return Skip.ELSEWHERE
        taken = [new for _, new in values]
        for value in other_values(figure, rng):
            apart = all(far_apart(value, other) for other in taken)
            found = restated_at(everywhere, value) if apart else None
            if found and is_new(value, figure, case, everywhere, articles):
                edits += found
                values.append((figure.value, value))
                break
        else:
            return Skip.KIND
    return _with_values(case, Mutation.CHANGED, edits, values)


def _swapped(case: Case, gold: tuple[Occurrence, ...], articles: Articles) -> Mutated | Skip:
    figure = gold[0].figure
    there = all_stating(gold, case.question, articles)
    if there is None:
        return Skip.ELSEWHERE
    for partner in _partners(case, gold[0], articles):
        value = partner.figure.value.normalize()
        others = all_stating([partner], case.question, articles)
        if others is None or is_rounded_elsewhere([partner], case.question, articles):
            continue
        here, back = restated_at(there, value), restated_at(others, figure.value)
        if here and back:
            swap = [(figure.value, value), (value, figure.value)]
            return _with_values(case, Mutation.SWAPPED, [*here, *back], swap)
    return Skip.NO_PARTNER


def _removed(
    case: Case,
    places: Sequence[Place],
    gold: Sequence[tuple[Occurrence, ...]],
    articles: Articles,
) -> Mutated | Skip:
    texts = {place.text for place in places}
    out = dict.fromkeys(places)
    for occurrences in gold:
        everywhere = [o.place for o in all_stating(occurrences, case.question, articles) or ()]
        if not everywhere or any(p.text not in texts or not p.is_sentence for p in everywhere):
            return Skip.ELSEWHERE
        out |= dict.fromkeys(everywhere)
    stated = [f"{figure.value:f}" for figure in case.figures]
    unanswerable = replace(
        case,
        answerable=False,
        figures=(),
        texts=(),
        sources=(),
        allowed=(),
        forbidden=tuple(dict.fromkeys([*case.forbidden, *stated])),
    )
    edits = tuple(Edit(place.key, Span(0, len(place.text)), "") for place in out)
    return Mutated(case.id, unanswerable, Mutation.REMOVED, edits, frozenset())


def _partners(case: Case, gold: Occurrence, articles: Articles) -> Iterator[Occurrence]:
    """The figures of the article that the asked one can be taken for, likeliest first."""
    figure = gold.figure
    says_kind = figure.kind is case.figures[0].kind
    named = {stated.value for stated in find_figures(case.question)}
    found = [
        Occurrence(place, other)
        for place in articles[gold.place.key[0]].places
        for other in place.figures
        if place.is_sentence
        and (other.kind, other.unit) == (figure.kind, figure.unit)
        and other.value not in named
        and far_apart(other.value, figure.value)
        and (other.value in case.forbidden_values or (says_kind and of_one_order(other, figure)))
    ]
    yield from sorted(
        found,
        key=lambda o: (o.figure.value not in case.forbidden_values, o.place != gold.place),
    )


# --- the case that goes with it ------------------------------------------------------------


def _with_values(
    case: Case,
    mutation: Mutation,
    edits: Sequence[Edit],
    values: Sequence[tuple[Decimal, Decimal]],
) -> Mutated:
    """The case with new values expected, and the old ones forbidden."""
    new = dict(values)
    figures = tuple(replace(figure, value=new[figure.value]) for figure in case.figures)
    expected = {figure.value for figure in figures}
    wrong = [value for figure in case.figures if (value := figure.value) not in expected]
    # "46,000" for 46,610 was allowed; for another value it is wrong.
    stated = {figure.value for source in case.sources for figure in find_figures(source.quote)}
    allowed = tuple(
        value
        for value in case.allowed
        if value not in {*expected, *wrong}
        and (value in stated or all(far_apart(value, figure.value) for figure in case.figures))
    )
    forbidden = list(case.forbidden_texts)
    forbidden += [f"{value:f}" for value in case.forbidden_values if value not in expected]
    forbidden += [f"{value:f}" for value in wrong]
    mutated = replace(
        case, figures=figures, allowed=allowed, forbidden=tuple(dict.fromkeys(forbidden))
    )
    return Mutated(case.id, mutated, mutation, tuple(edits), frozenset(), tuple(values))


_LONGEST_ID = 70


def _renamed(mutated: Mutated) -> Case:
    """The case under a name of its own, in the row of its mutation; its kind becomes a tag."""
    case = mutated.case
    return replace(
        case,
        id=f"{case.id[:_LONGEST_ID]}-{mutated.mutation}",
        kind=str(mutated.mutation),
        tags=(*case.tags, case.kind),
    )


def _with_the_one_before(places: Sequence[Place]) -> frozenset[Key]:
    keys = [place.key for place in places]
    return frozenset([*keys, *((id_, number - 1) for id_, number in keys if number)])


def _reads_back(mutated: Mutated, articles: Articles) -> bool:
    return all(
        edited(articles[id_], [edit for edit in mutated.edits if edit.key[0] == id_])
        for id_ in mutated.documents
    )
