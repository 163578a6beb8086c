"""Questions that ask one thing after another, or one thing of several by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.facets import grammar
from rag.facets.apart import spread
from rag.facets.clauses import (
    ASKS,
    Clause,
    asks_figure,
    inverted,
    read_clause,
    stand_in,
    tidy,
    tokens,
)
from rag.facets.phrases import Phrase, Role, phrases, time_spans, times_of, without_times

_NEXT = re.compile(
    rf"(?:[,;:]\s*(?:and\s|or\s|but\s)?|\s(?:and|but)\s)\s*"
    rf"(?=(?:{ASKS}|when|who|whom|whose|where|why)\b)",
    re.IGNORECASE,
)

_FIGURE = re.compile(rf"\b{ASKS}", re.IGNORECASE)

_NO_FIGURE = re.compile(r"\A(?:when|who|whom|whose|where|why)\b", re.IGNORECASE)

_VAGUE_ASK = re.compile(r"\A(?:what|which)\Z", re.IGNORECASE)

_OF_THEM = re.compile(r"\A(?:of|among) (?:them|those|these)\b,?\s*", re.IGNORECASE)

_DIFFERENCE = re.compile(r"\b(?:difference|gap|margin)\Z", re.IGNORECASE)

_THERE = re.compile(r"(?<!is )(?<!are )(?<!was )(?<!were )\bthere\b", re.IGNORECASE)

_ITS = re.compile(
    r"\b(?:its|their|his|her) ((?:[\w-]+ )*?[\w-]+)(?=$| (?:in|at|on|by|for)\b)", re.I
)

_IT = re.compile(r"\b(?:it|they|he|she|them)\b", re.IGNORECASE)


def chained(question: str) -> tuple[str, ...]:
    """The parts of a question with several asking words; none where one of them is not read.

    >>> chained("How many died at Rask in May, and how many were hurt?")
    ('How many died at Rask in May?', 'how many were hurt at Rask in May?')
    """
    lead, body = _lead(question)
    pieces = [piece.strip(" ,;?") for piece in _NEXT.split(body)]
    if len(pieces) < 2 or any(_NO_FIGURE.match(piece) for piece in pieces):
        return ()
    pieces = [piece for piece in pieces if not _DIFFERENCE.search(piece)]
    clauses = [read_clause(piece, lead) for piece in pieces]
    known = [clause for clause in clauses if clause and asks_figure(clause)]
    if len(known) < len(pieces):
        return ()
    if not known[0].predicate:
        known = _sharing(known)
    parts: list[str] = []
    known[0] = _with_time_of_all(known)
    for clause in known:
        part = clause.text if not parts else _completed(clause, known[0], parts[-1])
        if not part:
            return ()
        several = spread(part) or (part,)
        parts.extend(several)
    return tuple(dict.fromkeys(parts))


def asks_again(question: str) -> bool:
    """Whether a question has another asking word behind its first.

    >>> asks_again("How many died, and how many were hurt?"), asks_again("In 2020, how many died?")
    (True, False)
    """
    return len(_NEXT.split(_lead(question)[1])) > 1


def _lead(question: str) -> tuple[str, str]:
    """What is told before the first asking word, and the rest."""
    text = question.strip()
    match = _FIGURE.search(text)
    asks_else = re.match(
        r"(?:how did|how does|how do) (.+?) (?:come out|end|go)\s*:\s*", text, re.I
    )
    if asks_else:
        return f"In {asks_else[1]},", text[asks_else.end() :]
    if match is None or not match.start():
        return "", text
    before = text[: match.start()].strip()
    return (before, text[match.start() :]) if before.endswith((",", ":")) else ("", text)


def _sharing(clauses: Sequence[Clause]) -> list[Clause]:
    """As in "How many cases and how many deaths were there": the last one's verb is that of all."""
    verb = next((clause.predicate for clause in clauses if clause.predicate), "")
    return [replace(clause, predicate=clause.predicate or verb) for clause in clauses]


def _with_time_of_all(clauses: Sequence[Clause]) -> Clause:
    """For "How much on roads and how much on schools in 2022": the time is that of both."""
    first, last = clauses[0], clauses[-1]
    rest = f"{last.counted} {last.predicate}".strip()
    pieces = phrases(rest)
    if len(clauses) < 2 or last.predicate or len(pieces) < 2 or times_of(first.text):
        return first
    shared = pieces[0].role is not Role.TIME and _is_time(pieces[-1].text)
    return replace(first, predicate=f"{first.predicate} {pieces[-1].text}") if shared else first


def _completed(clause: Clause, first: Clause, before: str) -> str:
    """A later part, with what it leaves to the first one."""
    rest = tidy(f"{clause.counted} {clause.predicate}")
    earlier = read_clause(before, first.lead) or first
    if _OF_THEM.match(rest):
        return _among(clause, first, _OF_THEM.sub("", rest))
    if not clause.predicate:
        return _leaving_out(clause, first, earlier, rest)
    clause = _named_again(clause, first)
    if _IT.search(clause.predicate.split(" when ")[0]):
        return ""
    turned, asks = inverted(first.predicate), clause.asks.lower()
    same = asks == first.asks.lower() == "how many" and not clause.counted
    if same and turned and turned[1] != "there" and not inverted(clause.predicate):
        return _among(clause, first, rest)  # they are some of those that somebody did it to
    if not clause.counted and not _VAGUE_ASK.match(clause.asks):
        clause = replace(clause, counted=_things(clause, first))
    return _placed(clause, first)


