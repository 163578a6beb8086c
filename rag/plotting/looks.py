"""Colours and shapes of marks.

Every colour has a name, so that a page can give it another value in the dark. Outlets are told
apart by shape first and by colour second; the colours keep apart with any colour vision (after
Okabe and Ito, Color Universal Design, darkened to a contrast of 4.5:1 on white).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rag.schema import Bound

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "page": "#fefefd",
        "ink": "#18212b",
        "quiet": "#55616f",
        "line": "#d5dbe2",
        "conflict": "#b3261f",
        "outlet-0": "#0063a3",
        "outlet-1": "#a84300",
        "outlet-2": "#00735a",
        "outlet-3": "#8c3a7c",
        "outlet-4": "#6b6000",
        "outlet-5": "#4f4aa8",
        "outlet-6": "#5e5148",
    }
)
SHAPES = "os^DvPX"
_MARK, _RING, _ARROW = 7.0, 15.0, 34.0


def look_of(outlet: int, bound: Bound) -> dict[str, Any]:
    """Shape and colour of an outlet; what is only about so is not filled."""
    colour = COLOURS[f"outlet-{outlet}"]
    return {
        "marker": SHAPES[outlet],
        "markersize": _MARK,
        "linestyle": "none",
        "markeredgecolor": colour,
        "markerfacecolor": COLOURS["page"] if bound is Bound.ABOUT else colour,
        "markeredgewidth": 1.4,
        "clip_on": False,
    }


def arrow(way: int, colour: str) -> dict[str, Any]:
    """An arrow to where the true value lies: 1 up, -1 down."""
    from matplotlib.path import Path

    tip, neck = 1.0 * way, 0.72 * way
    corners = [(0, 0), (0, tip), (-0.14, neck), (0, tip), (0.14, neck)]
    codes = [Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.LINETO]
    return {
        "marker": Path(corners, codes),
        "markersize": _ARROW,
        "linestyle": "none",
        "markeredgecolor": colour,
        "markerfacecolor": "none",
        "markeredgewidth": 1.5,
        "clip_on": False,
    }


def ring() -> dict[str, Any]:
    """A ring around a figure that another one contradicts."""
    return {
        "marker": "o",
        "markersize": _RING,
        "linestyle": "none",
        "markeredgecolor": COLOURS["conflict"],
        "markerfacecolor": "none",
        "markeredgewidth": 1.6,
        "clip_on": False,
    }
