"""The command that lists figures: what the articles state, each with its sentence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import note, out, print_json
from rag.cli.options import AsJson, Library, Since, Until, filters_of, settings_of

if TYPE_CHECKING:
    from rich.console import Console

    from rag.schema import StatedFigure

_WIDTH_OF_FILE = 200
"""Columns of a table that is written to a file or a pipe, where there is no edge to respect."""


def figures(
    about: Annotated[
        str | None, typer.Option(help="Only what is about this, in a few words; nearest first.")
    ] = None,
    doc: Annotated[list[str] | None, typer.Option(help="Only this article; repeatable.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Only this outlet.")] = None,
    since: Since = None,
    until: Until = None,
    library: Library = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Years, dates, phone numbers and other names too.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one row a figure.")] = False,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None,
        typer.Option(help="Draw them over the time they speak of: a .png, or a .html page."),
    ] = None,
) -> None:
    """List the figures that the articles state, with what they count, when, and who says so."""
    from rag.errors import UsageError
    from rag.pipeline import Pipeline
    from rag.plotting import require_ending
    from rag.schema import FigureKind

    if as_csv and as_json:
        raise UsageError("--csv and --json are two forms of one list.", "Leave one out.")
    if plot is not None:
        require_ending(plot)
    filters = filters_of(doc, publisher, since, until)
    named = {FigureKind.YEAR, FigureKind.DATE, FigureKind.IDENTIFIER}
    kinds = frozenset(FigureKind) - (frozenset() if every else named)
    with Pipeline(settings_of(library), on_note=note) as pipeline:
        found = pipeline.figures(about, filters=filters, kinds=kinds)
    if plot is not None:
        draw_figures(found, plot, about)
    if as_csv or as_json:
        print_figures(found, as_csv=as_csv)
    elif found:
        if plot is None:
            show_figures(out(), found)
    else:
        note("No figures. Articles that were indexed before there were any: run rag index again.")


def print_figures(found: Sequence[StatedFigure], *, as_csv: bool) -> None:
    """Print the figures for other programs: as CSV, or one JSON object a line."""
    from rag.serialization import stated_figure_json
    from rag.spreadsheet import write_csv

    if as_csv:
        write_csv(sys.stdout, found)
        return
    for stated in found:
        print_json(stated_figure_json(stated))


def draw_figures(found: Sequence[StatedFigure], path: Path, about: str | None) -> None:
    """Draw the figures, if there are any, and say what was left out."""
    from rag.plotting import plot

    if found:
        for told in plot(found, path, title=about or "All figures"):
            note(told)
        note(f"{path} is written.")


def show_figures(console: Console, found: Sequence[StatedFigure]) -> None:
    """Show one row a figure: as it is stated, of what, when, according to whom, and where."""
    from rich.table import Table
    from rich.text import Text

    from rag.cli.rendering import place
    from rag.figures import bounded_span
    from rag.timespans import in_words

    width = None if console.is_terminal else _WIDTH_OF_FILE
    table = Table(box=None, pad_edge=False, header_style="bold", width=width)
    table.add_column("Figure", justify="right", no_wrap=True)
    for heading in ("What", "Period", "Said by", "Article", "Sentence"):
        table.add_column(heading, overflow="fold")
    for stated in found:
        statement, text = stated.statement, stated.sentence.text
        period = statement.period
        span = bounded_span(text, statement.figure)
        cells = (
            text[span.start : span.end],
            statement.noun,
            in_words(period.first, period.last) if period else "",
            statement.speaker or "",
            place(stated.document),
            text,
        )
        table.add_row(*map(Text, cells))
    console.print(table)
