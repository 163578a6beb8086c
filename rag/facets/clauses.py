"""A simple question taken apart, and put together again with other words in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.facets import grammar
from rag.facets.phrases import Phrase, Role, phrases, time_spans

ASKS = (
    r"(?:(?:by|in|of|on|at|for|to|from|with|under)\s)?(?:about\s|roughly\s)?"
    r"(?:how\s(?:many|much|long|old|high|full|large|big|far|tall|wide|deep|fast|heavy|low|often"
    r"|cold|hot|warm|small)"
    r"|(?:what|which)\s(?:percentage|share|proportion|per\s?cent|fraction|number|amount|price)"
    r"|what|which)\b"
)
_ASKING = re.compile(rf"\b{ASKS}", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s,;:?()“”\"]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A question for one figure, in the order in which it is written."""

    lead: str
    """What comes before the asking words: "According to the report,"."""
    asks: str
    """"How many", "at what price"."""
    counted: str
    """What is counted: "of the buses in Dorn"; empty where nothing is named."""
    predicate: str
    """The rest, from its verb on."""

    @property
    def text(self) -> str:
        """The whole question."""
        body = tidy(f"{self.lead} {self.asks} {self.counted} {self.predicate}")
        return f"{body.rstrip(' ,;:.!?')}?"


def tidy(text: str) -> str:
    """Single spaces, none before a comma, no two commas in a row."""
    text = re.sub(r"\s+([,;:?])", r"\1", " ".join(text.split()))
    return re.sub(r",(?:\s*,)+", ",", text)


def tokens(text: str) -> list[tuple[str, int]]:
    """Words in lower case, each with its place."""
    return [(m[0].lower(), m.start()) for m in _TOKEN.finditer(text)]


def read_clause(text: str, lead: str = "") -> Clause | None:
    """Take a simple question apart; None where it does not ask.

    >>> read_clause("In May, how many of the buses in Dorn run on gas?")
    Clause(lead='In May,', asks='how many', counted='of the buses in Dorn', predicate='run on gas')
    """
    text = text.strip().rstrip("?.! ")
    match = _ASKING.search(text)
    if match is None:
        return None
    rest = text[match.end() :].strip()
    cut = verb_at(rest)
    counted, predicate = (rest, "") if cut is None else (rest[:cut].strip(), rest[cut:].strip())
    own = text[: match.start()].strip()
    return Clause(own or lead, match[0], counted.strip(" ,"), predicate)


def verb_at(text: str) -> int | None:
    """Where the verb of a clause begins, behind the words for what is counted.

    >>> text = "people who were ill had come to the clinic"
    >>> text[verb_at(text):]
    'had come to the clinic'
    """
    words = tokens(text)
    relative, weak, last = False, None, ""
    for index, (word, place) in enumerate(words):
        if word in grammar.RELATIVES and index:
            relative = True
        elif last == "who" and word not in grammar.AUXILIARIES:
            relative, last = word in grammar.ADVERBS, word
            continue
        strong = word in grammar.AUXILIARIES or grammar.only_past(word)
        if (strong or _weak(words, index)) and last != "and":
            if relative:
                relative = (
                    words[index + 1 :][:1] != []
                    and word in grammar.AUXILIARIES
                    and (grammar.is_past(words[index + 1][0]))
                )
            elif strong:
                return place if weak is None or _reduced(words, weak) else words[weak][1]
            elif weak is None:
                weak = index
        last = word
    return words[weak][1] if weak is not None else None


def _weak(words: list[tuple[str, int]], index: int) -> bool:
    """Whether a word is a verb by its form, where it stands."""
    word = words[index][0]
    before = words[index - 1][0] if index else ""
    if before in grammar.DETERMINERS | grammar.PREPOSITIONS or word in grammar.PREPOSITIONS:
        return False
    if grammar.is_past(word):
        following = words[index + 1][0] if index + 1 < len(words) else ""
        return not index or not grammar.is_plural(following) or grammar.is_plural(before)
    if not index:
        following = words[1][0] if len(words) > 1 else ""
        ends = grammar.PREPOSITIONS | grammar.DETERMINERS | grammar.PRONOUNS | {""}
        return grammar.is_base(word) and following in ends
    return grammar.is_base(word) and _after_plural(words[:index])


def _after_plural(words: list[tuple[str, int]]) -> bool:
    """Whether a plural noun stands before, so that a base form is its verb."""
    return any(grammar.is_plural(word) for word, _ in words[:2]) or grammar.is_plural(words[-1][0])


def _reduced(words: list[tuple[str, int]], index: int) -> bool:
    """Whether a participle belongs to its noun ("applications counted"): no first word does."""
    return index > 0 and "and" not in [word for word, _ in words[index:]]


def inverted(predicate: str) -> tuple[str, str, str] | None:
    """Auxiliary, subject and the rest, where the subject stands behind the auxiliary.

    >>> inverted("did the clinics at Aster have in May")
    ('did', 'the clinics at Aster', 'have in May')
    >>> inverted("were hurt in May") is None
    True
    """
    words = tokens(predicate)
    if len(words) < 2 or words[0][0] not in grammar.AUXILIARIES:
        return None
    end = _subject_end(predicate, words)
    if end is None:
        return None
    start = words[1][1]
    return (
        predicate[: words[0][1] + len(words[0][0])],
        predicate[start:end].strip(),
        predicate[end:],
    )


