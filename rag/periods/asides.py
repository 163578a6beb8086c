"""Times that are no figure's: of a report, of what is compared with."""

from __future__ import annotations

import re

from rag.periods.setting import Name

HEAD = 60
"""How many characters before a time are looked at."""
_HIGHEST = re.compile(
    r"\b(?:\w{2,}est|most|least|best|worst|first|last|record|time|peak|prior|every|any|exceed\w+|surpass\w+|not\sseen|unseen)\b[^,;]*$",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"\b(?:(?:to|than|against|versus|below|above|prior\sto|compared\s(?:with|to)|ahead\sof|unlike|until|till|before"
    r"|after)\s(?:in\s|on\s|at\s|that\sof\s|those\sof\s)?(?:the\s)?|from\s(?:the\s)?)"
    r"(?:(?:early|late|mid)[\s-])?$"
    r"|\b(?:\w{2,}est|worst|best)\s(?:\w+\s)?of\s(?:the\s)?$"
    # "As many as in 2022".
    r"|(?<!such\s)\bas\s(?:in|on|at|during)\s(?:the\s)?$"
    # "After the flood of 2020".
    r"|\b(?:after|before|until)\s(?:the\s|an?\s|its\s)?(?:[^\W\d][\w’'-]*\s){1,3}(?:of|in|on)\s(?:the\s)?$",
    re.IGNORECASE,
)
SINCE = re.compile(
    r"\bsince\s(?:(?!and\b|or\b)[^\W\d][\w’']*\s){0,8}?(?:(?:in|on|of|at)\s)?(?:the\s)?(?:(?:early|late|mid)[\s-])?$",
    re.IGNORECASE,
)
_ON = re.compile(r"\bon\s(?:the\s)?$", re.IGNORECASE)
_DAY = re.compile(r"day\b|\b\d\d?(?:st|nd|rd|th)?\b", re.IGNORECASE)
# "Of 48 accidents reported in 2024".
_REPORTED = re.compile(r"\d\s(?:[a-z-]+\s){1,3}(?:reported|confirmed|announced|estimated)\sin\s$")

_FROM = re.compile(r"\bfrom\s(?:the\s)?(?:(?:early|late|mid)[\s-])?$", re.IGNORECASE)
_TO_END = re.compile(r"\b(?:to|until|through|till)\b|\d[-–—]\d")
_SAYING = r"(?:said|says|say|told|announced|reported|wrote|added|warned|confirmed|stated|estimated)"
_SAID = re.compile(
    rf"\b{_SAYING}(?:\s(?:in|at|to)\s(?:an?|the|its|his|her|their)\s(?:\w+\s){{1,3}}|\s(?:\w+\s)?"
    r"(?:reporters|lawmakers|journalists|investors))?\s(?:on\s|late\s|early\s|earlier\s|in\s)*$"
    r"|\btold\s(?:[^\W\d][\w’']*\s){1,4}(?:on\s)?$"
    r"|\b(?:figures|data|statistics|numbers|report|study|survey|estimates?|poll|statement|results)"
    r"\s(?:\w+\s){0,2}(?:published|released|issued|out|on|from|dated)\s(?:on\s|in\s)?$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(rf",?\s(?:that\s)?{_SAYING}\b", re.IGNORECASE)
_THEY_SAID = re.compile(rf"(?:,?\s(?:[^\W\d][\w’'.-]*\s){{1,5}}){_SAYING}\b", re.IGNORECASE)
_SAYING_TIME = re.compile(
    r"day|tonight|morning|afternoon|evening|night|week|\d|month|year", re.IGNORECASE
)


def is_aside(text: str, name: Name) -> bool:
    """Whether a time is that of a report or of what is compared with, and not of a figure."""
    head, named = text[max(0, name.start - HEAD) : name.start], text[name.start : name.end]
    if text.startswith(("’s", "'s"), name.end) and named.endswith("day"):
        return True  # "Thursday's meeting"
    fronted = not head.lower().removeprefix("on ").strip()
    if fronted and named.endswith("day") and _THEY_SAID.match(text, name.end):
        return True  # "On Monday the city said"
    if (
        _SAYING_TIME.search(named)
        and not _REPORTED.search(head)
        and (_SAID.search(head) or _SAID_AFTER.match(text, name.end))
    ):
        return True
    if since := SINCE.search(head):
        return bool(_HIGHEST.search(head, 0, since.start()))
    if _ON.search(head):
        return not _DAY.search(named)
    ranging = bool(_FROM.search(head)) and bool(_TO_END.search(named))
    return bool(_COMPARING.search(head)) and not ranging
