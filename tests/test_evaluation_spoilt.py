"""No spoilt answer passes, and every right one does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from evaluation_samples import (
    ASKED,
    NOT_READ,
    SUMMARIES,
    articles,
    cite,
    gold_citations,
    right_answer,
    right_summary,
    stated_figures,
    with_text,
)

from rag.evaluation import Case, score_answer, score_summary
from rag.figures import find_figures
from rag.schema import Answer, Bound, Span, Status

READ = tuple(case for case in ASKED if case.id not in NOT_READ)
ANSWERABLE = tuple(case for case in READ if case.answerable)
WITH_FIGURES = tuple(case for case in READ if case.figures)


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.id)
def test_a_right_answer_passes(case: Case) -> None:
    score = score_answer(case, right_answer(case))
    if not score.passed and case.id in NOT_READ:
        pytest.xfail(NOT_READ[case.id])
    assert score.passed, score.explanation
    assert all(result.verdict.right for result in score.figures)
    assert score.misbound_figures == ()
    if case.answerable:
        assert (score.citation_precision, score.citation_recall) == (1, 1)
        assert score.retrieval is not None
        assert score.retrieval.all_evidence


@pytest.mark.parametrize("case", SUMMARIES, ids=lambda case: case.id)
def test_a_summary_of_the_gold_sentences_passes(case: Case) -> None:
    score = score_summary(case, right_summary(case))
    assert score.passed, score.explanation
    assert score.summary is not None
    assert (score.summary.coverage, score.summary.figure_precision) == (1, 1)
    assert score.citation_recall == 1


def digits_changed(case: Case) -> Iterator[Answer]:
    right = right_answer(case)
    for digit in re.finditer(r"\d", right.text[: -len(" [1]")]):
        other = str((int(digit[0]) + 1) % 10)
        yield with_text(right, right.text[: digit.start()] + other + right.text[digit.end() :])


def units_dropped(case: Case) -> Iterator[Answer]:
    right = right_answer(case)
    for unit in ("%", "$", " billion"):
        if unit in right.text:
            yield with_text(right, right.text.replace(unit, ""))


def bounds_dropped(case: Case) -> Iterator[Answer]:
    right = right_answer(case)
    for words, expected in zip(stated_figures(case), case.figures, strict=True):
        (figure,) = find_figures(words)
        if expected.bound not in {None, Bound.EXACT}:
            yield with_text(right, right.text.replace(words, figure.text))


def forbidden_instead(case: Case) -> Iterator[Answer]:
    for forbidden in case.forbidden:
        yield with_text(right_answer(case), f"{forbidden} [1]")


def forbidden_beside(case: Case) -> Iterator[Answer]:
    right = right_answer(case)
    for forbidden in case.forbidden:
        yield with_text(right, f"{forbidden} and {right.text}")


def citations_moved(case: Case) -> Iterator[Answer]:
    right = right_answer(case)
    yield replace(right, citations=())
    for document in sorted(set(articles()) - set(case.documents))[:5]:
        yield replace(
            right, citations=tuple(cite(document, c.quote, c.span.start) for c in right.citations)
        )
    ends = [c.span.end for c in gold_citations(case)]
    yield replace(right, citations=(cite(case.documents[0], "Elsewhere.", max(ends) + 1),))


def statuses_changed(case: Case) -> Iterator[Answer]:
    right = right_answer(case)
    changed = Status.ABSTAINED if case.answerable else Status.ANSWERED
    yield replace(right, status=changed)


@pytest.mark.parametrize(
    ("spoil", "cases", "at_least"),
    [
        (digits_changed, WITH_FIGURES, 900),
        (units_dropped, WITH_FIGURES, 60),
        (bounds_dropped, WITH_FIGURES, 40),
        (forbidden_instead, ANSWERABLE, 600),
        (forbidden_beside, ANSWERABLE, 600),
        (citations_moved, ANSWERABLE, 2000),
        (statuses_changed, READ, 400),
    ],
)
def test_every_spoilt_answer_is_caught(
    spoil: Callable[[Case], Iterator[Answer]], cases: tuple[Case, ...], at_least: int
) -> None:
    mutants = [(case, mutant) for case in cases for mutant in spoil(case)]
    passed = [(c.id, m.text) for c, m in mutants if score_answer(c, m).passed]
    assert len(mutants) >= at_least
    assert not passed


def test_spans_of_samples_are_those_of_their_quotes() -> None:
    for case in ANSWERABLE:
        for citation, source in zip(gold_citations(case), case.sources, strict=True):
            assert citation.span == Span(source.start or 0, source.end or 0)
