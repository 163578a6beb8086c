"""Word documents (.docx)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.errors import UnreadableFileError
from rag.readers.documents import make_document
from rag.readers.metadata import Metadata
from rag.schema import Document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes. A novel of 500 pages unpacks to 5 MB; a zip bomb of 1 MB to 1 GB."""

_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_SAVE_HINT = "Open it in a word processor and save it again as .docx or PDF."


class DocxReader:
    """Reads paragraphs and, a row a line, tables.

    Core properties are not used: author and dates there are those of the file, not of the
    article, and the title is often that of a template.
    """

    def read(self, data: bytes, source: str) -> Iterator[Document]:
        """Yield the one article of the file.

        Raises:
            UnreadableFileError: the file is empty, encrypted, broken, too large unpacked, or no
                .docx.
        """
        _check_container(data)
        try:
            import docx

            word = docx.Document(io.BytesIO(data))
            lines = list(_lines(word))
            title = _title(word)
        except Exception as error:  # noqa: BLE001 - broken parts raise anything: KeyError, lxml's…
            raise UnreadableFileError(
                f"It is broken or no .docx ({type(error).__name__}: {error}); it was not read.",
                _SAVE_HINT,
            ) from None
        yield make_document(
            "\n\n".join(lines),
            source=source,
            media_type=MEDIA_TYPE,
            stated=Metadata(title=title),
        )


def _check_container(data: bytes) -> None:
    """Look at the zip's list of members before anything is unpacked."""
    if not data:
        raise UnreadableFileError("It is empty; it was not read.", _SAVE_HINT)
    if data.startswith(_OLE_MAGIC):
        raise UnreadableFileError(
            "It is encrypted, or in Word's old .doc format; it was not read.", _SAVE_HINT
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # No member gives more than its announced size: zipfile stops there.
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFileError(
            f"It is truncated or no .docx ({error}); it was not read.", _SAVE_HINT
        ) from None
    if unpacked > MAX_UNPACKED:
        raise UnreadableFileError(
            f"It unpacks to {unpacked / 1e6:,.0f} MB, more than {MAX_UNPACKED / 1e6:,.0f} MB; "
            "it was not read.",
            _SAVE_HINT,
        )


def _lines(word: WordDocument) -> Iterator[str]:
    from docx.table import Table

    for block in word.iter_inner_content():
        if isinstance(block, Table):
            yield "\n".join(_rows(block))
        else:
            yield block.text


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        # A cell that spans columns comes once for each of them.
        cells = dict.fromkeys(
            (cell._tc, cell.text.replace("\n", " ").strip()) for cell in row.cells
        )
        yield " | ".join(text for _, text in cells if text)


def _title(word: WordDocument) -> str | None:
    """Return the paragraph in the style "Title", else the only one in "Heading 1"."""
    styled: dict[str, list[str]] = {"Title": [], "Heading 1": []}
    for paragraph in word.paragraphs:
        # Without a style of its own a paragraph has the default, which takes 0.8 ms to look up.
        style = paragraph.style if paragraph._p.style is not None else None
        if style is not None and style.name in styled and paragraph.text.strip():
            styled[style.name].append(paragraph.text)
    if styled["Title"]:
        return styled["Title"][0]
    return styled["Heading 1"][0] if len(styled["Heading 1"]) == 1 else None
