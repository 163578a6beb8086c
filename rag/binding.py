"""Which figure of a sentence a question means: the one whose own words are the question's."""

from __future__ import annotations

from rag.figures import bounded_span, find_figures
from rag.schema import Figure
from rag.statements import statements
from rag.words import stems


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
    stated = [one for one in statements(sentence) if one.figure.kind is kind_of.kind]
    if len(stated) < 2:
        return stated[0].figure if stated else None
    asked = set(stems(question))
    parts = (sentence[one.clause.start : one.clause.end] for one in stated)
    shared = [len(asked.intersection(stems(part))) for part in parts]
    best = max(shared)
    return stated[shared.index(best)].figure if shared.count(best) == 1 else None
