"""Articles that give different figures for what looks like the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.agreement import relation
from rag.answering.drafts import Draft, Line, assembled
from rag.answering.wording import figure_answer, outlet
from rag.candidates import Candidate
from rag.figures import Agreement, agree
from rag.protocols import Verifier
from rag.schema import QUANTITIES, Relation, StatedFigure, Status
from rag.words import stems

_MOST_SIDES = 3

_CORRECTS = r"(?:correct(?:ion|ed|s)|updated?|revis(?:ion|ed|es)|withdrawn|withdraws|withdrew)"
# "Correction: …", "Update – …", "[Corrected] …", "… (updated)": said of the article as a whole.
_LABEL = re.compile(
    rf"^\W*(?P<begins>{_CORRECTS})\s*(?:[:–—\])]|-\s)"
    rf"|[\[(–—]\s*(?P<ends>{_CORRECTS})\s*[\])]?\W*$",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(rf"\b(?P<word>{_CORRECTS})\b", re.IGNORECASE)
_FORMER = re.compile(
    r"\b(?:earlier|previous(?:ly)?|former(?:ly)?|first|initial(?:ly)?|original(?:ly)?"
    r"|(?:upwards?|downwards?|up|down) (?:from|to))\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|no|nor|without|may (?:be|have)|might|yet to|refused|denied)\b|n[’']t\b", re.I
)
_DONE = {"c": "Corrected", "u": "Updated", "r": "Revised", "w": "Withdrawn"}


def rivals(found: Candidate, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Of each other article the first figure that may stand in the answer's place.

    Of the same kind and unit with another value, and of no other time.
    """
    of_document: dict[str, Candidate] = {}
    for candidate in _elsewhere(found, candidates):
        if _may_differ(found, candidate):
            of_document.setdefault(candidate.evidence.document.id, candidate)
    return tuple(of_document.values())[: _MOST_SIDES - 1]


def contradictions(found: Candidate, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Figures of other articles that cannot be true beside it, by their own words.

    That needs no model: :func:`rag.agreement.relation` compares thing, scope, period and value.
    """
    of_document: dict[str, Candidate] = {}
    for candidate in _elsewhere(found, candidates):
        if candidate.period_fit < 0:
            continue
        if relation(_stated(found), _stated(candidate)) is Relation.DIFFER:
            of_document.setdefault(candidate.evidence.document.id, candidate)
    return tuple(of_document.values())[: _MOST_SIDES - 1]


def _elsewhere(found: Candidate, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those of other articles; copies of the article are not other articles."""
    copies = {found.evidence.document.id, *(copy.id for copy in found.evidence.also_in)}
    return (c for c in candidates if c.evidence.document.id not in copies)


def _stated(candidate: Candidate) -> StatedFigure:
    evidence = candidate.evidence
    return StatedFigure(candidate.statement, evidence.sentence, evidence.document)


def conflict_draft(sides: Sequence[Candidate], verifier: Verifier) -> Draft:
    """Each side with its outlet, date and sentence, and how they differ."""
    lines = [Line("The articles give different figures.", cites=False)]
    for marker, side in enumerate(sides, start=1):
        lines.append(Line(f"{outlet(side.evidence.document)}:", cites=False))
        lines.append(Line(figure_answer(side, marker), cites=True))
    lines.append(Line(_difference(sides), cites=False))
    return assembled(lines, tuple(side.evidence for side in sides), verifier)


def weighed(sides: Sequence[Candidate], verifier: Verifier) -> tuple[Draft, Status]:
    """What differs: the later figure where an outlet has corrected its own, else each side."""
    by_date = sorted(sides, key=lambda side: str(side.evidence.document.published))
    former, later = by_date[0], by_date[-1]
    if len(by_date) == 2 and (word := replaces(former, later)):
        return _corrected_draft(former, later, word, verifier), Status.ANSWERED
    return conflict_draft(sides, verifier), Status.CONFLICT


def replaces(former: Candidate, later: Candidate) -> str:
    """How a later article of the same outlet says that it replaces a figure: "Corrected".

    Empty where it does not say so: of the article as a whole, in its title or at the head of a
    sentence, or in the figure's own sentence. A later figure alone is news, no correction.
    """
    old, new = former.evidence.document, later.evidence.document
    same_outlet = bool(old.publisher) and _folded(old.publisher) == _folded(new.publisher)
    if not same_outlet or not old.published or not new.published:
        return ""
    if old.published >= new.published or not _of_one_thing(former, later):
        return ""
    evidence = later.evidence
    labels = (new.title or "", *(s.text for s in evidence.before), evidence.sentence.text)
    for match in filter(None, map(_LABEL.search, labels)):
        return _DONE[(match["begins"] or match["ends"])[0].lower()]
    text = evidence.sentence.text
    says = _SAYS_SO.search(text)
    if says is None or not _FORMER.search(text) or _NOT.search(text):
        return ""
    return _DONE[says["word"][0].lower()]


def _corrected_draft(former: Candidate, later: Candidate, word: str, verifier: Verifier) -> Draft:
    """The later figure, and what it replaces."""
    new, old = later.evidence.document.published, former.evidence.document.published
    lines = (
        Line(figure_answer(later, 1), cites=True),
        Line(f"{word} on {new}; before, on {old}:", cites=False),
        Line(figure_answer(former, 2), cites=True),
    )
    return assembled(lines, (later.evidence, former.evidence), verifier)


def _of_one_thing(one: Candidate, other: Candidate) -> bool:
    """Whether what is counted and the time are the same, as far as the sentences say them."""
    periods = [side.statement.period for side in (one, other)]
    days = {(p.first, p.last) for p in periods if p}
    return len(days) < 2 and _counts_the_same(one, other)


def _folded(name: str | None) -> str:
    return " ".join((name or "").casefold().split())


def _may_differ(found: Candidate, other: Candidate) -> bool:
    one, two = found.statement.figure, other.statement.figure
    return (
        one.kind is two.kind
        and one.kind in QUANTITIES
        and one.unit == two.unit
        and agree(one, two) is Agreement.DIFFERENT
        and other.period_fit >= min(found.period_fit, 0.3)
        and _counts_the_same(found, other)
    )


def _counts_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether both count the same thing, as far as both name it: migrants are no troops."""
    nouns = [frozenset(stems(candidate.statement.noun)) for candidate in (one, other)]
    return not all(nouns) or bool(nouns[0] & nouns[1])


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
