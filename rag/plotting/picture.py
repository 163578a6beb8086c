"""A PNG: the panels, and below them each mark's sentence under its number."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from rag.plotting.drawing import WIDTH_IN, draw, style
from rag.plotting.looks import COLOURS
from rag.plotting.marks import Plot
from rag.plotting.wording import LEGEND, period_words, plain, source_words, value_words
from rag.schema import StatedFigure

DPI = 150
_LINE_IN = 0.185
_GAP_LINES = 0.5
# Characters of DejaVu Sans at 9 points, a seventh more than its average width, in 9.2 inches.
_LINE_CHARACTERS = 122
_INDENT_IN = 0.3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text below the panels."""

    text: str
    colour: str = "ink"
    bold: bool = False
    number: str = ""
    gap: float = 0.0
    """Lines left empty before it."""


def png(plot: Plot) -> bytes:
    """Return the picture."""
    with style():
        lines = list(_lines(plot))
        foot_in = sum(1 + line.gap for line in lines) * _LINE_IN + 0.2
        figure = draw(plot, foot_in=foot_in, titled=True)
        height = figure.get_figheight()
        at = foot_in
        for line in lines:
            at -= line.gap * _LINE_IN
            look = {
                "fontsize": 9,
                "va": "top",
                "color": COLOURS[line.colour],
                "fontweight": "bold" if line.bold else "normal",
            }
            if line.number:
                figure.text(0.3 / WIDTH_IN, at / height, line.number, **{**look, "ha": "left"})
            figure.text((0.3 + _INDENT_IN) / WIDTH_IN, at / height, line.text, **look)
            at -= _LINE_IN
        data = io.BytesIO()
        figure.savefig(data, format="png", dpi=DPI, metadata={"Software": "citeline"})
        return data.getvalue()


def _lines(plot: Plot) -> Iterator[_Line]:
    for note in (LEGEND, *plot.notes):
        yield from _wrapped(note, "quiet")
    for mark in plot.marks:
        yield from _figure(mark.stated, str(mark.number), mark.against)
    if plot.undated:
        yield _Line("Without a period, not drawn", bold=True, gap=1.0)
    for stated in plot.undated:
        yield from _figure(stated, "–", ())


def _figure(stated: StatedFigure, number: str, against: tuple[int, ...]) -> Iterator[_Line]:
    head = f"{value_words(stated)} · {period_words(stated.statement.period)}"
    yield _Line(plain(head), bold=True, number=number, gap=_GAP_LINES)
    yield from _wrapped(f"“{stated.sentence.text}”", "ink")
    if against:
        others = ", ".join(map(str, against))
        yield from _wrapped(f"Another value for the same: {others}", "conflict")
    yield from _wrapped(source_words(stated), "quiet")


def _wrapped(text: str, colour: str) -> Iterator[_Line]:
    for line in textwrap.wrap(plain(text), _LINE_CHARACTERS):
        yield _Line(line, colour)
