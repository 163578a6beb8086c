from __future__ import annotations

import csv
import io
from urllib.parse import parse_qsl

import ui_samples as samples

from rag.schema import Filters
from rag.spreadsheet import write_csv
from rag.ui.downloads import csv_of, picture_of, plotted, query_of
from rag.ui.tabs.figures import cells_of, when


def test_the_csv_is_that_of_the_command_line() -> None:
    written = io.StringIO(newline="")
    write_csv(written, samples.stated())
    assert csv_of(samples.stated()) == written.getvalue()
    first, *others = csv.DictReader(io.StringIO(csv_of(samples.stated())))
    assert (first["figure"], len(others)) == ("46,610", 4)


def test_an_address_says_which_figures_are_meant() -> None:
    filters = Filters(documents=("a&b", "c"), publishers=("Coast & Courier",))
    query = query_of("ships = many", filters)
    assert parse_qsl(query.removeprefix("?")) == [
        ("about", "ships = many"),
        ("doc", "a&b"),
        ("doc", "c"),
        ("publisher", "Coast & Courier"),
    ]
    assert query_of("", Filters()) == ""


def test_the_picture_is_a_picture() -> None:
    assert picture_of(plotted(samples.stated(), "arrivals")).startswith(b"\x89PNG")


def test_a_row_of_the_table_can_be_sorted_by_value_and_time() -> None:
    rows = samples.stated()
    number, _, value, noun, *_ = cells_of(3, rows[2])
    assert (number, value, noun) == (3, 1_200_000, "passengers")
    assert [when(row) for row in rows] == ["2031-05", "2031-05", "", "2031-04", ""]
