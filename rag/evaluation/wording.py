"""Whether words stand in a text, however either is set."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.text import unaccented

_APOSTROPHES = re.compile("[‘’ʼ`]")
_DASHES = re.compile("[‐‑‒–—−]")


def folded(text: str) -> str:
    """Return a text without case, accents, curly quotes, long dashes and doubled spaces.

    >>> folded("President López  Obrador’s")
    "president lopez obrador's"
    """
    letters = unaccented(_DASHES.sub("-", _APOSTROPHES.sub("'", text)))
    return " ".join(letters.casefold().split())


def has_words(text: str, alternatives: Iterable[str]) -> bool:
    """Whether one of the alternatives stands in the text as whole words.

    >>> has_words("He rang the bell.", ["bells", "the Bell"]), has_words("Bellow!", ["bell"])
    (True, False)
    """
    within = folded(text)
    return any(
        re.search(rf"(?<!\w){re.escape(folded(words))}(?!\w)", within) for words in alternatives
    )
