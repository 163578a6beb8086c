from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UnreadableFileError
from rag.readers import records
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


@pytest.mark.parametrize(
    ("lines", "good"),
    [
        (['{"text": "One."}', '{"text": "Tw'], [1]),
        (['{"text": "On', '{"text": "Two."}'], [2]),
        (['xt": "One."}', '{"text": "Two."}'], [2]),
        (['{"text": "One."}', '{"text": "Tw', '{"text": "Thr'], [1]),
        (['{"text": "One."}', "", '{"text": "Tw', '{"text": "Three."}'], [1, 4]),
        (['{"text": "One."}', '{"text": "Two."}{"text": "Three."}'], [1]),
    ],
)
def test_good_lines_among_cut_ones_are_read(lines: list[str], good: list[int]) -> None:
    found = read("\n".join(lines))
    read_lines = [one.info.source for one in found if isinstance(one, Document)]
    assert read_lines == [f"/feed.jsonl#{number}" for number in good]
    refused = [one for one in found if isinstance(one, Refusal)]
    assert len(refused) == len([line for line in lines if line]) - len(good)
    assert all(one.reason.startswith(f"Line {one.source[12:]}: ") for one in refused)


def test_values_beyond_the_limit_are_refused_unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_JSON_MARKS", 100)
    with pytest.raises(UnreadableFileError, match="more than 100 brackets and commas"):
        read("[" + "[]," * 100 + "[]]")
    # The limit is one of what is parsed at once.
    assert len(read('{"text": "One, two."}\n' * 100)) == 100


def test_a_record_whose_markup_cannot_be_parsed_is_refused_alone() -> None:
    deep = json.dumps({"text": "<div>" * 300 + "x" + "</div>" * 300 + "<p>One.</p>"})
    first, second = read(f'{deep}\n{{"text": "Two."}}')
    assert isinstance(first, Refusal)
    assert first.reason.startswith("Record 1: Its end cannot be reached")
    assert isinstance(second, Document)


def test_deep_nesting_is_named_as_the_reason() -> None:
    with pytest.raises(UnreadableFileError, match="brackets lie too deep"):
        read("[" * 100_000 + "]" * 100_000)
