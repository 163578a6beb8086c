"""Shares of a whole: how many of them did it, and how many there are."""

from __future__ import annotations

import re

from rag.facets import grammar
from rag.facets.clauses import (
    read_clause,
    tidy,
    tokens,
    verb_at,
)
from rag.facets.nouns import figure_of, head_at, is_counted, owned_by, owner_of
from rag.facets.phrases import at_time, time_spans, times_of, without_times

_SHARE = re.compile(
    r"\b(?:what|which) (?:share|percentage|proportion|per ?cent|fraction),?(?: in per ?cent,)? of "
    r"(?P<rest>.+)\Z",
    re.IGNORECASE,
)

_AS_SHARE = re.compile(
    r"\A(?P<one>.+?) as (?:a )?(?:share|percentage|proportion|%) of (?P<other>.+)\Z", re.IGNORECASE
)

_SOME = re.compile(r"(?:the|those|these|its|their|his|her|all)\b", re.IGNORECASE)


def share_terse(text: str) -> tuple[str, ...]:
    """The two figures of a share that is asked for in keywords.

    >>> share_terse("corvin ltd debt as share of assets 2019")
    ('corvin ltd debt 2019', 'corvin ltd assets 2019')
    """
    match = _AS_SHARE.match(text)
    if match is None or len(text.split()) > 12 or read_clause(text):
        return ()
    one, other = match["one"].strip(), match["other"].strip()
    time = "".join(times_of(other)[:1] or times_of(one)[:1])
    what, whole = without_times(one), without_times(other)
    owner = what.rsplit(" ", 1)[0] if " " in what else ""
    whole = whole if len(whole.split()) > 1 else f"{owner} {whole}".strip()
    return f"{what} {time}".strip(), f"{whole} {time}".strip()


def share_of(text: str) -> tuple[str, ...]:
    """How many of a group did it, and how many there are: of "what share of the group did it".

    What did *not* happen is no part of the whole that an article would state.
    """
    match = _SHARE.search(text)
    if match is None or re.search(r"\b(?:not|never)\b|n[’']t\b", match["rest"]):
        return ()
    at = verb_at(match["rest"])
    if at is None:
        return ()
    group, said = match["rest"][:at].strip(" ,"), match["rest"][at:].strip()
    if re.match(r"(?:those|people|all|the vote)\b", group) and "who" not in group:
        return ()
    return part_and_whole(group, said)


def part_and_whole(group: str, said: str) -> tuple[str, ...]:
    """How many of a group did it; how many are in the group."""
    if not group or not said:
        return ()
    now = not (said.split(maxsplit=1)[0].lower() in {"was", "were", "had", "did"} or _in_past(said))
    words = tokens(group)
    many = grammar.is_plural(words[head_at(words)][0]) and is_counted(group)
    owned = re.search(r"[’']s?\s[\w-]+\Z", group)
    asks = "How many" if many else "How much"
    if not many and not owned:
        return ()
    of = " of" if _SOME.match(group) or not many or owned else ""
    subset = tidy(f"{asks}{of} {group} {said}?")
    owner = owner_of(group)
    if owner and not many:
        return subset, owned_by(*owner, now=now)
    times = [] if time_spans(group) or owned else times_of(said)
    restricted = any(word in grammar.RELATIVES or grammar.is_past(word) for word, _ in words[1:])
    when = (
        at_time(times[-1])
        if times and not restricted and re.match(r"(?:in|of) ", times[-1])
        else ""
    )
    return subset, figure_of(f"{group} {when}".strip(), now=now)


def _in_past(said: str) -> bool:
    first = said.split(maxsplit=1)[0].lower()
    return grammar.is_past(first) and not (grammar.is_base(first) and first not in {"cut", "put"})
