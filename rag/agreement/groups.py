"""Two figures, or any number of them, sorted by the thing that they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from rag.agreement.things import ReadFigure, read_figure, same_thing
from rag.agreement.times import in_time
from rag.schema import FigureGroup, FigureKind, Relation, StatedFigure

Similarity = Callable[[StatedFigure, StatedFigure], float]
"""Cosine of what two figures' clauses say, -1 to 1."""

SameEvent = Callable[[str, str], bool]
"""Whether two articles, by id, are about the same event."""


def relation(
    one: StatedFigure, other: StatedFigure, similarity: float | None = None
) -> Relation | None:
    """Say how two figures go together; None where they are not of the same thing, or in doubt.

    Args:
        one: a figure.
        other: another one, of the same article or of one about the same event.
        similarity: cosine of their clauses, where there are vectors.
    """
    return _relation(read_figure(one), read_figure(other), similarity)


def group_figures(
    figures: Sequence[StatedFigure],
    similarity: Similarity | None = None,
    *,
    same_event: SameEvent | None = None,
) -> tuple[FigureGroup, ...]:
    """Put figures that speak of the same thing together.

    A thing has one group a relation: those that agree on one value, those that differ in one
    period, those of several periods. Every two figures of a group have the group's relation, but
    in a group that changed, where two may agree.

    Args:
        figures: any number, of any articles; the order does not matter but for ties.
        similarity: cosine of two clauses; None compares words alone.
        same_event: whether two articles, by id, are about the same event; None takes all to be.
    """
    groups: list[FigureGroup] = []
    for thing in _things([read_figure(figure) for figure in figures], similarity, same_event):
        groups += _groups_of(thing)
    return tuple(groups)


def _relation(one: ReadFigure, other: ReadFigure, similarity: float | None) -> Relation | None:
    if not same_thing(one, other, similarity):
        return None
    if (one.names - other.names) and (other.names - one.names):
        return Relation.OTHER_SCOPE
    return in_time(one.stated, other.stated)


def _things(
    figures: Sequence[ReadFigure], similarity: Similarity | None, same_event: SameEvent | None
) -> list[list[ReadFigure]]:
    """Sort figures by the thing that they speak of: each is like every other of its thing.

    Complete links, not single ones: a chain of likenesses leads from anything to anything.
    """
    things: list[list[ReadFigure]] = []
    by_word: Mapping[tuple[FigureKind, str], list[int]] = defaultdict(list)
    for figure in figures:
        kind = figure.stated.statement.figure.kind
        near = sorted({n for word in figure.words for n in by_word[kind, word]})
        fitting = (
            n for n in near if all(_alike(figure, o, similarity, same_event) for o in things[n])
        )
        at = next(fitting, len(things))
        if at == len(things):
            things.append([])
        things[at].append(figure)
        for word in figure.words:
            if at not in by_word[kind, word]:
                by_word[kind, word].append(at)
    return [thing for thing in things if len(thing) > 1]


def _alike(
    one: ReadFigure, other: ReadFigure, similarity: Similarity | None, same_event: SameEvent | None
) -> bool:
    ids = one.stated.document.id, other.stated.document.id
    if same_event is not None and ids[0] != ids[1] and not same_event(*ids):
        return False
    value = similarity(one.stated, other.stated) if similarity else None
    names = (one.names - other.names) and (other.names - one.names)
    return same_thing(one, other, value) and not names


def _groups_of(thing: Sequence[ReadFigure]) -> Iterator[FigureGroup]:
    ordered = sorted((read.stated for read in thing), key=_when)
    noun = next((f.statement.noun for f in ordered if f.statement.noun), "")
    for wanted in (Relation.AGREE, Relation.DIFFER):
        for members in _cliques(ordered, wanted):
            yield FigureGroup(wanted, noun, members)
    pairs = combinations(ordered, 2)
    if any(in_time(one, other) is Relation.CHANGED for one, other in pairs):
        yield FigureGroup(Relation.CHANGED, noun, tuple(ordered))


def _cliques(
    figures: Sequence[StatedFigure], wanted: Relation
) -> Iterator[tuple[StatedFigure, ...]]:
    """Groups of which every two have a relation, each figure in one at most."""
    left = list(figures)
    while left:
        group = [left.pop(0)]
        for figure in list(left):
            if all(in_time(figure, member) is wanted for member in group):
                group.append(figure)
                left.remove(figure)
        if len(group) > 1:
            yield tuple(group)


def _when(stated: StatedFigure) -> tuple[str, str, str, int, int]:
    period, published = stated.statement.period, stated.document.published
    said = published.isoformat() if published else "9999"
    return (
        period.first.isoformat() if period else said,
        said,
        stated.document.id,
        stated.sentence.position,
        stated.statement.figure.span.start,
    )
