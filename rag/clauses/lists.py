"""Lists of figures that share what stands around them: "41% and 38% in May and June"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rag.figures import bounded_span
from rag.schema import Figure, Span

_NEXT = re.compile(r"(?:\s?[a-z%-]+){0,2}(?:,\s(?:and\s|or\s)?|\s(?:and|or|then)\s)")
_RESPECTIVELY = re.compile(r",?\s(?:respectively|in\sthat\sorder)\b", re.IGNORECASE)
_NOUN_END = re.compile(
    r"(?:\s?%)?(?:\s(?!and\b|or\b|then\b|in\b|on\b|at\b|for\b|to\b|by\b|of\b|from\b|among\b|respectively\b)[a-z-]+){0,3}"
)
_JOINT = re.compile(r"(?:,\s|,?\s(?:and|or|then)\s)(?:in\s|on\s|for\s|at\s)?(?:the\s)?")


def lists(text: str, figures: Sequence[Figure]) -> list[list[Figure]]:
    """Return the runs of two and more figures with nothing but "and", commas and a noun between."""
    runs: list[list[Figure]] = []
    for figure in figures:
        start = bounded_span(text, figure).start
        last = runs[-1][-1] if runs else None
        if last and last.kind is figure.kind and _NEXT.fullmatch(text, last.span.end, start):
            runs[-1].append(figure)
        else:
            runs.append([figure])
    return [run for run in runs if len(run) > 1]


def are_listed(text: str, spans: Iterable[Span]) -> bool:
    """Whether nothing but "and" and commas stands between spans."""
    return all(
        _JOINT.fullmatch(text, one.end, other.start) is not None
        or not text[one.end : other.start].strip(" ,").removeprefix("and").strip()
        for one, other in pairwise(spans)
    )


def respective(text: str, figures: Sequence[Figure]) -> dict[int, Span]:
    """Return the clauses, by start of their figure, of a list that is told respectively.

    Each has its figure and noun and nothing of what is told in the other list: which of that is
    its own no span can say.
    """
    match = _RESPECTIVELY.search(text)
    runs = [run for run in lists(text, figures) if match and run[-1].span.end <= match.start()]
    if not match or not runs:
        return {}
    found: dict[int, Span] = {}
    behind = bool(re.search(r"\b(?:and|or)\b", text[runs[-1][-1].span.end : match.start()]))
    for figure in runs[-1]:
        end = _NOUN_END.match(text, figure.span.end)
        start = bounded_span(text, figure).start
        if behind and figure is runs[-1][0]:
            start = _start_of_part(text, start)
        found[figure.span.start] = Span(start, end.end() if end else figure.span.end)
    return found


def _start_of_part(text: str, end: int) -> int:
    """Where the words before the first figure begin that all of them share."""
    breaks = [match.end() for match in re.finditer(r"[;:]\s|,\s", text[:end])]
    return breaks[-1] if breaks else 0
