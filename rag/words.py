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


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's content words in order, by Snowball's English stemmer.

    >>> stems("How many of the 46,610 migrants were crossing?")
    ('46,610', 'migrant', 'cross')
    """
    found = (match[0].lower() for match in _WORD.finditer(text))
    return tuple(stemmed(word) for word in found if word not in _FUNCTION_WORDS)


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
