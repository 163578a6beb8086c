"""What a question asks for, as far as its words say so.

Only English words for kinds of answers and for periods are known here, nothing of any subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.schema import QUANTITIES, FigureKind

SHARES = frozenset({FigureKind.PERCENT, FigureKind.PERCENTAGE_POINTS, FigureKind.RATIO})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# "may" in lower case is a verb; as a month it has a capital.
_MONTH = re.compile(
    r"\b(Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?|July?|Aug(?:ust|\.)"
    r"|Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))(?!\w)"
)
_QUARTER = re.compile(
    r"\b(?:(first quarter|1st quarter|Q1)|(second quarter|2nd quarter|Q2)"
    r"|(third quarter|3rd quarter|Q3)|(fourth quarter|4th quarter|final quarter|Q4))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d,.$€£])(?:19|20)\d\d(?![\d%]|,\d|\.\d)")


class Asked(StrEnum):
    """The kind of answer that a question wants."""

    SHARE = "share"
    MONEY = "money"
    QUANTITY = "quantity"
    CHANGE = "change"
    TIME = "time"
    OTHER = "other"


_COINS = r"dollars|pounds|euros|cents|pence|yen|rupees|francs|crowns|pesos"
_KINDS: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    (
        Asked.SHARE,
        re.compile(
            r"\b(?:per ?cent|percent(?:age)?|%|(?:what|which) (?:share|proportion)|how full)", re.I
        ),
    ),
    (
        Asked.CHANGE,
        re.compile(
            r"\bby how much\b|\bhow much\b.*\b(?:grow|rise|fall|drop|increase|decrease|decline"
            r"|climb|jump|gain|lose|go (?:up|down)|gone (?:up|down)|risen|fallen|grown)\b",
            re.I,
        ),
    ),
    # "How many were hit by the cost of rents" asks for no money.
    (Asked.QUANTITY, re.compile(rf"\bhow many\b(?! (?:{_COINS})\b)", re.I)),
    (
        Asked.MONEY,
        re.compile(
            r"\bfor how much\b"
            r"|\bhow much (?:money|did \w+ (?:cost|pay|spend|earn)|(?:does|do|is|was|will) .*cost)"
            r"|\b(?:cost|price|salary|budget of|worth)\b",
            re.I,
        ),
    ),
    (
        Asked.CHANGE,
        re.compile(r"\bhow (?:much|far|large|big|steep|sharp)\b", re.I),
    ),
    (
        Asked.QUANTITY,
        re.compile(
            r"\bhow (?:many|long|old|high|low|tall|often)\b|\b(?:number|total|average|count) of\b"
            r"|\bwhat (?:was|is|were|are) the (?:[\w-]+ ){0,3}"
            r"(?:average|number|total|count|rate)\b",
            re.I,
        ),
    ),
    (
        Asked.TIME,
        re.compile(
            r"\b(?:when|(?:what|which) (?:date|day|year|month|fiscal year|financial year)"
            r"|since when|date)\b|\A(?:the )?(?:year|day|month) (?!of\b)",
            re.I,
        ),
    ),
)


# Of figures that can be the answer to each; what is not here asks for no figure.
FITTING: dict[Asked, frozenset[FigureKind]] = {
    Asked.SHARE: SHARES,
    Asked.MONEY: frozenset({FigureKind.MONEY}),
    Asked.QUANTITY: QUANTITIES,
    Asked.CHANGE: QUANTITIES - {FigureKind.AGE},
}
TIMES = frozenset({FigureKind.DATE, FigureKind.YEAR})
_NAMED_PERCENTAGE = re.compile(r"\d[\d.,]*\s*(?:%|per ?cent\b)", re.IGNORECASE)
_INTERROGATIVE = re.compile(
    r"\b(?:how|what|which|who|whom|whose|when|where|why|give|tell|name|list)\b"
    r"|(?:^|[,;:.–—-]\s+)(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Months and years that a text names; empty where it names none."""

    months: frozenset[int]
    years: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.months or self.years)


# What comes before the question itself, in a long one, says why it is asked.
_LONG_QUESTION = 20
_FEWEST_WORDS = 6
_ASKS = re.compile(
    r"(?:^|[,;:.!?—–-]\s+(?:and\s+|so\s+|but\s+)?|\b(?:know|tell me|say|see|up|find out)[,:]?\s+)"
    r"((?:(?:by|in|of|on|to|from|for|at|since|until|with|among)\s+)?"
    r"(?:how|what|which|who|whom|whose|when|where|why)\b)",
    re.IGNORECASE,
)


