"""Whether an answer gives two right figures, and each to the other's subject.

"Of the 499,000 applications, 648,000 were granted" has both figures of its sentence. What belongs
to which is told by the words in which the case names the scope and period of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.citations import without_markers
from rag.evaluation.cases import Case, ExpectedFigure
from rag.evaluation.figure_verdicts import figures_in, states_figure, verdict_of
from rag.evaluation.wording import folded
from rag.figures import bounded_span
from rag.schema import Figure

# Where words stop to be of one figure and begin to be of the next: at the first of these that
# there is. "And" may join two words of one subject, and a comma may stand within a name or a date.
_CUTS = (
    re.compile(
        r"[;:–—]|[.!?…](?=\s|$)|\n|,\s*and\b|\b(?:but|while|whereas|against|compared|versus)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\band\b", re.IGNORECASE),
    re.compile(r",(?!\d)"),
)
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n")
_WORD = re.compile(r"[^\W_]{3,}")
_STEM = 6
_COMMON = frozenset("the and for with that from were was had has have who its their".split())  # noqa: SIM905


_MOST = 0.5
# "20 and 10", "20 and only 10": figures side by side, whose subjects stand side by side too.
_SIDE_BY_SIDE = 3


@dataclass(frozen=True, slots=True)
class _Side:
    """A right figure of an answer and the words that are of it and not of the other."""

    figure: Figure
    own: frozenset[str]
    """In which the case names its scope and period."""
    stated: frozenset[str]
    """Of the sentences that state it, where these do not state the other."""


def swapped_figures(case: Case, text: str) -> tuple[Figure, ...]:
    """Return the figures that a text has right and gives to each other's subjects.

    Of two figures each has the words before or behind it, up to a place between both. They are
    swapped where, wherever that place is, these words are more of the other's subject than of
    their own; where the figures stand side by side, if the order of the subjects is not theirs.
    "From 20 to 10" for "from 10 to 20" is swapped too.
    """
    bare = without_markers(text)
    found: list[Figure] = []
    right = [(expected, _shown(case, expected, bare)) for expected in case.figures]
    for (one, first), (other, second) in combinations(right, 2):
        if first is None or second is None or one.value == other.value:
            continue
        sides = _side(case, first, one, other), _side(case, second, other, one)
        if _are_swapped(bare, *sides) or _run_backwards(case, bare, first, second):
            found += [first, second]
    return tuple(dict.fromkeys(found))


def _shown(case: Case, expected: ExpectedFigure, text: str) -> Figure | None:
    """The only figure of a text that is the expected one; None where it is not clear which."""
    right = [
        figure
        for figure in figures_in(text)
        if (verdict := verdict_of(case, expected, figure)) is not None and verdict.right
    ]
    return right[0] if len(right) == 1 else None


def _side(case: Case, figure: Figure, expected: ExpectedFigure, other: ExpectedFigure) -> _Side:
    return _Side(
        figure,
        _words(f"{expected.scope} {expected.period}") - _words(f"{other.scope} {other.period}"),
        _stated(case, expected) - _stated(case, other),
    )


def _stated(case: Case, expected: ExpectedFigure) -> frozenset[str]:
    quotes = (source.quote for source in case.sources)
    return _words(" ".join(quote for quote in quotes if states_figure(quote, expected)))


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(folded(text))) - _COMMON


def _are_swapped(text: str, one: _Side, other: _Side) -> bool:
    first, second = sorted((one, other), key=lambda side: side.figure.span)
    starts = [bounded_span(text, side.figure).start for side in (first, second)]
    before = _SENTENCE_END.split(text[: starts[0]])[-1]
    between = text[first.figure.span.end : starts[1]]
    behind = _SENTENCE_END.split(text[second.figure.span.end :])[0]
    side_by_side = len(between.split()) <= _SIDE_BY_SIDE
    if side_by_side and not _words(between) & (first.own | second.own):
        return any(_is_reversed(words, first, second) for words in (before, behind))
    return all(
        _speak_of_each_other(
            (first, before + between[:cut]),
            (second, between[cut:] + behind),
        )
        for cut in _cuts(between)
    )


def _cuts(between: str) -> list[int]:
    """Where the words between two figures may be cut in two; at their ends where nowhere else."""
    for kind in _CUTS:
        if found := [match.end() for match in kind.finditer(between)]:
            return found
    return [0, len(between)]


def _speak_of_each_other(one: tuple[_Side, str], other: tuple[_Side, str]) -> bool:
    """Whether the words of two figures are rather of each other's subjects.

    Both have to say so, or one with more than half of the words of the other's subject: a single
    word may stand there by chance. Who quotes the right sentence of each has exchanged nothing.
    """
    (first, said), (second, says) = one, other
    own = _share(said, first.own), _share(says, second.own)
    others = _share(said, second.own), _share(says, first.own)
    quoted = _share(said, first.stated), _share(says, second.stated)
    if sum(others) <= sum(own) or min(quoted) > _MOST:
        return False
    return all(others) or max(others) > _MOST


def _share(text: str, own: frozenset[str]) -> float:
    """How many of some words stand in a text, 0 to 1."""
    return len(_words(text) & own) / len(own) if own else 0.0


def _is_reversed(text: str, first: _Side, second: _Side) -> bool:
    """Whether a text names the subject of the second figure before that of the first."""
    stems = [word[:_STEM] for word in _WORD.findall(folded(text))]
    places = [
        next((i for i, stem in enumerate(stems) if stem in side.own), None)
        for side in (first, second)
    ]
    return None not in places and places != sorted(places, key=lambda place: place or 0)


def _run_backwards(case: Case, text: str, one: Figure, other: Figure) -> bool:
    """Whether a text goes from the one to the other, and a sentence of the case back."""
    first, second = sorted((one, other), key=lambda figure: figure.span)
    if not _goes(text, first, second):
        return False
    values = [second.value, first.value]
    return any(
        [start.value, end.value] == values and _goes(source.quote, start, end)
        for source in case.sources
        for start, end in _neighbours(figures_in(source.quote))
    )


def _goes(text: str, start: Figure, end: Figure) -> bool:
    """Whether "from" stands before one figure and "to" between both, and nothing much else."""
    before = re.search(r"\bfrom\s+(?:\w+\s+){0,3}$", text[: start.span.start], re.IGNORECASE)
    between = text[start.span.end : end.span.start]
    return bool(before) and re.search(r"\bto\b", between) is not None and "." not in between


def _neighbours(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    return list(combinations(figures, 2))
