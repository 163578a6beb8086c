from __future__ import annotations

from datetime import date

import pytest

from rag.readers.metadata import Metadata, cut_stamp, find_metadata

PROSE = "The bakery chain opened ten new shops in May, its owner said on Monday."
DAY = date(2024, 6, 3)


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        (f"date 2024-06-03 {PROSE}", Metadata(published=DAY), PROSE),
        (f"date: 2024-06-03\n{PROSE}", Metadata(published=DAY), PROSE),
        (f"Published 2024-06-03T10:00:00Z — {PROSE}", Metadata(published=DAY), PROSE),
        ("date 2024-06-03 42 shops opened.", Metadata(published=DAY), "42 shops opened."),
        (
            f"date 2024-06-03 By Ann Ray, EHN\n\n{PROSE}",
            Metadata(published=DAY, author="Ann Ray", publisher="EHN"),
            PROSE,
        ),
        ("date 2024-06-03 By noon it rained.", Metadata(published=DAY), "By noon it rained."),
    ],
)
def test_a_leading_stamp_becomes_metadata(text: str, found: Metadata, rest: str) -> None:
    assert cut_stamp(text) == (found, rest)


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "Date 2024-06-03 was set for the launch.",
        "date 2024-06-31 No such day.",
        "date 2024-06-031 No such day.",
        "Dates 2024-06-03 The firm",
        "The date 2024-06-03 was set.",
        "",
    ],
)
def test_other_text_keeps_its_beginning(text: str) -> None:
    assert cut_stamp(text) == (Metadata(), text)


@pytest.mark.parametrize(
    ("line", "author", "publisher", "published"),
    [
        ("By Ann Ray", "Ann Ray", None, None),
        ("by Ann Ray", "Ann Ray", None, None),
        ("BY ANN RAY", "Ann Ray", None, None),
        ("By Ann Ray, EHN", "Ann Ray", "EHN", None),
        ("By ANN RAY | Example Times | June 3, 2024", "Ann Ray", "Example Times", DAY),
        ("By Ann Ray and Bob Lee", "Ann Ray and Bob Lee", None, None),
        (
            "By Ann Ray, Bob Lee and Cy Poe, The Post",
            "Ann Ray, Bob Lee and Cy Poe",
            "The Post",
            None,
        ),
        ("By J. R. van der Berg-O’Neil", "J. R. van der Berg-O’Neil", None, None),
        ("By José Ñandú, Example of Oslo", "José Ñandú", "Example of Oslo", None),
        ("By Ann Ray Jr., Staff Writer", "Ann Ray Jr.", None, None),
        ("By Ann Ray • 5 min read", "Ann Ray", None, None),
        ("By Ann Ray | Updated June 3, 2024 at 3:15 p.m. ET", "Ann Ray", None, None),
    ],
)
def test_bylines(line: str, author: str, publisher: str | None, published: date | None) -> None:
    text = f"Bakery chain opens shops\n{line}\n\n{PROSE}"
    found, spans = find_metadata(text)
    assert found == Metadata("Bakery chain opens shops", publisher, author, published)
    assert [text[span.start : span.end] for span in spans] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "By Monday Morning",
        "By The Example Press",
        "By Example Staff",
        "By land and sea",
        "By Popular Demand",
        "By Ann Ray, who lives in Springfield and bakes bread.",
        "By noon Ann Ray had left.",
        "Ann Ray",
    ],
)
def test_lines_that_are_no_bylines(line: str) -> None:
    assert find_metadata(f"Bakery chain opens shops\n{line}\n\n{PROSE}")[0].author is None


def test_byline_below_a_summary_is_found() -> None:
    summary = "Ten shops in a month is more than ever."
    text = f"Bakery chain opens shops\n\n{summary}\n\nBy Ann Ray\n\n{PROSE}"
    assert find_metadata(text)[0].author == "Ann Ray"


def test_date_line_below_prose_is_no_publication_date() -> None:
    assert find_metadata(f"Shops open\n\n{PROSE}\n\nJune 3, 2024\n\n{PROSE}")[0].published is None


def test_day_of_publication_goes_before_the_day_of_an_update() -> None:
    text = f"Bakery opens shops\nUpdated: June 9, 2024\nPublished: June 3, 2024\n\n{PROSE}"
    assert find_metadata(text)[0].published == DAY
    text = f"Bakery opens shops\nUpdated: June 3, 2024\n\n{PROSE}"
    assert find_metadata(text)[0].published == DAY


@pytest.mark.parametrize(
    ("dateline", "publisher"),
    [
        ("Springfield (EHN) — ", "EHN"),
        ("SPRINGFIELD, Ore. (EP) — ", "EP"),
        ("OSLO (Example) - ", "Example"),
        ("OSLO, June 3 (Example) - ", "Example"),
        ("Springfield (OR) — ", None),
        ("Paris (France) — ", None),
        ("Brussels (EU) – ", None),
        ("Ann Ray (D-Ohio) — ", None),
        ("The firm (EHN) said ", None),
    ],
)
def test_datelines(dateline: str, publisher: str | None) -> None:
    assert find_metadata(dateline + PROSE)[0].publisher == publisher


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Bakery chain opens shops\n\n", "Bakery chain opens shops"),
        ("Is bread too dear?\n\n", "Is bread too dear?"),
        ("US News\nexclusive\n\nBakery chain opens shops\n\n", "Bakery chain opens shops"),
        ("Close\nUpdated:\n\nBakery chain opens shops\n\n", "Bakery chain opens shops"),
        ("By Ann Ray\n\nBakery chain opens shops\n\n", "Bakery chain opens shops"),
        ("", None),
        ("Local News\n\n", None),
        ("It was a good month.\n\n", None),
        ("The following was said today:\n\n", None),
        (" ".join(["word"] * 26) + "\n\n", None),
    ],
)
def test_headlines(head: str, title: str | None) -> None:
    assert find_metadata(head + PROSE)[0].title == title


def test_a_line_without_text_below_is_no_headline() -> None:
    assert find_metadata("Bakery chain opens shops\n\nMore about it")[0].title is None
