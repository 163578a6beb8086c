"""Which figures are drawn, in which panel, with which number; what is left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations, count

from rag.agreement import relation
from rag.plotting.wording import counted
from rag.schema import QUANTITIES, FigureKind, Relation, StatedFigure

# More marks, panels or shapes are not told apart, and their sentences are not read.
MAX_MARKS = 40
MAX_PANELS = 4
MAX_OUTLETS = 7
MAX_UNDATED = 40

UNNAMED = "no outlet named"
OTHERS = "other outlets"

# Beyond them an axis cannot be drawn: a slip of the pen, not news.
_LARGEST = Decimal(10) ** 18
_FIRST, _LAST = date(1000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure that is drawn."""

    number: int
    """From 1; the figure's sentence has the same."""
    stated: StatedFigure
    outlet: int
    """Place of its outlet in :attr:`Plot.outlets`."""
    against: tuple[int, ...]
    """Numbers of the marks that give the same thing in the same period another value."""

    @property
    def middle(self) -> float:
        """The middle of the period that it speaks of, as a day's ordinal."""
        period = self.stated.statement.period
        if period is None:
            raise ValueError("a figure without a period is no mark")
        return (period.first.toordinal() + period.last.toordinal() + 1) / 2

    @property
    def value(self) -> float:
        """Where it stands on the scale."""
        return float(self.stated.statement.figure.value)


@dataclass(frozen=True, slots=True)
class Panel:
    """The figures of one kind and unit, which have one scale."""

    kind: FigureKind
    unit: str
    marks: tuple[Mark, ...]

    @property
    def title(self) -> str:
        """What the scale measures: what is counted where all marks count it, kind and unit."""
        nouns = {mark.stated.statement.noun for mark in self.marks}
        measured = f"{self.kind.value}, {self.unit}" if self.unit else self.kind.value
        noun = nouns.pop() if len(nouns) == 1 else ""
        return f"{noun} ({measured})" if noun else measured


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn, and what stands beside it."""

    title: str
    panels: tuple[Panel, ...]
    """The fullest first."""
    outlets: tuple[str, ...]
    """Those with the most marks first."""
    undated: tuple[StatedFigure, ...]
    """Figures of which no period is known."""
    notes: tuple[str, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks by number."""
        return tuple(mark for panel in self.panels for mark in panel.marks)


def lay_out(figures: Sequence[StatedFigure], *, title: str) -> Plot:
    """Choose what is drawn and number it: panel by panel, by period, then by value.

    Args:
        figures: nearest to what was asked for first; the last are left out first.
        title: what they are about.
    """
    quantities = [f for f in figures if _is_quantity(f)]
    dated = [f for f in quantities if f.statement.period is not None]
    undated = [f for f in quantities if f.statement.period is None]
    drawn = dated[:MAX_MARKS]
    by_unit: dict[tuple[FigureKind, str], list[StatedFigure]] = defaultdict(list)
    for stated in drawn:
        by_unit[stated.statement.figure.kind, stated.statement.figure.unit].append(stated)
    fullest = sorted(by_unit.items(), key=lambda item: -len(item[1]))
    outlets = _outlets([stated for _, group in fullest[:MAX_PANELS] for stated in group])
    return Plot(
        title=title,
        panels=_panels(dict(fullest[:MAX_PANELS]), outlets),
        outlets=outlets,
        undated=tuple(undated[:MAX_UNDATED]),
        notes=_notes(
            no_quantity=len(figures) - len(quantities),
            too_many=len(dated) - len(drawn),
            too_many_units=sum(len(group) for _, group in fullest[MAX_PANELS:]),
            undated=len(undated),
            none_dated=not dated,
        ),
    )


def _is_quantity(stated: StatedFigure) -> bool:
    """Whether a figure can stand on a scale, and its period on an axis of time."""
    figure, period = stated.statement.figure, stated.statement.period
    in_time = period is None or (period.first >= _FIRST and period.last <= _LAST)
    if figure.kind is FigureKind.DURATION and period and figure.text in period.text:
        return False  # "in the last seven months": seven is no more than the length of its bar
    return figure.kind in QUANTITIES and abs(figure.value) < _LARGEST and in_time


def outlet_of(stated: StatedFigure) -> str:
    """The outlet of a figure's article."""
    return stated.document.publisher or UNNAMED


def _outlets(drawn: Sequence[StatedFigure]) -> tuple[str, ...]:
    names = [name for name, _ in Counter(map(outlet_of, drawn)).most_common()]
    return tuple(names) if len(names) <= MAX_OUTLETS else (*names[: MAX_OUTLETS - 1], OTHERS)


def _panels(
    groups: Mapping[tuple[FigureKind, str], list[StatedFigure]], outlets: tuple[str, ...]
) -> tuple[Panel, ...]:
    numbers = count(1)
    panels = []
    for (kind, unit), group in groups.items():
        ordered = sorted(group, key=_by_period)
        numbered = {id(stated): next(numbers) for stated in ordered}
        against = _against(ordered, numbered)
        panels.append(Panel(kind, unit, tuple(_marks(ordered, numbered, against, outlets))))
    return tuple(panels)


def _marks(
    ordered: Sequence[StatedFigure],
    numbered: Mapping[int, int],
    against: Mapping[int, set[int]],
    outlets: tuple[str, ...],
) -> list[Mark]:
    marks = []
    for stated in ordered:
        name, number = outlet_of(stated), numbered[id(stated)]
        outlet = outlets.index(name if name in outlets else OTHERS)
        marks.append(Mark(number, stated, outlet, tuple(sorted(against[number]))))
    return marks


def _against(
    figures: Sequence[StatedFigure], numbered: Mapping[int, int]
) -> Mapping[int, set[int]]:
    against: dict[int, set[int]] = defaultdict(set)
    for one, other in combinations(figures, 2):
        if relation(one, other) is Relation.DIFFER:
            numbers = numbered[id(one)], numbered[id(other)]
            against[numbers[0]].add(numbers[1])
            against[numbers[1]].add(numbers[0])
    return against


def _by_period(stated: StatedFigure) -> tuple[object, ...]:
    period = stated.statement.period
    days = (period.first, period.last) if period else ()
    return (*days, stated.statement.figure.value)


def _notes(
    *, no_quantity: int, too_many: int, too_many_units: int, undated: int, none_dated: bool
) -> tuple[str, ...]:
    notes = []
    if none_dated:
        notes.append("No figure says of which time it speaks, so that none is drawn.")
    elif undated:
        notes.append(f"{counted(undated, 'figure')} without a period: listed, not drawn.")
    if undated > MAX_UNDATED:
        notes.append(f"{counted(undated - MAX_UNDATED, 'figure')} of these not listed either.")
    if too_many:
        notes.append(
            f"{counted(too_many, 'figure')} left out: {MAX_MARKS} can be told apart. "
            "Narrow what they are about, the outlets or the dates."
        )
    if too_many_units:
        notes.append(f"{counted(too_many_units, 'figure')} in other units left out.")
    if no_quantity:
        notes.append(
            f"{counted(no_quantity, 'figure')} left out that no scale has a place for: "
            "dates, years, ranks, names, lengths of periods."
        )
    return tuple(notes)
