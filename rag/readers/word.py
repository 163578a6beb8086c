"""WordprocessingML: from the elements of a document's body to lines of text.

python-docx gives the text of plain runs only: it leaves out words under tracked changes and in
fields and controls, so that a sentence would lose its number, and repeats a cell as often as the
file says that it spans columns, which may be for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

PARAGRAPH = f"{_W}p"
_TABLE, _ROW, _CELL = f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_TEXT = f"{_W}t"
_BREAKS = {
    f"{_W}{name}": text
    for name, text in {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n"}.items()
} | {f"{_W}noBreakHyphen": "-"}
# Properties, deleted words, drawings with text boxes (which the file holds twice), the small
# letters of ruby text.
_SKIPPED = frozenset(
    {
        *(f"{_W}{name}" for name in ("pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "del")),
        *(f"{_W}{name}" for name in ("moveFrom", "drawing", "pict", "object", "rt")),
        f"{_MC}AlternateContent",
    }
)

_MAX_REPEATED = 200
"""Characters of a cell that is repeated in each row that it spans: a label, no article."""


def lines_of(container: Any) -> Iterator[str]:
    """Yield the text of each paragraph and of each table, a row a line, of an lxml element.

    libxml2 follows 256 elements in one another, which bounds the recursion here and below.
    """
    for child in container:
        if child.tag == PARAGRAPH:
            yield text_of(child)
        elif child.tag == _TABLE:
            yield "\n".join(_rows(child))
        elif child.tag not in _SKIPPED:
            yield from lines_of(child)  # controls, and what later versions put around blocks


def text_of(paragraph: Any) -> str:
    """Return the text of a paragraph's lxml element as it stands with all changes accepted."""
    return "".join(_runs(paragraph))


def style_of(paragraph: Any) -> str | None:
    """Return the id of the style of a paragraph's lxml element; None where it has none."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return None if style is None else style.get(f"{_W}val")


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _SKIPPED:
            yield from _runs(child)


def _rows(table: Any) -> Iterator[str]:
    """Yield the rows; a cell that spans rows comes in each of them, a table in a cell inside it."""
    above: dict[int, str] = {}  # by the column that the cell begins in
    for row in _parts(table, _ROW):
        column = 0
        texts = []
        for cell in _parts(row, _CELL):
            if not _goes_on(cell):
                text = " ".join(" ".join(lines_of(cell)).split("\n")).strip()
                texts.append(text)
                above[column] = text if len(text) <= _MAX_REPEATED else ""
            else:
                texts.append(above.get(column, ""))
            column += _span(cell)
        yield " | ".join(filter(None, texts))


def _parts(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in {_ROW, _CELL, _TABLE}:
            yield from _parts(child, tag)


def _goes_on(cell: Any) -> bool:
    """Whether a cell is only the lower part of the one above it."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    stated = "1" if span is None else span.get(f"{_W}val", "1")
    return int(stated) if stated.isdecimal() and len(stated) < 10 else 1
