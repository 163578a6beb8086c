"""Questions whose answer is computed: differences, changes, shares, multiples, sums."""

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
from rag.facets.nouns import figure_of
from rag.facets.phrases import at_time, time_spans, times_of
from rag.facets.remnants import against, from_to, with_time
from rag.facets.shares import share_of, share_terse

_CHANGES = (
    r"(?:r(?:i|o)se|risen|f(?:a|e)ll(?:en)?|gr(?:o|e)wn?|increased?|decreased?|declined?|drop(?:ped)?"
    r"|climb(?:ed)?|shr(?:i|a|u)nk|changed?|(?:go|went|gone|come|came) (?:up|down)|differ(?:ed)?)"
)

_CHANGE = re.compile(
    rf"\bby (?:about )?(?:how much|how many (?:per ?cent(?:age points)?|points|\w+)|(?:what|which) "
    rf"(?:per ?cent(?:age)?|share|proportion|amount))\b,? (?:(?:did|has|have|had) )?(?P<what>.+?) "
    rf"{_CHANGES}\b,?\s*(?P<when>.*)\Z",
    re.IGNORECASE,
)

_EXCEED = re.compile(
    r"\bby (?:about )?(?:how much|how many \w+(?: ?cent)?|"
    r"(?:what|which) (?:per ?cent(?:age)?|amount))"
    r" did (?P<one>.+?) (?:exceed|overrun|overshoot|surpass|top) (?P<other>.+)\Z",
    re.IGNORECASE,
)

_MORE_THAN = re.compile(
    r"\bhow (?P<much>many|much) (?:more|fewer|less)\b(?P<rest>(?! than).+?) than (?P<other>.+)\Z",
    re.IGNORECASE,
)

_LONGER_THAN = re.compile(
    r"\bhow much (?P<how>long|high|old|tall|wide|deep|larg|low)e?r (?P<rest>.+?) than "
    r"(?P<other>.+)\Z",
    re.IGNORECASE,
)

_TIMES_AS = re.compile(
    r"\b[Hh]ow many times as (?P<how>\w+)\b(?P<rest>.+?) as (?P<other>(?:in|at|on|during|by)\b.+?"
    r"|[A-Z].+?)(?: that (?P<that>.+))?\Z",
)

_OF = re.compile(
    r"\A(?:of|among) (?P<group>.+?), (?:about )?how many (?P<verb>.+)\Z", re.IGNORECASE
)

_NOT = re.compile(r"\b(?:not|never)\s|n[’']t\b ?", re.IGNORECASE)

_HOW_MANY_OF = re.compile(r"\Ahow many of (?P<rest>.+)\Z", re.IGNORECASE)

_BETWEEN = re.compile(
    r"\A(?:what (?:is|was) the (?:difference|gap|margin)(?: in [\w ]+)? between |how (?:many|much) "
    r"(?P<counted>[\w ]+?) (?:lie|lay|lies|are|is|were) between )(?P<one>.+?) and (?P<other>.+)\Z",
    re.IGNORECASE,
)

_TIME_UNIT = re.compile(r"\A(?:second|minute|hour|day|week|month|year|decade)s?\Z", re.IGNORECASE)

_BELOW = re.compile(
    r"\Ahow (?:far|much) (?:below|above|under|over|short of|beyond) (?P<one>.+?) "
    r"(?P<be>was|were|is|are) (?P<other>.+)\Z",
    re.IGNORECASE,
)

_TAKEN = re.compile(
    r"\A(?:taking|adding|counting) (?:up )?(?P<one>.+?) and (?P<other>.+?) (?:together|up), "
    r"(?P<rest>.+)\Z",
    re.IGNORECASE,
)

_TOGETHER = re.compile(
    r"\A(?:together|combined|in all),?\s|,?\s(?:together|combined|in all)\b", re.I
)


