"""What the page offers as files of their own: the figures as CSV and as a plot.

Made when they are asked for and sent from memory, so that nothing is left on the disk.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from rag.errors import MissingPartError, RagError
from rag.plotting.marks import Plot, lay_out
from rag.schema import Filters, StatedFigure
from rag.spreadsheet import write_csv
from rag.ui.desk import Desk, attempt

if TYPE_CHECKING:
    from fastapi import FastAPI

CSV = "figures.csv"
PLOT = "figures.png"
_drawing = threading.Lock()


def query_of(about: str, filters: Filters) -> str:
    """The part of an address that says which figures are meant, with its question mark."""
    fields = [
        *([("about", about)] if about else []),
        *[("doc", key) for key in filters.documents],
        *[("publisher", name) for name in filters.publishers],
    ]
    return f"?{urlencode(fields)}" if fields else ""


def add_routes(app: FastAPI, desk: Desk) -> None:
    """Let the server answer for CSV and plot."""
    from fastapi import Query, Response

    names = Query(default=())

    def answered(
        about: str,
        doc: list[str],
        publisher: list[str],
        made: Callable[[tuple[StatedFigure, ...]], tuple[str | bytes, str]],
    ) -> Response:
        filters = Filters(documents=tuple(doc), publishers=tuple(publisher))
        found = attempt(lambda: made(desk.asker.figures(about or None, filters=filters)))
        if isinstance(found, RagError):
            return Response(str(found), status_code=404, media_type="text/plain")
        return Response(found[0], media_type=found[1])

    def as_csv(about: str = "", doc: list[str] = names, publisher: list[str] = names) -> Any:
        made = answered(about, doc, publisher, lambda rows: (csv_of(rows), "text/csv"))
        made.headers["content-disposition"] = f'attachment; filename="{CSV}"'
        return made

    def as_plot(about: str = "", doc: list[str] = names, publisher: list[str] = names) -> Any:
        def drawn(rows: tuple[StatedFigure, ...]) -> tuple[bytes, str]:
            return picture_of(plotted(rows, about)), "image/png"

        return answered(about, doc, publisher, drawn)

    for path, made in ((CSV, as_csv), (PLOT, as_plot)):
        app.get(f"/{path}", response_model=None)(made)


def csv_of(rows: Iterable[StatedFigure]) -> str:
    """All figures with their sentences, as ``rag figures --csv`` prints them."""
    out = io.StringIO(newline="")
    write_csv(out, rows)
    return out.getvalue()


def plotted(rows: Sequence[StatedFigure], about: str = "") -> Plot:
    """Which figures are drawn and how; the picture is made of it."""
    return lay_out(rows, title=about or "Figures of the articles")


def picture_of(plot: Plot) -> bytes:
    """The figures over time, as PNG.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    try:
        from rag.plotting.picture import png

        with _drawing:  # matplotlib's settings are those of the whole process
            return png(plot)
    except ImportError as error:
        raise MissingPartError(
            f"Plots need matplotlib, which is not installed ({error.name} is missing).",
            "Run: pip install 'citeline[plot]'",
        ) from error
