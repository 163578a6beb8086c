"""Spoilt answers: what they are made from, and how it is told that one is caught."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from evaluation_samples import (
    ASKED,
    articles,
    cite,
    computed,
    right_answer,
    stated_figures,
    with_text,
)

from rag.evaluation import Case, ExpectedFigure, Score, score_answer
from rag.figures import find_figures
from rag.schema import Answer, Citation, Figure, FigureKind
from rag.text import split_sentences


@dataclass(frozen=True)
class Mutant:
    """A spoilt answer to a case."""

    case: Case
    answer: Answer
    cites_wrong: bool = False
    """Whether only its citations are spoilt."""

    @property
    def score(self) -> Score:
        return score_answer(self.case, self.answer)

    @property
    def is_caught(self) -> bool:
        score = self.score
        return score.citation_right is False if self.cites_wrong else not score.right

    def __str__(self) -> str:
        return f"{self.case.id}: {self.answer.text!r} was scored {self.score.outcome}"


Mutate = Callable[[Case], Iterator[Mutant]]


@cache
def mutants(mutate: Mutate) -> tuple[Mutant, ...]:
    """All mutants of one kind: of the right answers to all cases that are asked."""
    return tuple(mutant for case in rightly_answered() for mutant in mutate(case))


@cache
def rightly_answered() -> tuple[Case, ...]:
    """Those whose right answer is scored so: what is spoilt must not have been wrong before."""
    return tuple(case for case in ASKED if score_answer(case, right_answer(case)).right)


def parts(case: Case) -> list[str]:
    """What a right answer has to say: the figures as they are stated, a text of each group."""
    return stated_figures(case) + [group[0] for group in case.texts]


def with_parts(case: Case, said: list[str]) -> Mutant:
    """The answer that says these things."""
    made = with_text(right_answer(case), f"{' and '.join(said)} [1]")
    return Mutant(case, computed(made) if case.formula else made)


def spoilt(case: Case, i: int, words: str) -> Iterator[Mutant]:
    """The answer with one figure in other words, unless these are right too."""
    said = parts(case)
    figures = find_figures(words)
    if len(figures) != 1 or not _is_right(case.figures[i], figures[0]):
        yield with_parts(case, [*said[:i], words, *said[i + 1 :]])


def _is_right(expected: ExpectedFigure, figure: Figure) -> bool:
    """Whether a figure says what is expected, told without the scorer."""
    if figure.kind is not expected.kind or (expected.unit and figure.unit != expected.unit):
        return False
    if expected.kind is FigureKind.DATE:
        pairs = zip(date_parts(figure.value), date_parts(expected.value), strict=True)
        return all(one == other for one, other in pairs if one and other)
    bound_fits = expected.bound in {None, figure.bound}
    if figure.value == expected.value:
        return bound_fits
    written = figure.value.normalize().as_tuple()
    assert isinstance(written.exponent, int)
    rounds = abs(figure.value - expected.value) <= Decimal(10) ** written.exponent
    return expected.digits is not None and len(written.digits) >= expected.digits and rounds


def is_same(figure: Figure, expected: ExpectedFigure) -> bool:
    """Whether a figure has the value of an expected one, its unit said or not."""
    return figure.value == expected.value and figure.kind in {expected.kind, FigureKind.COUNT}


def date_parts(value: Decimal) -> tuple[int, int, int]:
    """Year, month and day of the value of a date."""
    return int(value) // 10_000, int(value) // 100 % 100, int(value) % 100


def other_citation(case: Case) -> Citation:
    """A citation of the first sentence that no source of the case touches."""
    document = case.documents[0] if case.documents else next(iter(articles()))
    text = articles()[document].text
    for sentence in split_sentences(text):
        spans = [source.span for source in case.sources if source.document == document]
        if not any(span and sentence.span.overlaps(span) for span in spans):
            quote = text[sentence.span.start : sentence.span.end]
            return cite(document, quote, sentence.span.start)
    raise AssertionError(f"every sentence of {document} answers {case.id}")
