"""Questions for the figure that a noun phrase names."""

from __future__ import annotations

import re

from rag.facets import grammar
from rag.facets.clauses import tidy, tokens, verb_at
from rag.facets.phrases import at_time, times_of, without_times

_NUMBER = re.compile(r"\A(?:the )?(?:number|amount|total|count)\b", re.IGNORECASE)
_OWNER = re.compile(r"\A(?P<owner>.+?)(?:[’']s|(?<=s)[’'])\s(?P<owned>.+)\Z")
_DETERMINED = re.compile(
    r"\A(?:the|a|an|this|that|these|those|its|their|his|her|each|every)\b", re.IGNORECASE
)


def head_at(words: list[tuple[str, int]]) -> int:
    """Which word of a noun phrase is its noun: the last before what is told of it."""
    for index, (word, _) in enumerate(words):
        ends = word in grammar.PREPOSITIONS | grammar.RELATIVES
        if index and (ends or participle(words, index)):
            return index - 1
    return len(words) - 1


def participle(words: list[tuple[str, int]], index: int) -> bool:
    """Whether a participle that follows its noun stands there: "patents *filed* in May"."""
    word, before = words[index][0], words[index - 1][0]
    following = words[index + 1][0] if index + 1 < len(words) else ""
    ends = grammar.PREPOSITIONS | grammar.RELATIVES | grammar.ADVERBS
    alone = following in ends or grammar.is_past(following) or following.endswith("ly")
    return (
        grammar.is_past(word)
        and before not in grammar.DETERMINERS
        and (alone if following else grammar.is_plural(before))
    )


def owner_of(noun_phrase: str) -> tuple[str, str] | None:
    """An owner and what it has; None where the possessive is one of a later noun.

    >>> owner_of("the plan's money"), owner_of("the price of Elm's milk")
    (('the plan', 'money'), None)
    """
    match = _OWNER.match(noun_phrase)
    if match is None:
        return None
    before = [word for word, _ in tokens(match["owner"])]
    named = re.match(r"(?:the )?[A-Z]", match["owner"])
    inner = any(word in grammar.PREPOSITIONS for word in before)
    return None if inner and not named else (match["owner"], match["owned"])


def is_counted(noun_phrase: str) -> bool:
    """Whether a noun phrase names things that are counted."""
    owned = owner_of(noun_phrase)
    words = tokens(owned[1] if owned else noun_phrase)
    if not words or _NUMBER.match(noun_phrase):
        return False
    head = words[head_at(words)][0]
    return grammar.is_plural(head) and not grammar.is_amount(head)


def figure_of(noun_phrase: str, *, now: bool = False) -> str:
    """The question for the figure that a noun phrase names.

    Args:
        noun_phrase: "the price of milk", "patents filed in Ostra".
        now: whether it is asked of the present.

    >>> figure_of("patents filed in Ostra in 2022")
    'How many patents were filed in Ostra in 2022?'
    >>> figure_of("the price of milk in 2019")
    'What was the price of milk in 2019?'
    >>> figure_of("the clinics' beds", now=True)
    'How many beds do the clinics have?'
    """
    text = noun_phrase.strip(" ,.?")
    be = ("are" if now else "were") if is_counted(text) else ("is" if now else "was")
    if not is_counted(text):
        noun = tokens(text)[head_at(tokens(text))][0] if text else ""
        be = ("are" if now else "were") if grammar.is_amount(noun) else be
        return f"What {be} {_definite(text)}?"
    text = re.sub(r"\A(?:the|those|these|all)\s(?:the\s)?", "", text, flags=re.IGNORECASE)
    owner = owner_of(noun_phrase.strip(" ,.?"))
    if owner and not re.match(r"(?:the )?[A-Z]", owner[0]):
        return owned_by(*owner, now=now)
    text = re.sub(r"[’']s?(?=\s)", "", text, count=1) if owner else text
    words = tokens(text)
    head = head_at(words)
    rest = text[words[head][1] + len(words[head][0]) :].strip()
    counted = text[: words[head][1] + len(words[head][0])]
    following = words[head + 1][0] if head + 1 < len(words) else ""
    if following in grammar.RELATIVES:
        return _told(counted, rest, be)
    if following and grammar.is_past(following):
        return tidy(f"How many {counted} were {rest}?")
    if following == "of":
        when = " ".join(at_time(time) for time in times_of(rest))
        return tidy(f"How many {counted} {without_times(rest)} {be} there {when}?")
    return tidy(f"How many {counted} {be} there {rest}?")


def _told(counted: str, rest: str, be: str) -> str:
    """With a clause of its own: who signed it, that it ordered."""
    pronoun, _, said = rest.partition(" ")
    first = said.split()[0].lower() if said else ""
    if pronoun.lower() in {"who", "that", "which"} and (
        first in grammar.AUXILIARIES or grammar.is_past(first) or grammar.is_base(first)
    ):
        return tidy(f"How many {counted} {said}?")
    at = verb_at(said) if pronoun.lower() in {"that", "which"} else None
    verb, _, after = said[at:].partition(" ") if at else ("", "", "")
    base = grammar.base_of(verb.lower())
    if base and at:
        return tidy(f"How many {counted} did {said[:at]} {base} {after}?")
    return tidy(f"How many {counted} {be} there {rest}?")


def owned_by(owner: str, owned: str, *, now: bool) -> str:
    """How much of something its owner has."""
    when = " ".join(at_time(re.sub(r"\Aof ", "", time)) for time in times_of(owned))
    words = tokens(owned)
    rest = without_times(owned)
    many = words and grammar.is_plural(words[head_at(words)][0])
    do = "did" if not now else "do" if grammar.is_plural(owner.rsplit(maxsplit=1)[-1]) else "does"
    return tidy(f"How {'many' if many else 'much'} {rest} {do} {owner} have {when}?")


def _definite(text: str) -> str:
    """With an article, where a common noun alone would not be English."""
    words = text.split()
    head = tokens(text)
    singular = head and not grammar.is_plural(head[head_at(head)][0])
    owned = re.search(r"[’']s?\s", text)
    if _DETERMINED.match(text) or owned or not singular or words[0][:1].isupper():
        return text
    return f"the {text}" if " of " in text else text
