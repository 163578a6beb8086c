"""Figures for the tests of the plot, with their sentences; all of it invented."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from rag.schema import (
    Bound,
    DocumentInfo,
    Figure,
    FigureKind,
    Sentence,
    Span,
    StatedFigure,
    StatedPeriod,
    Statement,
)

COURIER, POST, MAIL, WIRE = "Coast Courier", "The Island Post", "Harbour Mail", None


def period(first: str, last: str, text: str = "", *, resolved: bool = False) -> StatedPeriod:
    return StatedPeriod(date.fromisoformat(first), date.fromisoformat(last), text, resolved)


MAY = period("2031-05-01", "2031-05-31", "in May", resolved=True)
APRIL = period("2031-04-01", "2031-04-30", "April 2031")
MARCH = period("2031-03-01", "2031-03-31", "in March", resolved=True)
LAST_YEAR = period("2030-01-01", "2030-12-31", "last year", resolved=True)
A_DAY = period("2031-06-14", "2031-06-14", "14 June 2031")


def stated(
    sentence: str,
    words: str,
    noun: str,
    when: StatedPeriod | None,
    outlet: str | None = COURIER,
    *,
    kind: FigureKind = FigureKind.COUNT,
    unit: str = "",
    bound: Bound = Bound.EXACT,
    value: str | None = None,
    title: str = "Harbour arrivals",
) -> StatedFigure:
    """A figure whose words stand in a sentence."""
    start = sentence.index(words)
    number = value or re.sub(r"[^\d.]", "", words)
    span = Span(start, start + len(words))
    figure = Figure(words, Decimal(number), kind, unit, bound, span)
    info = DocumentInfo(
        id=f"{outlet} {title}",
        source="/articles/harbour.md",
        media_type="text/markdown",
        content_sha256="0" * 64,
        title=title,
        publisher=outlet,
        published=date(2031, 6, 21),
    )
    place = Sentence(info.id, 0, Span(0, len(sentence)), sentence, paragraph=0)
    statement = Statement(figure, noun, Span(0, len(sentence)), when, None)
    return StatedFigure(statement, place, info)


def ships(
    words: str,
    when: StatedPeriod | None,
    outlet: str | None = COURIER,
    bound: Bound = Bound.EXACT,
) -> StatedFigure:
    """A count of ships in the harbour."""
    told = f" {when.text}" if when else ""
    about = f"{bound.value} " if bound is not Bound.EXACT else ""
    sentence = f"The harbour counted {about}{words} ships{told}, the harbour master said."
    return stated(sentence, words, "ships", when, outlet, bound=bound)


def fares(words: str, when: StatedPeriod | None, outlet: str | None = POST) -> StatedFigure:
    """A sum of money."""
    sentence = f"Fares brought in ${words} million."
    number = str(Decimal(words) * 1_000_000)
    return stated(
        sentence,
        f"${words} million",
        "",
        when,
        outlet,
        kind=FigureKind.MONEY,
        unit="USD",
        value=number,
    )


EVERYTHING = (
    ships("46,610", MAY),
    ships("44,900", MAY, POST),
    ships("46,000", MAY, MAIL, Bound.MORE_THAN),
    ships("39,480", APRIL),
    ships("39,480", APRIL, POST),
    ships("35,000", MARCH, WIRE, Bound.ABOUT),
    ships("30,000", A_DAY, MAIL, Bound.LESS_THAN),
    ships("52,000", LAST_YEAR, MAIL),
    fares("1.2", MAY),
    fares("0.4", LAST_YEAR, COURIER),
    fares("210", period("2029-01-01", "2029-12-31", "2029")),
    ships("17", None),
    fares("3.5", None),
)
