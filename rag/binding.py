"""Which figure of a sentence a question means: the one whose own words are the question's.

A sentence with two figures says of each another thing: "dropped to 64 in August after a high of
144 in May". The words on either side of a figure, up to where the next one's begin, are its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.figures import bounded_span, find_figures
from rag.schema import Figure, Span

# Where the words of one figure end and those of the next begin.
_BREAK = re.compile(
    r"[,;:()–—]|\b(?:after|against|and|but|compared|from|or|than|up|versus|whereas|while|with)\b"
)
_WORD = re.compile(r"[^\W\d_]{3,}|\b\d{4}\b")
_EMPTY = frozenset(
    "the and that this its their his her they she with from than what which who whom how many "  # noqa: SIM905
    "much when where why for was were are been being had has have did does per cent percent "
    "there".split()
)


def bare_figure(prose: str) -> Figure | None:
    """The figure that prose consists of, but for its bound and unit; None where there are words.

    >>> bare_figure("Roughly 159,000.").text, bare_figure("159,000 ships.")
    ('159,000', None)
    """
    figures = find_figures(prose)
    if len(figures) != 1:
        return None
    span = bounded_span(prose, figures[0])
    rest = prose[: span.start] + prose[span.end :]
    return None if any(character.isalnum() for character in rest) else figures[0]


def meant_figure(question: str, sentence: str, kind_of: Figure) -> Figure | None:
    """The figure of one kind that shares most words with the question; None where two share alike.

    Args:
        question: as it was asked.
        sentence: has one figure of the kind or more.
        kind_of: a figure of the kind that is looked for.
    """
    figures = [figure for figure in find_figures(sentence) if figure.kind is kind_of.kind]
    if len(figures) < 2:
        return figures[0] if figures else None
    asked = _words(question)
    shared = [len(asked & _words(sentence[own.start : own.end])) for own in _own(sentence, figures)]
    best = max(shared)
    return figures[shared.index(best)] if shared.count(best) == 1 else None


def _own(sentence: str, figures: Sequence[Figure]) -> list[Span]:
    """The part of the sentence that speaks of each figure."""
    cuts = [0]
    for one, other in pairwise(figures):
        between = sentence[one.span.end : other.span.start]
        breaks = [match.start() for match in _BREAK.finditer(between)]
        cuts.append(one.span.end + (breaks[0] if breaks else len(between) // 2))
    return [Span(start, end) for start, end in pairwise([*cuts, len(sentence)])]


def _words(text: str) -> frozenset[str]:
    """Stems, roughly: what stays of a word without its ending."""
    found = (match[0].lower() for match in _WORD.finditer(text))
    return frozenset(re.sub(r"(?:ing|ed|es|s)$", "", word) for word in found if word not in _EMPTY)
