"""The words of a text that carry its sense, as stems."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:[.,](?=\d)[^\W_]+)*")
# Words of questions and sentences alike that say nothing about their subject.
_FUNCTION_WORDS = frozenset(
    "a about an and any are as at be been being but by can could did do does for from had has have "  # noqa: SIM905
    "he her his how i if in into is it its many me might much must my no not number of on or our "
    "s she should so some than that the their them then there these they this those to was we were "
    "what when where which who whom whose why will with would you your per cent percent percentage "
    "give tell figure".split()
)
CALENDAR = frozenset(
    "January February March April May June July August September October November December "  # noqa: SIM905
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
"""Names that tell a time, no one and no place."""

_SHORTEST_PLACE = 5

# Four letters or more cut to six, so that "decreased" and "decrease" are one. What is shared by two
# texts is measured by these: stems of all words find more pairs of figures on one thing, and most
# of those that they add are of two things.
_LONG = re.compile(r"[^\W\d_]{4,}")
_CUT = 6
_EMPTY = frozenset(
    "about also been from have into more than that them then there these they this those were "  # noqa: SIM905
    "what when which will with would".split()
)


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's content words in order, by Snowball's English stemmer.

    >>> stems("How many of the 46,610 migrants were crossing?")
    ('46,610', 'migrant', 'cross')
    """
    found = (match[0].lower() for match in _WORD.finditer(text))
    return tuple(stemmed(word) for word in found if word not in _FUNCTION_WORDS)


def of_a_place(name: str) -> str | None:
    """The place of a name for its people, or the other way round, by the commonest ending.

    >>> of_a_place("Nigerian"), of_a_place("Austria"), of_a_place("Kim")
    ('Nigeria', 'Austrian', None)
    """
    if len(name) < _SHORTEST_PLACE:
        return None
    if name.endswith("an"):
        return name[:-1]
    return f"{name}n" if name.endswith("a") else None


def content_words(text: str) -> set[str]:
    """Return the beginnings of the words that carry what a text says; all words where none does.

    >>> sorted(content_words("The ferries carried 48,200 passengers."))
    ['carrie', 'ferrie', 'passen']
    """
    content = {word[:_CUT] for word in _LONG.findall(text.lower()) if word not in _EMPTY}
    # "It was Kim Lee." has no long word: then every word counts.
    return content or set(re.findall(r"\w+", text.lower()))


@cache
def stemmed(word: str) -> str:
    """The stem of one word in lower case, by Snowball's English stemmer.

    >>> stemmed("crossings")
    'cross'
    """
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    from snowballstemmer import stemmer

    return stemmer("english")
