"""The words that say what a figure counts or measures."""

from __future__ import annotations

import re

from rag.figures import bounded_span
from rag.figures.reading import prose
from rag.figures.units import unit_after
from rag.nouns.phrases import EMPTY_NOUNS, MASK, PRONOUNS, clean, phrase, subject
from rag.schema import Figure, FigureKind, Span

_NAMELESS = frozenset({FigureKind.YEAR, FigureKind.DATE, FigureKind.IDENTIFIER})
_SKIPPED = re.compile(
    r"\s(?:more|fewer|less|other|additional|extra|further|different|or\s(?:so|more|fewer|less|older"
    r"|younger))\b"
)
_OF = re.compile(
    r"(?:\s(?:per\s?cent|percent|or\s(?:so|more|less)))?\s(?:out\s)?of\s"
    r"(?:(?:all|the|these|those|its|their|his|her|our|my|your|this|that|some|about|nearly|more\sthan"
    r"|over|a|an|every|any|such|what)\s)*(?:(?:(?!(?:in|on|at|for|from|by|to|over|and|or|with|who|that|aged|under|above|below|people|men|women|children|[a-z]+[^\Wuis]s)\b)[\w’'-]+\s){0,2}?[\d.,]+(?:\s(?:million|billion|thousand))?\s)?"
)
_CHANGE = (
    r"(?:rise|rises|fall|increase|increases|decrease|drop|decline|growth|gain|jump|cut|reduction|surge"
    r"|slump|loss|change|hike|improvement|dip|slide|climb)"
)
_CHANGE_IN = re.compile(
    rf"(?:\s|-)(?:[a-z-]+\s){{0,2}}?{_CHANGE}\s(?:in|of|for)\s(?:the\s|its\s|their\s)?"
)
_IN_BY = re.compile(
    rf"\b{_CHANGE}\sin\s(?:the\s|its\s|their\s)?(?P<noun>[^,;.]{{2,50}}?)\s(?:of|by|was|is|at)\s(?:[a-z]+\s){{0,2}}$",
    re.IGNORECASE,
)
_BEFORE_OF = re.compile(
    r"(?:^|.*\b(?:an?|the|its|their|his|her|with|by|for|to|of|some|no)\s)"
    r"(?P<noun>(?:[a-z-]+\s){0,2}?[a-z-]+)"
    r"\s(?:of|worth|totalling|totaling)\s(?:only\s|just\s|some\s|a\s)?$",
    re.IGNORECASE,
)
_FOR = re.compile(r"\s(?:for|in|on)\s(?:the\s|an?\s|its\s|their\s|his\s|her\s)?(?=[^\W\d])")
_PUT_AT = re.compile(r"\bputs?\s(?:the\s|its\s)?(?P<noun>(?!number\b)[^,;]{2,50}?)\sat\s$")
_NUMBER_OF = re.compile(
    r"\b(?:number|share|proportion|percentage|count)\sof\s(?:the\s|all\s)?(?P<noun>[^\W\d_][^,;:.]*)$",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?P<noun>[^\W\d_][\w’'-]*(?:\s[^\W\d_][\w’'-]*){0,2}?)(?:,?\saged\s|\sof\s|\s(?:under|over)\s|,\s)"
    r"(?:between\s|about\s|just\s)?$"
)
_NAMED = re.compile(r"(?P<noun>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,|\s\()\s?$")
# Nouns that are verbs elsewhere: "27% of costs".
_LIKE_VERBS = re.compile(r"(?:costs|works|lives|needs|stays)\b")
_SHARES = frozenset({FigureKind.PERCENT, FigureKind.RATIO})
_FRONTED_WHOLE = re.compile(
    r"(?:^|[;:,]\s|\b(?:and|but)\s)(?:[Oo]f|[Aa]mong)\s(?:(?:the|all|its|their|these|those)\s)*"
    r"(?:[\d.,]+\s)?(?:(?P<noun>[^\W\d][^,;:\d]{1,40}?)(?:\s(?:aged|over|under|above|below)\s[^,;:]{1,20})?,"
    r"(?:[^,;:\d]{0,30}\s|\s)|(?P<near>[^\W\d][\w’'-]*)\s(?:only\s|just\s)?)$"
)
_BEFORE_AGED = re.compile(
    r"\b(?:an?|the|are|were|was|is|and|of|among|in|for|to|with|by|than|from|per\scent|percent)\s",
    re.IGNORECASE,
)
_TIMES = re.compile(f"{MASK}+\\s?")


