from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rag.readers.dates import StatedDay, parse_date, read_date_line

DAY = date(2024, 6, 21)


@pytest.mark.parametrize(
    "stated",
    [
        DAY,
        datetime(2024, 6, 21, 23, 59, tzinfo=UTC),
        "2024-06-21",
        "2024-06-21T23:30:00-05:00",
        "2024-06-21 10:00",
        "2024/06/21",
        "June 21, 2024",
        "JUNE 21, 2024",
        "Jun. 21, 2024",
        "June 21st, 2024",
        "21 June 2024",
        "Friday, June 21, 2024",
        "Fri, 21 Jun 2024 10:00:00 +0000",
        "06/21/2024",
        "21/06/2024",
        " 21  June\n2024 ",
    ],
)
def test_a_stated_day_is_read(stated: object) -> None:
    assert parse_date(stated) == DAY


@pytest.mark.parametrize(
    "stated",
    [
        None,
        5,
        1718928000,
        True,
        ["2024-06-21"],
        "",
        "2024",
        "June 2024",
        "2024-06",
        "June 21",
        "yesterday",
        "2 days ago",
        "Friday",
        "03/04/2024",
        "06/05/24",
        "24-06-21",
        "June 31, 2024",
        "2024-13-01",
        "2024-06-21 and more",
        "July 4 2024 parade draws 5000",
        "May 10 2024 - May 12 2024",
        "21 juin 2024",
        "9" * 10_000,
        "June 21, 2024" + " " * 10_000 + "x",
    ],
)
def test_what_is_no_one_day_is_none(stated: object) -> None:
    assert parse_date(stated) is None


@pytest.mark.parametrize(
    ("line", "of_update"),
    [
        ("June 21, 2024", False),
        ("Published: 21 June 2024", False),
        ("Posted on June 21, 2024", False),
        ("Published 3:15 PM EDT, Fri June 21, 2024", False),
        ("Friday 21 June 2024 10.15 BST", False),
        ("June 21, 2024 | 10:15 am", False),
        ("Updated: June 21, 2024 3:15 PM ET", True),
        ("Last updated on 21 June 2024", True),
        ("Updated 10:15 a.m. ET June 21, 2024", True),
    ],
)
def test_a_line_that_is_only_a_date(line: str, of_update: bool) -> None:
    assert read_date_line(line) == StatedDay(DAY, of_update)


@pytest.mark.parametrize(
    "line",
    [
        "Updated:",
        "Published",
        "In 2024",
        "The plant opened on June 21, 2024.",
        "June 21, 2024 was a Friday",
        "© 2024 Example",
        "Photo: June 21, 2024",
    ],
)
def test_other_lines_are_no_date_lines(line: str) -> None:
    assert read_date_line(line) is None