def _things(clause: Clause, first: Clause) -> str:
    """What is counted, of the first part; a percentage is one of things."""
    same_measure = clause.asks.split()[-1].lower() == first.asks.split()[-1].lower()
    if same_measure:
        return first.counted
    return f"of {first.counted}" if first.counted and first.asks.lower() == "how many" else ""


def _leaving_out(clause: Clause, first: Clause, earlier: Clause, rest: str) -> str:
    """A part without a verb: a time, a place, a number or another thing that is counted."""
    pieces = phrases(rest)
    if not pieces:
        return ""
    if pieces[0].role is not Role.PLAIN:
        return stand_in(replace(first, asks=clause.asks), rest)
    words = tokens(rest)
    if words[0][0] in grammar.NUMBERS:
        return _numbered(earlier, rest)
    if first.counted:
        return replace(first, asks=clause.asks, counted=clause.counted).text
    return ""


def _numbered(earlier: Clause, rest: str) -> str:
    """As in "How many two": the number stands for that of the part before."""
    found = list(re.finditer(rf"\b(?:{'|'.join(grammar.NUMBERS)})\b", earlier.predicate, re.I))
    if not found:
        return ""
    last = found[-1]
    noun = earlier.predicate[last.end() :].split()
    told = rest
    if len(rest.split()) == 1 and noun:
        plural = noun[0] if grammar.is_plural(noun[0]) or rest == "one" else f"{noun[0]}s"
        told = f"{rest} {plural}"
    after = " ".join(noun[1:])
    return replace(earlier, predicate=f"{earlier.predicate[: last.start()]}{told} {after}").text


def _among(clause: Clause, first: Clause, rest: str) -> str:
    """As in "How many of them had left": of those that the first part counts."""
    group = _group(first)
    if not group or not rest:
        return ""
    if re.match(r"(?:were|was|did|had|have) (?:people|they|there|it)\b", rest):
        asks = f"{clause.asks} {group}"
        return Clause(first.lead, asks, "", rest).text
    return Clause(first.lead, clause.asks, f"of the {group}", rest).text


def _group(first: Clause) -> str:
    """What the first part counts, as a noun phrase: "migrants that judges ordered removed"."""
    if not first.counted or first.asks.lower().split()[-1] != "many":
        return ""
    counted = re.sub(r"\A(?:of )?(?:the )?", "", first.counted)
    turned = inverted(first.predicate)
    if turned is None:
        words = first.predicate.split()
        if words[:2] and words[0] in {"were", "was"} and len(words) > 1:
            there = words[1] == "there"
            return f"{counted} {' '.join(words[2:] if there else words[1:])}"
        return f"{counted} that {first.predicate}" if words else ""
    aux, subject, said = turned
    if subject == "there":
        return f"{counted} {said}"
    verb, _, after = said.partition(" ")
    told = f"{grammar.past(verb)} {after}" if aux.lower() == "did" else f"{aux} {said}"
    return f"{counted} that {subject} {told}"


def _named_again(clause: Clause, first: Clause) -> Clause:
    """With the noun that "it" and "its" stand for."""
    whole = f"{clause.counted} {clause.predicate}".strip()
    subject = _subject(first)
    if not subject:
        return clause
    if clause.counted and _IT.fullmatch(clause.counted):
        return clause
    owned = _ITS.search(whole)
    if owned:
        named = f"{whole[: owned.start()]}the {owned[1]} of {subject}{whole[owned.end() :]}"
        return replace(clause, counted="", predicate=named)
    return replace(clause, predicate=_IT.sub(subject, clause.predicate, count=1))


def _subject(first: Clause) -> str:
    """Whom or what the first part is about."""
    turned = inverted(f"{first.counted} {first.predicate}".strip())
    if turned is None:
        turned = inverted(first.predicate)
    subject = without_times(turned[1]) if turned else ""
    of = re.match(r"(?:the|a) [\w -]+? of (.+)", subject)
    return of[1] if of and re.fullmatch(r"what|which", first.asks, re.I) else subject


def _placed(clause: Clause, first: Clause) -> str:
    """With the time and the place of the first part, where it has none of its own."""
    own = phrases(f"{clause.counted} {clause.predicate}")
    text = f"{clause.counted} {clause.predicate}"
    turned = inverted(first.predicate)
    there = [*phrases(turned[1]), *phrases(turned[2])] if turned else phrases(first.predicate)
    place = next((p.text for p in there if p.role is Role.PLACE and not _is_time(p.text)), "")
    if place and _THERE.search(clause.predicate):
        clause = replace(clause, predicate=_THERE.sub(place, clause.predicate))
        own, text = phrases(clause.predicate), f"{clause.counted} {clause.predicate}"
    placed = _has_name(text) or any(phrase.role is Role.PLACE for phrase in own)
    added = [
        phrase.text.strip(" ,")
        for phrase in there
        if (_is_time(phrase.text) and not times_of(text))
        or (not placed and not _is_time(phrase.text) and _tells_where(phrase))
    ]
    return replace(clause, predicate=f"{clause.predicate} {' '.join(added)}").text


def _is_time(text: str) -> bool:
    return time_spans(text)[:1] == ((0, len(text.strip(" ,"))),)


def _tells_where(phrase: Phrase) -> bool:
    """A place, or words with a preposition that hold a name."""
    named = phrase.role is Role.OTHER and _has_name(phrase.text)
    return named or (phrase.role is Role.PLACE)


def _has_name(text: str) -> bool:
    return any(word[:1].isupper() for word in without_times(text).split())
