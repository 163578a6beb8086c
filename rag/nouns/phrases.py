"""Noun phrases: where one ends, and what of it is left without what qualifies it."""

from __future__ import annotations

import re

from rag.figures import lexicon

MASK = "\0"
"""Stands for the characters of times, which are no part of a noun."""
_WORD = re.compile(r"(?P<gap>[\s-]|)(?P<word>[^\W\d_][\w’']*(?:[-/][^\W\d_][\w’']*)*\.?)")
_PLURALS = frozenset(
    "people men women children police staff crew cattle sheep fish aircraft feet teeth mice media "  # noqa: SIM905
    "data clergy criteria seamen firemen policemen geese troops".split()
)
_NO_PLURALS = ("ss", "us", "is", "’s", "'s", "ous")
_NUMBER = re.compile(r"[\d.,]+")
_STOPS = lexicon.FUNCTION_WORDS | frozenset(
    "rose fell grew risen fallen grown dropped climbed died lived had went came got paid "  # noqa: SIM905
    "cost costs took gave left held stood won lost sold bought spent made found told "
    "want wants need needs begin began begins set sat sent met ran run runs put cut hit "
    "may can could should will would might must did does apiece altogether respectively "
    "instead ago earlier later there per each annually daily weekly monthly yearly alone "
    "plus minus versus worth percent saw seen show shows showed live lives work works "
    "say think thinks know stay stays remain remains aged".split()
)
EMPTY_NOUNS = frozenset(
    "high low peak record total average maximum minimum mean median value level rate figure height "  # noqa: SIM905
    "number sum most least result end rest goal target best worst estimate cost lead majority "
    "increase decrease rise fall drop decline gain speaks speak spoke consists think short "
    "out ahead".split()
)
_VERB = re.compile(
    r"\s(?:(?:was|were|is|are|has|have|had|will|would|can|could|may|might|should|rose|rises|rise|fell"
    r"|falls|fall|grew|grows|grow|dropped|climbed|came|comes|come|cost|costs|stood|stands|stand|went|got"
    r"|made|makes|took|takes|held|holds|won|lost|paid|pays|pay|spent|ran|runs|run|sank|shrank|slid|hit"
    r"|saw|gave|gives|brought|brings|totalled|reached|covers|weighs|did|does|kept|beat|amounts"
    r"|accounts|includes?|worth|needs?|lasts?|sold|sent|put|puts|set|sets|met|fed|led|left|leaves|stays|stayed|drew|goes|gets|adds|uses|runs|lies|carries|earns|owes|employs|seats"
    r"|foresees|disputes|shows|showed|found|finds|says|said|built|bought|began|became|felt|met|rents"
    r"|serves|provides|expects|plans|wants|offers|raises|produces|sells|buys|makes|hires)"
    r"|(?!need|speed|seed|feed|hundred|red)[a-z]{2,}ed)\b"
)
_FRONTED = re.compile(
    r"^(?:(?:in|on|at|by|since|during|for|over|from|between|after|before|as\sof|among|within|across"
    r"|despite|under|with|when|last|this|that\s(?:year|month|week))\b[^,]*,\s)+",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"\s(?:in|on|at|for|from|with|by|between|among|across|to|who|which|that|whose|over|under|during"
    r"|since|after|before|aged|out)\b"
)
_OPENING = re.compile(
    r"^(?:(?:and|but|while|whereas|though|although|the|an?|its|their|his|her|our|my|this|these|those"
    r"|that|some|all|both|only|also|what|how|then)\s)+",
    re.IGNORECASE,
)
# "Clearance rate" says what is measured; "rate" does not.
_TOLD_APART = frozenset({"rate", "level", "value", "height", "cost", "target"})
PRONOUNS = frozenset(
    "it they he she we i you there this that these those who which what one he’s it’s nobody all "  # noqa: SIM905
    "another others some most many few none both each either".split()
)
ARTICLE = re.compile(r"\b(?:an?|the|its|their|his|her)\s")
_REFLEXIVE = frozenset({"itself", "themselves", "alone", "also", "together", "but"})
_SAYING = re.compile(
    r"\b(?:said|says|say|told\s\w+|adds|reckons?|estimates?|thinks?|believes?)\s(?:that\s)?"
    r"|\b(?:pleased|shows?|showed|found|hopes?|fears?|means?|meant|noted|warned|clear|sure|likely|added"
    r"|reported|announced|confirmed|argued|claimed|insisted|stressed|expected)\sthat\s"
)
_MOST_WORDS = 5


