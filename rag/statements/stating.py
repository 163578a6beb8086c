"""What a sentence says with each of its figures, put together from its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rag.clauses import Clause, clauses
from rag.figures import find_figures
from rag.periods import Time, find_times, leans_on_lead
from rag.schema import Figure, StatedPeriod, Statement
from rag.speakers import attributions, speaker_of
from rag.statements.counting import nouns
from rag.statements.timing import Timing

_OPENS_LEANING = re.compile(
    r"(?:That|This)\s(?:is|was|compares?|compared|meant|means)\b|That[’']s\b"
    r"|Of\s(?:those|these|them|that)\b"
)

# "Down from 14.6": the time that it was so then may be that of the comparison before.
_FROM = re.compile(r"\b(?:up|down)\sfrom\s")


def statements(
    text: str, *, lead: str | None = None, published: date | None = None
) -> tuple[Statement, ...]:
    """Return what a sentence says with each of its figures, in order.

    Args:
        text: of one sentence.
        lead: the text of the sentence before it, which "that month" leans on.
        published: the day of the article, which "last year" leans on.

    >>> [(s.figure.text, s.noun) for s in statements("Police counted 12 women and 14 men.")]
    [('12', 'women'), ('14', 'men')]
    """
    figures = find_figures(text)
    if not figures:
        return ()
    read = _read(text, figures, lead, published)
    periods = read.periods
    if lead and not read.times and _FROM.search(text):
        before = _compared_with(lead, published)
        periods = [
            period or (before if clause.compared else None)
            for period, clause in zip(periods, read.own, strict=True)
        ]
    said = attributions(text)
    return tuple(
        Statement(
            figure, noun, clause.span, period, speaker_of(text, said, clause.span, figure.span)
        )
        for figure, noun, clause, period in zip(
            figures, nouns(text, figures, read.own, read.times), read.own, periods, strict=True
        )
    )


class _Reading(NamedTuple):
    """The figures' clauses, the times of the sentence, and which is whose."""

    own: Sequence[Clause]
    times: Sequence[Time]
    periods: Sequence[StatedPeriod | None]


def _read(
    text: str, figures: Sequence[Figure], lead: str | None, published: date | None
) -> _Reading:
    opens = _OPENS_LEANING.match(text) is not None
    led = _period_of(lead, published) if lead and (opens or leans_on_lead(text)) else None
    times = find_times(text, figures, published, led)
    own = clauses(text, figures, [time.span for time in times])
    # "That is 17 per cent": of the time that the sentence before speaks of.
    otherwise = led if opens and all(time.aside for time in times) else None
    return _Reading(own, times, Timing(text, figures, own, times).periods(otherwise))


def _compared_with(lead: str, published: date | None) -> StatedPeriod | None:
    """The one time that the sentence before compares with: "down from 14 in May"."""
    read = _read(lead, find_figures(lead), None, published)
    told = {
        period
        for period, clause in zip(read.periods, read.own, strict=True)
        if clause.compared and period
    }
    return told.pop() if len(told) == 1 else None


def _period_of(lead: str, published: date | None) -> StatedPeriod | None:
    """The time that the sentence before names; None where it names several."""
    times = find_times(lead, find_figures(lead), published)
    told = {time.period for time in times if not time.aside}
    return told.pop() if len(told) == 1 else None
