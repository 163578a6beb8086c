"""The verdict on a claim from all that the articles state of its thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.claim_check.claims import Value, is_telling
from rag.claim_check.fitting import Fit
from rag.claim_check.matching import Match
from rag.schema import ClaimVerdict

# Reached on the sentences of eval/drafts whose split is dev: below, what is not said of the thing
# passes; above, paraphrases are lost.
SUPPORTS = 0.5
TELLING = 0.3
"""As much is enough where the value itself has three digits: it is hardly ever there by chance."""
CONTRADICTS = 0.55
STATED = 0.25
"""What has the value at all, said of something not too far, does not contradict it; and where the
value has three digits, nothing does."""
OUTDATES = 0.62
"""A later article may speak of something else of the kind; the earlier one still states it."""
SHARED = 0.75
"""Weight of a rare word, or of some common ones: "They were made for 3,000 people" has less, and
would be contradicted by every count of people. Of 556 figures of articles on other subjects, 25
were without it, two are with it; at 0.55 eight, and at 0.95 one, but paraphrases are lost."""
_NEIGHBOUR = 0.15
"""What it counts that another figure of the draft's sentence stands in the same lines."""
_CLEARER = 0.15
"""How much surer another value must be than the same one, within an article."""


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict with what it rests on, the nearest first."""

    verdict: ClaimVerdict
    matches: tuple[Match, ...]
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What one article says of a claim."""

    backing: list[Match]
    against: list[Match]
    doubted: bool
    """Whether it states another value more clearly: an earlier one that it corrects, as a rule."""


def verdict_on(matches: Sequence[Match], neighbours: Iterable[Match] = ()) -> Found:
    """Weigh the articles against each other.

    Args:
        matches: one a sentence.
        neighbours: what supports the other figures of the draft's sentence.
    """
    beside = list(neighbours)
    fitting = sorted((m for m in matches if m.fit is not Fit.OTHER), key=lambda m: -m.sameness)
    by_article: dict[str, list[Match]] = {}
    for found in fitting:
        by_article.setdefault(found.document, []).append(found)
    said = [_of_article(found_there, beside) for found_there in by_article.values()]
    backing = [m for one in said if not one.doubted for m in one.backing]
    doubtful = [m for one in said for m in one.backing if is_telling(m.stated.figure)]
    against = [m for one in said for m in one.against]
    if backing:
        return _backed(backing, against)
    if doubtful:
        return _backed(doubtful, [])
    return _unbacked(fitting, against)


def _unbacked(fitting: Sequence[Match], against: Sequence[Match]) -> Found:
    stated = [m for m in fitting if m.value > Value.OTHER and m.sameness >= STATED]
    elsewhere = {m.document for m in stated}
    speaking = [m for m in against if m.document not in elsewhere]
    if not speaking or any(is_telling(m.stated.figure) for m in stated):
        return Found(ClaimVerdict.NOT_FOUND, ())
    return Found(ClaimVerdict.CONTRADICTED, _ranked(speaking))


def _of_article(matches: Sequence[Match], beside: Sequence[Match]) -> _Said:
    """What of an article supports a claim, and what contradicts it."""

    def sure(found: Match) -> float:
        near = any(found.beside(other) for other in beside)
        return found.sameness + (_NEIGHBOUR if near else 0.0)

    back = [m for m in matches if m.named and m.value > Value.OTHER and sure(m) >= _least(m)]
    other = [m for m in matches if _opposes(m)]
    if not back:
        return _Said([], other, doubted=False)
    surest = max(sure(m) for m in back)
    clearer = [m for m in other if m.sameness >= surest + _CLEARER]
    return _Said(back, clearer, doubted=bool(clearer))


def _least(found: Match) -> float:
    return TELLING if is_telling(found.stated.figure) else SUPPORTS


def _opposes(found: Match) -> bool:
    said = found.named and found.value is Value.OTHER and found.fit is not Fit.PART
    return said and found.sameness >= CONTRADICTS and found.shared >= SHARED


def _backed(backing: Sequence[Match], against: Sequence[Match]) -> Found:
    exact = [m for m in backing if m.value is Value.SAME]
    verdict = ClaimVerdict.SUPPORTED if exact else ClaimVerdict.ROUNDED
    used = exact or list(backing)
    days = [day for m in used if (day := _day(m)) is not None]
    if days:
        sure = [m for m in against if m.sameness >= OUTDATES]
        later = [m for m in sure if (day := _day(m)) is not None and day > max(days)]
        if later:
            return Found(ClaimVerdict.OUTDATED, (*_ranked(later), *_ranked(used)))
    return Found(verdict, _ranked(used))


def _ranked(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(sorted(matches, key=lambda m: -m.sameness))


def _day(found: Match) -> date | None:
    return found.source.stored.document.published
