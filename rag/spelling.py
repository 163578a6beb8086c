"""Misspelt words of a question, put right by the words that the articles use.

A word that neither English nor any article has finds nothing; one letter off is nearly always a
slip (Damerau 1964: four fifths of misspellings are one letter wrong, missing, too many, or two
exchanged).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING

from rag.text import unaccented

if TYPE_CHECKING:
    from spellchecker import SpellChecker

WORD = re.compile(r"[^\W\d_]+")
"""Runs of letters: what a vocabulary is made of."""

# Short words are one letter from too many others, long ones are misspelt twice.
_SHORTEST = 4
_LONG = 8


def words(text: str) -> frozenset[str]:
    """The different words of a text, in lower case."""
    return frozenset(match[0].lower() for match in WORD.finditer(text))


def respell(
    question: str,
    known: Callable[[Collection[str]], Collection[str]],
    vocabulary: Callable[[], Mapping[str, int]],
) -> str:
    """Replace words that are none by the nearest one that the articles have.

    One letter may differ, two in words of eight and more; of equally near words the commonest is
    taken, and first one that differs by its accents alone ("cafe", of a café). Names (with a
    capital behind the first word) and words in capitals are left alone: a name that is not there
    is not there.

    Args:
        question: as it was typed.
        known: tells which of some words the articles have, in lower case.
        vocabulary: all words of the articles and in how many each stands; asked only where a
            word is unknown.
    """
    asked = {
        match[0]: match[0].lower()
        for match in WORD.finditer(question)
        if len(match[0]) >= _SHORTEST and (match[0].islower() or not match.start())
    }
    unknown = set(asked.values()) - set(known(frozenset(asked.values())))
    if unknown:
        unknown -= _english(unknown)
    if not unknown:
        return question
    everything = vocabulary()
    found = {typed: _nearest(word, everything) for typed, word in asked.items() if word in unknown}
    changes = {typed: right for typed, right in found.items() if right is not None}
    return WORD.sub(lambda match: changes.get(match[0], match[0]), question)


def _english(some: Collection[str]) -> frozenset[str]:
    return frozenset(_dictionary().known(some))


@cache
def _dictionary() -> SpellChecker:
    from spellchecker import SpellChecker

    # Only asked what is a word: what to put in its place, the articles say.
    return SpellChecker(language="en", distance=1)


def _nearest(word: str, vocabulary: Mapping[str, int]) -> str | None:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 2 if len(word) >= _LONG else 1
    near = process.extract(
        word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=most, limit=None
    )
    bare = unaccented(word)
    ranked = sorted(
        (distance * (unaccented(other) != bare), -vocabulary[other], other)
        for other, distance, _ in near
    )
    return ranked[0][2] if ranked else None
