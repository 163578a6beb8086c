"""Which ranked sentences make a summary of so many words: those that cover its main figures.

Each step takes what adds most: the rank of a sentence times the weight of its figures that no
sentence taken has yet, over the root of its length. For such a measure, which has diminishing
returns, the greedy choice is near the best one, and dividing by a power of the length keeps it
from taking long sentences only (Lin and Bilmes, "Multi-document summarization via budgeted
maximization of submodular functions", 2010).
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rag.schema import FigureKind, Length
from rag.summarization.ranking import RankedSentence, figure_weight

# What a sentence is worth without any figure, against one figure of full weight.
_WITHOUT_FIGURES = 0.5
# The second figure of a sentence counts 0.7 of the first, the third 0.49: a table in prose does
# not push out everything else.
_NEXT_FIGURE = 0.7
# To the power 0, 0.25, 0.5, 0.75 and 1, lengths made summaries of nine articles that had 0.69,
# 0.73, 0.78, 0.77 and 0.72 of the key figures.
_LENGTH_POWER = 0.5
_LONGEST_LEAD = 2
"""Sentences before one that leans on them which are taken along."""

_LEANS = re.compile(
    r"^[\"“'‘(]*(?:(?:And|But|So|Then|Yet),? )?"
    r"(?:(?:After|At|Before|By|During|For|From|In|Last|Of|On|Since|The)\b[^,;:.]{0,40},? )?"
    r"(?:He|She|It|They|That|This|These|Those|His|Her|Its|Their|Them|Neither|Both|Another|Others"
    r"|The (?:other|latter|former|rest|same|figure|number|total|average|proportion|share|rate"
    r"|\w+est))\b"
    r"|\bthat (?:day|week|month|quarter|season|year|period|time)\b"
    # "But the president wants more", "attacked him over the rise.", "the official added".
    r"|^(?:But|And|Yet|So|Nor)\b"
    r"|\bthe (?:rise|fall|drop|increase|decrease|decline|surge)s?[.,;]"
    r"|\b(?:he|she|they|the [a-z]+) added\b",
    re.IGNORECASE,
)
# "In the winter before, 94.": so short a sentence takes its subject from the one before.
_LEAST_WORDS = 6

# Words of a summary of an article of up to a thousand words. Of nine articles, 80 words have 0.5
# of the key figures, 180 have 0.87, 320 nearly all.
_WORDS = {Length.SHORT: 80, Length.MEDIUM: 180, Length.LONG: 320}
_LEAST_TEXT = 1000
_MOST_OF_TEXT = 0.6

Key = tuple[FigureKind, Decimal]


def words_for(length: Length, n_words: int) -> int:
    """Return how long a summary of a text of ``n_words`` is to be, in words.

    It grows with the root of the text: a report of 60,000 words gets eight times what an article
    gets, and never more than three fifths of the text itself.
    """
    grown = _WORDS[length] * max(1.0, math.sqrt(n_words / _LEAST_TEXT))
    return int(min(grown, _MOST_OF_TEXT * n_words))


def choose(ranked: Sequence[RankedSentence], n_words: int) -> tuple[tuple[int, ...], ...]:
    """Choose sentences of ``n_words`` in all, where the article has as many.

    A sentence that leans on the one before it brings that one along.

    Returns:
        Positions in the order of the article; sentences that are read together are one group.
    """
    units = {n: with_lead(ranked, n) for n, one in enumerate(ranked) if _says_something(one)}
    chosen: set[int] = set()
    covered: set[Key] = set()
    room = n_words
    # Gains only shrink while others are taken, so one that is still the best when it is computed
    # anew is the best of all (Minoux, 1978).
    heap = [(-_gain(ranked, unit, covered, chosen), position) for position, unit in units.items()]
    heapq.heapify(heap)
    while heap:
        _, position = heapq.heappop(heap)
        unit = units[position]
        if position in chosen:
            continue
        gain = -_gain(ranked, unit, covered, chosen)
        if heap and gain > heap[0][0]:
            heapq.heappush(heap, (gain, position))
            continue
        cost = sum(ranked[one].n_words for one in unit if one not in chosen)
        if cost <= room or not chosen:
            chosen.update(unit)
            covered.update(_keys(ranked, unit))
            room -= cost
    return tuple(_groups(ranked, sorted(chosen)))


def with_lead(ranked: Sequence[RankedSentence], position: int) -> tuple[int, ...]:
    """Return a position behind those of the sentences that it cannot be read without."""
    first = position
    while first > 0 and position - first < _LONGEST_LEAD and leans(ranked[first].text):
        first -= 1
    return tuple(range(first, position + 1))


def leans(text: str) -> bool:
    """Whether a sentence says too little without the one before it.

    >>> leans("In 2022 it was 14.8 percent."), leans("In May 48,200 people came over.")
    (True, False)
    """
    return bool(_LEANS.search(text)) or len(text.split()) < _LEAST_WORDS


def _says_something(sentence: RankedSentence) -> bool:
    """Whether it is more than a heading ("US News", "Breakfast.")."""
    return bool(sentence.figures) or sentence.n_words >= _LEAST_WORDS


def _gain(
    ranked: Sequence[RankedSentence], unit: Sequence[int], covered: set[Key], chosen: set[int]
) -> float:
    """What a sentence would add, its lead included; more never comes of taking others before."""
    new = sorted(
        (
            figure_weight(figure)
            for position in unit
            if position not in chosen
            for figure in ranked[position].figures
            if _key(figure.kind, figure.value) not in covered
        ),
        reverse=True,
    )
    worth = _WITHOUT_FIGURES + sum(w * _NEXT_FIGURE**nth for nth, w in enumerate(new))
    length = sum(ranked[position].n_words for position in unit)
    return ranked[unit[-1]].score * worth / math.pow(max(1, length), _LENGTH_POWER)


def _keys(ranked: Sequence[RankedSentence], unit: Sequence[int]) -> Iterator[Key]:
    for position in unit:
        yield from (_key(figure.kind, figure.value) for figure in ranked[position].figures)


def _key(kind: FigureKind, value: Decimal) -> Key:
    # A sum whose currency stands elsewhere in the article is written as a count is.
    return (kind if kind is FigureKind.PERCENT else FigureKind.COUNT, value)


def _groups(
    ranked: Sequence[RankedSentence], positions: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    group: tuple[int, ...] = ()
    for position in positions:
        if group and position == group[-1] + 1 and leans(ranked[position].text):
            group = (*group, position)
            continue
        if group:
            yield group
        group = (position,)
    if group:
        yield group