def computed(question: str) -> tuple[str, ...]:
    """The two questions that a computed figure needs; the later first, the part before the whole.

    >>> computed("By what percentage did sales of boats grow between 2008 and 2012?")
    ('What were sales of boats in 2012?', 'What were sales of boats in 2008?')
    """
    text = question.strip().rstrip("?.!; ")
    text = re.sub(r";.*\Z", "", text)
    for way in (
        _exceeding, _changing, _times, _more, _longer, share_terse, share_of, _negated,
        _lying_between, _below, _taken, _summed,
    ):  # fmt: skip
        parts = way(text)
        if len(parts) >= 2 and len(set(parts)) == len(parts) and all(parts):
            return tuple(_as_asked(question, part) for part in parts)
    return ()


def _as_asked(question: str, part: str) -> str:
    """With a small first letter where the question has one."""
    small = question[:1].islower()
    return f"{part[:1].lower() if small else part[:1].upper()}{part[1:]}"


def _changing(text: str) -> tuple[str, ...]:
    match = _CHANGE.search(text)
    ends = from_to(match["when"]) if match else None
    if match is None or ends is None:
        return ()
    return figure_of(f"{match['what']} {ends[0]}"), figure_of(f"{match['what']} {ends[1]}")


def _exceeding(text: str) -> tuple[str, ...]:
    match = _EXCEED.search(text)
    if match is None:
        return ()
    one, other = match["one"], match["other"]
    about = re.search(r"\s(?:for|of|at|in) .+\Z", one)
    if about and not re.search(r"\s(?:for|of|at|in|on)\s", other):
        other = re.sub(r"\Aits\b", "the", other)
        link = " of" if about[0].startswith(" of") else ""
        other = f"{other}{about[0]}" if not link else f"{other} of{about[0][3:]}"
    return figure_of(one), figure_of(other)


def _more(text: str) -> tuple[str, ...]:
    match = _MORE_THAN.search(text)
    if match is None or re.match(r"[$€£]?\d", match["other"]):
        return ()
    base = tidy(f"How {match['much']} {match['rest']}?")
    return with_time(base, match["other"]), against(base, match["other"])


def _longer(text: str) -> tuple[str, ...]:
    match = _LONGER_THAN.search(text)
    if match is None:
        return ()
    how = "large" if match["how"].lower() == "larg" else match["how"]
    base = tidy(f"How {how} {match['rest']}?")
    clause = read_clause(base)
    be = clause.predicate.split()[0] if clause and clause.predicate else ""
    if be.lower() not in {"is", "are", "was", "were"}:
        return ()
    if re.match(r"(?:in|at|on)\b|\d", match["other"]) and clause:
        return base, stand_in(clause, at_time(match["other"]))
    return base, tidy(f"How {how} {be} {match['other']}?")


def _times(text: str) -> tuple[str, ...]:
    match = _TIMES_AS.search(text)
    if match is None:
        return ()
    how = {"often": "many times"}.get(match["how"].lower(), match["how"])
    base = tidy(f"How {how} {match['rest']}?")
    clause = read_clause(base)
    if clause is None:
        return ()
    parts = (base, against(base, match["other"]))
    if not match["that"]:
        return parts
    return tuple(
        tidy(f"{part.rstrip('?')} that {match['that']}?") if part else "" for part in parts
    )


def _negated(text: str) -> tuple[str, ...]:
    """As in "Of the pupils, how many did not pass": how many there were, how many did."""
    match = _OF.match(text)
    group, said = (match["group"], match["verb"]) if match else ("", "")
    inside = _HOW_MANY_OF.match(text)
    if inside and not match:
        at = verb_at(inside["rest"])
        group, said = (inside["rest"][:at].strip(), inside["rest"][at:].strip()) if at else ("", "")
    if not group or not _NOT.search(said):
        return ()
    told = tidy(_NOT.sub(" ", said))
    words = told.split()
    if words[0].lower() == "did" and len(words) > 1:
        told = f"{grammar.past(words[1])} {' '.join(words[2:])}"
    elif words[0].lower() in {"do", "does"}:
        told = " ".join(words[1:])
    return figure_of(group), tidy(f"How many of {group} {told}?")