def phrase(text: str, start: int, end: int) -> str:
    """The words of a noun phrase that begins behind ``start``; empty where none does.

    >>> phrase("12 illegal crossings were", 2, 25)
    'illegal crossings'
    """
    words: list[str] = []
    position = start
    while len(words) < _MOST_WORDS and (match := _WORD.match(text, position, end)):
        word = match["word"].rstrip(".")
        following = _WORD.match(text, match.end(), end)
        if word.lower() in _STOPS or (words and not match["gap"]):
            break
        if _is_verb(word, following["word"] if following else ""):
            break
        words.append(word)
        position = match.start("word") + len(word)
        if match["word"].endswith(".") or (_is_plural(word) and not _goes_on(following)):
            break
    return " ".join(words)


def _is_verb(word: str, following: str) -> bool:
    """Whether a word with the ending of a verb is none that stands before a noun."""
    if word.endswith("ed") and len(word) > 4:
        return not following or following.lower() in _STOPS
    return word.endswith("ing") and following.lower() in {"the", "a", "an", "to", "in", "on"}


def _is_plural(word: str) -> bool:
    low = word.lower()
    if low in _PLURALS:
        return True
    return len(low) > 3 and low.endswith("s") and not low.endswith(_NO_PLURALS)


def _goes_on(following: re.Match[str] | None) -> bool:
    """Whether another plural follows: "sports clubs"."""
    return following is not None and bool(following["gap"]) and _is_plural(following["word"])


def subject(head: str) -> str:
    """The noun before the first verb of the words that stand before a figure; may be empty.

    >>> subject("In June, sales of cars rose by ")
    'sales of cars'
    """
    if head.rstrip().endswith(":"):
        # "A first bill: £38m".
        return clean(ARTICLE.split(head.rstrip(" :"))[-1])
    head = _FRONTED.sub("", _SAYING.split(head)[-1])
    verb = _VERB.search(f" {head}")
    head = f" {head}"
    # "And profit 3%": the verb is that of the words before.
    return clean(head[: verb.start()] if verb else head)


def _is_empty(words: list[str]) -> bool:
    """Whether a phrase says that something is measured, and not what."""
    last = words[-1].lower()
    named = len(words) > 1 and last in _TOLD_APART and words[-2].lower() not in EMPTY_NOUNS
    return last in EMPTY_NOUNS and not named


def clean(words: str) -> str:
    """A phrase without what qualifies it: the last one before the verb."""
    words = re.split(r",(?!\d)|[;:“”\"()–—]", words.strip(" ,"))[-1].strip()
    words = words.removeprefix("’s ").removeprefix("'s ")
    qualified = _QUALIFIED.search(words)
    words = _OPENING.sub("", words[: qualified.start()] if qualified else words).strip()
    few = [word for word in words.split() if word.lower() not in _REFLEXIVE]
    while few and few[-1].lower() in {"the", "a", "an", "of", "and"}:
        few.pop()
    words = " ".join(few)
    if any(map(_NUMBER.fullmatch, few)):
        return ""
    if not few or few[-1].lower() in PRONOUNS or len(few) > _MOST_WORDS + 2:
        return ""
    if few[0].lower() in lexicon.FUNCTION_WORDS or _is_empty(few):
        return ""
    return words
