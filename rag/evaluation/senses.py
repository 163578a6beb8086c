"""Whether an answer says the opposite of what the gold sentence says with the same figure.

"Rose by 18%" for "fell by 18%" has the right figure and is wrong; so has "not 46,610". What is
compared are the words around the figure, in the answer and in the sentences that state it: a
sentence may say of one thing that it rose and of another that it fell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.citations import without_markers
from rag.evaluation.cases import Case, ExpectedFigure
from rag.evaluation.figure_verdicts import compare, figures_in, is_bare, is_right
from rag.figures import Agreement, bounded_span
from rag.schema import Figure, Span
from rag.sense import opposes

_AT_ONCE = re.compile(r"\b(?:not|never)\s+$", re.IGNORECASE)
# No comma of "46,610" and no point of "4.1" ends a clause.
_CLAUSE_END = re.compile(
    r"[;:()–—]|,(?!\d)|[.!?…](?=\s|$)|\n|\b(?:and|but|while|whereas|although|though|yet)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_AFTER = re.compile(
    r"\s*(?:(?P<up>more|higher|greater|larger)|(?P<down>fewer|less|lower|smaller))\b"
)
_UP, _DOWN = 1, -1


def turned_figures(case: Case, text: str) -> tuple[Figure, ...]:
    """Return the figures that a text has right, and of which it says the opposite.

    An answer says the opposite where each sentence of the case that states the figure says that
    something rose and the answer that it fell, or the other way round; where it denies the figure
    itself ("not 46,610"); or where a denial stands in its clause and neither in that of such a
    sentence nor in the question, the scope and the expected texts ("did not break").
    """
    bare = without_markers(text)
    return tuple(
        figure
        for figure in figures_in(bare)
        for expected in case.figures
        if is_right(case, expected, figure)
        and (
            _runs_against(bare, figure, _stated(case, expected))
            or _is_denied(case, expected, bare, figure)
        )
    )


def _stated(case: Case, expected: ExpectedFigure) -> tuple[tuple[str, Figure], ...]:
    """The sentences of a case that state a figure, each with it."""
    return tuple(
        (source.quote, figure)
        for source in case.sources
        for figure in figures_in(source.quote)
        if compare(figure, expected) in {Agreement.EXACT, Agreement.BOUND_LOST}
        or is_bare(figure, expected)
    )


def _runs_against(text: str, figure: Figure, stated: Sequence[tuple[str, Figure]]) -> bool:
    said = _direction(text, figure)
    return bool(said and stated) and all(_direction(q, there) == -said for q, there in stated)


def _is_denied(case: Case, expected: ExpectedFigure, text: str, figure: Figure) -> bool:
    stated = _stated(case, expected)
    before = text[: bounded_span(text, figure).start]
    if _AT_ONCE.search(before):
        return not any(_AT_ONCE.search(q[: bounded_span(q, f).start]) for q, f in stated)
    # What is computed stands in no clause: then all that its sentences say counts.
    clauses = [_clause(q, f) for q, f in stated] or [source.quote for source in case.sources]
    words = [case.question, expected.scope, *(words for group in case.texts for words in group)]
    return _denies(_clause(text, figure)) and not any(map(_denies, [*clauses, *words]))


def _direction(text: str, figure: Figure) -> int:
    """Whether a text says with a figure that something rose (1) or fell (-1); 0 where neither.

    Of several words the nearest counts: the one that follows the figure at once ("18% fewer",
    "an 18% fall"), else the last one before it in its clause, else the next one there, else the
    last one in the clause before ("rose last year, to 3").
    """
    if compared := _AFTER.match(text, figure.span.end):
        return _UP if compared["up"] else _DOWN
    earlier, clause = _clauses(text, figure.span)
    after = [text[figure.span.end : end] for end in _ends(text, figure.span.end, clause.end)]
    at = figure.span.start
    before = [text[start:at] for start in _starts(text, clause.start, at)]
    there = [text[start : clause.start] for start in _starts(text, earlier, clause.start)]
    pieces = (*after[:1], *before, *after[1:], *there)
    return next((sense for piece in pieces if (sense := _sense(piece))), 0)


def _starts(text: str, start: int, end: int) -> Iterator[int]:
    return (word.start() for word in reversed(list(_WORD.finditer(text, start, end))))


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    return (word.end() for word in _WORD.finditer(text, start, end))


def _sense(piece: str) -> int:
    if opposes("It fell.", piece):
        return _UP
    return _DOWN if opposes("It rose.", piece) else 0


def _denies(words: str) -> bool:
    return opposes(words, "")


def _clause(text: str, figure: Figure) -> str:
    """The clause of a figure without it and its bound: "no more than 3" denies nothing."""
    clause, bounded = _clauses(text, figure.span)[1], bounded_span(text, figure)
    return f"{text[clause.start : bounded.start]} {text[bounded.end : clause.end]}"


def _clauses(text: str, span: Span) -> tuple[int, Span]:
    """Where the last but one clause up to a span begins, and the clause that holds the span."""
    starts = [0, *(m.end() for m in _CLAUSE_END.finditer(text) if m.end() <= span.start)]
    after = _CLAUSE_END.search(text, span.end)
    return starts[-2:][0], Span(starts[-1], after.start() if after else len(text))
