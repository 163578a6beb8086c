"""Answers that need several figures: lists, comparisons, and what code computes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.drafts import Draft, Line, assembled
from rag.answering.weighing import place_of
from rag.answering.wording import figure_answer, stated_text
from rag.arithmetic import Computed, Operation, compute
from rag.candidates import Candidate
from rag.figures import find_figures
from rag.protocols import Verifier
from rag.schema import Bound, CheckedFigure, Evidence, StatedPeriod, Verdict

_OR_MORE = frozenset({Bound.MORE_THAN, Bound.AT_LEAST})
_OR_LESS = frozenset({Bound.LESS_THAN, Bound.AT_MOST, Bound.NEARLY})


@dataclass(frozen=True, slots=True)
class Part:
    """A simple question and the figure that was found for it."""

    question: str
    candidate: Candidate | None


def listed(parts: Sequence[Part], verifier: Verifier) -> Draft | None:
    """One line a part, and what is not stated; None where most is not."""
    found = [part.candidate for part in parts if part.candidate]
    # Where only one of two is found, it was the figure of something else in half of the cases.
    if 2 * len(found) <= len(parts) or _repeats(found):
        return None
    lines, sources = _lines(found)
    missing = tuple(
        f"The articles do not say: {part.question}" for part in parts if part.candidate is None
    )
    return replace(assembled(lines, sources, verifier), notes=missing)


def compared(parts: Sequence[Part], verifier: Verifier) -> Draft | None:
    """One line a part, all of them found and of one kind; None where they do not compare."""
    chosen = [part.candidate for part in parts if part.candidate]
    if len(chosen) < len(parts) or _repeats(chosen):
        return None
    figures = [candidate.statement.figure for candidate in chosen]
    if len({(figure.kind, figure.unit) for figure in figures}) > 1:
        return None
    lines, sources = _lines(chosen)
    return assembled([*lines, *_ordered(chosen)], sources, verifier)


def _ordered(candidates: Sequence[Candidate]) -> list[Line]:
    """Which of two figures is the larger, where their bounds leave no doubt."""
    if len(candidates) != 2:
        return []
    less, more = sorted(candidates, key=lambda candidate: candidate.statement.figure.value)
    low, high = less.statement.figure, more.statement.figure
    if low.value == high.value or high.bound in _OR_LESS or low.bound in _OR_MORE:
        return []  # "more than 300" may be more than 310
    return [Line(f"The larger one is {stated_text(more)}.", cites=False)]


def computed(operation: Operation, parts: Sequence[Part], verifier: Verifier) -> Draft | None:
    """The result with its formula, then the figures behind it; None where they do not fit."""
    chosen = [part.candidate for part in parts if part.candidate]
    if len(chosen) < len(parts) or _repeats(chosen):
        return None
    if operation is Operation.CHANGE:
        chosen = _later_first(chosen)
    result = compute(operation, [candidate.statement.figure for candidate in chosen])
    return drafted(result, chosen, verifier) if result else None


def drafted(result: Computed, chosen: Sequence[Candidate], verifier: Verifier) -> Draft | None:
    """A computed figure with its formula, then the figures that it is computed from."""
    lines, sources = _lines(chosen)
    head = f"{result.text[:1].upper()}{result.text[1:]}: {result.formula}."
    checked = _checked(result, head)
    if checked is None:
        return None
    return assembled([Line(head, cites=False), *lines], sources, verifier, (checked,))


def _lines(candidates: Sequence[Candidate]) -> tuple[list[Line], tuple[Evidence, ...]]:
    """A line a figure, which cites its sentence."""
    sources = tuple(dict.fromkeys(candidate.evidence for candidate in candidates))
    lines = [
        Line(figure_answer(candidate, sources.index(candidate.evidence) + 1), cites=True)
        for candidate in candidates
    ]
    return lines, sources


def _repeats(candidates: Sequence[Candidate]) -> bool:
    """Whether one figure was found for two parts: then one of them was misread."""
    places = {place_of(candidate) for candidate in candidates}
    return len(places) < len(candidates)


def _later_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """By the time that they speak of, where both say it."""
    periods = [candidate.statement.period for candidate in candidates]
    if len(candidates) == 2 and all(periods) and _before(periods[0], periods[1]):
        return list(candidates[::-1])
    return list(candidates)


def _before(one: StatedPeriod | None, other: StatedPeriod | None) -> bool:
    return one is not None and other is not None and one.last < other.first


def _checked(result: Computed, head: str) -> CheckedFigure | None:
    """The result as the first figure of its line; None where it does not read as what it is."""
    first = next(iter(find_figures(head)), None)
    if first is None or first.value != result.value:
        return None
    return CheckedFigure(first, Verdict.COMPUTED, None, formula=result.formula)
