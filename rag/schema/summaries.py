"""What summarisation gives."""

from __future__ import annotations

from dataclasses import dataclass

from rag.schema.answers import CheckedFigure, Citation
from rag.schema.documents import DocumentInfo


@dataclass(frozen=True, slots=True)
class SummaryPoint:
    """One sentence of a summary with its citations."""

    text: str
    citations: tuple[Citation, ...]
    figures: tuple[CheckedFigure, ...]
    verified: bool
    """Whether each of its figures is stated by the cited sentence."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One article in a few cited sentences."""

    document: DocumentInfo
    points: tuple[SummaryPoint, ...]
    passages_read: int
    passages_total: int
    notes: tuple[str, ...]
    total_s: float
    settings_sha256: str
