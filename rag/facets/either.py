"""Which of two: the question that each of them is asked."""

from __future__ import annotations

import re

from rag.facets import grammar
from rag.facets.clauses import (
    tidy,
    tokens,
    verb_at,
)
from rag.facets.nouns import figure_of
from rag.facets.phrases import time_spans
from rag.facets.remnants import again, subject_and_place

_POSITIVES = {
    "larger": "large", "bigger": "big", "longer": "long", "higher": "high", "greater": "great",
    "taller": "tall", "older": "old", "younger": "old", "wider": "wide", "deeper": "deep",
    "heavier": "heavy", "faster": "fast", "lower": "low", "smaller": "large", "shorter": "long",
    "colder": "cold", "hotter": "hot", "warmer": "warm", "farther": "far", "further": "far",
    "fuller": "full", "narrower": "wide", "lighter": "heavy", "slower": "fast", "older ": "old",
}  # fmt: skip

# Of a figure itself, and not of a thing that has a size.
_OF_FIGURES = frozenset({"larger", "bigger", "higher", "greater", "lower", "smaller"})

_ADJECTIVE = rf"(?:{'|'.join(word for word in _POSITIVES if word.strip() == word)})"

_MORE = re.compile(r"\b(?P<for>(?:for|in|by|with|on) )?(?:more|fewer|less)\b(?! or)", re.IGNORECASE)

_EITHER = re.compile(r"[,:]\s*(?:either )?(?P<one>[^:]+?),?\s+or\s+(?P<other>.+)\Z", re.IGNORECASE)

_IN_EACH = re.compile(r",? and (?:how|what|by how|at what)\b.*\b(?:each|both|it)\b.*\Z", re.I)

_WHICH = re.compile(r"\b(?:which|where)\b", re.IGNORECASE)

_BY_ADJECTIVE = re.compile(
    rf"which (?P<noun>.*?)\s*\b(?P<be>is|was|are|were) (?:the )?(?P<how>{_ADJECTIVE})\b"
    r"(?P<rest>.*)",
    re.IGNORECASE,
)


def of_either(text: str) -> tuple[str, ...]:
    """As in "Which ..., A or B"."""
    start = _WHICH.search(text)
    if (
        start is None
        or re.search(r"(?i)\b(?:in|at|on|by|for|to|from) \Z", text[: start.start()])
        or re.search(r"\bhow (?:many|much)\b", text[: start.start()], re.I)
    ):
        return ()
    head = _IN_EACH.sub("", text[start.start() :])
    either = _EITHER.search(head)
    if either is None:
        return ()
    items = (either["one"].strip(), either["other"].strip())
    asked = head[: either.start()].strip()
    if not re.match(r"the one\b", items[0], re.IGNORECASE):
        items = (items[0], again(items[1], items[0]))
    by_adjective = _BY_ADJECTIVE.fullmatch(asked)
    if by_adjective:
        return tuple(_measured(by_adjective, item) for item in items)
    more = _MORE.search(asked)
    if more is None:
        return ()
    if asked.lower().startswith("where"):
        return tuple(_somewhere(asked, more, item) for item in items)
    return tuple(_some_one(asked, more, item) for item in items)


def _measured(match: re.Match[str], item: str) -> str:
    noun, rest = match["noun"].strip(), match["rest"].strip()
    how = match["how"].lower()
    if not noun and how not in _OF_FIGURES:
        return tidy(f"How {_POSITIVES[how]} {match['be']} {item} {rest}?")
    if not noun and how in _OF_FIGURES:
        plural = tokens(item)
        now = match["be"].lower() in {"is", "are"} and not time_spans(item)
        return figure_of(item, now=now) if plural else ""
    named = re.sub(r"\Athe one\b", f"the {noun}", item, flags=re.IGNORECASE)
    return tidy(f"How {_POSITIVES[match['how'].lower()]} {match['be']} {named} {rest}?")


def many_of(noun: str) -> str:
    """As in "How many" or "how much", as the noun takes it."""
    words = tokens(noun)
    many = any(grammar.is_plural(word) for word, _ in words[:3])
    return "How many" if many else "How much"


def thing_of(text: str) -> tuple[str, str]:
    """What "more" counts, and what follows: ("old stoves", "with public money")."""
    words = tokens(text)
    for index, (word, place) in enumerate(words):
        of = index == 0 and word == "of"
        ends = word in grammar.PREPOSITIONS and word != "of"
        if ends or word == "than" or (not of and index and _verb_here(words, index)):
            return text[:place].strip(), text[place:].strip()
    spans = time_spans(text)
    cut = spans[0][0] if spans else len(text)
    return text[:cut].strip(), text[cut:].strip()


def _verb_here(words: list[tuple[str, int]], index: int) -> bool:
    word, before = words[index][0], words[index - 1][0]
    if word in grammar.AUXILIARIES or grammar.is_past(word):
        return True
    return grammar.is_base(word) and (grammar.is_plural(before) or index == len(words) - 1)


def _somewhere(asked: str, more: re.Match[str], item: str) -> str:
    """As in "Where did more rain fall", of one place."""
    aux = asked[len("where") : more.start()].strip()
    thing, said = thing_of(asked[more.end() :].strip())
    if not thing or not said or aux.lower() not in grammar.AUXILIARIES:
        return ""
    verb, _, rest = said.partition(" ")
    told = f"{grammar.past(verb)} {rest}" if aux.lower() == "did" else f"{aux} {said}"
    if aux.lower() in {"do", "does"}:
        told = said
    return tidy(f"{many_of(thing)} {thing} {told} {item}?")


def _some_one(asked: str, more: re.Match[str], item: str) -> str:
    """As in "Which city built more flats", of one city."""
    thing, rest = thing_of(asked[more.end() :].strip())
    head = asked[len("which") : more.start()].strip()
    at = verb_at(head) if tokens(head) else None
    noun, verbs = (head[:at].strip(), head[at:].strip()) if at is not None else ("", head)
    words = verbs.split()
    if not thing or not words:
        return ""
    named = re.sub(r"\Athe one\b", f"the {noun}", item, flags=re.IGNORECASE)
    subject, where = subject_and_place(named)
    aux, said = _questioned(words)
    if not aux:
        return ""
    asks = f"{more['for'].capitalize()}{many_of(thing).lower()}" if more["for"] else many_of(thing)
    return tidy(f"{asks} {thing} {aux} {subject} {said} {rest} {where}?")


def _questioned(words: list[str]) -> tuple[str, str]:
    """A verb as a question has it: ("did", "take") of "took"."""
    first, after = words[0].lower(), " ".join(words[1:])
    if first in {"has", "have"} and not after:
        return ("does" if first == "has" else "do"), "have"
    if first == "had" and not after:
        return "did", "have"
    if first in grammar.AUXILIARIES:
        return first, after
    base = grammar.base_of(first)
    if not base and first.endswith("ed") and len(words) == 1:
        return "", ""
    return ("did", f"{base} {after}") if base else ("", "")