def _lying_between(text: str) -> tuple[str, ...]:
    match = _BETWEEN.match(text)
    if match is None:
        return ()
    one, other = match["one"].strip(), match["other"].strip()
    now = bool(re.search(r"\b(?:is|are|lie|lies)\b", text.split(" between ", maxsplit=1)[0]))
    counted = (match["counted"] or "").strip()
    if _TIME_UNIT.search(counted):
        return ()
    other = _without_it(one, other)
    if not re.search(r"\s(?:in|at|of|for|on)\s", one):
        shared = re.search(r"\s(?:in|at|of|for|on)\s.+\Z", other)
        one = f"{one}{shared[0]}" if shared else one
    if counted:
        be = "is" if now else "was"
        return tuple(f"How many {counted} {be} {item}?" for item in (one, other))
    return figure_of(one, now=now and not time_spans(one)), figure_of(
        other, now=now and not time_spans(other)
    )


def _without_it(one: str, other: str) -> str:
    """As in "The average that starts the limit and the average that ends it"."""
    last = re.search(r"\s((?:the|a) [^,]+)\Z", one)
    return re.sub(r"\bit\Z", last[1], other) if last else other


def _below(text: str) -> tuple[str, ...]:
    match = _BELOW.match(text)
    if match is None:
        return ()
    one, other = match["one"].strip(), match["other"].strip()
    now = match["be"].lower() in {"is", "are"}
    about = re.search(r"\s(?:at|in|of|on|for)\s.+\Z", other)
    if about and not re.search(r"\s(?:at|in|of|on|for)\s", one):
        one = (
            f"{one}{about[0]}" if not about[0].startswith(" of") else f"{one} of the{_about(other)}"
        )
    return figure_of(one, now=now), figure_of(other, now=now)


def _about(noun_phrase: str) -> str:
    return f" {re.sub(r'^(?:the|a) ', '', noun_phrase)}"


def _taken(text: str) -> tuple[str, ...]:
    match = _TAKEN.match(text)
    clause = read_clause(match["rest"]) if match else None
    turned = inverted(clause.predicate) if clause else None
    if match is None or turned is None:
        return ()
    when = " ".join(times_of(match["rest"]))
    whose = f" of {turned[1]}" if not re.search(r"[’']s\b", match["one"]) else ""
    one, other = (_inserted(match[name].strip(), whose) for name in ("one", "other"))
    return figure_of(f"{one} {when}"), figure_of(f"{other} {when}")


def _inserted(noun_phrase: str, whose: str) -> str:
    """With its owner behind the noun: "the profit *of the mill* at the top"."""
    pieces = re.split(r"(?=\s(?:at|in|on|from)\s)", noun_phrase, maxsplit=1)
    return f"{pieces[0]}{whose}{''.join(pieces[1:])}"


def _summed(text: str) -> tuple[str, ...]:
    """As in "How many medals did Norra and Sydra win together"."""
    plain = _TOGETHER.sub(" ", text).strip()
    clause = read_clause(plain)
    if plain == text or clause is None or not clause.predicate:
        return ()
    turned = inverted(clause.predicate)
    if turned is None:
        return ()
    aux, subject, said = turned
    items = re.split(r",\s*(?:and\s)?|\sand\s", subject)
    if len(items) < 2 or not all(item.strip() for item in items):
        return ()
    shared = re.match(r"(?P<noun>.+?) (?:at|in|of) ", items[0])
    named = [
        f"{shared['noun']} {item}"
        if shared and index and item.split()[0] in grammar.PREPOSITIONS
        else item
        for index, item in enumerate(items)
    ]
    return tuple(tidy(f"{clause.asks} {clause.counted} {aux} {item} {said}?") for item in named)
