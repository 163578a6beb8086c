from __future__ import annotations

import doctest
import time
from decimal import Decimal
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import (
    Agreement,
    agree,
    bounded_span,
    find_figures,
    finding,
    numerals,
    reading,
    units,
)
from rag.schema import Bound, Figure

# Text, then "value kind unit bound" of each figure in it.
FOUND: list[tuple[str, list[str]]] = [
    ("46,610 people came", ["46610 count - exact"]),
    ("12 of them", ["12 count - exact"]),
    ("an 18% decrease", ["18 percent - exact"]),
    ("18 per cent of voters", ["18 percent - exact"]),
    ("up 18 percent", ["18 percent - exact"]),
    ("by 18 percentage points", ["18 percentage points - exact"]),
    ("fell 0.3pp", ["0.3 percentage points - exact"]),
    (".5 per cent", ["0.5 percent - exact"]),
    ("more than 240,000 seats", ["240000 count - more than"]),
    ("over a million viewers", ["1000000 count - more than"]),
    ("at least 12 dead", ["12 count - at least"]),
    ("no fewer than 12", ["12 count - at least"]),
    ("up to 40 metres", ["40 count m at most"]),
    ("as many as 300 homes", ["300 count - at most"]),
    ("fewer than 50 fans", ["50 count - less than"]),
    ("nearly 50 fans", ["50 count - nearly"]),
    ("about 3,200 visits", ["3200 count - about"]),
    ("some 42,000 visitors", ["42000 count - about"]),
    ("roughly 159,000", ["159000 count - about"]),
    ("100 or more", ["100 count - at least"]),
    ("300+ jobs", ["300 count - at least"]),
    ("$95 billion in aid", ["95000000000 money USD exact"]),
    ("$1.5bn", ["1500000000 money USD exact"]),
    ("US$3m", ["3000000 money USD exact"]),
    ("€3.2 million", ["3200000 money EUR exact"]),
    ("£12,000", ["12000 money GBP exact"]),
    ("1.2 million euros", ["1200000 money EUR exact"]),
    ("half a million", ["500000 count - exact"]),
    ("a dozen eggs", ["12 count - exact"]),
    ("two dozen", ["24 count - exact"]),
    ("three hundred", ["300 count - exact"]),
    ("twenty-five", ["25 count - exact"]),
    ("minus 4.5", ["-4.5 count - exact"]),
    ("−4.5 degrees", ["-4.5 count degree exact"]),
    ("one in five", ["0.2 ratio - exact"]),
    ("3 out of 4 pupils", ["0.75 ratio - exact"]),
    ("a quarter of the seats", ["0.25 ratio - exact"]),
    ("sales doubled", ["2 multiple - exact"]),
    ("a twofold rise", ["2 multiple - exact"]),
    ("output halved", ["0.5 multiple - exact"]),
    ("a four-year low", ["4 duration year exact"]),
    ("for the last seven months", ["7 duration month exact"]),
    ("a 45-year-old driver", ["45 age year exact"]),
    ("21 June 2024", ["20240621 date - exact"]),
    ("Jan. 5, 2024", ["20240105 date - exact"]),
    ("2024-06-21", ["20240621 date - exact"]),
    ("since July 2020", ["20200700 date - exact"]),
    ("in May of 2017", ["20170500 date - exact"]),
    ("on June 27", ["627 date - exact"]),
    ("in fiscal year 2024", ["2024 year - exact"]),
    ("the 1990s", ["1990 year decade exact"]),
    ("the second debate", ["2 ordinal - exact"]),
    ("the 21st time", ["21 ordinal - exact"]),
    ("call 212-555-0142", ["2125550142 identifier phone exact"]),
    ("COVID-19", ["19 identifier covid-19 exact"]),
    ("an F-16 and the G7", ["16 identifier f-16 exact", "7 identifier g7 exact"]),
    ("from $10 to $12 million", ["10000000 money USD exact", "12000000 money USD exact"]),
    ("5–7% of sales", ["5 percent - exact", "7 percent - exact"]),
    ("between two and three weeks", ["2 duration week exact", "3 duration week exact"]),
    ("10-15 people", ["10 count - exact", "15 count - exact"]),
    ("$10 and 12 million people", ["10 money USD exact", "12000000 count - exact"]),
    ("between about 5 and 7 million", ["5000000 count - about", "7000000 count - exact"]),
    ("from 45 cents to $1.20", ["0.45 money cent exact", "1.2 money USD exact"]),
    ("$10-12 million", ["10000000 money USD exact", "12000000 money USD exact"]),
    ("2010-15", ["2010 year - exact", "2015 year - exact"]),
    ("4-6 June", ["604 date - exact", "606 date - exact"]),
    ("2-14 June 2024", ["20240602 date - exact", "20240614 date - exact"]),
    ("aged 18 to 24", ["18 age year exact", "24 age year exact"]),
    ("aged between 3 and 11", ["3 age year exact", "11 age year exact"]),
    ("18- to 24-year-olds", ["18 age year exact", "24 age year exact"]),
    ("Ann, 12, Tom, 9, and Bea, 4.", ["12 age year exact", "9 age year exact", "4 age year exact"]),
    ("people over 65 and under-21s", ["65 age year more than", "21 age year less than"]),
    ("those 12 and older", ["12 age year at least"]),
    ("boys under 5 kg", ["5 count kg less than"]),
    ("a 200m race for 2m fans", ["200 count m exact", "2000000 count - exact"]),
    ("twenty two-year terms", ["20 count - exact", "2 duration year exact"]),
    ("In March 12 people died", ["12 count - exact"]),
    ("on March 12 officials met", ["312 date - exact"]),
    ("in 2019 2,000 people", ["2019 year - exact", "2000 count - exact"]),
    ("12 of 1848 members", ["12 count - exact", "1848 count - exact"]),
    ("in 1848 and by 2100", ["1848 year - exact", "2100 year - exact"]),
    ("some 1950 houses", ["1950 count - about"]),
    ("below 2019 levels", ["2019 year - exact"]),
    ("2000 euros", ["2000 money EUR exact"]),
    ("(2022: £2)", ["2022 year - exact", "2 money GBP exact"]),
    ("around 1900", ["1900 year - about"]),
    ("20% more than 500", ["20 percent - exact", "500 count - exact"]),
    ("In 2023 more than 500 left", ["2023 year - exact", "500 count - more than"]),
    ("up 14 percent to over 500", ["14 percent - exact", "500 count - more than"]),
    ("no higher than 5%", ["5 percent - at most"]),
    ("aged 65 or over", ["65 age year at least"]),
    ("under the age of 18", ["18 age year less than"]),
    ("over a 20-year career", ["20 duration year exact"]),
    ("more than doubled", ["2 multiple - more than"]),
    ("the second quarter of 2023", ["2 ordinal quarter exact", "2023 year - exact"]),
    ("a 30 second clip", ["30 duration second exact"]),
    ("in the second half", ["2 ordinal half exact"]),
    ("in 2024 second-half sales", ["2024 year - exact", "2 ordinal half exact"]),
    ("two second homes", ["2 count - exact", "2 ordinal - exact"]),
    ("10 won medals", ["10 count - exact"]),
    ("5,000 won", ["5000 money KRW exact"]),
    ("a magnitude-6.8 quake", ["6.8 count - exact"]),
    ("a three-and-a-half-hour talk", ["3.5 duration hour exact"]),
    ("four and a half points", ["4.5 count point exact"]),
    ("a quarter point", ["0.25 count point exact"]),
    (
        "the Big Four, the Group of Seven",
        ["4 identifier big four exact", "7 identifier group of seven exact"],
    ),
    ("Gate 12B, Route 66", ["12 identifier gate 12b exact", "66 identifier route 66 exact"]),
    ("dial 112 or 55 01 42 80", ["112 identifier phone exact", "55014280 identifier phone exact"]),
    ("a scale of 1:200,000", ["1200000 identifier 1:200,000 exact"]),
    ("3-1, 4-4-2", ["3 count - exact", "1 count - exact", "442 identifier 4-4-2 exact"]),
    ("one of the officials said no one knew", []),
    ("Nobody may go to the office.", []),
    ("", []),
]


