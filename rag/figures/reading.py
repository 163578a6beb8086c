"""What one way of writing figures finds, before bounds and neighbours are looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from rag.schema import FigureKind


class Reading(NamedTuple):
    """A figure at ``text[start:end]`` whose bound is not known yet."""

    start: int
    end: int
    value: Decimal
    kind: FigureKind
    unit: str = ""


class Prose(NamedTuple):
    """A text, and the same in lower case, as many characters long."""

    text: str
    low: str


Way = Callable[[Prose], Iterable[Reading]]
"""A way of writing figures: gives those of a text, in any order."""


def prose(text: str) -> Prose:
    """Return a text with its lower case; a letter whose lower case is longer stays.

    >>> prose("Four İ")
    Prose(text='Four İ', low='four İ')
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return Prose(text, low)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, longer ones first.

    >>> any_of(["ten", "tenth"])
    '(?:tenth|ten)'
    """
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"
