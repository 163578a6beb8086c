from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UnreadableFileError
from rag.readers.records import RecordsReader
from rag.schema import Document, Refusal

ARTICLES = Path(__file__).parent / "data" / "articles"


def read(content: str | bytes, name: str = "/feed.jsonl") -> list[Document | Refusal]:
    data = content.encode() if isinstance(content, str) else content
    return list(RecordsReader().read(data, name))


def read_one(record: dict[str, Any]) -> Document:
    (document,) = read(json.dumps(record))
    assert isinstance(document, Document)
    return document


def test_lines_of_every_make() -> None:
    first, second, broken, empty, third = read((ARTICLES / "harvest.jsonl").read_bytes())
    assert isinstance(first, Document)
    assert (first.info.id, first.info.source) == ("h1", "/feed.jsonl#1")
    assert (first.info.title, first.info.author) == ("Wheat harvest falls by a tenth", "Ann Ray")
    assert (first.info.publisher, first.info.published) == ("Example Farmer", date(2020, 8, 30))

    assert isinstance(second, Document)
    assert (second.info.id, second.info.publisher) == ("feed-2", "Example Wire")
    assert second.info.published is None  # 03/04/2020 is a day in March or in April
    assert second.text == "The barley came 9 days early.\nHalf of it, 40,000 tons, is sold."

    assert isinstance(broken, Refusal)
    assert broken.source == "/feed.jsonl#4"
    assert broken.reason.startswith("Line 4: It is no JSON (Unterminated string")
    assert isinstance(empty, Refusal)
    assert (empty.source, empty.reason) == (
        "/feed.jsonl#5",
        "Record 5 was not read: it has no text.",
    )

    assert isinstance(third, Document)
    assert third.text == "Oats rose to $4.10.\nThe record is $5."
    assert (third.info.id, third.info.author) == ("feed-6", "Ann Ray, Bob Lee")
    assert (third.info.publisher, third.info.published) == (None, date(2020, 6, 21))


@pytest.mark.parametrize(
    "content",
    [
        '{"text": "One."}',
        '[{"text": "One."}]',
        '{"n": 1, "tags": ["a"], "items": [{"text": "One."}]}',
        '\ufeff{"text": "One."}\n',
        '{\n "text":\n "One."\n}',
    ],
)
def test_json_of_every_shape(content: str) -> None:
    (document,) = read(content, "/a b.json")
    assert isinstance(document, Document)
    assert (document.text, document.info.source) == ("One.", "/a b.json#1")
    assert (document.info.id, document.info.media_type) == ("a-b-1", "application/json")


def test_a_bad_item_of_a_list_does_not_stop_the_others() -> None:
    one, two, three = read('[{"text": "One."}, 5, {"text": "Three."}]')
    assert isinstance(one, Document)
    assert isinstance(two, Refusal)
    assert two.reason == "Record 2 was not read: it is no object."
    assert isinstance(three, Document)
    assert three.info.source.endswith("#3")


def test_fields_of_odd_types_are_read_or_left_out() -> None:
    info = read_one(
        {"id": 7, "text": "One.", "title": None, "author": {"name": "Ann"}, "date": 1718928000}
    ).info
    assert (info.id, info.title, info.author, info.published) == ("7", None, "Ann", None)
    info = read_one({"text": "One.", "author": [["x"], {"name": {"name": "y"}}], "date": []}).info
    assert (info.author, info.published) == (None, None)


def test_text_that_is_no_string_is_passed_over() -> None:
    assert read_one({"text": {"a": 1}, "body": "One."}).text == "One."


def test_hostile_strings_come_out_normalised() -> None:
    document = read_one({"text": "a\x00b \ud83d c\u202e", "id": "\ud800 x\n"})
    assert (document.text, document.info.id) == ("ab c", "x")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("{broken", "no JSON"),
        ('{"text": "One."', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("5", "no records"),
        ("[]", "no records"),
        ('["a", "b"]', "no records"),
        ("null", "no records"),
        ("plain text\nof two lines", "no JSON"),
        ("9" * 5000, "no JSON"),
    ],
)
def test_the_refusal_says_why(content: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        read(content)
    assert "not read" in caught.value.message
    assert caught.value.hint
