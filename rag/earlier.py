"""Which of two figures is that of before: "8.1%, compared with 5.6% in April"."""

from __future__ import annotations

import re

from rag.question import core
from rag.schema import Span

_AGO = r"(?:an?|one|the) (?:year|month|week|quarter|season|decade|day) (?:ago|earlier|before)"
_LAST = r"last (?:year|month|week|quarter|season|winter|summer|spring|autumn|time)"
_ASKS_EARLIER = re.compile(
    rf"\b(?:before|earlier|previous(?:ly)?|prior|ago|{_LAST}|used to|former(?:ly)?|until then"
    r"|back then)\b",
    re.IGNORECASE,
)
_COMPARED_WITH = re.compile(
    r"(?:compared (?:with|to)|against|versus|(?:down|up) from|\bfrom|instead of|rather than)\s+"
    r"(?:(?:about|around|just|only|some|more than|fewer than|less than|nearly|almost|roughly|over"
    r"|under|an?|the|its|[£$€]|[A-Z]{1,3}\$)\s*)*$",
    re.IGNORECASE,
)
_OF_BEFORE = re.compile(
    rf"[^,.;–—]{{0,40}}?\b(?:{_AGO}|earlier|previously|before|ago|{_LAST}"
    r"|the (?:previous|prior|preceding) \w+)\b",
    re.IGNORECASE,
)


def asks_earlier(question: str) -> bool:
    """Whether a question asks for what was before, or last time.

    >>> asks_earlier("What was the jobless rate before the flood?")
    True
    """
    return bool(_ASKS_EARLIER.search(core(question)))


def is_earlier(text: str, span: Span) -> bool:
    """Whether the figure at ``span`` is what another one is compared with.

    >>> text = "The rate is 8.1%, compared with 5.6% in April."
    >>> is_earlier(text, Span(12, 16)), is_earlier(text, Span(32, 36))
    (False, True)
    """
    return bool(_COMPARED_WITH.search(text[: span.start]) or _OF_BEFORE.match(text[span.end :]))
