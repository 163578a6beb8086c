"""What code computes of one figure: the rest of all, in percent, and the average of its time."""

from __future__ import annotations

import re

from rag.answering.drafts import Draft
from rag.answering.several import drafted
from rag.arithmetic import average_of, rest_of_all
from rag.candidates import Candidate
from rag.protocols import Verifier
from rag.schema import StatedPeriod

_NOT = re.compile(r"\s*(?:\bnot\b|n[’']t\b)", re.IGNORECASE)
_RATE = re.compile(r"\b(?:a|per|each|every) (day|week|month|year)\b", re.IGNORECASE)
_AVERAGE = re.compile(r",?\s*\bon average\b,?\s*", re.IGNORECASE)
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}


def of_the_rest(question: str) -> str:
    """The question for the part that a question leaves out; empty where it leaves out none.

    >>> of_the_rest("What percentage of them have not been paid?")
    'What percentage of them have been paid?'
    """
    said = _NOT.sub("", question, count=1)
    return said if said != question else ""


def of_the_whole_time(question: str) -> str:
    """The question for all of a time of which an average is asked; empty where none is.

    >>> of_the_whole_time("On average, how many ships a month came in 2024?")
    'how many ships came in 2024?'
    """
    rate = _RATE.search(question)
    if rate is None or not _AVERAGE.search(question):
        return ""
    return " ".join(_AVERAGE.sub(" ", _RATE.sub("", question)).split())


def rest(candidate: Candidate, verifier: Verifier) -> Draft | None:
    """What a share leaves of all, with the formula; None where the figure is no share."""
    result = rest_of_all(candidate.statement.figure)
    return drafted(result, (candidate,), verifier) if result else None


def average(question: str, candidate: Candidate, verifier: Verifier) -> Draft | None:
    """The average of the figure's time, with the formula; None where its time is not known."""
    rate, period = _RATE.search(question), candidate.statement.period
    if rate is None or period is None:
        return None
    unit = rate[1].lower()
    result = average_of(candidate.statement.figure, _length(period, unit), unit)
    return drafted(result, (candidate,), verifier) if result else None


def _length(period: StatedPeriod, unit: str) -> int:
    """How many days, weeks, months or years a time has, to the nearest."""
    n_days = (period.last - period.first).days + 1
    return round(n_days / _DAYS[unit])
