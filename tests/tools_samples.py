"""A source of answers for the tools; all of it invented."""

from __future__ import annotations

import time
from decimal import Decimal

import plotting_samples as figures
import ui_samples as samples

from rag.errors import GenerationStoppedError, UnknownDocumentError
from rag.protocols import StopCheck
from rag.schema import (
    Answer,
    Bound,
    CheckedClaim,
    CheckedDraft,
    CheckedFigure,
    ClaimVerdict,
    Figure,
    FigureKind,
    Filters,
    Retrieval,
    Span,
    StatedFigure,
    Summary,
    SummaryPoint,
    Verdict,
)

SLOW = "What takes long?"
WRONG = "What goes wrong?"


class FakeSource:
    """Answers every call at once, but for one question, which takes until it is stopped."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Filters]] = []
        self.stopped = 0

    def ask(self, question: str, *, filters: Filters, stop: StopCheck) -> Answer:
        self.asked.append((question, filters))
        if question == WRONG:
            raise KeyError("/home/someone/secret")
        ended = time.monotonic() + 20
        while question == SLOW:
            if stop() or time.monotonic() > ended:
                self.stopped += 1
                raise GenerationStoppedError("Stopped.")
            time.sleep(0.01)
        if question == samples.HOSTILE:
            return samples.hostile_answer()
        return samples.answer(
            question, "The harbour master counted 46,610 arrivals [1].", cited=(samples.FOUND[0],)
        )

    def summarize(self, document: str, *, stop: StopCheck) -> Summary:
        if document != samples.HARBOUR.id:
            raise UnknownDocumentError(f"There is no {document}.", "Run: rag list")
        figure = Figure("46,610", Decimal(46610), FigureKind.COUNT, "", Bound.EXACT, Span(4, 10))
        point = SummaryPoint(
            "The 46,610 arrivals were more than a year before. [1]",
            (samples.citation(1, samples.FOUND[0]),),
            (CheckedFigure(figure, Verdict.EXACT, 1),),
            verified=True,
        )
        return Summary(samples.HARBOUR, (point,), 3, 4, ("One passage left.",), 1.0, "0" * 64)

    def search(self, question: str, *, filters: Filters) -> Retrieval:
        return Retrieval(question, question, samples.FOUND, 0.5, 0.01)

    def figures(self, about: str | None, *, filters: Filters) -> tuple[StatedFigure, ...]:
        return figures.EVERYTHING

    def check(self, draft: str, *, filters: Filters, stop: StopCheck) -> CheckedDraft:
        written = figures.stated(draft, "46,611", "ships", figures.MAY).statement
        span, stated = Span(0, len(draft)), figures.EVERYTHING[0]
        claim = CheckedClaim(written, span, ClaimVerdict.CONTRADICTED, (stated,))
        return CheckedDraft(draft, (claim,), 1, 1, 0.1)

    def warm(self) -> None:
        """Be ready."""
