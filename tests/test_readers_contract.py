from __future__ import annotations

from pathlib import Path

import pytest
from contracts.reader_contract import ReaderContract
from reader_files import docx_bytes, pdf_bytes

from rag.protocols import Reader
from rag.readers.docx import DocxReader
from rag.readers.html import HtmlReader
from rag.readers.markdown import MarkdownReader
from rag.readers.pdf import PdfReader
from rag.readers.plain import PlainReader
from rag.readers.records import RecordsReader

ARTICLES = Path(__file__).parent / "data" / "articles"


class TestPlain(ReaderContract):
    suffix = ".txt"
    media_types = frozenset({"text/plain"})

    @pytest.fixture
    def reader(self) -> Reader:
        return PlainReader()

    @pytest.fixture
    def article(self) -> bytes:
        return (ARTICLES / "bakery.txt").read_bytes()


class TestMarkdown(ReaderContract):
    suffix = ".md"
    media_types = frozenset({"text/markdown"})

    @pytest.fixture
    def reader(self) -> Reader:
        return MarkdownReader()

    @pytest.fixture
    def article(self) -> bytes:
        return (ARTICLES / "bridge.md").read_bytes()


class TestHtml(ReaderContract):
    suffix = ".html"
    media_types = frozenset({"text/html"})

    @pytest.fixture
    def reader(self) -> Reader:
        return HtmlReader()

    @pytest.fixture
    def article(self) -> bytes:
        return (ARTICLES / "whales.html").read_bytes()


class TestPdf(ReaderContract):
    suffix = ".pdf"
    media_types = frozenset({"application/pdf"})
    knows_truncation = True

    @pytest.fixture
    def reader(self) -> Reader:
        return PdfReader()

    @pytest.fixture
    def article(self) -> bytes:
        return pdf_bytes([["The bakery sold 4,500 loaves.", "It has 42 shops."], ["It grew."]])


class TestDocx(ReaderContract):
    suffix = ".docx"
    media_types = frozenset(
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
    )
    knows_truncation = True

    @pytest.fixture
    def reader(self) -> Reader:
        return DocxReader()

    @pytest.fixture
    def article(self) -> bytes:
        return docx_bytes(["The bakery sold 4,500 loaves.", "It has 42 shops."], [["a", "b"]])


class TestJson(ReaderContract):
    suffix = ".json"
    media_types = frozenset({"application/json", "application/jsonl"})

    @pytest.fixture
    def reader(self) -> Reader:
        return RecordsReader()

    @pytest.fixture
    def article(self) -> bytes:
        return (ARTICLES / "orchard.json").read_bytes()


class TestJsonLines(ReaderContract):
    suffix = ".jsonl"
    media_types = frozenset({"application/jsonl"})

    @pytest.fixture
    def reader(self) -> Reader:
        return RecordsReader()

    @pytest.fixture
    def article(self) -> bytes:
        return (ARTICLES / "harvest.jsonl").read_bytes()
