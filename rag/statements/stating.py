"""What a sentence says with each of its figures, put together from its parts."""

from __future__ import annotations

import re
from datetime import date

from rag.clauses import clauses
from rag.figures import find_figures
from rag.periods import find_times, leans_on_lead
from rag.schema import StatedPeriod, Statement
from rag.speakers import attributions, speaker_of
from rag.statements.counting import nouns
from rag.statements.timing import Timing

_OPENS_LEANING = re.compile(
    r"(?:That|This)\s(?:is|was|compares?|compared|meant|means)\b|That[’']s\b"
    r"|Of\s(?:those|these|them|that)\b"
)


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
    opens = _OPENS_LEANING.match(text) is not None
    led = _period_of(lead, published) if lead and (opens or leans_on_lead(text)) else None
    times = find_times(text, figures, published, led)
    own = clauses(text, figures, [time.span for time in times])
    said = attributions(text)
    # "That is 17 per cent": of the time that the sentence before speaks of.
    otherwise = led if opens and all(time.aside for time in times) else None
    periods = Timing(text, figures, own, times).periods(otherwise)
    return tuple(
        Statement(
            figure, noun, clause.span, period, speaker_of(text, said, clause.span, figure.span)
        )
        for figure, noun, clause, period in zip(
            figures, nouns(text, figures, own, times), own, periods, strict=True
        )
    )


def _period_of(lead: str, published: date | None) -> StatedPeriod | None:
    """The time that the sentence before names; None where it names several."""
    times = find_times(lead, find_figures(lead), published)
    told = {time.period for time in times if not time.aside}
    return told.pop() if len(told) == 1 else None
