"""PDF and Word files made at test time."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence

import docx

IMAGE = "image"
"""In place of a page's lines: a page that is one image."""


def pdf_bytes(pages: Sequence[Sequence[str] | str], info: Mapping[str, str] | None = None) -> bytes:
    """A PDF with a page for each list of lines, in one standard font."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", _FONT, _PIXEL]
    kids = []
    for lines in pages:
        drawing = b"/I1 Do" if lines == IMAGE else _text_drawing(lines)
        objects.append(_stream(drawing))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources "
            b"<< /Font << /F1 3 0 R >> %s >> >>"
            % (len(objects), b"/XObject << /I1 4 0 R >>" if lines == IMAGE else b"")
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    pairs = (b"/%s (%s)" % (k.encode(), _escaped(v)) for k, v in (info or {}).items())
    objects.append(b"<< %s >>" % b" ".join(pairs))
    return _file(objects)


def packed_pdf(drawing: bytes, n_pages: int = 1) -> bytes:
    """A PDF whose pages all show one compressed content stream."""
    numbers = range(5, 5 + n_pages)
    pages = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        n_pages,
        b" ".join(b"%d 0 R" % number for number in numbers),
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources "
        b"<< /Font << /F1 3 0 R >> >> >>"
    )
    content = _stream(zlib.compress(drawing, 9), b"/Filter /FlateDecode")
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    return _file([catalog, pages, _FONT, content, *[page] * n_pages, b"<< >>"])


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


_PIXEL = _stream(
    b"\x80",
    b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
    b" /BitsPerComponent 8",
)


def _escaped(text: str) -> bytes:
    data = text.encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _text_drawing(lines: Sequence[str]) -> bytes:
    drawn = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
    return b"BT /F1 11 Tf 14 TL 72 760 Td\n%sET" % drawn


def _file(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(objects), len(data))
    )


def docx_bytes(
    paragraphs: Sequence[str | tuple[str, str]], rows: Sequence[Sequence[str]] = ()
) -> bytes:
    """A Word file of paragraphs (with a style where a pair is given) and a table at the end."""
    word = docx.Document()
    word.core_properties.author = "Typist"
    word.core_properties.title = "Template 7"
    for paragraph in paragraphs:
        text, style = paragraph if isinstance(paragraph, tuple) else (paragraph, "Normal")
        word.add_paragraph(text, style=style)
    if rows:
        table = word.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()
