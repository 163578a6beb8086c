"""One thing asked of several times, places or subjects."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.facets import grammar
from rag.facets.clauses import (
    asks_figure,
    inverted,
    read_clause,
    stand_in,
    tidy,
    tokens,
    verb_at,
)
from rag.facets.nouns import figure_of, head_at
from rag.facets.phrases import at_time, time_spans

_BOTH = re.compile(r"\bboth\s+", re.IGNORECASE)

_STEPS = re.compile(
    r"[,;]?\s*\b(?:(?:month by month|year by year|week by week|day by day)(?: for)?"
    r"|respectively)\b",
    re.IGNORECASE,
)

_TELL_BOTH = re.compile(
    r"[.,;!?]\s*(?:can|could) you (?:tell|give) me both\b.*\Z|,? first (?=on|in|at)|(?<=and )then "
    r"(?=on|in|at)",
    re.IGNORECASE,
)


def spread(question: str) -> tuple[str, ...]:
    """The parts of a question that names several times, places or subjects for one thing.

    Only where it says that they are meant one by one: "each", "both", "month by month", or the
    preposition said again ("in London and in Rome").

    >>> spread("How many were sold in London and in Rome in May?")
    ('How many were sold in London in May?', 'How many were sold in Rome in May?')
    >>> spread("How many were sold in London and Rome?")
    ()
    """
    text = question.strip().rstrip("?. ")
    each = _each(text)
    if each:
        return each
    apart = bool(_STEPS.search(text) or _BOTH.search(text) or _TELL_BOTH.search(text))
    plain = tidy(_TELL_BOTH.sub(" ", _STEPS.sub(" ", _BOTH.sub("", text)))) if apart else text
    return _added(text) or _repeated(plain) or (_times_apart(plain) if apart else ())


def _each(text: str) -> tuple[str, ...]:
    """As in "The team, the city and the state each"."""
    match = re.search(r",? each\b", text)
    clause = read_clause(text[: match.start()] + text[match.end() :]) if match else None
    turned = inverted(clause.predicate) if clause else None
    if clause is None or turned is None or match is None:
        return ()
    before = read_clause(text[: match.start()])
    aux = turned[0]
    if before is None or not before.predicate.startswith(aux):
        return ()
    listed = before.predicate[len(aux) :].strip()
    items = [i.strip() for i in re.split(r",\s*(?:and\s)?|\sand\s", listed) if i.strip()]
    rest = text[match.end() :]
    if len(items) < 2:
        return ()
    whole = [
        replace(before, predicate=f"{_agreeing(aux, item)} {item} {rest}").text for item in items
    ]
    return tuple(whole)


def _agreeing(aux: str, subject: str) -> str:
    """The auxiliary as one of several subjects takes it."""
    single = not grammar.is_plural(subject.rsplit(maxsplit=1)[-1]) and not grammar.is_plural(
        tokens(subject)[head_at(tokens(subject))][0]
    )
    return (
        {"were": "was", "are": "is", "have": "has", "do": "does"}.get(aux, aux) if single else aux
    )


_AGAIN = re.compile(
    r"\b(?P<prep>in|on|at|for|to|from|by|during) (?P<one>(?:(?!\b(?:in|on|at|for|to|from|by"
    r"|between)\b)[^,;?])+?),? and (?P=prep) "
    r"(?P<other>(?:(?!\b(?:in|on|at|for|to|from|by)\b)[^,;?])+)",
    re.IGNORECASE,
)


def _repeated(text: str) -> tuple[str, ...]:
    """One preposition said twice."""
    match = _AGAIN.search(text)
    clause = read_clause(text)
    if match is None or clause is None or not (asks_figure(clause) or clause.counted):
        return ()
    if tokens(match["one"])[-1][0] in grammar.ADVERBS:
        return ()
    prep = match["prep"]
    parts = []
    for item in (match["one"], match["other"].strip()):
        whole = f"{text[: match.start()]}{prep} {item} {text[match.end() :]}"
        parts.append(_single(tidy(whole), match.start()))
    return tuple(f"{part.rstrip(' ,')}?" for part in parts)


_AND_ON = re.compile(
    r"(?P<whole>.+), and (?P<more>(?:of|on|in|at|for|to|from|during) [^,;?]+)\Z", re.IGNORECASE
)


def _added(text: str) -> tuple[str, ...]:
    """As in "What was spent on parks in 2016, and on roads"."""
    match = _AND_ON.match(text)
    clause = read_clause(match["whole"]) if match else None
    if match is None or clause is None or verb_at(match["more"]) is not None:
        return ()
    if match["more"].startswith("of "):
        last = re.search(
            r"\bof (?!.*\bof\b)[^,]+?(?= (?:in|on|at|by|for|during)\b|\Z)", match["whole"]
        )
        other = (
            f"{match['whole'][: last.start()]}{match['more']}{match['whole'][last.end() :]}?"
            if last
            else ""
        )
    else:
        other = stand_in(clause, match["more"])
    asks = asks_figure(clause)
    return (clause.text, other) if asks and other else ()


def _single(text: str, place: int) -> str:
    """As in "The shares for no" is one share."""
    plural = re.match(r"(.*\b[Ww]hat )were the (\w+)s\s*\Z", text[:place].rstrip())
    return f"{plural[1]}was the {plural[2]} {text[place:]}" if plural else text


def _times_apart(text: str) -> tuple[str, ...]:
    """Times in a row, each asked for by itself."""
    spans = time_spans(text)
    row = [
        span
        for i, span in enumerate(spans)
        if (i and _joins(text[spans[i - 1][1] : span[0]]))
        or (i + 1 < len(spans) and _joins(text[span[1] : spans[i + 1][0]]))
    ]
    if len(row) < 2:
        return ()
    before, after = text[: row[0][0]].strip(), text[row[-1][1] :].strip()
    shown = [at_time(text[start:end].strip(" ,")) for start, end in row]
    given = re.match(
        r"(?:give|tell|show) me (?P<noun>.+?)(?: for)?\Z|list (?P<row>.+)\Z", before, re.I
    )
    if given:
        noun = given["noun"] or given["row"]
        return tuple(figure_of(f"{noun} {time} {after}") for time in shown)
    before = re.sub(r"\s(?:for|in)\Z", "", before)
    return tuple(f"{tidy(f'{before} {time} {after}')}?" for time in shown)


def _joins(text: str) -> bool:
    return bool(re.fullmatch(r"\s*(?:,|and|,\s*and|and then)\s*", text))
