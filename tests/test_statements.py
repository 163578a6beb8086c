from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import find_figures
from rag.periods import find_times
from rag.schema import Statement
from rag.statements import statements

TABLE = Path(__file__).parent / "data" / "statements.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TABLE.read_text().splitlines()]


def read(row: dict[str, Any]) -> dict[str, Statement]:
    """The first statement of each figure's text."""
    published = date.fromisoformat(row["published"]) if row["published"] else None
    found = statements(row["text"], lead=row.get("lead"), published=published)
    return {statement.figure.text: statement for statement in reversed(found)}


CASES = [
    pytest.param(row, figure, id=f"{row['text'][:60]}|{figure['figure']}")
    for row in ROWS
    for figure in row["figures"]
]
# Strings of the words that the reading of clauses, periods and speakers turns on.
NEWS = (
    r"((in|on|by|since|from|to|and|or|of|after a high of|against|which|while|said|Ann Ray|police"
    r"|the|sales|rose|fell|up|down|between|respectively|according to|May|June 2023|2019|2023-24"
    r"|Tuesday|last year|a year earlier|that month|the 1990s|12|4%|£3m|three|a third|14 men"
    r"|first quarter|more than|5 June|30 February|34|\(|\)|;|,|\.|:|–|“|”)[ ,]?){1,12}"
)


@pytest.mark.parametrize(("row", "expected"), CASES)
def test_a_figure_has_the_words_around_it_that_are_its_own(
    row: dict[str, Any], expected: dict[str, Any]
) -> None:
    clause = read(row)[expected["figure"]].clause
    assert row["text"][clause.start : clause.end] == expected["clause"]


@pytest.mark.parametrize(("row", "expected"), CASES)
def test_a_figure_counts_what_the_sentence_says(
    row: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert expected["noun"] in read(row)[expected["figure"]].noun


@pytest.mark.parametrize(("row", "expected"), CASES)
def test_a_figure_speaks_of_its_period_or_of_none(
    row: dict[str, Any], expected: dict[str, Any]
) -> None:
    period = read(row)[expected["figure"]].period
    found = period and [period.first.isoformat(), period.last.isoformat(), period.resolved]
    assert found == expected["period"]


@pytest.mark.parametrize(("row", "expected"), CASES)
def test_a_figure_has_its_speaker_or_none(row: dict[str, Any], expected: dict[str, Any]) -> None:
    speaker = read(row)[expected["figure"]].speaker
    if expected["speaker"] is None:
        assert speaker is None
    else:
        assert speaker is not None
        assert expected["speaker"] in speaker


@given(
    st.text() | st.from_regex(NEWS, fullmatch=True), st.none() | st.text(), st.none() | st.dates()
)
def test_any_text_is_read(text: str, lead: str | None, published: date | None) -> None:
    found = statements(text, lead=lead, published=published)
    assert [statement.figure for statement in found] == list(find_figures(text))
    for statement in found:
        assert statement.clause.end <= len(text)
        assert statement.clause.contains(statement.figure.span)
        assert statement.period is None or statement.period.first <= statement.period.last


@given(st.from_regex(NEWS, fullmatch=True))
def test_two_clauses_are_the_same_or_have_nothing_in_common(text: str) -> None:
    clauses = {statement.clause for statement in statements(text)}
    for one in clauses:
        assert not any(one.overlaps(other) for other in clauses - {one}), text


@given(st.from_regex(NEWS, fullmatch=True), st.dates())
def test_a_period_needs_the_date_of_the_article_only_where_it_says_so(
    text: str, published: date
) -> None:
    for dated, undated in zip(statements(text, published=published), statements(text), strict=True):
        if dated.period and not dated.period.resolved:
            assert undated.period == dated.period


def test_a_month_that_begins_no_period_is_a_verb_or_a_name() -> None:
    for text in ("It may cost 12 euros.", "They march 12 miles.", "June Smith, 34, won."):
        assert all(statement.period is None for statement in statements(text))


def test_without_the_date_of_the_article_a_month_is_not_known() -> None:
    (statement,) = statements("In May 12 men left.")
    assert statement.period is None


@pytest.mark.parametrize(
    "words",
    [
        "in the {} season",
        "in {}",
        "in the school year {}",
        "in the winter of {}",
        "How many came in {}?",
        "In the {} financial year",
    ],
)
@pytest.mark.parametrize("written", ["20{}-{}", "20{}/{}", "20{}–{}"])
def test_two_seasons_that_share_a_year_share_no_day(words: str, written: str) -> None:
    def days(year: int) -> tuple[date, date]:
        text = words.format(written.format(year, year + 1))
        (time,) = find_times(text, find_figures(text), None)
        assert time.period is not None
        return time.period.first, time.period.last

    assert days(22)[1] < days(23)[0]
