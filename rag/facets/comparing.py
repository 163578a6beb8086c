"""Questions that set two figures against each other."""

from __future__ import annotations

import re

from rag.facets import grammar
from rag.facets.clauses import (
    read_clause,
    stand_in,
    tidy,
)
from rag.facets.either import many_of, of_either, thing_of
from rag.facets.nouns import figure_of
from rag.facets.phrases import Role, at_time, phrases, time_spans, without_times
from rag.facets.remnants import again, against, from_to, with_time

_MORE = re.compile(r"\b(?P<for>(?:for|in|by|with|on) )?(?:more|fewer|less)\b(?! or)", re.IGNORECASE)

_GIVE = re.compile(r"[.?!]\s+(?:give|tell|name|show|state)\b.*\Z", re.IGNORECASE)


def compared(question: str) -> tuple[str, ...]:
    """The two questions of a comparison; none where they are not seen.

    >>> compared("Which was longer, the strike at Dorn or the one at Calle?")
    ('How long was the strike at Dorn?', 'How long was the strike at Calle?')
    """
    text = question.strip().rstrip("?. ")
    for way in (of_either, _than, _set_beside, _changed, _with_another, _more_or_less):
        parts = way(text)
        if len(parts) == 2 and parts[0] != parts[1] and all(parts):
            return parts
    return ()


_CLOSED = re.compile(r"\A(?:did|does|do|was|were|is|are|has|have|had)\b", re.IGNORECASE)


def _than(text: str) -> tuple[str, ...]:
    """As in "Did A build more flats than B", "Were more sold in May than in June"."""
    shares = re.search(r"\bper ?cent|\bshares?\b", text, re.IGNORECASE)
    text = _GIVE.sub("", text)
    head, than, remnant = text.rpartition(" than ")
    more = _MORE.search(head)
    if not than or more is None or not _CLOSED.match(text):
        return ()
    aux, before = head[: more.start()].split()[0].lower(), head[: more.start()].split()[1:]
    thing, rest = thing_of(head[more.end() :].strip())
    asks = "What percentage" if shares and thing.startswith("of ") else many_of(thing)
    if thing.startswith("of ") and asks == "How many":
        asks = "How much"
    if not thing and re.match(r"\d", rest):
        return ()
    if re.match(r"[$€£]?\d|(?:half|twice|double)\b", remnant):
        return ()
    base = tidy(f"{asks} {thing} {aux} {' '.join(before)} {rest}?")
    return with_time(base, remnant), against(base, remnant)


_SET = re.compile(
    r"(?:set|put|compare) (?P<one>[^:]+?) (?:against|beside|with|and|to) (?P<other>[^:]+):\s*"
    r"(?P<rest>.+)\Z",
    re.IGNORECASE,
)


def _set_beside(text: str) -> tuple[str, ...]:
    """As in "Set October 2023 against January 2024: what percentage ..."."""
    match = _SET.match(text)
    clause = read_clause(match["rest"]) if match else None
    if match is None or clause is None:
        return ()
    items = (match["one"], match["other"])
    if not all(time_spans(at_time(item)) for item in items):
        return ()
    return tuple(_capital(stand_in(clause, at_time(item))) for item in items)


_CHANGE = re.compile(
    r"how (?:did|has|have) (?P<what>.+?) (?:changed?|develop(?:ed)?|moved?)\b,?\s*(?P<when>.+)\Z",
    re.IGNORECASE,
)


def _changed(text: str) -> tuple[str, ...]:
    """As in "How did the number of farms change from 1990 to 2020", the later first."""
    match = _CHANGE.match(text)
    ends = from_to(match["when"]) if match else None
    if match is None or ends is None:
        return ()
    late, early = ends
    return figure_of(f"{match['what']} {late}"), figure_of(f"{match['what']} {early}")


_COMPARE = re.compile(
    r"(?:how (?P<do>do|does|did) (?P<one>.+?) compare (?:with|to|against) (?P<other>.+)"
    r"|compare (?P<first>.+?) (?:with|to|and) (?P<second>.+))\Z",
    re.IGNORECASE,
)

_AS_WELL = re.compile(r",?\s(?:compared (?:with|to)|versus|vs\.?|as against) ", re.IGNORECASE)


def _with_another(text: str) -> tuple[str, ...]:
    """As in "How does A compare with B", "what was A in 1950 compared to 2000"."""
    match = _COMPARE.match(text)
    if match:
        one, other = match["one"] or match["first"], match["other"] or match["second"]
        if time_spans(at_time(other)) == ((0, len(at_time(other))),):
            if not time_spans(one):
                return ()
            other = f"{without_times(one)} {at_time(other)}"
        named = again(other, one)
        now = not time_spans(text) and (match["do"] or "").lower() != "did"
        return figure_of(one, now=now), figure_of(named, now=now)
    halves = _AS_WELL.split(text)
    clause = read_clause(halves[0])
    if len(halves) != 2 or (clause is None and len(text.split()) > 9):
        return ()
    other = halves[1]
    if clause is None:
        return _terse(halves[0], other)
    if time_spans(at_time(other)) and phrases(other)[0].first not in grammar.PREPOSITIONS:
        other = at_time(other)
    if "vs" in text[len(halves[0]) :][:5] and phrases(other)[0].role is Role.PLAIN:
        return ()
    return clause.text, against(clause.text, other)


def _terse(one: str, other: str) -> tuple[str, ...]:
    """As in "audience 2017 vs 2018": only where nothing but the time differs."""
    spans = time_spans(one)
    if len(spans) != 1 or time_spans(other) != ((0, len(other)),):
        return ()
    start, end = spans[0]
    return one, f"{one[:start]}{other}{one[end:]}"


_OR_LESS = re.compile(
    r"(?P<one>.+?),? and (?:is|was|were|are) (?:it|this|that|they) (?:\w+) or (?:\w+) than "
    r"(?P<other>.+)\Z",
    re.IGNORECASE,
)


def _more_or_less(text: str) -> tuple[str, ...]:
    """As in "What was A, and was it more or less than B"."""
    match = _OR_LESS.match(text)
    if match is None:
        return ()
    return f"{match['one']}?", figure_of(match["other"])


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
