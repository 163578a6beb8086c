"""Tables of the page; the rest of its HTML is made by :mod:`rag.markup`."""

from __future__ import annotations

from rag.markup import Html, joined, tag, text

__all__ = ["Html", "joined", "row", "table", "tag", "text"]


def table(caption: str, heads: tuple[str, ...], rows: list[Html], **attributes: str) -> Html:
    """Return a table with a caption and a heading a column."""
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in heads)))
    body = tag("tbody", *rows)
    inner = tag("table", tag("caption", caption), head, body, **attributes)
    return tag("div", inner, class_="wide")


def row(*cells: str) -> Html:
    """Return a row whose first cell names it."""
    first, *others = cells
    return tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in others))
