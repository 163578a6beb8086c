from __future__ import annotations

import io
import zipfile

import docx
import pytest
from reader_files import docx_bytes

from rag.errors import UnreadableFileError
from rag.readers import docx as docx_reader
from rag.readers.docx import DocxReader
from rag.schema import Document


def read(data: bytes) -> Document:
    (document,) = DocxReader().read(data, "/news/bakery.docx")
    return document


def test_paragraphs_and_table_rows_become_lines() -> None:
    rows = [["Year", "Loaves"], ["2022", "4,000"], ["2023", "4,500"]]
    document = read(docx_bytes(["The bakery grew.", "", "It has 42 shops."], rows))
    assert document.text.split("\n") == [
        *("The bakery grew.", "", "It has 42 shops.", ""),
        *("Year | Loaves", "2022 | 4,000", "2023 | 4,500"),
    ]


def test_a_merged_cell_comes_once() -> None:
    word = docx.Document()
    table = word.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Both"
    table.cell(1, 0).text = "same"
    table.cell(1, 1).text = "same"
    buffer = io.BytesIO()
    word.save(buffer)
    assert read(buffer.getvalue()).text == "Both\nsame | same"


@pytest.mark.parametrize(
    ("paragraphs", "title"),
    [
        ([("Bread", "Title"), ("One", "Heading 1"), "It sells."], "Bread"),
        ([("Bread", "Heading 1"), "It sells."], "Bread"),
        ([("One", "Heading 1"), "It sells.", ("Two", "Heading 1"), "It sells."], None),
        (["It sells."], None),
    ],
)
def test_the_title_is_what_is_styled_so(
    paragraphs: list[str | tuple[str, str]], title: str | None
) -> None:
    info = read(docx_bytes(paragraphs)).info
    assert info.title == title


def test_properties_of_the_file_are_not_those_of_the_article() -> None:
    info = read(docx_bytes(["It sells."])).info
    assert (info.title, info.author, info.publisher, info.published) == (None, None, None, None)


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


GOOD = docx_bytes(["It sells."])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"no zip", "truncated or no .docx"),
        (GOOD[:-50], "truncated"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "no .docx"),
        (zipped({"word/document.xml": b"<x/>"}), "no .docx"),
        (docx_bytes([""]), "no text"),
    ],
)
def test_the_refusal_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        read(data)
    assert "not read" in caught.value.message
    assert caught.value.hint


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_reader, "MAX_UNPACKED", 1_000_000)
    bomb = zipped({"word/document.xml": b" " * 2_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableFileError, match="unpacks to 2 MB, more than 1 MB"):
        read(bomb)
