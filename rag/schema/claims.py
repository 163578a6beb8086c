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
    CONTRADICTED = "contradicted"
    """The same thing in the same period with another value."""
    COMPUTED = "computed"
    """Follows from figures that are there, by the formula beside it."""
    OUTDATED = "outdated"
    """A later article has another value."""
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
    """What supports or contradicts it, the nearest first; empty where nothing was found."""
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft and all of its figures."""

    text: str
    claims: tuple[CheckedClaim, ...]
    duration_s: float
