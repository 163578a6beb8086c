"""What may become an answer: text with markers, its sentences, and what verification says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.protocols import Verifier
from rag.schema import CheckedFigure, Evidence, Span, Status, Verification


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that was written, by the model or by code; marker n is ``sources[n - 1]``."""

    text: str
    sources: tuple[Evidence, ...]
    verification: Verification
    notes: tuple[str, ...] = ()
    """What the reader should know besides: what of it is not stated."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer that code puts together."""

    text: str
    cites: bool
    """Whether it states figures of the sources, which verification has to find there."""


def assembled(
    lines: Sequence[Line],
    sources: tuple[Evidence, ...],
    verifier: Verifier,
    figures: tuple[CheckedFigure, ...] = (),
) -> Draft:
    """Put lines together and have those that cite verified; ``figures`` are computed ones."""
    found, findings, start = list(figures), [], 0
    for line in lines:
        if line.cites:
            verified = verifier.verify(line.text, sources)
            found += [
                replace(c, figure=replace(c.figure, span=_moved(c.figure.span, start)))
                for c in verified.figures
            ]
            findings += [replace(f, span=_moved(f.span, start)) for f in verified.findings]
        start += len(line.text) + 1
    text = "\n".join(line.text for line in lines)
    return Draft(text, sources, Verification(tuple(found), tuple(findings)))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying to answer."""

    draft: Draft | None
    """The draft that may be shown, or else the first that was refused."""
    first_token_s: float
    """Seconds until the model's first token; 0 where it was not asked."""
    status: Status = Status.ANSWERED
    """How the question ends where the draft is shown."""

    @property
    def passed(self) -> bool:
        """Whether the draft may be shown as fact."""
        return self.draft is not None and self.draft.verification.passed
