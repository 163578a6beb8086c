"""A sentence that a text may rest on, and the figures that it states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from rag.schema import Bound, Evidence, Figure, FigureKind
from rag.verification.reading import Clause, Reading, read
from rag.verification.words import is_setting

_SHARED = frozenset({FigureKind.MONEY, FigureKind.PERCENT, FigureKind.DURATION})

_OVER = re.compile(r"\bover\s(?:the\s)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence, what stands before it, and what is known of its article."""

    marker: int
    """What the text calls it by."""
    text: str
    lead: str = ""
    """The sentence before it; empty where there is none."""
    about: str = ""
    """Title, publisher and author of its article."""
    published: date | None = None

    @property
    def reading(self) -> Reading:
        """The sentence as it is read."""
        return read(self.text)

    @property
    def words(self) -> str:
        """All words that it offers."""
        return "\n".join(part for part in (self.text, self.lead, self.about) if part)

    def stated(self) -> Iterator[tuple[Clause, tuple[Figure, ...]]]:
        """Yield each quantity with its clause, as it stands and as its neighbours complete it."""
        for clause in self.reading.clauses:
            completed = _completed(clause, self.reading, self.lead)
            forms = forms_of(self.reading.text, clause.figure)
            yield clause, (*forms, *([completed] if completed else []))


def source_of(marker: int, evidence: Evidence) -> Source:
    """Return what a piece of evidence offers to the marker that cites it."""
    info = evidence.document
    about = "\n".join(part for part in (info.title, info.publisher, info.author) if part)
    lead = evidence.lead.text if evidence.lead else ""
    return Source(marker, evidence.sentence.text, lead, about, info.published)


def forms_of(text: str, figure: Figure) -> tuple[Figure, ...]:
    """A figure as it may be meant: "over 12 months" is more than those, or as long as they last.

    "35 fewer than five years ago" is not fewer than five years.
    """
    lasting = _OVER.search(text[: figure.span.start]) or text.startswith(" ago", figure.span.end)
    if figure.kind is FigureKind.DURATION and lasting:
        return figure, replace(figure, bound=Bound.EXACT)
    return (figure,)


def _completed(clause: Clause, sentence: Reading, lead: str) -> Figure | None:
    """A bare number with the unit that only the sentence, or the one before, says.

    In "Tickets brought in 19.1 million" after "Income was 48.8 million euros" it is euros.
    """
    figure = clause.figure
    if figure.kind is not FigureKind.COUNT or figure.unit or sentence.counted(figure):
        return None
    ahead = [
        other
        for other in sentence.figures
        if other.span.end <= figure.span.start and not is_setting(sentence.text, other)
    ]
    led = [other for other in read(lead).figures if other.kind in _SHARED] if lead else []
    for other in reversed([*led, *ahead]):
        if other.kind in _SHARED:
            return replace(figure, kind=other.kind, unit=other.unit)
        if other.kind is FigureKind.COUNT and (other.unit or sentence.counted(other)):
            return None
    return None
