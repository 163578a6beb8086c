"""What is left of a second question: "than in 2010", "as Kite did", "those in 2020"."""

from __future__ import annotations

import re

from rag.facets import grammar
from rag.facets.clauses import (
    inverted,
    read_clause,
    stand_in,
    tidy,
    verb_at,
)
from rag.facets.phrases import Role, at_time, phrases, time_spans, without_times


def subject_and_place(item: str) -> tuple[str, str]:
    """("Zawrocie", "since 2018"): what is told of one alternative stands at the end."""
    pieces = phrases(item)
    if not pieces or pieces[0].role is not Role.PLAIN:
        return item, ""
    for piece in pieces[1:]:
        if piece.role is Role.TIME and piece.first in grammar.PREPOSITIONS - {"of"}:
            place = item.index(piece.text)
            return item[:place].strip(), item[place:].strip()
    return item, ""


def with_time(base: str, remnant: str) -> str:
    """With the time that stands behind the other one and is that of both."""
    spans = time_spans(remnant)
    if time_spans(base) or not spans or not spans[0][0] or verb_at(remnant) is not None:
        return base
    return f"{base.rstrip('?')} {remnant[spans[0][0] : spans[0][1]]}?"


def against(base: str, remnant: str) -> str:
    """A question with what it is compared with in place of its own time, place or subject.

    >>> against("How many cars did Brand sell in 2020?", "Kite did in 2010")
    'How many cars did Kite sell in 2010?'
    """
    clause = read_clause(base)
    pieces = phrases(remnant)
    if clause is None or not pieces:
        return ""
    if pieces[0].role is not Role.PLAIN:
        return stand_in(clause, remnant)
    turned = inverted(clause.predicate)
    if turned is None:
        return ""
    aux, subject, said = turned
    at = verb_at(remnant)
    named, verbs = (remnant, "") if at is None else (remnant[:at].strip(), remnant[at:].strip())
    first, _, after = verbs.partition(" ")
    base_verb = grammar.base_of(first.lower())
    if verbs and first.lower() not in grammar.AUXILIARIES and base_verb:
        return tidy(f"{clause.asks} {clause.counted} {aux} {named} {base_verb} {after}?")
    cut = subject_and_place(named) if not verbs else (named, after)
    named = again(cut[0], subject)
    swapped = read_clause(f"{clause.asks} {clause.counted} {aux} {named} {said}")
    if swapped is None:
        return ""
    return stand_in(swapped, cut[1]) if cut[1] else swapped.text


def again(remnant: str, subject: str) -> str:
    """With the noun that "the one" stands for, up to what the remnant says otherwise.

    >>> again("those in 2020", "the wages of drivers in 2010")
    'the wages of drivers in 2020'
    """
    match = re.match(r"(?:the ones?|those|that)\b\s*(?P<rest>.*)\Z", remnant, re.IGNORECASE)
    if match is None:
        return remnant
    link = match["rest"].split(" ", 1)[0].lower()
    noun = without_times(subject)
    if link in grammar.PREPOSITIONS:
        noun = re.split(rf"\s{link}\s", noun)[0]
    return f"{noun} {match['rest']}"


FROM_TO = re.compile(
    r"\A(?:from|between)\s(?P<early>.+?)\s(?:to|and|until|till)\s(?P<late>.+)\Z", re.IGNORECASE
)


def from_to(when: str) -> tuple[str, str] | None:
    """The later and the earlier end of a range, each with its year and its preposition.

    >>> from_to("between June and December of 2022")
    ('in December 2022', 'in June 2022')
    """
    match = FROM_TO.match(when.strip(" ,?"))
    if match is None:
        return None
    late, early = match["late"].strip(), match["early"].strip()
    late = re.sub(r"\b(\w+) of (?=\d{4})", r"\1 ", late)
    year = re.search(r"\b(?:19|20)\d\d\b\Z", late)
    if year and not re.search(r"\b(?:19|20)\d\d\b", early):
        early = f"{early} {year[0]}"
    if not time_spans(at_time(late)) or not time_spans(at_time(early)):
        return None
    return at_time(late), at_time(early)
