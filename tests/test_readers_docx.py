from __future__ import annotations

import io
import time
import zipfile

import docx
import pytest
from reader_checks import with_parts, word_of
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


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def body(xml: str) -> str:
    return read(word_of(xml.encode())).text


@pytest.mark.parametrize(
    "inside",
    [
        f"<w:ins>{run('4,500')}</w:ins>",
        f"<w:del><w:r><w:delText>9,000</w:delText></w:r></w:del><w:ins>{run('4,500')}</w:ins>",
        f"<w:moveFrom>{run('9,000')}</w:moveFrom><w:moveTo>{run('4,500')}</w:moveTo>",
        f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{run('4,500')}</w:sdtContent></w:sdt>",
        f"<w:fldSimple w:instr='PAGE'>{run('4,500')}</w:fldSimple>",
        f"<w:smartTag>{run('4,500')}</w:smartTag>",
        f"<w:hyperlink>{run('4,500')}</w:hyperlink>",
        f"<w:r><w:instrText>9,000</w:instrText></w:r>{run('4,500')}",
    ],
)
def test_changes_fields_and_controls_keep_their_words(inside: str) -> None:
    paragraph = f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{run('It sold ')}{inside}"
    assert body(f"{paragraph}{run(' loaves.')}</w:p>") == "It sold 4,500 loaves."


def test_blocks_inside_a_control_are_read() -> None:
    inner = (
        f"<w:p>{run('One.')}</w:p><w:tbl><w:tr><w:tc><w:p>{run('a')}</w:p></w:tc></w:tr></w:tbl>"
    )
    assert body(f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>") == "One.\n\na"


def test_a_page_break_parts_words() -> None:
    assert body(f"<w:p>{run('One.')}<w:r><w:br w:type='page'/></w:r>{run('Two.')}</w:p>") == (
        "One.\nTwo."
    )


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


def test_a_cell_that_spans_rows_comes_in_each() -> None:
    first = cell("2022", "<w:vMerge w:val='restart'/>") + cell("4,000")
    second = cell("", "<w:vMerge/>") + cell("4,500")
    table = f"<w:tbl><w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>"
    assert body(table) == "2022 | 4,000\n2022 | 4,500"


def test_a_long_cell_that_spans_rows_comes_once() -> None:
    words = "word " * 100
    rows = "<w:tr>" + cell(words, "<w:vMerge w:val='restart'/>") + "</w:tr>"
    rows += ("<w:tr>" + cell("", "<w:vMerge/>") + cell("x") + "</w:tr>") * 50
    assert body(f"<w:tbl>{rows}</w:tbl>").count("word") == 100


def test_a_table_in_a_cell_is_read() -> None:
    inner = f"<w:tbl><w:tr>{cell('4,500')}</w:tr></w:tbl>"
    outer = f"<w:tc><w:p>{run('Loaves')}</w:p>{inner}<w:p/></w:tc>"
    assert body(f"<w:tbl><w:tr>{outer}</w:tr></w:tbl>") == "Loaves 4,500"


@pytest.mark.parametrize("span", ["999999999", "9" * 5000, "-1", "x", ""])
def test_a_cell_comes_once_whatever_it_says_that_it_spans(span: str) -> None:
    wide = cell("a", f"<w:gridSpan w:val='{span}'/>")
    assert body(f"<w:tbl><w:tr>{wide}{cell('b')}</w:tr></w:tbl>") == "a | b"


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE w [<!ENTITY a "4,500">]>',
        b"<!DOCTYPE w>",
    ],
)
def test_a_document_type_is_refused_for_its_entities_would_be_left_out(declaration: bytes) -> None:
    entity = b"&a;" if b"ENTITY" in declaration else b""
    paragraph = b"<w:p><w:r><w:t>%s loaves</w:t></w:r></w:p>" % entity
    with pytest.raises(UnreadableFileError, match="declares a document type"):
        read(word_of(paragraph, declaration))


def test_markup_beyond_the_limit_is_refused_under_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_reader, "MAX_MARKUP", 2_000_000)
    for name in ("word/document.xml", "word/media/image1.png"):
        with pytest.raises(UnreadableFileError, match="of text and markup"):
            read(with_parts(GOOD, {name: b"\xef\xbb\xbf <a>" + b" " * 2_000_000}))
    assert read(with_parts(GOOD, {"word/media/image1.png": b"\x89PNG" + b" " * 2_000_000})).text


def test_a_large_part_without_a_name_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(""), b" " * 2_000_000)
    with pytest.raises(UnreadableFileError, match=r"no \.docx"):
        read(buffer.getvalue())


def test_many_styled_paragraphs_are_read_soon() -> None:
    styled = "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr>" + run("One") + "</w:p>"
    started = time.perf_counter()
    assert body(styled * 10_000).count("One") == 10_000
    assert time.perf_counter() - started < 5  # 0.3 s; 0.8 ms for each style: 8 s
