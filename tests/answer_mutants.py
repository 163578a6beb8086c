"""Right answers and summaries with a part, a text or a citation spoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from evaluation_samples import SUMMARIES, right_answer, right_summary, spelled, with_text
from mutants import Mutant, Mutate, is_same, other_citation, parts, with_parts

from rag.citations import without_markers
from rag.evaluation import Case, score_summary
from rag.evaluation.restating import RESTATABLE, other_values, restated
from rag.figures import find_figures
from rag.schema import Status, SummaryPoint


def part_left_out(case: Case) -> Iterator[Mutant]:
    """One of several figures or texts not there."""
    said = parts(case)
    if len(said) > 1:
        for i in range(len(said)):
            yield with_parts(case, said[:i] + said[i + 1 :])


def text_changed(case: Case) -> Iterator[Mutant]:
    """Another text in the place of the expected one, and a forbidden one beside it."""
    right = parts(case)
    for i in range(len(case.figures), len(right)):
        for words in ["Somebody Else", *case.forbidden_texts]:
            yield with_parts(case, [*right[:i], words, *right[i + 1 :]])
    if case.texts:
        for words in case.forbidden_texts:
            yield with_parts(case, [*right, words])


def answered_unanswerable(case: Case) -> Iterator[Mutant]:
    """Any answer where the articles give none."""
    if not case.answerable:
        citation = other_citation(case)
        for words in [*case.forbidden, "12", "The mayor said so."]:
            answered = replace(right_answer(case), status=Status.ANSWERED, citations=(citation,))
            yield Mutant(case, with_text(answered, f"{words} [1]"))


def abstained(case: Case) -> Iterator[Mutant]:
    """An abstention where the articles give the answer, whatever it names."""
    if case.answerable:
        right = right_answer(case)
        nothing = with_text(right, "The articles do not say. The nearest sentence is in “A” [1].")
        yield Mutant(case, replace(nothing, status=Status.ABSTAINED))
        yield Mutant(case, replace(right, status=Status.ABSTAINED))


def citation_moved(case: Case) -> Iterator[Mutant]:
    """The right words with another sentence of the article cited, or none."""
    if case.answerable:
        right = right_answer(case)
        yield Mutant(case, replace(right, citations=(other_citation(case),)), cites_wrong=True)
        yield Mutant(case, replace(right, citations=()), cites_wrong=True)


ANSWER_MUTATIONS: tuple[Mutate, ...] = (
    part_left_out,
    text_changed,
    answered_unanswerable,
    abstained,
    citation_moved,
)


# --- summaries -----------------------------------------------------------------------------


@dataclass(frozen=True)
class SummaryMutant:
    """Points of a spoilt summary of a case."""

    case: Case
    points: tuple[SummaryPoint, ...]
    cites_wrong: bool = False

    @property
    def is_caught(self) -> bool:
        score = score_summary(self.case, replace(right_summary(self.case), points=self.points))
        return score.citation_right is False if self.cites_wrong else not score.passed

    def __str__(self) -> str:
        return f"{self.case.id}: {[point.text for point in self.points]} passed"


MutateSummary = Callable[[Case], Iterator[SummaryMutant]]


def summary_figure_changed(case: Case) -> Iterator[SummaryMutant]:
    """One key figure another value, wherever the summary gives it."""
    for expected in case.figures:
        points = []
        for point in right_summary(case).points:
            text = point.text
            for figure in reversed(find_figures(without_markers(text))):
                if is_same(figure, expected) and figure.kind in RESTATABLE:
                    value = next(other_values(figure, Random(0)))  # noqa: S311 - no secret
                    other = restated(figure, value) or ""
                    text = text[: figure.span.start] + other + text[figure.span.end :]
            points.append(replace(point, text=text))
        if tuple(points) != right_summary(case).points:
            yield SummaryMutant(case, tuple(points))


def summary_point_left_out(case: Case) -> Iterator[SummaryMutant]:
    """The points that give one key figure not there."""
    for expected in case.figures:
        yield SummaryMutant(
            case,
            tuple(
                point
                for point in right_summary(case).points
                if not any(is_same(f, expected) for f in find_figures(point.text))
            ),
        )


def summary_figure_made_up(case: Case) -> Iterator[SummaryMutant]:
    """A figure that stands nowhere, in a point that cites a sentence of the article."""
    points = right_summary(case).points
    for expected in case.figures:
        words = spelled(expected, expected.value * 3 + 1)
        yield SummaryMutant(case, (*points, replace(points[0], text=f"It was {words} [1]")))


def summary_citation_moved(case: Case) -> Iterator[SummaryMutant]:
    """Every point with a sentence cited that states none of the key figures."""
    other = (other_citation(case),)
    points = tuple(replace(point, citations=other) for point in right_summary(case).points)
    yield SummaryMutant(case, points, cites_wrong=True)


SUMMARY_MUTATIONS: tuple[MutateSummary, ...] = (
    summary_figure_changed,
    summary_point_left_out,
    summary_figure_made_up,
    summary_citation_moved,
)


def summary_mutants(mutate: MutateSummary) -> tuple[SummaryMutant, ...]:
    """All mutants of one kind, over all cases that are summed up."""
    return tuple(mutant for case in SUMMARIES for mutant in mutate(case))
