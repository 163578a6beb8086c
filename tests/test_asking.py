from __future__ import annotations

import doctest
from datetime import date

import pytest
from answering_samples import asking

import rag.asking
from rag.asking import fit_of_period, names_of, presumes, read_question
from rag.figures import find_figures
from rag.periods import find_times
from rag.question import named_period
from rag.schema import QUANTITIES, FigureKind, Retrieval, StatedPeriod

COUNT, MONEY, PERCENT = FigureKind.COUNT, FigureKind.MONEY, FigureKind.PERCENT
DURATION, DATE, AGE = FigureKind.DURATION, FigureKind.DATE, FigureKind.AGE
YEAR, MULTIPLE, POINTS = FigureKind.YEAR, FigureKind.MULTIPLE, FigureKind.PERCENTAGE_POINTS


def test_the_examples_in_the_docstrings_are_right() -> None:
    result = doctest.testmod(rag.asking)
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("question", "fitting", "unfitting"),
    [
        ("How many ships arrived?", {COUNT}, {MONEY, PERCENT, DURATION, DATE}),
        ("How many weeks did the strike last?", {COUNT, DURATION}, {MONEY, PERCENT}),
        ("How long did the strike last?", {DURATION}, {DATE}),
        ("How old is the captain?", {AGE}, {DATE}),
        ("What share of the seats was sold?", {PERCENT, FigureKind.RATIO}, {COUNT, MONEY}),
        ("How much did the bridge cost?", {MONEY}, {COUNT, PERCENT}),
        ("By how much did traffic fall?", {COUNT, PERCENT, MONEY, DURATION}, {AGE, DATE}),
        ("By how much did the price of rye fall?", {PERCENT, MONEY}, {AGE, DATE}),
        ("How much did the price of rye grow?", {PERCENT, MONEY, MULTIPLE}, {AGE, DATE}),
        ("How much did the wait grow?", {DURATION, PERCENT}, {AGE, DATE}),
        ("How much time did the repair take?", {DURATION}, {AGE, DATE}),
        ("How many ships did the cost of tolls keep away?", {COUNT}, {MONEY, PERCENT}),
        ("How many dollars does a ticket cost?", {MONEY}, {COUNT}),
        ("How many times did the bell ring?", {COUNT, MULTIPLE}, {MONEY, PERCENT, DATE}),
        ("How many points did turnout fall?", {POINTS, PERCENT, COUNT}, {MONEY, DATE}),
        ("What did it get from sponsors?", {MONEY, COUNT}, {DATE}),
        ("Tell me the takings of the ferry", {MONEY, COUNT}, {DATE}),
        ("What was the ferry worth when it closed?", {MONEY}, {DATE, YEAR}),
        ("What did the crew get when the ferry sank?", {MONEY, COUNT}, {DATE, YEAR}),
        ("What date was it when the ferry sank?", {DATE, YEAR}, set(QUANTITIES)),
        ("When did they say what the ferry carried?", {DATE, YEAR}, set(QUANTITIES)),
        ("harbour tonnes 2020", {COUNT}, {YEAR, DATE}),
        ("harbour tonnes 2020?", {COUNT}, {YEAR, DATE}),
        ("year the ferry was launched", {DATE, YEAR}, set(QUANTITIES)),
        ("How tall is the tower?", {COUNT, DURATION}, {MONEY, PERCENT, AGE}),
        ("How many of the days were dry?", {COUNT, FigureKind.RATIO}, {DURATION, MONEY}),
        ("Who knows how many ships arrived?", {COUNT}, {MONEY, DATE}),
        ("Where is it known how much the bridge cost?", {MONEY}, {COUNT}),
        ("When did the ferry sail?", {DATE, YEAR}, set(QUANTITIES)),
        ("In which year was it built?", {DATE, YEAR}, set(QUANTITIES)),
    ],
)
def test_only_figures_of_the_kind_that_is_asked_for_fit(
    question: str, fitting: set[FigureKind], unfitting: set[FigureKind]
) -> None:
    kinds = asking(question).kinds
    assert kinds is not None
    assert fitting <= kinds
    assert not unfitting & kinds


@pytest.mark.parametrize(
    "question",
    [
        "Who opened the pier?",
        "Why is the road closed?",
        "What is the captain called?",
        "Was the road closed in 2019?",
        "Who opened the pier when 5,000 people came?",
        "Why did the price of rye fall by how large a share?",
    ],
)
def test_a_question_for_words_asks_for_no_figure(question: str) -> None:
    assert asking(question).kinds is None


def test_its_own_figures_times_names_and_what_is_counted_are_read() -> None:
    found = asking("How many tonnes did the port of Holm land with 12 boats in May 2019?")
    assert {figure.text for figure in found.figures} >= {"12"}
    assert [(p.first, p.last) for p in found.periods] == [(date(2019, 5, 1), date(2019, 5, 31))]
    assert (found.named.months, found.named.years) == (frozenset({5}), frozenset({2019}))
    assert found.names == {"holm"}
    assert found.counted == {"tonn"}


def test_words_weigh_what_the_library_says() -> None:
    weights = (("ships", 1.0), ("arrived", 3.0))
    question = "How many ships arrived?"
    found = read_question(Retrieval(question, question, (), 1.0, 0.0, weights))
    assert found.share(["arriv"]) == pytest.approx(0.75)
    assert found.share(["arriv", "ship", "tea"]) == pytest.approx(1)
    assert found.share([]) == 0


