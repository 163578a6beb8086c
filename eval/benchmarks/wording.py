"""Words that two texts share, and how people misspell them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random

from rag.lexical_index import telling_words

# "declined" and "decline" are one word, "visitors" and "visits" too: strict on purpose.
_STEM = 5
_WORD = re.compile(r"[A-Za-z]{5,}")
_TYPOS = 2
_VOWELS = {"a": "e", "e": "i", "i": "e", "o": "u", "u": "o"}


def overlap(question: str, sentence: str, about: Iterable[str]) -> float:
    """Return the share of a question's words that a sentence has too, 0 to 1.

    Function words do not count, nor do names and periods, for which there are no other words.

    >>> overlap("How many travellers used it?", "10 passengers used the line.", [])
    0.5
    >>> overlap("How many travellers in Ayton?", "10 passengers used Ayton Airport.", ["Ayton"])
    0.0

    Args:
        question: whose words count.
        sentence: where they are looked for.
        about: names and periods.
    """
    asked = _stems(question) - _stems(" ".join(about))
    return len(asked & _stems(sentence)) / len(asked) if asked else 0.0


def misspelt(text: str, rng: Random) -> str:
    """Return the text with a slip in two of its longer words, names among them."""
    words = list(_WORD.finditer(text))
    for word in sorted(rng.sample(words, min(_TYPOS, len(words))), key=lambda m: -m.start()):
        text = text[: word.start()] + _slip(word[0], rng) + text[word.end() :]
    return text


def _slip(word: str, rng: Random) -> str:
    """Exchange two letters, leave one out, write one twice, or take another vowel."""
    i = rng.randrange(1, len(word) - 2)
    vowels = [at for at, letter in enumerate(word) if at and letter in _VOWELS]
    slips = [
        word[:i] + word[i + 1] + word[i] + word[i + 2 :],
        word[:i] + word[i + 1 :],
        word[:i] + word[i] + word[i:],
    ]
    if vowels:
        at = rng.choice(vowels)
        slips.append(word[:at] + _VOWELS[word[at]] + word[at + 1 :])
    return rng.choice([slip for slip in slips if slip != word] or [word + word[-1]])


def _stems(text: str) -> set[str]:
    return {word.lower()[:_STEM] for variants in telling_words(text) for word in variants}
