"""Hand-made answers to the cases on seeds/: right ones, to be spoilt in known ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from rag.evaluation import Case, load_cases
from rag.evaluation.scoring import compare
from rag.figures import Agreement, bounded_span, find_figures
from rag.readers import read_path
from rag.schema import (
    Answer,
    CheckedFigure,
    Citation,
    Document,
    DocumentInfo,
    Span,
    Status,
    Timing,
    Verdict,
)

REPO = Path(__file__).resolve().parents[1]
CASES = load_cases([REPO / "eval" / "cases"])
ANSWERABLE = tuple(case for case in CASES if case.answerable)
UNANSWERABLE = tuple(case for case in CASES if not case.answerable)
WITH_FIGURES = tuple(case for case in CASES if case.figures)


@cache
def editions() -> dict[str, Document]:
    """The articles in seeds/ by id, as citeline reads them."""
    found = [found for path in sorted((REPO / "seeds").glob("*.md")) for found in read_path(path)]
    return {document.info.id: document for document in found if isinstance(document, Document)}


def info(document: str) -> DocumentInfo:
    return DocumentInfo(document, f"/articles/{document}.md", "text/markdown", "0" * 64)


def cite(document: str, quote: str, start: int = 0, marker: int = 1) -> Citation:
    return Citation(marker, info(document), Span(start, start + len(quote)), quote)


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


def gold_citations(case: Case) -> tuple[Citation, ...]:
    return tuple(
        cite(source.document, source.quote, source.start or 0, marker)
        for marker, source in enumerate(case.sources, start=1)
    )


def stated_figures(case: Case) -> list[str]:
    """The expected figures of a case in the words of its quotes, bounds included."""
    stated = [(source.quote, f) for source in case.sources for f in find_figures(source.quote)]
    words = []
    for wanted in case.figures:
        quote, figure = next(s for s in stated if compare(s[1], wanted) is Agreement.EXACT)
        span = bounded_span(quote, figure)
        words.append(quote[span.start : span.end])
    return words


def right_answer(case: Case) -> Answer:
    """The least that is right: expected figures as they are stated, a text of each group."""
    if not case.answerable:
        return answer("The articles do not say.", status=Status.ABSTAINED)
    words = stated_figures(case) + [group[0] for group in case.texts]
    return answer(f"{' and '.join(words)} [1]", gold_citations(case))


def with_text(right: Answer, text: str) -> Answer:
    """The same answer in other words."""
    return replace(answer(text, right.citations), status=right.status)
