"""Good files of each format to spoil, and what must be true of whatever a reader gives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from reader_files import IMAGE, docx_bytes, pdf_bytes

from rag.protocols import Reader
from rag.readers.docx import DocxReader
from rag.readers.html import HtmlReader
from rag.readers.markdown import MarkdownReader
from rag.readers.pdf import PdfReader
from rag.readers.plain import PlainReader
from rag.readers.records import RecordsReader
from rag.schema import Document, Refusal
from rag.text import normalise

_ARTICLES = Path(__file__).parent / "data" / "articles"

READERS: Mapping[str, Reader] = {
    "plain": PlainReader(),
    "markdown": MarkdownReader(),
    "html": HtmlReader(),
    "pdf": PdfReader(),
    "docx": DocxReader(),
    "records": RecordsReader(),
}

_LINES = ["Bread", "By Ann Ray", "June 5, 2023", "The bakery sold 4,500 loaves (“a re-", "cord”)."]
_WORD = docx_bytes(
    [("Bread", "Title"), "By Ann Ray", "The bakery sold 4,500 loaves."],
    [["Year", "Loaves"], ["2022", "4,000"]],
)


def with_parts(docx: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The Word file with these members in the place of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(buffer, "w") as new:
        members = {info.filename: old.read(info) for info in old.infolist()}
        for name, data in {**members, **parts}.items():
            # With the date that ZipInfo has by default: the same bytes each time.
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def word_of(body: bytes, before: bytes = b"") -> bytes:
    """A Word file with this body, and with this in front of its text's XML."""
    document = (
        b'<?xml version="1.0"?>%s<w:document xmlns:w="http://schemas.openxmlformats.org/'
        b'wordprocessingml/2006/main"><w:body>%s</w:body></w:document>' % (before, body)
    )
    return with_parts(_WORD, {"word/document.xml": document})


def _articles(*names: str) -> list[bytes]:
    return [(_ARTICLES / name).read_bytes() for name in names]


_PAGE = """<?xml version="1.0"?><html><head><title>Bread</title><meta charset="iso-8859-1">
<meta property="article:published_time" content="2021-03-04"><script type="application/ld+json">
{"@graph": [{"@type": "NewsArticle", "datePublished": "2021-03-04", "author": ["Ann Ray"]}]}
</script></head><body><article><p>The bakery sold 4,500 loaves in May, its owner said on Friday.
</p><table><tr><td>2022</td><td>4,000</td></tr></table></article></body></html>"""


SEEDS: Mapping[str, list[bytes]] = {
    "plain": [
        *_articles("bakery.txt", "wrapped.txt"),
        "date 2024-06-21 By Ann Ray\nThe café’s “price” rose to €5.".encode("cp1252"),
        "The price rose.\nIt fell.".encode("utf-16"),
    ],
    "markdown": _articles("bridge.md"),
    "html": [*_articles("whales.html"), _PAGE.encode()],
    "pdf": [pdf_bytes([_LINES, ["It grew.", "2"], IMAGE], {"Title": "Bread", "Author": "Ann Ray"})],
    "docx": [_WORD, word_of(b"<w:p><w:r><w:t>It grew by 3%.</w:t></w:r></w:p>")],
    "records": _articles("orchard.json", "harvest.jsonl"),
}


def check(found: Iterable[Document | Refusal]) -> None:
    """Hold that refusals have reasons, and that all offsets of documents lie in their texts."""
    for one in found:
        if isinstance(one, Refusal):
            assert one.reason
            assert one.hint
            continue
        assert one.text
        assert normalise(one.text) == one.text
        one.text.encode("utf-8")
        spans = list(one.boilerplate)
        assert spans == sorted(spans)
        assert all(len(span) > 0 and span.end <= len(one.text) for span in spans)
        starts = list(one.page_starts)
        assert starts == sorted(starts)
        assert all(0 <= start <= len(one.text) for start in starts)
        info = one.info
        for field in (info.id, info.title, info.publisher, info.author):
            assert field is None or field == " ".join(field.split()) != ""
