"""Whether a question wants figures set against each other, or listed."""

from __future__ import annotations

import re

from rag.facets.wanted import Form, wanted

_LIKELY = 0.8
"""From which the model of :mod:`rag.facets.wanted` is believed. Of 35 lists and 35 comparisons by
others it then knows 21 and 20, of 396 questions for one figure 7 are taken for a list, of 60 for
words 4 for a list or a comparison."""

_COMPARES = re.compile(
    r"\b(?:compare[ds]?|versus|vs|against|set beside|which (?:was|is|were|had|has|one|of|city|"
    r"[a-z]+) .*\b(?:more|larger|higher|longer|bigger|greater|lower|smaller|fewer|less)\b"
    r"|(?:more|less|fewer|higher|lower|larger|longer|smaller|bigger)\b.*\bthan\b"
    r"|where did (?:more|fewer|less)|how did .* change|what .* to what)\b",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\band (?:[\w’'-]+ ){0,3}?(?:how|what|which|at which|when|who|where)\b"
    r"|\b(?:both|each|respectively|month by month|year by year)\b"
    r"|\bhow (?:many|much)\b.*\bhow (?:many|much)\b|,? and (?:how|what)\b",
    re.IGNORECASE,
)


def compares(question: str) -> bool:
    """Whether a question sets two figures against each other.

    >>> compares("Where did more rain fall, at Holm or at Rovik?")
    True
    """
    return bool(_COMPARES.search(question)) or wanted(question)[Form.COMPARISON] >= _LIKELY


def lists(question: str) -> bool:
    """Whether a question asks for several figures by name.

    >>> lists("How many died, and how many were hurt?"), lists("How many died and were buried?")
    (True, False)
    """
    return bool(_LISTS.search(question)) or wanted(question)[Form.LIST] >= _LIKELY
