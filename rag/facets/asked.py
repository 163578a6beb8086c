"""The parts of a question, in whichever of the ways it has them."""

from __future__ import annotations

import re

from rag.facets.apart import spread
from rag.facets.comparing import compared
from rag.facets.computing import computed
from rag.facets.lists import asks_again, chained
from rag.facets.phrases import times_of
from rag.question import core, with_months
from rag.words import CALENDAR

_MOST_PARTS = 4
_NAME = re.compile(r"(?<=[\w,;:’'–—)] )[“‘(]?([A-ZÀ-ÖØ-Þ][\w’'-]*)")


def facets(question: str) -> tuple[str, ...]:
    """The simple questions that a question is made of, each asking for one figure.

    Args:
        question: as it is read, with its spelling put right.

    Returns:
        Two to four questions in the order of the question, of a change the later figure first;
        none where no parts are seen.

    >>> facets("How many trucks were sold in 2022, and how many in 2023?")
    ('How many trucks were sold in 2022?', 'How many trucks were sold in 2023?')
    >>> facets("How many died and were buried at Rask?")
    ()
    """
    whole = with_months(" ".join(question.split()))
    text = _asking(whole)
    ways = (compared, chained) if asks_again(text) else (compared, computed, spread)
    for way in ways:
        parts = way(text)
        if way is not chained and way is not spread:
            parts = tuple(_with_lead(part, text) for part in parts)
        if 2 <= len(parts) <= _MOST_PARTS and not any(_CUT_SHORT.search(part) for part in parts):
            return tuple(_finished(part, whole, text) for part in parts)
    return ()


# What is told before a question and belongs to it; what somebody says of himself does not.
_SETS = re.compile(
    r"\A(?:according to|when|taking|adding|counting|set|how did|in|on|at|by|under|during|since"
    r"|after|before|of|among|for|from|with|as of)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"(?:according to|when|in|on|at|by|under|during|since|after|before|for|as of)\s"
    r"(?!which|what|how)[^,]+,\s+(?=\S)",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(r"\b(?:of|to|for|from|with|by|at|the|an?|and|or)\?\Z")
_ONESELF = re.compile(r"\b(?:I|we|my|our|us|me)\b")
_MOST_TOLD = 16
_TELLS = re.compile(
    r"\A.*?\b(?:I|we|you)\b.*?\b(?:is|know|find|me|see|out)[,:]?\s+(?=how|what|which)", re.I
)


def _asking(question: str) -> str:
    """The part that asks, with the circumstances that it is asked under."""
    part = core(question)
    told = question[: len(question) - len(part)].strip()
    if told and _SETS.match(told) and not _ONESELF.search(told):
        return question if len(told.split()) <= _MOST_TOLD else part
    return _TELLS.sub("", part)


def _with_lead(part: str, text: str) -> str:
    """With the circumstances that stand before the question."""
    lead = _LEADS.match(text)
    if lead is None or lead[0].strip(" ,") in part:
        return part
    if times_of(lead[0]) and times_of(part):
        return part
    return f"{lead[0]}{part[:1].lower()}{part[1:]}"


def _finished(part: str, whole: str, text: str) -> str:
    """With the names that only the words before the question have, and with its capital."""
    named = _names(text)
    if not named and not _names(part) and text != whole:
        before = whole[: whole.find(text[:20])]
        names = " ".join(dict.fromkeys(_names(before)))
        part = f"{part.rstrip('?')} ({names})?" if names else part
    return f"{part[:1].upper()}{part[1:]}" if whole[:1].isupper() else part


def _names(text: str) -> list[str]:
    return [m[1] for m in _NAME.finditer(text) if m[1] not in CALENDAR | {"I"}]
