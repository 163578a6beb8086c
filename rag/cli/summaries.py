"""Summaries, digests, timelines and tables of figures as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rag.cli.rendering import marked, show_citation
from rag.schema import (
    Citation,
    Digest,
    DigestPoint,
    DocumentInfo,
    Relation,
    StatedFigure,
    StatedPeriod,
    Summary,
    SummaryPoint,
)
from rag.timespans import in_words

if TYPE_CHECKING:
    from rich.console import Console

_HEADINGS = {
    Relation.AGREE: "What they agree on",
    Relation.CHANGED: "What changed over time",
    Relation.DIFFER: "Where they differ",
    None: "What one of them alone says",
}
_WIDTH_OF_FILE = 200
"""Columns of a table that is written to a file or a pipe, where there is no edge to respect."""


def show_point(console: Console, point: SummaryPoint, *, prose: bool) -> None:
    """Show one sentence of a summary, as a bullet or as part of a paragraph."""
    if prose:
        console.print(marked(point.text, ""), end=" ", soft_wrap=True)
    else:
        console.print(marked(f"• {point.text}", ""))


def show_sources(console: Console, citations: Sequence[Citation]) -> None:
    """Show cited sentences, each with its place."""
    console.print()
    for citation in citations:
        show_citation(console, citation)


def show_read(console: Console, summary: Summary) -> None:
    """Say how much was read, and by whom."""
    from rich.text import Text

    read = f"Read {summary.passages_read} of {summary.passages_total} passages"
    console.print(Text(f"{read} of {summary.document.name} in {summary.total_s:.0f} s.", "dim"))
    for note in summary.notes:
        console.print(Text(f"Note: {note}", style="dim"))


def show_digest(console: Console, digest: Digest, *, prose: bool) -> None:
    """Show points under headings, each with the outlets and dates behind it."""
    from rich.text import Text

    if not digest.points:
        console.print(Text("The articles have nothing to sum up.", "yellow"))
    for relation, points in groupby(digest.points, key=lambda point: point.relation):
        console.print(Text(f"{_HEADINGS.get(relation, '')}", "bold"))
        for point in points:
            if prose:
                console.print(marked(point.text, ""), end=" ", soft_wrap=True)
                console.print(Text(f"({_behind(point)})", "dim"), soft_wrap=True)
            else:
                console.print(marked(f"• {point.text}", ""))
                console.print(Text(f"  {_behind(point)}", "dim"))


def show_coverage(console: Console, digest: Digest) -> None:
    """Say how much of the articles was read."""
    from rich.text import Text

    read = digest.coverage
    articles = f"{read.articles_read} of {read.articles_total} articles"
    passages = f"{read.passages_read} of {read.passages_total} passages"
    console.print(Text(f"Read {articles}, {passages} in {digest.total_s:.1f} s.", "dim"))
    for note in digest.notes:
        console.print(Text(f"Note: {note}", style="dim"))


def show_timeline(console: Console, figures: Sequence[StatedFigure]) -> None:
    """Show figures under the period that they speak of, in the order of the periods."""
    from rich.text import Text

    from rag.summarization import as_worded

    for label, rows in groupby(figures, key=lambda row: _period(row.statement.period)):
        console.print(Text(label, "bold"))
        for row in rows:
            text = f"  {as_worded(row)}  {row.statement.noun}".rstrip()
            console.print(Text.assemble(text, (f"  — {_outlet(row.document)}", "dim")))
            console.print(Text(f"    “{row.sentence.text}”", "dim"))


def show_table(console: Console, figures: Sequence[StatedFigure]) -> None:
    """Show one row a figure."""
    from rich.table import Table
    from rich.text import Text

    from rag.summarization import as_worded

    width = None if console.is_terminal else _WIDTH_OF_FILE
    table = Table(box=None, pad_edge=False, header_style="bold", width=width)
    table.add_column("Figure", justify="right", no_wrap=True)
    for heading in ("What", "Period", "Outlet", "Sentence"):
        table.add_column(heading, overflow="fold")
    for row in figures:
        cells = (
            as_worded(row),
            row.statement.noun,
            _period(row.statement.period),
            _outlet(row.document),
            row.sentence.text,
        )
        table.add_row(*map(Text, cells))
    console.print(table)


def _period(period: StatedPeriod | None) -> str:
    return in_words(period.first, period.last) if period else "no period stated"


def _behind(point: DigestPoint) -> str:
    """The outlets and dates behind a point, each once; copies of a story are said to be so."""
    cited = dict.fromkeys(_outlet(citation.document) for citation in point.citations)
    again = dict.fromkeys(_outlet(copy) for c in point.citations for copy in c.also_in)
    told = [f"the same story in {outlet}" for outlet in again if outlet not in cited]
    return "; ".join([*cited, *told])


def _outlet(info: DocumentInfo) -> str:
    day = info.published.isoformat() if info.published else "no date"
    return f"{info.publisher or info.name}, {day}"
