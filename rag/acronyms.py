"""Short names spelt out: what a question calls the WHO is the World Health Organization."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ACRONYM = re.compile(r"\b(?:[A-Z]{2,6}|(?:[A-Z]\.){2,6})(?![\w-])")
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_LINK = r"(?:(?:of|and|for|the|on|in|to)\s+)*"


def spell_out(question: str, texts: Iterable[str]) -> str:
    """Put the full name in the place of each short one that texts write out more often.

    Its letters have to begin the words of a name in a text.

    >>> spell_out("How many did the DHS remove?", ["It is the Department of Homeland Security."])
    'How many did the Department of Homeland Security remove?'
    >>> spell_out("How many did the DHS remove?", ["The DHS removed 7. Don Hired Sam."])
    'How many did the DHS remove?'
    """
    known = tuple(texts)

    def full(match: re.Match[str]) -> str:
        name = _named(match[0].replace(".", ""))
        written = [" ".join(hit[0].split()) for hit in map(name.search, known) if hit]
        short = sum(bool(re.search(rf"\b{re.escape(match[0])}(?!\w)", text)) for text in known)
        return written[0] if len(written) > short else match[0]

    return _ACRONYM.sub(full, question)


def _named(letters: str) -> re.Pattern[str]:
    """A run of words with a capital that begin with these letters: "Bank of Holm" for BH."""
    words = (rf"{letter}[\w’'-]*" for letter in letters)
    name = rf"\s+{_LINK}".join(words)
    # Part of a longer name is another name: "Holm Trade" is none of "New Holm Trade Board".
    return re.compile(rf"(?<!\w)(?<![A-Z]\w\s){name}(?!\s+{_CAPITAL})")
