"""The tab Figures: every figure of the articles, what it is of and when, as table and as plot."""

from __future__ import annotations

from typing import Any

from rag.errors import RagError
from rag.schema import FigureKind, Filters, StatedFigure
from rag.timespans import in_digits
from rag.ui import downloads
from rag.ui.components import QUIET, Shared, filters_of, listed, piece, reading
from rag.ui.desk import attempt
from rag.ui.pieces.reading import Place, mark_id
from rag.ui.pieces.tables import note_html, trouble_html
from rag.ui.pieces.text import counted

# Rows beyond are in the CSV; a table of more is not read but searched.
SHOWN = 500
# Of so many articles all figures are there as soon as the tab is opened.
FILLED_UP_TO = 200
HEADERS = ["No", "Figure", "Value", "What", "When", "According to", "Outlet", "Date", "Article"]
_KINDS = ["number", "str", "number", "str", "str", "str", "str", "str", "str"]
_WIDTHS = ["60px", "130px", "110px", "220px", "150px", "160px", "140px", "110px", "240px"]
GROUP = "figure"
_NO_QUANTITY = frozenset({FigureKind.DATE, FigureKind.IDENTIFIER})

Rows = tuple[StatedFigure, ...]


def build(shared: Shared) -> tuple[list[Any], list[Any], Any]:
    """Build the tab; returns inputs and outputs of the function that fills it, and that."""
    import gradio as gr

    rows = gr.State(())
    with gr.Row(elem_classes="fields"):
        about = gr.Textbox(
            label="About",
            placeholder="What is counted, in a few words; empty for all",
            max_length=200,
            scale=2,
            min_width=200,
            elem_id="about",
        )
        outlets = gr.Dropdown(
            [], label="Outlets", multiselect=True, scale=1, min_width=160, elem_id="outlets"
        )
        show = gr.Button("Show", variant="primary", scale=0, min_width=80, elem_id="show-figures")
        csv = gr.Button("Download CSV", scale=0, min_width=140, link="./figures.csv", elem_id="csv")
    count = piece("", "figure-count")
    table = gr.Dataframe(
        headers=HEADERS,
        datatype=_KINDS,
        column_widths=_WIDTHS,
        type="array",
        interactive=False,
        wrap=True,
        max_height=420,
        label="Figures",
        show_label=False,
        latex_delimiters=[],
        buttons=[],
        elem_id="figures",
    )
    article = piece("", "figure-reading", elem_classes="reading")
    plot = piece("", "plot")

    def fill(about: str, outlets: list[str], chosen: tuple[str, ...]) -> tuple[Any, ...]:
        filters = wanted(shared, outlets, chosen)
        found = attempt(lambda: shared.desk.asker.figures(about.strip() or None, filters=filters))
        known = gr.Dropdown(_outlets(shared), value=outlets)
        query = downloads.query_of(about.strip(), filters)
        link = gr.Button(link=f"./{downloads.CSV}{query}")
        if isinstance(found, RagError):
            return (), trouble_html(found), [], "", known, link
        cells = [cells_of(number, row) for number, row in enumerate(found[:SHOWN], start=1)]
        return (
            found[:SHOWN],
            _count(found),
            cells,
            plot_html(found, about.strip(), query),
            known,
            link,
        )

    def read(rows: Rows, data: Any) -> str:
        number = int(data.row_value[0])
        row = rows[number - 1]
        place = Place(mark_id(GROUP, 1), row.document, row.sentence.span, row.sentence.text)
        return reading(shared.desk, [place])

    def opened(about: str, outlets: list[str], chosen: tuple[str, ...]) -> tuple[Any, ...]:
        if about.strip() or chosen or len(listed(shared.desk)) <= FILLED_UP_TO:
            return fill(about, outlets, chosen)
        hint = note_html("Say what the figures are to be about, or show all; that takes seconds.")
        return (), hint, [], "", gr.Dropdown(_outlets(shared), value=outlets), gr.skip()

    inputs = [about, outlets, shared.chosen]
    outputs = [rows, count, table, plot, outlets, csv]
    gr.on(
        [show.click, about.submit], fill, inputs, outputs, **{**QUIET, "show_progress": "minimal"}
    )
    read.__annotations__["data"] = gr.SelectData
    table.select(read, [rows], [article], **QUIET)
    return inputs, outputs, opened


def wanted(shared: Shared, outlets: list[str] | None, chosen: tuple[str, ...]) -> Filters:
    """The chosen articles of the chosen outlets."""
    filters = filters_of(shared.desk, chosen)
    return Filters(documents=filters.documents, publishers=tuple(outlets or ()))


def cells_of(number: int, row: StatedFigure) -> list[Any]:
    """A row of the table; the number tells which one it is, however the table is sorted."""
    statement, info = row.statement, row.document
    value = float(statement.figure.value)
    measured = statement.figure.kind not in _NO_QUANTITY
    return [
        number,
        statement.figure.text,
        (int(value) if value.is_integer() else value) if measured else None,
        statement.noun,
        when(row),
        statement.speaker or "",
        info.publisher or "",
        info.published.isoformat() if info.published else "",
        info.name,
    ]


def when(row: StatedFigure) -> str:
    """The period of a figure, written so that the column can be sorted; empty if not known."""
    period = row.statement.period
    return in_digits(period.first, period.last) if period else ""


def plot_html(rows: Rows, about: str, query: str) -> str:
    """The plot as a picture, with words for who does not see it; nothing without rows."""
    plot = downloads.plotted(rows, about) if rows else None
    if plot is None or not plot.panels:
        return ""
    words = f"The {counted(len(rows), 'figure')} of the table over time"
    picture = f'<p><img class="plot" src="./{downloads.PLOT}{query}" alt="{words}"></p>'
    return picture + "".join(map(note_html, plot.notes))


def _count(rows: Rows) -> str:
    said = counted(len(rows), "figure")
    if len(rows) > SHOWN:
        said += f"; the first {SHOWN} are shown, all are in the CSV"
    return note_html(f"{said}. Choose a row to read its sentence in the article.")


def _outlets(shared: Shared) -> list[str]:
    return sorted({info.publisher for info in listed(shared.desk) if info.publisher})
