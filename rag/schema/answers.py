"""What verification and answering give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.schema.documents import DocumentInfo, Span
from rag.schema.figures import Figure
from rag.schema.retrieval import Evidence


class Verdict(StrEnum):
    """What verification says of one figure of an answer."""

    EXACT = "exact"
    ROUNDED = "rounded"
    COMPUTED = "computed"
    """Follows from figures that cited sentences state, by the formula beside it."""
    UNSUPPORTED = "unsupported"
    MISBOUND = "misbound"
    """A cited sentence states it, but of another subject or period."""


class Status(StrEnum):
    """How a question ended. All three are answers."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker of an answer and the exact sentence behind it."""

    marker: int
    document: DocumentInfo
    span: Span
    """In the document's text."""
    quote: str
    page: int | None = None
    also_in: tuple[DocumentInfo, ...] = ()
    """As in :class:`Evidence`."""


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of an answer and what its cited sentences say of it."""

    figure: Figure
    verdict: Verdict
    marker: int | None
    """The citation that states it; None when none does."""
    formula: str | None = None
    """How it was computed, as "12,480 − 9,130 = 3,350"; None where it was not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that verification found wrong with a text; ``span`` is in that text."""

    kind: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of checking a text against the evidence it was given."""

    figures: tuple[CheckedFigure, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether the text may be shown as fact."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of wall clock since the question was put."""

    retrieve_s: float
    first_token_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's end: prose with markers whose figures are bound, or an abstention."""

    question: str
    status: Status
    text: str
    citations: tuple[Citation, ...]
    figures: tuple[CheckedFigure, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]
    """What the reader should know: what did not fit, how much is embedded, what was repaired."""
    timing: Timing
    settings_sha256: str