def core(question: str) -> str:
    """Return the part of a long question that asks, the whole of any other.

    >>> core("I am writing about ports and have the total for 2019 already, but one number is "
    ...      "missing: how many tonnes did the harbour of Holm handle in 2020?")
    'how many tonnes did the harbour of Holm handle in 2020?'
    >>> core("How many tonnes were handled?")
    'How many tonnes were handled?'
    """
    first = _ASKS.search(question)
    if first is None or len(question.split()) <= _LONG_QUESTION:
        return question
    part = question[first.start(1) :]
    return part if len(part.split()) >= _FEWEST_WORDS else question


_SMALL_MONTH = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december)\b"
    r"|(?<=\bin )(?:may|march)\b|(?<=\bof )(?:may|march)\b|(?<=\bfrom )(?:may|march)\b"
    r"|(?<=\bsince )(?:may|march)\b|(?<=\buntil )(?:may|march)\b"
)


def with_months(question: str) -> str:
    """Write months with their capital, which people in a hurry leave out.

    >>> with_months("how many in august of 2017, and may it rise since may?")
    'how many in August of 2017, and may it rise since May?'
    """
    return _SMALL_MONTH.sub(lambda match: match[0].capitalize(), question)


def asked_kind(question: str) -> Asked:
    """Return what kind of answer a question wants.

    >>> asked_kind("By what percentage did sales fall?").value
    'share'
    >>> asked_kind("How many goals did she score?").value
    'quantity'
    """
    # A percentage that the question itself names is not what it asks for.
    asking = _NAMED_PERCENTAGE.sub(" ", question)
    return next((kind for kind, pattern in _KINDS if pattern.search(asking)), Asked.OTHER)


def is_terse(question: str) -> bool:
    """Whether it is put in keywords, without a word that asks.

    >>> is_terse("harbour tonnes 2020?"), is_terse("how many tonnes in 2020")
    (True, False)
    >>> is_terse("Did it handle 2,000 tonnes?")
    False
    """
    return not _INTERROGATIVE.search(question)


def named_period(text: str) -> Period:
    """Return the months (1 to 12) and years that a text names.

    >>> named_period("In May of 2017 it may rise.")
    Period(months=frozenset({5}), years=frozenset({2017}))
    >>> sorted(named_period("sales in the second quarter").months)
    [4, 5, 6]
    """
    months = {_month_number(match[1]) for match in _MONTH.finditer(text)}
    for match in _QUARTER.finditer(text):
        first = 3 * next(i for i, name in enumerate(match.groups()) if name)
        months |= {first + 1, first + 2, first + 3}
    years = {int(match[0]) for match in _YEAR.finditer(text)}
    return Period(frozenset(months), frozenset(years))


def without_years(question: str, years: Iterable[int]) -> str:
    """Leave out years that a text means without naming them.

    >>> without_years("How many were built in May 2024 and in 2025?", [2024])
    'How many were built in May and in 2025?'
    """
    for year in years:
        pattern = rf",?\s*(?:\b(?:in|of|for|during)\s+)?\b{year}\b(?![\d/–-])"
        question = re.sub(pattern, "", question)
    return question.strip()


def speaks_of(asked: Period, stated: Period, published: date | None) -> bool:
    """Whether a text can speak of the period that was asked for.

    A year that was asked for has to be named; a text that names no year may mean the year of
    its publication or the one before. A month has to be named, or be that of publication. A
    figure of a period that cannot be known is no answer to a question for a certain one.

    >>> speaks_of(named_period("in May 2018"), named_period("In May of 2017"), None)
    False
    >>> speaks_of(named_period("in May"), named_period("In May of 2017"), None)
    True
    >>> speaks_of(named_period("in 2024"), named_period("in May"), date(2024, 6, 21))
    True
    """
    recent = {published.year, published.year - 1} if published else set()
    years = stated.years or recent
    months = stated.months or ({published.month} if published else set())
    year_fits = not asked.years or bool(asked.years & years)
    month_fits = not asked.months or bool(asked.months & months)
    return year_fits and month_fits


def _month_number(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1