def counted(text: str, figure: Figure) -> str:
    """Return the words behind a figure that say what it counts; empty where none do.

    >>> from rag.figures import find_figures
    >>> text = "77% of applicants"
    >>> counted(text, find_figures(text)[0])
    'applicants'
    """
    if figure.kind in _NAMELESS:
        return ""
    if figure.kind is FigureKind.AGE:
        named = _of_age(text, figure)
        grown = text[figure.span.end : figure.span.end + 1].isspace()
        return named or (_behind(text, figure.span.end, len(text)) if grown else "")
    if figure.kind in _SHARES and (whole := _FRONTED_WHOLE.search(text, 0, figure.span.start)):
        # "Of the boys, 7.5 percent vape".
        said = _of(text, figure.span.end) or clean(whole["noun"] or whole["near"])
        return "" if said.endswith("ed") else said
    end = _end_of_unit(text, figure)
    noun = _of(text, end) or _change(text, end) or _behind(text, end, len(text))
    # "An 18% decrease", "a four-year low": of what, other words say.
    return "" if noun.lower().rpartition(" ")[2] in EMPTY_NOUNS else noun


def named_before(text: str, figure: Figure) -> str:
    """Return the noun that a figure is that of: "a loss of $3m"; empty where there is none."""
    start = bounded_span(text, figure).start
    named = _BEFORE_OF.search(text[max(0, start - 60) : start])
    if figure.kind in _NAMELESS or not named:
        return ""
    return "" if named["noun"].lower().split()[-1] in EMPTY_NOUNS else clean(named["noun"])


def measured(text: str, figure: Figure, clause: Span) -> str:
    """Return the words before a figure that say what it measures; empty where none do.

    Args:
        text: of the sentence, with :data:`MASK` for its times.
        figure: of the sentence.
        clause: the part of the sentence that speaks of the figure.
    """
    if figure.kind in _NAMELESS:
        return ""
    return _before(text, figure, clause) or _paid_for(text, figure, clause)


def _end_of_unit(text: str, figure: Figure) -> int:
    """Where the measure that stands behind a count ends: "41 mm of rain"."""
    end = figure.span.end
    if figure.kind is FigureKind.COUNT and figure.unit and (unit := unit_after(prose(text), end)):
        end = unit[1]
    skipped = _SKIPPED.match(text, end)
    return skipped.end() if skipped else end


def _of(text: str, end: int) -> str:
    match = _OF.match(text, end)
    if match and (noun := _LIKE_VERBS.match(text, match.end())):
        return noun[0]
    return phrase(text, match.end() - 1, len(text)) if match else ""


def _change(text: str, end: int) -> str:
    """A 4% rise in sales."""
    match = _CHANGE_IN.match(text, end)
    return phrase(text, match.end() - 1, len(text)) if match else ""


def _behind(text: str, start: int, end: int) -> str:
    noun = phrase(text, start, end)
    stop = start + len(noun) + 1
    if noun and text.startswith(" of ", stop):
        whole = phrase(text, stop + 3, end)
        return f"{noun} of {whole}" if whole and " " not in whole else noun
    return noun


def _before(text: str, figure: Figure, clause: Span) -> str:
    head = text[clause.start : max(clause.start, bounded_span(text, figure).start)]
    head = _TIMES.sub("", head)
    if match := _IN_BY.search(head):
        return clean(match["noun"])
    if put := _PUT_AT.search(head):
        return clean(put["noun"])
    if number := _NUMBER_OF.search(head):
        return phrase(f" {number['noun']}", 0, len(number["noun"]) + 1)
    return subject(head)


def _paid_for(text: str, figure: Figure, clause: Span) -> str:
    if figure.kind is not FigureKind.MONEY:
        return ""
    match = _FOR.match(text, figure.span.end, clause.end)
    return phrase(text, match.end() - 1, len(text)) if match else ""


def _of_age(text: str, figure: Figure) -> str:
    head = text[max(0, figure.span.start - 60) : figure.span.start]
    match = _NAMED.search(head) or _AGED.search(head)
    noun = _BEFORE_AGED.split(f"{match['noun']} ")[-1].strip() if match else ""
    return "" if noun.lower() in PRONOUNS or noun.lower().endswith("cent") else noun