def told(figure: Figure) -> str:
    value = format(figure.value.normalize(), "f")
    return f"{value} {figure.kind.value} {figure.unit or '-'} {figure.bound.value}"


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[text for text, _ in FOUND])
def test_figures_are_found(text: str, expected: list[str]) -> None:
    assert [told(figure) for figure in find_figures(text)] == expected


# What is said, what is stated, and how they agree.
PAIRS: list[tuple[str, str, Agreement]] = [
    ("46,610", "46,610 people", Agreement.EXACT),
    ("46.61 thousand", "46,610", Agreement.EXACT),
    ("$1.5bn", "$1,500 million", Agreement.EXACT),
    ("18 per cent", "18%", Agreement.EXACT),
    ("June 27", "27 June 2024", Agreement.ROUNDED),
    ("27 June 2024", "June 27", Agreement.DIFFERENT),
    ("May 2017", "May of 2017", Agreement.EXACT),
    ("about 47,000", "46,610", Agreement.ROUNDED),
    ("46.6 thousand", "46,610", Agreement.ROUNDED),
    ("$1.5 billion", "$1.49 billion", Agreement.ROUNDED),
    ("46,000", "46,610", Agreement.DIFFERENT),
    ("5", "5.4", Agreement.DIFFERENT),
    ("about 5", "5.4", Agreement.ROUNDED),
    ("46,611", "46,610", Agreement.DIFFERENT),
    ("4,661", "46,610", Agreement.DIFFERENT),
    ("240,000", "more than 240,000", Agreement.BOUND_LOST),
    ("more than 25,000", "25,000", Agreement.BOUND_LOST),
    ("at least 5", "more than 5", Agreement.BOUND_LOST),
    ("18%", "18 percentage points", Agreement.DIFFERENT),
    ("18%", "18", Agreement.DIFFERENT),
    ("$3 million", "€3 million", Agreement.DIFFERENT),
    ("3 million", "$3 million", Agreement.DIFFERENT),
    ("two weeks", "two months", Agreement.DIFFERENT),
    ("2017", "2018", Agreement.DIFFERENT),
    ("2020", "2,020 people", Agreement.DIFFERENT),
    ("the second", "the first", Agreement.DIFFERENT),
    ("July 2020", "July 2021", Agreement.DIFFERENT),
    ("1990", "1989", Agreement.DIFFERENT),
    ("doubled", "tripled", Agreement.DIFFERENT),
]


