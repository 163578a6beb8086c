"""Articles that give different figures for what looks like the same thing."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.drafts import Draft, Line, assembled
from rag.answering.wording import figure_answer, outlet
from rag.candidates import Candidate
from rag.evidence import relevance
from rag.figures import Agreement, agree
from rag.protocols import Verifier

# How near to the question another article's figure must be, of how near the answer is.
_NEAR = 0.75
_MOST_SIDES = 3


def rivals(found: Candidate, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The likeliest figure of each other article that may answer the question as well.

    Of the same kind and unit with another value; copies of the article are not other articles.
    """
    copies = {found.evidence.document.id, *(copy.id for copy in found.evidence.also_in)}
    of_document: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.evidence.document.id not in copies and _may_differ(found, candidate):
            of_document.setdefault(candidate.evidence.document.id, candidate)
    return tuple(of_document.values())[: _MOST_SIDES - 1]


def conflict_draft(sides: Sequence[Candidate], verifier: Verifier) -> Draft:
    """Each side with its outlet, date and sentence, and how they differ."""
    lines = [Line("The articles give different figures.", cites=False)]
    for marker, side in enumerate(sides, start=1):
        lines.append(Line(f"{outlet(side.evidence.document)}:", cites=False))
        lines.append(Line(figure_answer(side, marker), cites=True))
    lines.append(Line(_difference(sides), cites=False))
    return assembled(lines, tuple(side.evidence for side in sides), verifier)


def _may_differ(found: Candidate, other: Candidate) -> bool:
    one, two = found.statement.figure, other.statement.figure
    return (
        one.kind is two.kind
        and one.unit == two.unit
        and agree(one, two) is Agreement.DIFFERENT
        and other.period_fit >= min(found.period_fit, 0.3)
        and relevance(other.evidence) >= _NEAR * relevance(found.evidence)
        and other.evidence.in_context >= _NEAR * found.evidence.in_context
    )


def _difference(sides: Sequence[Candidate]) -> str:
    """Whether they differ in period, in age or in truth, as far as that can be known."""
    periods = [side.statement.period for side in sides]
    known = [period for period in periods if period]
    if len(known) == len(sides) and len({(p.first, p.last) for p in known}) == len(known):
        return "They speak of different times."
    days = {side.evidence.document.published for side in sides}
    if len(days) > 1 and None not in days:
        return "The later article may know more; neither says that the other is wrong."
    return "They contradict each other."