def _subject_end(predicate: str, words: list[tuple[str, int]]) -> int | None:
    if words[1][0] in grammar.ADVERBS | grammar.PREPOSITIONS:
        return None
    if words[1][0] in grammar.PRONOUNS:
        return words[2][1] if len(words) > 2 else len(predicate)
    fits = grammar.is_base if words[0][0] in grammar.DO else grammar.is_past
    if fits(words[1][0]):
        return None
    for index in range(2, len(words)):
        word, place = words[index]
        before = words[index - 1][0]
        if fits(word) and before not in grammar.DETERMINERS | grammar.PREPOSITIONS:
            return place
    if words[0][0] in grammar.DO:
        return _likely_verb(predicate, words)
    named = predicate[words[1][1]].isupper() or words[1][0] in grammar.DETERMINERS
    return _noun_end(predicate) if named else None


def _likely_verb(predicate: str, words: list[tuple[str, int]]) -> int | None:
    """The last word of the first phrase that has one to spare: "the bridge | at Elm *sway*"."""
    for phrase in _with_of(predicate):
        inside = [w for w in tokens(phrase) if w[0] not in grammar.PREPOSITIONS]
        named = [w for w in inside if w[0] not in grammar.DETERMINERS | grammar.DO]
        if len(named) >= 2 and phrase.split()[-1].islower():
            start = predicate.index(phrase)
            return start + phrase.rindex(phrase.split()[-1])
    return words[2][1] if len(words) > 2 else None


def _with_of(predicate: str) -> list[str]:
    """Phrases, cut before "of" too."""
    pieces = [re.split(r"\s(?=of\s)", phrase.text) for phrase in phrases(predicate)]
    return [piece.strip(" ,?") for group in pieces for piece in group if piece.strip(" ,?")]


def _noun_end(predicate: str) -> int:
    """Behind the noun that "was" asks for: up to the first time."""
    spans = [span for span in time_spans(predicate) if span[0]]
    return spans[0][0] if spans else len(predicate)


def stand_in(clause: Clause, remnant: str) -> str:
    """A question with the phrases of a remnant in place of its own of the same role.

    Empty where it has none that they could stand for.

    >>> whole = read_clause("How many trucks were sold in Norring in May 2023")
    >>> stand_in(whole, "in 2022")
    'How many trucks were sold in Norring in 2022?'
    >>> stand_in(whole, "at Dorn")
    'How many trucks were sold at Dorn in May 2023?'
    """
    for phrase in phrases(remnant):
        changed = _with_phrase(clause, phrase)
        if changed is None:
            return ""
        clause = changed
    return clause.text


def _with_phrase(clause: Clause, new: Phrase) -> Clause | None:
    for field in ("predicate", "counted", "lead"):
        changed = _replaced(getattr(clause, field), new)
        if changed is not None:
            return replace(clause, **{field: changed})
    if new.role is Role.TIME:
        return replace(clause, predicate=f"{clause.predicate} {new.text}")
    return None


def _replaced(text: str, new: Phrase) -> str | None:
    pieces = phrases(text)
    fits = [i for i, p in enumerate(pieces) if _fit(p, new)]
    if not fits:
        return None
    drop = set(fits[:-1]) if new.role is Role.TIME else set()
    old = pieces[fits[-1]].text
    tail = "," if old.endswith(",") else ""
    kept = [
        f"{new.text}{tail}" if i == fits[-1] else p.text
        for i, p in enumerate(pieces)
        if i not in drop
    ]
    return " ".join(kept)


def _fit(old: Phrase, new: Phrase) -> bool:
    """Whether one phrase can stand for another."""
    if new.role is Role.OTHER:
        return old.first == new.first
    return old.role is new.role and new.role is not Role.PLAIN


_FIGURE = re.compile(rf"\b{ASKS}", re.IGNORECASE)
_VAGUE_ASK = re.compile(r"\A(?:what|which)\Z", re.IGNORECASE)
# "What" asks for a figure where it asks for a noun's value, or what was paid.
_VALUE = re.compile(
    r"\A(?:(?:is|was|are|were)\s(?:the|its|his|her|their)\b|(?:did|does|do|will|would)\b.*\b"
    r"(?:cost|earn|spend|pay|get|charge|weigh|measure|lose|make|take|raise|receive)\b)",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\A(?:[\w-]+ ){0,2}(?:average|percentage|number|price|rate|level|amount|total|share|sum|age"
    r"|height|depth|length|weight|speed|temperature|size|value|cost|distance|figure)s?\b",
    re.IGNORECASE,
)


def asks_figure(clause: Clause) -> bool:
    """Whether a clause asks for one figure, and once."""
    if _FIGURE.search(f"{clause.counted} {clause.predicate}"):
        return False
    if not _VAGUE_ASK.match(clause.asks.split()[-1]):
        return True
    if clause.counted or " " in clause.asks:
        return not clause.counted or bool(_MEASURE.search(clause.counted))
    return bool(_VALUE.match(f"{clause.counted} {clause.predicate}".strip()))