@pytest.mark.parametrize(("said", "stated", "expected"), PAIRS)
def test_agreement(said: str, stated: str, expected: Agreement) -> None:
    (one,), (other,) = find_figures(said), find_figures(stated)
    assert agree(one, other) is expected


@pytest.mark.parametrize("module", [finding, numerals, reading, units])
def test_the_examples_in_the_docstrings_are_right(module: ModuleType) -> None:
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0


def test_bounded_span_takes_the_words_along() -> None:
    text = "They counted more than 240,000 people, 300 or more of them children."
    first, second = find_figures(text)
    spans = [bounded_span(text, figure) for figure in (first, second)]
    assert [text[s.start : s.end] for s in spans] == ["more than 240,000", "300 or more"]


@given(st.integers(0, 10**12), st.sampled_from(["{:,}", "{}"]))
def test_every_whole_number_is_found(number: int, form: str) -> None:
    written = form.format(number)
    figures = find_figures(f"They counted {written} seats")
    if figures[0].kind.value != "year":
        assert [(f.text, f.value) for f in figures] == [(written, Decimal(number))]


@given(st.text(st.characters() | st.sampled_from("0123456789,.%$ -–½²٣a"), max_size=80))
def test_spans_are_exact_ordered_and_apart(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert figure.span.start >= end
        assert text[figure.span.start : figure.span.end] == figure.text
        assert isinstance(figure.bound, Bound)
        end = figure.span.end


@pytest.mark.parametrize(
    "piece",
    ["1", ",", "1,", "1 ", "a ", "minus ", "$", " ", "half ", "June ", "A-", "@", "1:", "\n", "1-"],
)
def test_time_grows_with_the_text(piece: str) -> None:
    started = time.process_time()
    find_figures(piece * 50_000)
    assert time.process_time() - started < 5


def test_a_day_before_a_colon_is_a_day() -> None:
    (figure,) = find_figures("On June 5: the order began.")
    assert (figure.text, figure.kind.value) == ("June 5", "date")