def test_a_question_without_words_shares_nothing() -> None:
    assert asking("How many?").share(["ship"]) == 0


@pytest.mark.parametrize(
    ("question", "measures", "may_be_words"),
    [
        ("How long is the pier?", True, False),
        ("How tall is the tower?", True, False),
        ("How many ships arrived?", False, False),
        ("What did the crew get?", False, True),
        ("Who opened the pier?", False, True),
        ("harbour tonnes 2020", False, False),
        ("harbour tonnes 2020?", False, False),
        ("How much time did the repair take?", True, False),
        ("How much longer is the pier?", True, False),
        ("How much did rents grow?", False, False),
        ("Tell me what the crew got", False, True),
        ("What did the mayor say when the pier was opened?", False, True),
        ("What year was it when the pier was opened?", False, False),
        ("How many people were asked how long they wait?", False, False),
        ("In 2019, how long was the pier?", True, False),
    ],
)
def test_lengths_and_answers_that_may_be_words_are_seen(
    question: str, measures: bool, may_be_words: bool
) -> None:
    found = asking(question)
    assert (found.measures, found.may_be_words) == (measures, may_be_words)


def test_the_preamble_of_a_long_question_does_not_count() -> None:
    found = asking(
        "I am writing about ports and have the total for Dorn already, but one number is missing: "
        "how many tonnes did the harbour of Holm handle?"
    )
    assert found.share(["missing", "write", "dorn"]) == 0
    assert found.names == {"holm"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is it true that only 200 ships arrived?", True),
        ("How come only 40% stayed?", True),
        ("Did it stop short of 500,000?", True),
        ("Did the strike last?", True),
        ("The strike lasted three weeks, correct?", True),
        ("How many ships arrived?", False),
        ("How many of the 640 members left?", False),
        ("Who opened the pier in 2019?", False),
    ],
)
def test_what_a_question_takes_for_granted_is_seen(question: str, expected: bool) -> None:
    assert presumes(asking(question)) is expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Under Lee 77% stayed.", {"lee"}),
        ("In May and on Monday I saw it.", set()),
        ("Kim went to Holm.", {"holm"}),
        ("“Rovik” was in “Dorn”.", {"dorn"}),
    ],
)
def test_names_are_words_with_a_capital_that_are_no_first_word(text: str, names: set[str]) -> None:
    assert names_of(text) == names


def stated(text: str) -> StatedPeriod:
    (time,) = find_times(text, find_figures(text), None)
    assert time.period
    return time.period


@pytest.mark.parametrize(
    ("question", "words", "expected"),
    [
        ("How many came in May 2019?", "in May 2019", 1.0),
        ("How many came in 2019?", "in 2019", 1.0),
        ("How many came in May 2019?", "in May 2018", -1.0),
        ("How many came in 2019?", "in 2020", -1.0),
        ("How many came in May 2019?", "in June 2019", -1.0),
        ("How many came on 2 May 2019?", "on 3 May 2019", 0.0),
        ("How many came on 2 May 2019?", "on 12 May 2019", -1.0),
        ("How many came in May?", "in May 2019", 0.5),
        ("How many came in May?", "in June 2019", -1.0),
        ("How many came?", "in June 2019", 0.0),
    ],
)
def test_the_time_of_a_figure_has_to_be_the_one_that_is_asked_for(
    question: str, words: str, expected: float
) -> None:
    fit = fit_of_period(asking(question), stated(words), named_period(""), None)
    assert fit == expected


def test_a_part_of_the_time_fits_less_and_a_whole_does_not_fit_a_part() -> None:
    year, day = asking("How many came in 2019?"), asking("How many came in May 2019?")
    part = fit_of_period(year, stated("in May 2019"), named_period(""), None)
    whole = fit_of_period(day, stated("in 2019"), named_period(""), None)
    assert whole < 0 < part < 1


@pytest.mark.parametrize(
    ("question", "nearby", "published", "fits"),
    [
        ("How many came in 2019?", "in 2019", None, True),
        ("How many came in 2019?", "", date(2019, 6, 1), True),
        ("How many came in 2019?", "", date(2020, 2, 1), True),
        ("How many came in 2019?", "", date(2022, 2, 1), False),
        ("How many came in 2019?", "", None, False),
        ("How many came in 2019?", "in 2018", date(2019, 6, 1), False),
        ("How many came in May?", "in May", None, True),
        ("How many came in May?", "in April", None, False),
        ("How many came in May?", "", date(2019, 5, 20), True),
        ("How many came in May?", "", date(2019, 8, 20), False),
    ],
)
def test_a_figure_without_a_time_has_that_of_its_surroundings(
    question: str, nearby: str, published: date | None, fits: bool
) -> None:
    fit = fit_of_period(asking(question), None, named_period(nearby), published)
    assert (fit > 0) is fits
    assert (fit < 0) is not fits


def test_no_day_or_number_of_a_list_is_a_quantity() -> None:
    assert not QUANTITIES & {DATE, YEAR, FigureKind.ORDINAL, FigureKind.IDENTIFIER}
