"""The panels, with matplotlib."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from math import hypot
from typing import Any

from rag.paths import cache_dir
from rag.plotting.looks import COLOURS, arrow, look_of, ring
from rag.plotting.marks import Mark, Panel, Plot
from rag.plotting.wording import direction, plain
from rag.schema import Bound

WIDTH_IN = 10.0
PANEL_IN = 3.1
_TITLE_IN = 0.45
_LEGEND_COLUMNS, _LEGEND_LINE_IN = 4, 0.22
# Between legend and the first panel, for its title.
_HEAD_IN = 0.5
_LEFT_IN, _RIGHT_IN = 0.95, 0.3
_GAP_IN = 0.75
# Above it the smaller half of the marks would lie on the ground line.
_LOGARITHMIC_ABOVE = 200
# Marks that are nearer to each other than this many points stand side by side.
_APART_POINTS = 18.0
_DAYS_TO_1970 = date(1970, 1, 1).toordinal()
_MARGIN_SHARE, _LEAST_MARGIN_DAYS = 0.06, 12
_BOUNDED = {
    1: "more than, at least",
    -1: "less than, nearly, at most",
}


@contextmanager
def style() -> Iterator[None]:
    """What holds while something is drawn: text stays text, and nothing is random."""
    # Its cache of fonts, which it would put into the home folder.
    os.environ.setdefault("MPLCONFIGDIR", str(cache_dir() / "matplotlib"))
    import matplotlib as mpl

    settings = {
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "citeline",
        "font.family": ["DejaVu Sans"],
        "font.size": 9,
        "text.color": COLOURS["ink"],
        "axes.edgecolor": COLOURS["line"],
        "axes.labelcolor": COLOURS["ink"],
        "xtick.color": COLOURS["quiet"],
        "ytick.color": COLOURS["quiet"],
        "legend.frameon": False,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # A sign that the font lacks is drawn as a box; a page uses the reader's own fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        yield


def draw(plot: Plot, *, foot_in: float = 0.0, titled: bool = False) -> Any:
    """Return a ``matplotlib.figure.Figure`` of legend and panels, one below the other.

    Args:
        plot: what is drawn; without a panel only the title.
        foot_in: inches that are left empty below, for text.
        titled: put the title above.
    """
    from matplotlib.figure import Figure

    entries = _legend_entries(plot)
    title_in = _TITLE_IN if titled else 0.0
    head_in = title_in + -(-len(entries) // _LEGEND_COLUMNS) * _LEGEND_LINE_IN + _HEAD_IN
    height = head_in + len(plot.panels) * (PANEL_IN + _GAP_IN) + foot_in
    figure = Figure(figsize=(WIDTH_IN, height), facecolor=COLOURS["page"])
    if titled:
        figure.text(0.3 / WIDTH_IN, 1 - 0.15 / height, _short(plot.title, 90), size=14, va="top")
    top = height - head_in
    for number, panel in enumerate(plot.panels):
        bottom = top - (number + 1) * PANEL_IN - number * _GAP_IN
        width = WIDTH_IN - _LEFT_IN - _RIGHT_IN
        axes = figure.add_axes(
            (_LEFT_IN / WIDTH_IN, bottom / height, width / WIDTH_IN, PANEL_IN / height)
        )
        _draw_panel(axes, panel)
    _draw_legend(figure, entries, (0.15 / WIDTH_IN, 1 - title_in / height))
    return figure


def _draw_panel(axes: Any, panel: Panel) -> None:
    axes.set_facecolor(COLOURS["page"])
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color=COLOURS["line"], linewidth=0.6)
    axes.set_axisbelow(True)
    _scale_time(axes, panel)
    _scale_values(axes, panel)
    scale = ", logarithmic" if axes.get_yscale() == "log" else ""
    axes.set_title(_short(f"{panel.title}{scale}", 90), loc="left", fontsize=10, pad=8)
    for mark, side in zip(panel.marks, _sides(axes, panel), strict=True):
        _draw_mark(axes, mark, side)


def _sides(axes: Any, panel: Panel) -> list[float]:
    """How many points each mark stands to the right of its place, so that none hides another."""
    to_points = 72 / axes.figure.dpi
    taken: list[tuple[float, float]] = []
    sides = []
    for mark in panel.marks:
        x, y = axes.transData.transform(_place(mark)) * to_points
        side = 0.0
        while any(hypot(x + side - a, y - b) < _APART_POINTS for a, b in taken):
            side += _APART_POINTS
        taken.append((x + side, y))
        sides.append(side)
    return sides


def _scale_time(axes: Any, panel: Panel) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    spans = [_span(mark) for mark in panel.marks]
    first, last = min(first for first, _ in spans), max(last for _, last in spans)
    margin = max((last - first) * _MARGIN_SHARE, _LEAST_MARGIN_DAYS)
    axes.set_xlim(first - margin, last + margin)
    locator = AutoDateLocator(minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def _scale_values(axes: Any, panel: Panel) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    low, high = min(m.value for m in panel.marks), max(m.value for m in panel.marks)
    if low > 0 and high / low > _LOGARITHMIC_ABOVE:
        axes.set_yscale("log")
        axes.set_ylim(low / 2, high * 2.5)
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        ground, top = min(low, 0.0), max(high, 0.0)
        margin = (top - ground or 1.0) * 0.15
        axes.set_ylim(ground - (margin if ground < 0 else 0.0), top + margin)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))


def tick(value: float) -> str:
    """A number on a scale.

    >>> tick(1_500_000), tick(250_000), tick(0.5)
    ('1.5 million', '250,000', '0.5')
    """
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{value / size:g} {word}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def _draw_mark(axes: Any, mark: Mark, side: float) -> None:
    """Draw a mark and what belongs to it; every part has the id of the mark in a page."""
    from matplotlib.transforms import ScaledTranslation

    place = axes.transData + ScaledTranslation(side / 72, 0, axes.figure.dpi_scale_trans)
    colour, where = COLOURS[f"outlet-{mark.outlet}"], _place(mark)
    first, last = _span(mark)
    axes.plot(
        [first, last], [mark.value] * 2, color=colour, linewidth=2, alpha=0.45, gid=_gid(mark, 0)
    )
    parts = [look_of(mark.outlet, mark.stated.statement.figure.bound)]
    if way := direction(mark.stated.statement.figure.bound):
        parts.insert(0, arrow(way, colour))
    if mark.against:
        parts.append(ring())
    for number, look in enumerate(parts, start=1):
        axes.plot(*([each] for each in where), **look, transform=place, gid=_gid(mark, number))
    axes.annotate(
        str(mark.number),
        where,
        xycoords=place,
        xytext=(10, 8) if mark.against else (8, 6),
        textcoords="offset points",
        fontsize=8,
        color=COLOURS["ink"],
        gid=_gid(mark, len(parts) + 1),
    )


def _gid(mark: Mark, part: int) -> str:
    return f"mark-{mark.number}-{part}"


def _place(mark: Mark) -> tuple[float, float]:
    return mark.middle - _DAYS_TO_1970, mark.value


def _span(mark: Mark) -> tuple[float, float]:
    """First and last day of a mark as matplotlib counts them."""
    period = mark.stated.statement.period
    if period is None:
        raise ValueError("a figure without a period is no mark")
    return period.first.toordinal() - _DAYS_TO_1970, period.last.toordinal() + 1 - _DAYS_TO_1970


def _legend_entries(plot: Plot) -> list[tuple[str, dict[str, Any]]]:
    entries = [(name, look_of(number, Bound.EXACT)) for number, name in enumerate(plot.outlets)]
    bounds = [mark.stated.statement.figure.bound for mark in plot.marks]
    for way, words in _BOUNDED.items():
        if way in map(direction, bounds):
            look = {**arrow(way, COLOURS["quiet"]), "markersize": 16.0}
            entries.append((words, look))
    if Bound.ABOUT in bounds:
        entries.append(("about", {**look_of(0, Bound.ABOUT), "markeredgecolor": COLOURS["quiet"]}))
    if any(mark.against for mark in plot.marks):
        entries.append(("contradicted by another", {**ring(), "markersize": 11.0}))
    return entries


def _draw_legend(
    figure: Any, entries: list[tuple[str, dict[str, Any]]], place: tuple[float, float]
) -> None:
    from matplotlib.lines import Line2D

    figure.legend(
        handles=[Line2D([], [], label=_short(name), **look) for name, look in entries],
        loc="upper left",
        bbox_to_anchor=place,
        ncols=_LEGEND_COLUMNS,
        fontsize=9,
        handletextpad=0.5,
        columnspacing=1.6,
    )


def _short(name: str, most: int = 28) -> str:
    # A label that begins with an underscore is left out of a legend.
    name = plain(name).lstrip("_") or "?"
    return name if len(name) <= most else f"{name[: most - 1]}…"
