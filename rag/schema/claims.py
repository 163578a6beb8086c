"""What a claim check gives: each figure of a draft and what the articles say of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.schema.documents import Span
from rag.schema.figures import StatedFigure, Statement


class ClaimVerdict(StrEnum):
    """What the articles say of one figure of a draft."""

    SUPPORTED = "supported"
    ROUNDED = "rounded"
    """The same value in fewer digits, or without its "more than"."""
    CONTRADICTED = "contradicted"
    """The same thing in the same period with another value."""
    COMPUTED = "computed"
    """Follows from figures that are there, by the formula beside it."""
    OUTDATED = "outdated"
    """An article states it; a later one has another value for the same thing and period."""
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """One figure of a draft with the verdict and the sentences behind it."""

    statement: Statement
    """Its spans are in the sentence's text."""
    sentence: Span
    """The draft's sentence, in the draft's text."""
    verdict: ClaimVerdict
    evidence: tuple[StatedFigure, ...]
    """What supports or contradicts it, the nearest first; the later articles before those that
    they correct; the operands of a formula in its order; empty where nothing was found."""
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft and all of its figures."""

    text: str
    claims: tuple[CheckedClaim, ...]
    sentences_checked: int
    sentences_total: int
    """Those that have a figure; more than were checked where the check was stopped."""
    duration_s: float

    @property
    def complete(self) -> bool:
        """Whether the draft was checked to its end."""
        return self.sentences_checked == self.sentences_total

    def count(self, verdict: ClaimVerdict) -> int:
        """How many figures have a verdict."""
        return sum(claim.verdict is verdict for claim in self.claims)

    def written(self, claim: CheckedClaim) -> Span:
        """Where a figure stands in the draft's text."""
        start, figure = claim.sentence.start, claim.statement.figure.span
        return Span(start + figure.start, start + figure.end)
