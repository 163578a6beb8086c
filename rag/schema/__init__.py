"""The values that flow from file to answer: frozen, a type a stage.

Offsets are in characters of ``Document.text``, half-open: for every span that a value of a
document carries, ``document.text[span.start:span.end]`` is exactly the sentence, passage or
figure. They survive storage. Positions count from 0, markers and pages from 1.
"""

from __future__ import annotations

from typing import Any

from rag.schema.answers import (
    Answer,
    CheckedFigure,
    Citation,
    Finding,
    Status,
    Timing,
    Verdict,
    Verification,
)
from rag.schema.claims import CheckedClaim, CheckedDraft, ClaimVerdict
from rag.schema.documents import Document, DocumentInfo, Passage, Refusal, Sentence, Span
from rag.schema.figures import (
    QUANTITIES,
    Bound,
    Figure,
    FigureKind,
    StatedFigure,
    StatedPeriod,
    Statement,
)
from rag.schema.generation import Generation, GenerationParams, Likelihood, Message
from rag.schema.retrieval import Evidence, Filters, Mentions, Retrieval, SearchHit
from rag.schema.summaries import (
    Coverage,
    Digest,
    DigestPoint,
    FigureGroup,
    Length,
    Origin,
    Relation,
    Summary,
    SummaryPoint,
)

JSON = dict[str, Any]

__all__ = [
    "JSON",
    "QUANTITIES",
    "Answer",
    "Bound",
    "CheckedClaim",
    "CheckedDraft",
    "CheckedFigure",
    "Citation",
    "ClaimVerdict",
    "Coverage",
    "Digest",
    "DigestPoint",
    "Document",
    "DocumentInfo",
    "Evidence",
    "Figure",
    "FigureGroup",
    "FigureKind",
    "Filters",
    "Finding",
    "Generation",
    "GenerationParams",
    "Length",
    "Likelihood",
    "Mentions",
    "Message",
    "Origin",
    "Passage",
    "Refusal",
    "Relation",
    "Retrieval",
    "SearchHit",
    "Sentence",
    "Span",
    "StatedFigure",
    "StatedPeriod",
    "Statement",
    "Status",
    "Summary",
    "SummaryPoint",
    "Timing",
    "Verdict",
    "Verification",
]
