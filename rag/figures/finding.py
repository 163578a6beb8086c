"""Finding figures: the ways of writing them are tried in turn, the most telling first.

What one way has taken, no later one sees: the 4 of "June 4" is a day and never a count.
"""

from __future__ import annotations

from rag.figures import lexicon
from rag.figures.ages import read_ages
from rag.figures.bounds import bound_of
from rag.figures.dates import read_days, read_years
from rag.figures.names import read_links, read_names
from rag.figures.neighbours import complete_ellipses, complete_ranges
from rag.figures.parts import read_fractions, read_multiples, read_ordinals, read_ratios
from rag.figures.quantities import read_parts_of_units, read_quantities
from rag.figures.reading import Prose, Reading, Way, prose
from rag.schema import Bound, Figure, FigureKind, Span

_WAYS: tuple[Way, ...] = (
    read_links,
    read_days,
    read_years,
    read_names,
    read_parts_of_units,
    read_ages,
    read_ratios,
    read_fractions,
    read_multiples,
    read_ordinals,
    read_quantities,
)
_COMPARED = frozenset(
    {
        FigureKind.PERCENT,
        FigureKind.PERCENTAGE_POINTS,
        FigureKind.RATIO,
        FigureKind.MULTIPLE,
    }
)
_AMOUNTS = _COMPARED | {FigureKind.COUNT, FigureKind.MONEY}
_AGO = (" ago", " earlier", " before")


def find_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text in order; ``text[span]`` is each figure's text.

    >>> [(f.text, str(f.value), f.bound.value) for f in find_figures("Over 1.5 million left.")]
    [('1.5 million', '1500000.0', 'more than')]
    """
    both = prose(text)
    figures: list[Figure] = []
    for reading in _readings(both):
        figures.append(_figure(both, reading, figures[-1] if figures else None))
    return tuple(complete_ellipses(text, complete_ranges(text, figures)))


def bounded_span(text: str, figure: Figure) -> Span:
    """Return the span of a figure with the words that bound it, as in "more than 3,000"."""
    if figure.bound is Bound.EXACT:
        return figure.span
    bounded = bound_of(prose(text).low, figure.span, figure.kind)
    return bounded.span if bounded else figure.span


def _readings(both: Prose) -> list[Reading]:
    """What the ways have found, in the order of the text, none on top of another."""
    taken = bytearray(len(both.text))
    readings: list[Reading] = []
    for way in _WAYS:
        for reading in way(both):
            if not any(taken[reading.start : reading.end]):
                taken[reading.start : reading.end] = b"\1" * (reading.end - reading.start)
                readings.append(reading)
    return sorted(readings)


def _figure(both: Prose, reading: Reading, last: Figure | None) -> Figure:
    start, end, value, kind, unit = reading
    span = Span(start, end)
    bounded = bound_of(both.low, span, kind)
    bound = bounded.bound if bounded else Bound.EXACT
    if bounded and last and bounded.phrase in lexicon.COMPARING:
        # "20% more than 500" says 500 and not more.
        touches = not both.low[last.span.end : bounded.span.start].strip()
        # "35 fewer than five years ago" says five.
        ago = kind is FigureKind.DURATION and both.low.startswith(_AGO, end)
        amounts = _AMOUNTS if ago else _COMPARED | {kind}
        if touches and last.kind in amounts:
            bound = Bound.EXACT
    return Figure(both.text[start:end], value, kind, unit, bound, span)
