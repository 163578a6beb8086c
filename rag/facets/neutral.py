"""The question for a figure that another takes for granted."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.facets import grammar
from rag.facets.clauses import (
    tidy,
    tokens,
)
from rag.facets.given import Given, find_quantity, read_given
from rag.facets.nouns import figure_of
from rag.facets.phrases import time_spans
from rag.question import with_months
from rag.schema import FigureKind

_TAKES = re.compile(
    r"\A(?:is(?:n[’']t)? it (?:right|true|correct|the case)(?:,? as i heard,?)? that|how come|so"
    r"|given that|seeing that|considering that|i heard that"
    r"|why (?=(?:did|do|does|have|has|had|were|was|are|is)\b))\s*",
    re.IGNORECASE,
)

_TAG = re.compile(
    r",?\s*\b(?:correct|right|is that (?:right|true|so)|isn[’']t it|as i (?:have )?heard"
    r"|(?:did|was|were|is|are|has|have)n[’']t (?:it|they|he|she))\s*\Z"
    r"|,\s*(?:what|which|how|why|when|who)\b.*\Z",
    re.IGNORECASE,
)

# A question that asks takes nothing for granted that could be asked instead.
_ASKS_ITSELF = re.compile(
    r"\bhow (?:many|much|long|old|high|far)\b|:|\A(?:[a-z]+ ){0,2}"
    r"(?:how|what|which|who|when|where|why)\b"
    r"|[,.] (?:how|what|which|who|when|where)\b|\b(?:I|we)\b",
    re.IGNORECASE,
)

_SHARES = frozenset({FigureKind.PERCENT, FigureKind.RATIO})

_TURNS = re.compile(
    r"\b(?:doubled?|tripled?|trebled?|quadrupled?|halved?|(?:been |were |was )?cut in half)\b", re.I
)

_REACHES = re.compile(
    r"\A(?:stop(?:ped)? short of|reach(?:ed)?|exceed(?:ed)?|stay(?:ed)? (?:below|above|under|over)"
    r"|pass(?:ed)?|number(?:ed)?|total(?:led)?|amount(?:ed)? to|come to|came to"
    r"|remain(?:ed)? (?:below"
    r"|above|under|over))\Z",
    re.IGNORECASE,
)

_LIES = re.compile(r"\A(?:below|above|under|over|more than|less than|at|higher than|lower than)?\Z")

_COSTS = frozenset("cost earn pay spend lose charge owe".split())  # noqa: SIM905

_LED = re.compile(r"\b(?:by|in|within|after|before|for|over|to|at)\Z", re.IGNORECASE)

_ONCE = re.compile(r"\A(?P<main>.+?) (?:once|when|as soon as|if) (?P<then>.+)\Z", re.IGNORECASE)


def neutral_by_words(question: str) -> str:
    """The question that asks for the figure which a question takes for granted.

    Args:
        question: as it is read.

    Returns:
        A question without that figure; empty where none is seen.

    >>> neutral_by_words("How come only 40% of those who apply were accepted?")
    'What percentage of those who apply were accepted?'
    >>> neutral_by_words("Did 500 people come to the opening?")
    'How many people came to the opening?'
    >>> neutral_by_words("Did the mayor resign?")
    ''
    """
    text = with_months(" ".join(question.split())).rstrip("?.! ")
    text = _TAG.sub("", _TAKES.sub("", _TAG.sub("", text))).strip(" ,")
    if _ASKS_ITSELF.search(text):
        return ""
    asked = _of_turn(text) or _of_figure(text)
    asked = tidy(asked).rstrip(" ,?")
    if not asked or find_quantity(asked) is not None:
        return ""
    if "@" in asked or len(asked.split()) < 4:
        return ""
    first = asked[0].upper() if question[:1].isupper() else asked[0].lower()
    return f"{first}{asked[1:]}?"


def _of_turn(text: str) -> str:
    """As in "Why did the price double last year": by how much did it change."""
    turn = _TURNS.search(text)
    if turn is None:
        return ""
    before, after = text[: turn.start()].strip(), text[turn.end() :].strip()
    words = before.split()
    if words and words[0].lower() in grammar.AUXILIARIES:
        before = " ".join(words[1:])
    before = re.sub(r"\s(?:has|have|had|been|was|were|did|only|just)\Z", "", before)
    before = re.sub(r"\s(?:has|have|had)\Z", "", before)
    if not before or re.match(r"(?:to|from)\s\D{0,3}\d", after):
        return ""
    return f"By how much did {before} change {after}"


def _of_figure(text: str) -> str:
    place = find_quantity(text)
    if place is None:
        return ""
    once = _ONCE.match(text)
    if once and find_quantity(once["main"]) is None:
        asked = _of_figure(once["then"])
        return f"{asked} once {once['main'][:1].lower()}{once['main'][1:]}" if asked else ""
    given = read_given(text, *place)
    if given is None:
        return _change_without_verb(text, *place)
    ways: tuple[Callable[[Given], str], ...] = (
        _of_subject, _of_reach, _of_adjective, _of_by, _of_to, _of_object,
    )  # fmt: skip
    return next((asked for way in ways if (asked := way(given))), "")


def _asks(kind: FigureKind, noun: str) -> str:
    if kind in _SHARES and (noun.startswith("of ") or kind is FigureKind.PERCENT):
        return "What percentage"
    if kind is FigureKind.MONEY:
        return "How much"
    return "How many"


def _of_subject(given: Given) -> str:
    if not given.in_subject:
        return ""
    return f"{_asks(given.kind, given.subject)} {given.subject} {given.said}"


def _thing(after: str) -> tuple[str, str]:
    """The noun that follows a figure, and the rest: ("passengers", "in 2018")."""
    words = tokens(after)
    for index, (word, place) in enumerate(words):
        of = word in {"of", "per"}
        if (word in grammar.PREPOSITIONS and not of) or (index and grammar.is_past(word)):
            return after[:place].strip(), after[place:].strip()
    spans = time_spans(after)
    cut = spans[0][0] if spans else len(after)
    return after[:cut].strip(), after[cut:].strip()


def _of_reach(given: Given) -> str:
    """As in "Did removals stop short of it", "Was the turnout below it"."""
    be = given.auxiliary.lower() in {"is", "are", "was", "were"}
    if not (_REACHES.match(given.said) or (be and _LIES.match(given.said))):
        return ""
    thing, rest = _thing(given.after)
    if be and re.match(rf"(?:{'|'.join(_ADJECTIVES)})\b", given.after.split(" ", 1)[-1]):
        return ""
    noun = thing if given.kind is FigureKind.COUNT else ""
    verb = "were" if grammar.is_plural(given.subject.split()[0]) else "was"
    if noun:
        return f"How many {noun} {verb} {given.subject} {rest}"
    now = given.auxiliary.lower() in {"is", "are", "does", "do"}
    return figure_of(f"{given.subject} {rest}".strip(), now=now)


_ADJECTIVES = ("long", "high", "old", "wide", "tall", "deep", "full", "large", "big")


def _of_adjective(given: Given) -> str:
    """As in "The dam is 90 metres high", "the strike lasted three weeks"."""
    adjective = re.search(rf"\b({'|'.join(_ADJECTIVES)})\b(.*)", given.after)
    if not given.said and adjective:
        return f"How {adjective[1]} {given.auxiliary} {given.subject} {adjective[2]}"
    verb = given.said.split()[:1]
    if given.kind is FigureKind.DURATION and verb and not _LED.search(given.said):
        return f"How long {given.auxiliary} {given.subject} {given.said} {given.after}"
    if verb and verb[0].lower() in _COSTS and given.kind in {FigureKind.COUNT, FigureKind.MONEY}:
        return f"How much {given.auxiliary} {_definite(given.subject)} {given.said} {given.after}"
    return ""


def _definite(subject: str) -> str:
    known = subject[:1].isupper() or re.match(r"(?:the|a|an|its|his|her|their) ", subject)
    return subject if known or grammar.is_plural(subject.split(maxsplit=1)[0]) else f"the {subject}"


def _of_by(given: Given) -> str:
    """As in "It topped the mark by ten points", "rents were only up 5%"."""
    said = given.said
    moves = re.search(r"\b(?:by|up|down|rise|fall|grow|drop|increase|decrease|decline)\Z", said)
    if moves is None:
        return ""
    thing, rest = _thing(given.after)
    unit = "percent" if given.kind is FigureKind.PERCENT else thing
    asks = f"By how many {unit}" if unit else "By how much"
    shown = re.sub(r"(?:\bonly\b|\bjust\b|\bby\Z)", "", said)
    return f"{asks} {given.auxiliary} {given.subject} {shown} {rest}"


def _of_to(given: Given) -> str:
    """As in "Income is down to 900 euros a month"."""
    if not re.search(r"\b(?:to|at)\Z", given.said):
        return ""
    prep = given.said.split()[-1]
    thing, rest = _thing(given.after)
    asks = "how much" if given.kind is FigureKind.MONEY else "how many"
    shown = given.said[: -len(prep)].strip()
    return f"{prep.capitalize()} {asks} {thing} {given.auxiliary} {given.subject} {shown} {rest}"


def _of_object(given: Given) -> str:
    """As in "Did the line carry 2 million passengers in 2018"."""
    thing, rest = _thing(given.after)
    if not thing and given.kind in {FigureKind.COUNT, FigureKind.DURATION}:
        return ""
    said = re.sub(r"\b(?:only|just)\s", "", given.said)
    if not given.said or given.said.split()[-1].lower() in grammar.PREPOSITIONS:
        return ""
    return f"{_asks(given.kind, thing)} {thing} {given.auxiliary} {given.subject} {said} {rest}"


def _change_without_verb(text: str, start: int, end: int, kind: FigureKind) -> str:
    """As in "rents only up 5% from March to July"."""
    match = re.match(
        r"(?P<what>.+?) (?:only |just )?(?P<way>up|down)(?: by)?(?: only| just)?\Z",
        text[:start].strip(),
    )
    if match is None or kind is not FigureKind.PERCENT:
        return ""
    words = tokens(match["what"])
    be = "were" if any(grammar.is_plural(word) for word, _ in words) else "was"
    return f"By how many percent {be} {match['what']} {match['way']} {text[end:]}"
