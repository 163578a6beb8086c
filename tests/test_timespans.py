"""Spans of days in words and in digits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.timespans import in_digits, in_words


@pytest.mark.parametrize(
    ("first", "last", "words", "digits"),
    [
        ("2031-05-14", "2031-05-14", "14 May 2031", "2031-05-14"),
        ("2031-05-01", "2031-05-31", "May 2031", "2031-05"),
        ("2028-02-01", "2028-02-29", "February 2028", "2028-02"),
        ("2031-01-01", "2031-12-31", "2031", "2031"),
        ("2029-01-01", "2031-12-31", "2029 to 2031", "2029 to 2031"),
        ("2031-01-01", "2031-03-31", "January 2031 to March 2031", "2031-01 to 2031-03"),
        ("2030-10-01", "2031-09-30", "October 2030 to September 2031", "2030-10 to 2031-09"),
        ("2031-05-01", "2031-05-30", "1 May 2031 to 30 May 2031", "2031-05-01 to 2031-05-30"),
        ("2031-05-03", "2031-06-07", "3 May 2031 to 7 June 2031", "2031-05-03 to 2031-06-07"),
        ("9999-12-01", "9999-12-31", "December 9999", "9999-12"),
    ],
)
def test_a_span_is_named_as_shortly_as_it_can_be(
    first: str, last: str, words: str, digits: str
) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert in_words(*days) == words
    assert in_digits(*days) == digits


@given(st.lists(st.dates(), min_size=4, max_size=4))
def test_two_spans_are_never_named_alike(days: list[date]) -> None:
    one, other = sorted(days[:2]), sorted(days[2:])
    for named in (in_words, in_digits):
        assert (named(one[0], one[1]) == named(other[0], other[1])) == (one == other)


@given(st.dates(), st.dates())
def test_digits_sort_as_the_first_days_do(one: date, other: date) -> None:
    named = [in_digits(day, day) for day in sorted((one, other))]
    assert named == sorted(named)
