"""What an answer cites, and what was found for it, against the sentences that state the answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from evaluation_samples import answer, cite, computed, found

from rag.evaluation import Case, ExpectedFigure, RetrievalScore, Source, score_answer
from rag.schema import Answer, Bound, DocumentInfo, FigureKind, Status

GOLD = "Of 90 goats, more than 40 were sold in May, 18% fewer than in April."
CITED = (cite("harvest", GOLD, start=10),)
GOATS = Case(
    id="goats",
    kind="lookup",
    question="How many goats were sold in May?",
    answerable=True,
    figures=(ExpectedFigure(Decimal(40), FigureKind.COUNT, bound=Bound.MORE_THAN),),
    sources=(Source("harvest", GOLD, 10, 10 + len(GOLD)),),
)


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
        score = score_answer(GOATS, answer("More than 40 goats [1].", citations))
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
    case = replace(GOATS, sources=(Source("harvest", GOLD),))
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
    assert score_answer(GOATS, cited, {"harvest": "001"}).citation_right is right


def test_in_another_edition_document_and_text_decide() -> None:
    case = replace(GOATS, figures=(), texts=(("Åre", "Are town"), ("north",)))
    for quote, right in [("They went north.", True), ("They went south.", False)]:
        cited = answer("Åre, north [1].", (cite("001", quote),))
        assert score_answer(case, cited, {"harvest": "001"}).citation_right is right


# --- precision and recall of citations -----------------------------------------------------

SOLD = "Of 90 goats, 40 were sold in May."
FELL = "That was 18% fewer than in April."
AGAIN = "In all, 40 goats went to market."
RAIN = "It rained for most of the month."
BOTH = Case(
    id="both",
    kind="multi",
    question="How many, and how much fewer?",
    answerable=True,
    figures=(
        ExpectedFigure(Decimal(40), FigureKind.COUNT),
        ExpectedFigure(Decimal(18), FigureKind.PERCENT),
    ),
    sources=(Source("a", SOLD, 0, 33), Source("a", FELL, 34, 67), Source("b", AGAIN, 0, 32)),
)
PLACES = {"sold": ("a", SOLD, 0), "fell": ("a", FELL, 34), "again": ("b", AGAIN, 0)}
PLACES |= {"rain": ("b", RAIN, 33), "elsewhere": ("c", SOLD, 0)}


@pytest.mark.parametrize(
    ("cited", "precision", "recall"),
    [
        ((), 0, 0),
        (("sold", "fell"), 1, 1),
        (("again", "fell"), 1, 1),  # either of the two that state the 40
        (("sold", "again", "fell"), 1, 1),
        (("sold", "again"), 1, 1 / 2),
        (("sold",), 1, 1 / 2),
        (("rain", "fell"), 1 / 2, 1 / 2),
        (("rain", "elsewhere"), 0, 0),
        (("sold", "fell", "rain"), 2 / 3, 1),
        (("fell", "fell", "rain"), 2 / 3, 1 / 2),
    ],
)
def test_precision_and_recall_of_citations(
    cited: tuple[str, ...], precision: float, recall: float
) -> None:
    citations = [cite(*PLACES[name], marker=n) for n, name in enumerate(cited, start=1)]
    score = score_answer(BOTH, answer("40 goats, 18% fewer [1].", citations))
    assert score.citation_precision == pytest.approx(precision)
    assert score.citation_recall == pytest.approx(recall)
    assert score.citation_right is (precision > 0)


def test_of_what_cites_nothing_by_right_there_is_no_precision() -> None:
    refused = score_answer(BOTH, answer("Nothing.", CITED, Status.ABSTAINED))
    assert (refused.citation_precision, refused.citation_recall) == (None, 0)
    nothing = replace(GOATS, answerable=False, figures=(), sources=())
    for status in (Status.ABSTAINED, Status.ANSWERED):
        score = score_answer(nothing, answer("90 goats [1].", CITED, status))
        assert (score.citation_precision, score.citation_recall) == (None, None)


def test_a_source_that_states_no_part_is_needed_itself() -> None:
    case = replace(BOTH, sources=(*BOTH.sources[:2], Source("b", RAIN, 33, 65)))
    cited = [cite(*PLACES["sold"]), cite(*PLACES["fell"])]
    score = score_answer(case, answer("40 goats, 18% fewer [1].", cited))
    assert score.citation_recall == pytest.approx(2 / 3)


def test_of_a_computed_figure_each_number_needs_its_sentence() -> None:
    figure = ExpectedFigure(Decimal(50), FigureKind.COUNT)
    sources = (
        Source("a", "There were 90 goats.", 0, 20),
        Source("a", "They sold 40 of them.", 21, 42),
        Source("b", "At first, 90 goats were counted.", 0, 32),
    )
    case = replace(BOTH, figures=(figure,), formula="90 - 40", sources=sources)
    places = [cite(source.document, source.quote, source.start or 0) for source in sources]
    for cited, recall in [((0, 1), 1), ((2, 1), 1), ((0, 2), 1 / 2), ((1,), 1 / 2)]:
        citations = [places[i] for i in cited]
        score = score_answer(case, computed(answer("50 goats [1].", citations)))
        assert score.citation_recall == pytest.approx(recall)


def test_a_copy_of_the_article_is_the_article() -> None:
    copy = replace(cite("z", SOLD, 700), also_in=(info_of("a"), info_of("y")))
    score = score_answer(BOTH, answer("40 goats, 18% fewer [1].", [copy]))
    assert (score.citation_precision, score.citation_recall) == (1, 1 / 2)
    other = replace(cite("z", RAIN, 0), also_in=(info_of("a"),))
    assert score_answer(BOTH, answer("40 goats [1].", [other])).citation_precision == 0


def info_of(document: str) -> DocumentInfo:
    return cite(document, "").document


def test_in_another_edition_a_citation_is_of_the_source_whose_part_it_states() -> None:
    there = {"a": "1", "b": "2"}
    cited = (cite("1", "By 18% they fell.", 900), cite("2", "It had been 40.", 5))
    score = score_answer(BOTH, answer("40 goats, 18% fewer [1].", cited), there)
    assert (score.citation_precision, score.citation_recall) == (1, 1)
    # The second document is not where the 18% stand.
    cited = (cite("2", "By 18% they fell.", 900), cite("2", "It had been 40.", 5))
    score = score_answer(BOTH, answer("40 goats, 18% fewer [1].", cited), there)
    assert (score.citation_precision, score.citation_recall) == (1 / 2, 1 / 2)


# --- retrieval -----------------------------------------------------------------------------


def asked(*names: str, status: Status = Status.ANSWERED) -> Answer:
    evidence = tuple(found(*PLACES[name]) for name in names)
    return replace(answer("40 goats, 18% fewer [1].", status=status), evidence=evidence)


@pytest.mark.parametrize(
    ("names", "everything", "anything", "reciprocal"),
    [
        ((), False, False, 0),
        (("sold", "fell"), True, True, 1),
        (("rain", "again", "fell"), True, True, 1 / 2),
        (("rain", "rain", "fell"), False, True, 1 / 3),
        (("sold", "again"), False, True, 1),
        (("rain", "elsewhere"), False, False, 0),
        (("rain",) * 9 + ("fell", "sold"), False, True, 1 / 10),  # the eleventh does not count
        (("sold",) + ("rain",) * 8 + ("fell",), True, True, 1),
        (("rain",) * 10 + ("fell", "sold"), False, False, 0),
    ],
)
def test_retrieval(
    names: tuple[str, ...], everything: bool, anything: bool, reciprocal: float
) -> None:
    for status in Status:  # what was found does not hang on what was made of it
        score = score_answer(BOTH, asked(*names, status=status))
        assert score.retrieval is not None
        assert (score.retrieval.all_evidence, score.retrieval.any_hit) == (everything, anything)
        assert score.retrieval.reciprocal_rank == pytest.approx(reciprocal)


def test_where_there_is_nothing_to_find_retrieval_has_no_score() -> None:
    case = replace(GOATS, answerable=False, figures=(), sources=())
    assert score_answer(case, asked("sold")).retrieval is None


def test_evidence_from_another_edition() -> None:
    evidence = (found("2", "It had been 40."), found("1", "By 18% they fell."))
    right = replace(asked(), evidence=evidence)
    assert score_answer(BOTH, right, {"a": "1", "b": "2"}).retrieval == RetrievalScore(
        all_evidence=True, any_hit=True, reciprocal_rank=1.0
    )
    assert score_answer(BOTH, right).retrieval == RetrievalScore(False, False, 0.0)
