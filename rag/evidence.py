"""Which retrieved sentences may state the answer, and in which order to look at them.

For figures that order is one part of the score of rag.candidates; here it is all there is.

A small model asked about eight sentences takes the figure of the wrong one; asked about one,
it mostly copies right or declines. So the order matters more than the model. Measured on 35
questions with and 15 without an answer: by coverage and similarity the right sentence comes
first 30 times, by the model's own likelihood of "yes, this states it" 24 to 26 times, by both
together 28 to 30 times at three times the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.figures import find_figures
from rag.question import (
    FITTING,
    Period,
    asked_kind,
    named_period,
    speaks_of,
    without_years,
)
from rag.schema import QUANTITIES, Evidence, FigureKind

# Score at which a sentence is near enough to be asked about, and how far behind the best one may
# be. Of 87 questions on the seeds, 60 of the 64 answerable ones score 0.6 and more, and 10 of the
# 23 others; 0.75 keeps 57 and still 10. There the model and the verification have to decline. At
# 0.5 sentences pass that share a verb with the question and nothing else.
_LEAST_SCORE = 0.6
_MARGIN = 0.3
_SIMILARITY_WEIGHT = 0.5

# Amounts that a text gives without a number: an answer to how many, as far as there is one.
_VAGUE = re.compile(
    r"\b(?:dozens|scores|hundreds|thousands|millions|billions|days|weeks|months|years|decades)\b",
    re.IGNORECASE,
)


def relevance(evidence: Evidence) -> float:
    """How near a sentence is to the question: 0 to 1.5, comparable among questions.

    coverage + similarity / 2
    """
    return evidence.coverage + _SIMILARITY_WEIGHT * evidence.similarity


def is_vague(evidence: Evidence) -> bool:
    """Whether a sentence gives an amount without a number: "hundreds of thousands"."""
    return bool(_VAGUE.search(evidence.sentence.text))


def admissible(question: str, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the sentences that may state the answer, likeliest first.

    Left out are sentences that are not near, that do not speak of the period that the question
    names, and, where the question wants a figure, that have none of the kind.
    """
    period = named_period(question)
    fitting = FITTING.get(asked_kind(question))
    near = sorted(
        (e for e in evidence if _may_state(e, period, fitting)), key=relevance, reverse=True
    )
    if not near or relevance(near[0]) < _LEAST_SCORE:
        return ()
    return tuple(e for e in near if relevance(e) >= relevance(near[0]) - _MARGIN)


def as_stated(question: str, evidence: Evidence) -> str:
    """The question without years that the sentence means and does not name.

    They were compared with the article's date; an answer that repeats them would state more
    than its sentence does.
    """
    unnamed = named_period(question).years - _period_of(evidence).years
    return without_years(question, sorted(unnamed))


def _may_state(evidence: Evidence, period: Period, fitting: frozenset[FigureKind] | None) -> bool:
    if not speaks_of(period, _period_of(evidence), evidence.document.published):
        return False
    if fitting is None:
        return True
    if fitting is QUANTITIES and is_vague(evidence):
        return True
    return any(figure.kind in fitting for figure in find_figures(evidence.sentence.text))


def _period_of(evidence: Evidence) -> Period:
    """What the sentence names, with what its title and the one that it leans on name."""
    lead = evidence.lead.text if evidence.lead else ""
    return named_period(f"{evidence.document.title or ''} {lead} {evidence.sentence.text}")
