"""Hand-made answers to the shipped cases: right ones, to be spoilt in known ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from rag.evaluation import Case, ExpectedFigure, Source, load_cases
from rag.evaluation.figure_verdicts import verdict_of
from rag.evaluation.scoring import FigureVerdict
from rag.figures import bounded_span, find_figures
from rag.readers import discover, read_path
from rag.schema import (
    Answer,
    Bound,
    CheckedFigure,
    Citation,
    Document,
    DocumentInfo,
    Evidence,
    FigureKind,
    Sentence,
    Span,
    Status,
    Summary,
    SummaryPoint,
    Timing,
    Verdict,
)

REPO = Path(__file__).resolve().parents[1]
CASES = load_cases([REPO / "eval" / "cases"])
SEEDS_CASES = load_cases([REPO / "eval" / "cases" / "seeds.jsonl"])
ASKED = tuple(case for case in CASES if case.summarize is None)
SUMMARIES = tuple(case for case in CASES if case.summarize is not None)
ANSWERABLE = tuple(case for case in CASES if case.answerable)
UNANSWERABLE = tuple(case for case in CASES if not case.answerable)
WITH_FIGURES = tuple(case for case in CASES if case.figures)

NOT_READ = {
    "budgets-kisembe-bills-growth": "Sh3.9 billion",
    "budgets-kisembe-bills-june-2021": "Sh2.7 billion",
    "budgets-maravali-share-paid": "2.14 lakh",
    "budgets-maravali-three-departments": "Rs 265 crore",
    "budgets-norrvallen-summary": "74 million kronor",
    "budgets-oberlauchen-planned-result": "1.2 million francs",
    "companies-norhavn-dividend": "2.50 kroner",
    "companies-norhavn-first-quarter-revenue": "5.92 billion kroner",
    "companies-norhavn-profit-quarters": "412 million kroner",
    "health-no-ambulance-free": "4.6 times",
    "seeds-aug-times-2017": "3.2 times",
    "seeds-peak-times-2017-long": "7.2 times",
    "sport-derived-01": "A$146m",
    "sport-summary-01": "318 million pesos",
    "weather-comparison-03": "has gone up to 104 million: no bound",
    "weather-derived-02": "1.9 million francs",
    "weather-summary-01": "6,000 rupees",
}
"""Words of the articles, or of a right answer, that are not read yet as what they say, by case."""


@cache
def articles() -> dict[str, Document]:
    """All shipped articles by id, as citeline reads them."""
    folders = [str(REPO / "seeds"), str(REPO / "eval" / "articles")]
    found = [found for path in discover(folders).files for found in read_path(path)]
    return {document.info.id: document for document in found if isinstance(document, Document)}


def info(document: str) -> DocumentInfo:
    return DocumentInfo(document, f"/articles/{document}.md", "text/markdown", "0" * 64)


def cite(document: str, quote: str, start: int = 0, marker: int = 1) -> Citation:
    return Citation(marker, info(document), Span(start, start + len(quote)), quote)


def found(document: str, text: str, start: int = 0) -> Evidence:
    """A sentence that retrieval found."""
    sentence = Sentence(document, 0, Span(start, start + len(text)), text, 0)
    return Evidence(sentence, info(document), 1.0, 0.5, 0.5)


def answer(
    text: str, citations: Sequence[Citation] = (), status: Status = Status.ANSWERED
) -> Answer:
    """An answer whose own figures count as verified."""
    return Answer(
        question="",
        status=status,
        text=text,
        citations=tuple(citations),
        figures=tuple(CheckedFigure(f, Verdict.EXACT, 1) for f in find_figures(text[:-4])),
        evidence=(),
        notes=(),
        timing=Timing(0.1, 0.2, 0.3),
        settings_sha256="5" * 64,
    )


def computed(right: Answer) -> Answer:
    """The same answer with figures that verification has worked out from stated ones."""
    figures = tuple(
        replace(f, verdict="computed", marker=None)  # type: ignore[arg-type]
        for f in right.figures
    )
    return replace(right, figures=figures)


def gold_citations(case: Case) -> tuple[Citation, ...]:
    return tuple(
        cite(source.document, source.quote, source.start or 0, marker)
        for marker, source in enumerate(case.sources, start=1)
    )


_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€", "JPY": "¥"}
_UNITS = {FigureKind.PERCENT: "%", FigureKind.PERCENTAGE_POINTS: " percentage points"}


def spelled(expected: ExpectedFigure, value: Decimal | None = None) -> str:
    """An expected figure, or another value in its place, in words of our own."""
    wanted = expected.value if value is None else value
    grouped = expected.kind in {FigureKind.COUNT, FigureKind.MONEY}
    number = f"{wanted:,f}" if grouped else f"{wanted:f}"
    bound = "" if expected.bound in {None, Bound.EXACT} else f"{expected.bound} "
    if expected.kind is FigureKind.MONEY:
        sign = _SIGNS.get(expected.unit, "")
        return f"{bound}{sign}{number}" + ("" if sign else f" {expected.unit}")
    if expected.kind is FigureKind.DATE:
        date = int(number)
        return f"{date // 10_000:04d}-{date // 100 % 100:02d}-{date % 100:02d}"
    if expected.kind is FigureKind.MULTIPLE:
        return f"{bound}{number} times"
    if expected.kind is FigureKind.DURATION:
        return f"{bound}{number} {expected.unit}s"
    return f"{bound}{number}{_UNITS.get(expected.kind, '')}"


def stated_figures(case: Case) -> list[str]:
    """The expected figures of a case in the words of its quotes, bounds included.

    One that no quote states is spelled out: it is computed.
    """
    stated = [(source.quote, f) for source in case.sources for f in find_figures(source.quote)]
    words = []
    for wanted in case.figures:
        exact = [
            quote[span.start : span.end]
            for quote, figure in stated
            if verdict_of(case, wanted, figure) is FigureVerdict.EXACT
            for span in [bounded_span(quote, figure)]
        ]
        words.append(exact[0] if exact else spelled(wanted))
    return words


def right_answer(case: Case) -> Answer:
    """The least that is right: expected figures as they are stated, a text of each group."""
    if not case.answerable:
        return answer("The articles do not say.", status=Status.ABSTAINED)
    words = stated_figures(case) + [group[0] for group in case.texts]
    status = Status.CONFLICT if case.conflict else Status.ANSWERED
    right = answer(f"{' and '.join(words)} [1]", gold_citations(case), status)
    right = replace(
        right, evidence=tuple(found(c.document.id, c.quote, c.span.start) for c in right.citations)
    )
    return computed(right) if case.formula else right


def right_summary(case: Case) -> Summary:
    """The gold sentences of an article, each with its citation."""
    document = case.summarize or ""
    points = tuple(
        SummaryPoint(f"{citation.quote} [{citation.marker}]", (citation,), (), verified=True)
        for citation in gold_citations(case)
    )
    return Summary(info(document), points, 1, 1, (), 0.3, "5" * 64)


def with_text(right: Answer, text: str) -> Answer:
    """The same answer in other words."""
    return replace(answer(text, right.citations), status=right.status, evidence=right.evidence)


def case_of(*figures: ExpectedFigure, quote: str = "It rained.", **more: object) -> Case:
    """A case about goats with these figures, all of them in one quote."""
    case = Case(
        id="goats",
        kind="lookup",
        question="How many?",
        answerable=True,
        figures=figures,
        sources=(Source("harvest", quote),),
    )
    return replace(case, **more)  # type: ignore[arg-type]
