from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest
from reader_files import IMAGE, packed_pdf, pdf_bytes

from rag.errors import UnreadableFileError
from rag.readers import pdf as pdf_reader
from rag.readers.pdf import PdfReader, join_pages
from rag.schema import Document, Refusal

PAGES = [
    [
        "EXAMPLE HERALD",
        "Bakery chain opens ten new shops",
        "By Ann Ray",
        "June 5, 2023",
        "The bakery chain opened ten new shops in May, its owner said on Mon-",
        "day, which brings the chain to 42. The well-known firm sold 4,500",
        "loaves on the first day alone.",
        "A loaf costs $3.20 on average, 1.5% less than in 2022, by a survey that",
        "1",
    ],
    ["EXAMPLE HERALD", "was published on Friday. It had risen by 12% (“far too much”).", "2"],
    ["EXAMPLE HERALD", "Page 3 of 4"],
    ["EXAMPLE HERALD", "It is a well-", "known brand.", "4"],
]


def read(data: bytes) -> list[Document | Refusal]:
    return list(PdfReader().read(data, "/news/bakery.pdf"))


def read_one(data: bytes) -> Document:
    (document,) = read(data)
    assert isinstance(document, Document)
    return document


def test_lines_become_paragraphs_and_running_heads_go() -> None:
    document = read_one(pdf_bytes(PAGES))
    assert document.text.split("\n\n") == [
        "Bakery chain opens ten new shops",
        "By Ann Ray",
        "June 5, 2023",
        (
            "The bakery chain opened ten new shops in May, its owner said on Monday, which brings "
            "the chain to 42. The well-known firm sold 4,500 loaves on the first day alone."
        ),
        (
            "A loaf costs $3.20 on average, 1.5% less than in 2022, by a survey that was published "
            "on Friday. It had risen by 12% (“far too much”)."
        ),
        "It is a well-known brand.",
    ]
    assert document.info.title == "Bakery chain opens ten new shops"
    assert document.info.author == "Ann Ray"
    assert document.info.published == date(2023, 6, 5)


@pytest.mark.parametrize(
    ("words", "page"),
    [("Bakery", 1), ("survey that", 1), ("was published", 2), ("far too", 2), ("brand", 4)],
)
def test_pages_are_kept(words: str, page: int) -> None:
    document = read_one(pdf_bytes(PAGES))
    assert len(document.page_starts) == 4
    assert document.page_of(document.text.index(words)) == page


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The govern-", "ment met on Friday."], "The government met on Friday."),
        (["A self-made man is a self-", "made man."], "A self-made man is a self-made man."),
        (["The Anglo-", "American firm met again."], "The Anglo-\n\nAmerican firm met again."),
        (
            ["It fell in the years 2019-", "2021, it said."],
            "It fell in the years 2019-2021, it said.",
        ),
        (
            ["Line one ends.", "It is short.", "x" * 60],
            f"Line one ends.\n\nIt is short.\n\n{'x' * 60}",
        ),
        (
            ["• one of the items in the list", "• two of the items in the list"],
            "• one of the items in the list\n\n• two of the items in the list",
        ),
    ],
)
def test_line_ends(lines: list[str], text: str) -> None:
    assert join_pages(["\n".join(lines)]) == (text, (0,))


def test_title_and_author_of_the_file_count_only_where_the_text_says_so() -> None:
    info = {"Title": "Bakery chain  opens ten new shops", "Author": "typist-7"}
    document = read_one(pdf_bytes([["BAKERY CHAIN OPENS TEN NEW SHOPS", "It grew."]], info))
    assert document.info.title == "Bakery chain opens ten new shops"
    assert document.info.author is None


def test_the_day_of_the_file_is_not_the_day_of_publication() -> None:
    info = {"CreationDate": "D:20230605120000Z"}
    assert read_one(pdf_bytes([["It grew."]], info)).info.published is None


def test_an_image_among_pages_is_said_and_the_others_are_read() -> None:
    document, refusal = read(pdf_bytes([["The bakery sold 4,500 loaves."], IMAGE, []]))
    assert isinstance(document, Document)
    assert isinstance(refusal, Refusal)
    assert refusal.source == "/news/bakery.pdf#page=2"
    assert "image" in refusal.reason


def encrypted(password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf_bytes([["It grew."]])))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


GOOD = pdf_bytes(PAGES)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"Not a PDF at all %%EOF", "no PDF"),
        (GOOD[:-30], "truncated"),
        (GOOD[: len(GOOD) // 2], "truncated"),
        (GOOD + b"\n" + GOOD[:1500], "truncated"),
        (b"%PDF-1.4\nnothing\n%%EOF", "broken"),
        (encrypted("secret"), "encrypted"),
        (pdf_bytes([IMAGE, IMAGE]), "images"),
        (pdf_bytes([[], []]), "no text"),
    ],
)
def test_the_refusal_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        read(data)
    assert "not read" in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_only_protected_against_editing_is_read() -> None:
    assert read_one(encrypted("")).text == "It grew."


def test_a_stream_that_unpacks_for_ever_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="unpacks to more than is read") as caught:
        read(packed_pdf(b" " * 80_000_000))
    assert caught.value.hint


def test_pages_that_share_their_content_are_counted_each(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = b"BT /F1 11 Tf 72 700 Td (It rained.) Tj ET"
    assert "It rained." in read_one(packed_pdf(drawing, 2)).text
    monkeypatch.setattr(pdf_reader, "MAX_PDF_CHARACTERS", 100)
    with pytest.raises(UnreadableFileError, match="more than 100 characters"):
        read(packed_pdf(drawing, 20))
