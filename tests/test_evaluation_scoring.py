"""One answer against one case; and that no spoilt answer passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from evaluation_samples import (
    ANSWERABLE,
    CASES,
    WITH_FIGURES,
    answer,
    cite,
    editions,
    gold_citations,
    right_answer,
    stated_figures,
    with_text,
)

from rag.evaluation import Case, ExpectedFigure, Outcome, Source, parse_case, score_answer
from rag.figures import find_figures
from rag.schema import Answer, Bound, FigureKind, Span, Status, Verdict

GOLD = "Of 90 goats, more than 40 were sold in May, 18% fewer than in April."
CITED = (cite("harvest", GOLD, start=10),)


def goats(**changes: object) -> Case:
    case = Case(
        id="goats",
        kind="lookup",
        question="How many goats were sold in May?",
        answerable=True,
        figures=(ExpectedFigure(Decimal(40), FigureKind.COUNT, bound=Bound.MORE_THAN),),
        sources=(Source("harvest", GOLD, 10, 10 + len(GOLD)),),
    )
    return replace(case, **changes)  # type: ignore[arg-type]


PERCENT = (ExpectedFigure(Decimal(18), FigureKind.PERCENT, bound=Bound.EXACT),)
ANY_BOUND = (ExpectedFigure(Decimal(40), FigureKind.COUNT),)
WHERE = {"figures": (), "texts": (("Åre", "Are town"), ("north",))}


@pytest.mark.parametrize(
    ("changes", "text", "outcome", "wrong"),
    [
        ({}, "More than 40 goats were sold in May.", Outcome.RIGHT, ()),
        ({}, "More than 40, 18% fewer than in April.", Outcome.RIGHT, ()),  # of another kind
        ({}, "40 goats.", Outcome.WRONG, ("40",)),  # the bound is lost
        ({"figures": ANY_BOUND}, "40 goats.", Outcome.RIGHT, ()),
        ({"figures": ANY_BOUND}, "More than 40 goats.", Outcome.RIGHT, ()),
        ({}, "More than 41 goats.", Outcome.WRONG, ("41",)),
        ({}, "More than 40 of 90 goats.", Outcome.WRONG, ("90",)),  # which of them?
        ({"allowed": (Decimal(90),)}, "More than 40 of 90 goats.", Outcome.RIGHT, ()),
        ({"question": "How many of the 90 goats?"}, "More than 40 of 90.", Outcome.RIGHT, ()),
        (
            {"question": "Were 40 or 90 sold?", "forbidden": ("90",)},
            "More than 40 of 90.",
            Outcome.WRONG,
            ("90",),
        ),
        ({"forbidden": ("18",)}, "More than 40, 18% fewer.", Outcome.WRONG, ("18%",)),
        ({}, "Some goats were sold.", Outcome.MISSING, ()),
        ({}, "18% fewer than in April.", Outcome.WRONG, ("18%",)),  # stands in its place
        ({"figures": PERCENT}, "18% fewer.", Outcome.RIGHT, ()),
        ({"figures": PERCENT}, "18 fewer.", Outcome.WRONG, ("18",)),
        ({"figures": PERCENT}, "18 percentage points.", Outcome.WRONG, ("18 percentage points",)),
        (WHERE, "In Are town, in the North.", Outcome.RIGHT, ()),
        (WHERE, "In ÅRE, up north, with 12 goats.", Outcome.RIGHT, ()),
        (WHERE, "In Åre.", Outcome.MISSING, ()),
        (WHERE, "In Arendal.", Outcome.WRONG, ()),
        (WHERE, "In Share town.", Outcome.WRONG, ()),
        ({**WHERE, "forbidden": ("south",)}, "In Åre, north, not south.", Outcome.WRONG, ()),
        ({"texts": (("May",),)}, "More than 40 goats.", Outcome.MISSING, ()),
    ],
)
def test_what_an_answer_says(
    changes: dict[str, object], text: str, outcome: Outcome, wrong: tuple[str, ...]
) -> None:
    score = score_answer(goats(**changes), answer(f"{text} [1]", CITED))
    assert (score.outcome, score.wrong_figures) == (outcome, wrong), score.explanation


def test_markers_are_no_figures() -> None:
    score = score_answer(goats(), answer("More than 40 [1][2, 3].", CITED))
    assert score.passed


def test_a_conflict_is_an_answer() -> None:
    conflict = answer("More than 40 [1]; 50 [2].", CITED, Status.CONFLICT)
    assert score_answer(goats(), conflict).outcome is Outcome.WRONG
    both = goats(allowed=(Decimal(50),))
    assert score_answer(both, conflict).outcome is Outcome.RIGHT


def test_an_abstention_counts_as_one_whatever_it_names() -> None:
    nearest = answer("The articles do not say. Nearest: 41 goats [1].", CITED, Status.ABSTAINED)
    score = score_answer(goats(), nearest)
    assert (score.outcome, score.wrong_figures) == (Outcome.FALSE_REFUSAL, ())
    assert not score.passed
    nothing = parse_case('{"id": "a", "kind": "b", "question": "c", "answerable": false}', "")
    assert score_answer(nothing, nearest).outcome is Outcome.ABSTAINED_RIGHT


def test_an_answer_where_the_articles_say_nothing() -> None:
    case = goats(answerable=False, figures=(), sources=(), question="How many cows in 2023?")
    score = score_answer(case, answer("More than 40 cows in 2023 [1].", CITED))
    assert score.outcome is Outcome.ANSWERED_UNANSWERABLE
    assert (score.wrong_figures, score.citation_right) == (("40",), None)


def test_figures_that_no_cited_sentence_states() -> None:
    score = score_answer(goats(allowed=(Decimal(7),)), answer("More than 40, 7 ill [1].", CITED))
    assert (score.outcome, score.unsupported_figures) == (Outcome.RIGHT, ("7",))
    assert not score.passed
    assert "7" in score.explanation


def test_figures_that_verification_refused() -> None:
    right = answer("More than 40 goats [1].", CITED)
    refused = tuple(replace(figure, verdict=Verdict.UNSUPPORTED) for figure in right.figures)
    assert score_answer(goats(), right).passed
    assert not score_answer(goats(), replace(right, figures=refused)).passed


@pytest.mark.parametrize(
    ("document", "start", "quote", "right"),
    [
        ("harvest", 10, GOLD, True),
        ("harvest", 12, GOLD[2:20], True),
        ("harvest", 10 + len(GOLD), GOLD, False),
        ("harvest", 0, "Of 10 cows", False),
        ("weather", 10, GOLD, False),
    ],
)
def test_a_citation_is_of_the_gold_sentence(
    document: str, start: int, quote: str, right: bool
) -> None:
    cited = cite(document, quote, start)
    for citations in [(cited,), (cite("weather", "It rained."), cited)]:
        score = score_answer(goats(), answer("More than 40 goats [1].", citations))
        assert score.citation_right is right


@pytest.mark.parametrize(
    ("quote", "right"),
    [
        (GOLD, True),
        (f"It rained. {GOLD}", True),
        ("More than 40 were sold", True),
        ("More than 40 cows were sold.", False),
        ("", False),
    ],
)
def test_without_offsets_the_quote_decides(quote: str, right: bool) -> None:
    case = goats(sources=(Source("harvest", GOLD),))
    score = score_answer(case, answer("More than 40 [1].", (cite("harvest", quote),)))
    assert score.citation_right is right


@pytest.mark.parametrize(
    ("document", "quote", "right"),
    [
        ("001", "Sales: over 40 goats.", True),
        ("001", "Sales: over 41 goats.", False),
        ("harvest", "Sales: over 40 goats.", False),
    ],
)
def test_in_another_edition_document_and_figure_decide(
    document: str, quote: str, right: bool
) -> None:
    cited = answer("More than 40 [1].", (cite(document, quote, start=900),))
    assert score_answer(goats(), cited, {"harvest": "001"}).citation_right is right


def test_in_another_edition_document_and_text_decide() -> None:
    case = goats(**WHERE)
    for quote, right in [("They went north.", True), ("They went south.", False)]:
        cited = answer("Åre, north [1].", (cite("001", quote),))
        assert score_answer(case, cited, {"harvest": "001"}).citation_right is right


# --- the scorer on spoilt answers ----------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_right_answer_passes(case: Case) -> None:
    score = score_answer(case, right_answer(case))
    assert score.passed, score.explanation


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
    for document in sorted(set(editions()) - set(case.documents)):
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
        (digits_changed, WITH_FIGURES, 120),
        (units_dropped, WITH_FIGURES, 9),
        (bounds_dropped, WITH_FIGURES, 6),
        (forbidden_instead, ANSWERABLE, 60),
        (forbidden_beside, ANSWERABLE, 60),
        (citations_moved, ANSWERABLE, 300),
        (statuses_changed, CASES, len(CASES)),
    ],
)
def test_every_spoilt_answer_is_caught(
    spoil: object, cases: tuple[Case, ...], at_least: int
) -> None:
    assert callable(spoil)
    mutants = [(case, mutant) for case in cases for mutant in spoil(case)]
    passed = [(c.id, m.text) for c, m in mutants if score_answer(c, m).passed]
    assert len(mutants) >= at_least
    assert not passed


def test_spans_of_samples_are_those_of_their_quotes() -> None:
    for case in ANSWERABLE:
        for citation, source in zip(gold_citations(case), case.sources, strict=True):
            assert citation.span == Span(source.start or 0, source.end or 0)
