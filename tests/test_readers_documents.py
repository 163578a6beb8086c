from __future__ import annotations

from datetime import date

import pytest

from rag.errors import UnreadableFileError
from rag.readers.documents import make_document, slug
from rag.readers.metadata import Metadata

TEXT = "The bakery sold 4,500 loaves."


def test_what_the_file_states_goes_before_what_the_text_says() -> None:
    document = make_document(
        f"date 2024-06-03 By Ann Ray, EHN\n\n{TEXT}",
        source="/a.md",
        media_type="text/markdown",
        stated=Metadata(title=" Bread \n sells ", author="Bob Lee", publisher=" "),
    )
    assert document.text == TEXT
    assert document.info.title == "Bread sells"
    assert document.info.author == "Bob Lee"
    assert document.info.publisher == "EHN"
    assert document.info.published == date(2024, 6, 3)


def test_pages_move_with_the_stamp_that_is_cut_off() -> None:
    text = f"date 2024-06-03 {TEXT}\n\nIt grew."
    starts = (0, text.index("It grew"))
    document = make_document(text, source="/a", media_type="x", page_starts=starts)
    assert document.page_starts == (0, document.text.index("It grew"))
    assert document.page_of(document.text.index("grew")) == 2


@pytest.mark.parametrize(
    ("source", "number", "stated_id", "expected"),
    [
        ("/news/The Old Bridge (2).txt", None, None, "the-old-bridge-2"),
        ("/news/Überpreise.md", None, None, "uberpreise"),
        ("/news/a.tar.txt", None, None, "a-tar"),
        ("/news/feed.jsonl", 3, None, "feed-3"),
        ("stdin:0123456789ab", None, None, "stdin-0123456789ab"),
        ("/news/feed.jsonl", 3, " my  id ", "my id"),
        ("/news/x.md", None, "\u200b ", "x"),
        (f"/{'a' * 200}.txt", None, None, "a" * 60),
    ],
)
def test_ids(source: str, number: int | None, stated_id: str | None, expected: str) -> None:
    document = make_document(
        TEXT, source=source, media_type="x", stated_id=stated_id, number=number
    )
    assert document.info.id == expected


def test_names_in_another_script_get_an_id_each() -> None:
    one, two = (
        make_document(TEXT, source=f"/{name}.txt", media_type="x").info.id
        for name in ("北京", "東京")
    )
    assert one != two
    assert one.isascii()


def test_slug_has_no_hyphen_at_its_ends() -> None:
    assert slug("a" * 59 + "-b") == "a" * 59
    assert slug("…") == ""


def test_sum_changes_with_text_and_with_each_field() -> None:
    variants = [
        (TEXT, Metadata()),
        (TEXT + " It grew.", Metadata()),
        (TEXT, Metadata(title="a")),
        (TEXT, Metadata(publisher="a")),
        (TEXT, Metadata(author="a")),
        (TEXT, Metadata(published=date(2024, 6, 3))),
    ]
    sums = {
        make_document(text, source="/a", media_type="x", stated=stated).info.content_sha256
        for text, stated in variants
    }
    assert len(sums) == len(variants)


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\ufeff", "date 2024-06-03"])
def test_no_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFileError, match="no text"):
        make_document(text, source="/a", media_type="x")


@pytest.mark.parametrize("name", ["\udce9\udce8.txt", "\ud800.txt", "東京.txt"])
def test_a_name_without_ascii_letters_gives_an_id_all_the_same(name: str) -> None:
    info = make_document("It fell.", source=f"/news/{name}", media_type="text/plain").info
    assert len(bytes.fromhex(info.id)) == 6
