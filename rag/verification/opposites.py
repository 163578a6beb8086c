"""Whether a text says of a figure the contrary of its source: fell for rose, not, will for did."""

from __future__ import annotations

import re

from rag.sense import both_ways
from rag.verification.reading import Clause, Reading

_UP = (
    r"rise[sn]?|rising|rose|increas\w+|gr[eo]w(?:s|n|ing|th)?|climb\w*|jump\w*|surg(?:e|es|ed|ing)"
    r"|soar\w*|gain\w*|rais(?:e|es|ed|ing)|up|more|higher|larger|bigger"
)
_DOWN = (
    r"fall(?:s|en|ing)?|fell|decreas\w+|declin\w+|drop\w*|reduc\w+|plung\w+|slump\w*|shr[iau]nk\w*"
    r"|los(?:t|e|es|ing|s)|shed|cuts?|lowered|down|less|fewer|lower|smaller"
)
_PAIRS = (
    (_UP, _DOWN),
    (
        r"highest|peak\w*|most|maximum|longest|largest|biggest",
        r"lowest|minimum|shortest|smallest|least|fewest",
    ),
    (r"above", r"below|short of"),
    (r"before|ahead of", r"after|following"),
    (r"better|best", r"worse|worst"),
    (r"profits?|surplus", r"loss(?:es)?|deficit"),
    (r"exports?|exported", r"imports?|imported"),
    (r"open(?:s|ed|ing)?", r"clos(?:e|es|ed|ing)|shut"),
    (r"won|wins?", r"lost|loses?|lose"),
    (
        r"vot\w+[\w\s#]*\bfor|backed|supported|in favou?r|approved",
        r"against|opposed|rejected",
    ),
    (r"made|makes|earn(?:s|ed)|took in|received", r"los(?:t|e|es)|spen[dt]s?"),
    (r"yes", r"no"),
    (r"bought|buys?", r"sold|sells?"),
    (r"hired|created?", r"cut|fired|laid off"),
    (r"north\w*", r"south\w*"),
    (r"east\w*", r"west\w*"),
    (r"safe", r"unsafe"),
    (r"first", r"last"),
    (r"first", r"second"),
    (r"new", r"old|former"),
)
_OPPOSITES = both_ways(_PAIRS)
_MOVES = re.compile(rf"\b(?:{_UP}|{_DOWN})\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|never|no(?! (?:longer|more|fewer|less|later) than)|none|nobody|neither|without"
    r"|deny|denie[sd]|denying|failed)\b|n[’']t\b",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"\b(?:will|would|could|may(?! \d)|might|should|expect\w*|plan(?:s|ned|ning)?|forecast\w*"
    r"|predict\w*|aim(?:s|ed)?|hope[sd]?|propos\w+|intend\w*|wants? to|wanted to"
    r"|(?:is|are|was|were) to|target\w*|if|likely|promis\w+)\b"
)
_CHANGE_BEHIND = re.compile(
    r"\s?(?:(?!and|or|but|while)\w+\s){0,2}?(?:more|fewer|less|higher"
    r"|lower|larger|bigger|smaller|longer|shorter|better|worse|up|down|above|below)\b"
)
_CHANGE_AHEAD = re.compile(
    rf"\b(?:{_UP}|{_DOWN}|rises?|increase|drops?|declines?|growth|difference)\s(?:by\s|of\s)?$"
    r"|\bby\s$",
    re.IGNORECASE,
)


def turned(said: Reading, clause: Clause, source: Reading, stated: Clause) -> str | None:
    """Return how a text turns the sense of a figure; None where it does not."""
    if _is_opposite(said, clause, source, stated):
        return "says the opposite"
    segment, told = source.segment(stated), said.segment(clause)
    if bool(_NOT.search(told)) != bool(_NOT.search(segment)):
        return "denies what is affirmed, or affirms what is denied"
    if _EXPECTED.search(segment) and not _EXPECTED.search(said.plain):
        return "tells as a fact what is only expected"
    if _EXPECTED.search(told) and not _EXPECTED.search(source.plain):
        return "tells as expected what is a fact"
    return _as_change(said, clause, source, stated)


def _as_change(said: Reading, clause: Clause, source: Reading, stated: Clause) -> str | None:
    """Whether "35 fewer" and 35 are taken for each other."""
    if _is_change(source, stated) and not _may_be_change(said, clause):
        return "tells a difference as an amount"
    compared = _CHANGE_BEHIND.match(said.plain, clause.figure.span.end)
    if compared and not _may_be_change(source, stated):
        return "tells an amount as a difference"
    return None


def _is_opposite(said: Reading, clause: Clause, source: Reading, stated: Clause) -> bool:
    """Whether the text has a word whose opposite stands nearer to the source's figure."""
    told = said.clause_text(clause)
    places = (source.segment(stated), source.clause_text(stated), source.plain)
    for word, opposite in _OPPOSITES:
        if not word.search(told) or opposite.search(told):
            continue
        for place in places:
            if word.search(place):
                break
            if opposite.search(place):
                return True
    return False


def _is_change(reading: Reading, clause: Clause) -> bool:
    if clause.role == "by" and _MOVES.search(reading.segment(clause)):
        return True
    return _CHANGE_BEHIND.match(reading.plain, clause.figure.span.end) is not None


def _may_be_change(reading: Reading, clause: Clause) -> bool:
    ahead = reading.plain[: clause.figure.span.start].rstrip("#")
    return _is_change(reading, clause) or _CHANGE_AHEAD.search(ahead) is not None
