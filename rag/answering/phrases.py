"""Who, where and why: words that the model copies, twice the same, from one cited sentence.

Of 32 such questions by other hands (eval/calibration) it copies the right words for 24 from the
four nearest sentences; 19 of them with a probability of 0.45 and more and from one sentence, and
one or two others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.answering.drafts import Attempt, Draft
from rag.answering.plausibility import names_fit
from rag.asking import Asking
from rag.evidence import relevance
from rag.extraction import extract, in_context, passages_around
from rag.protocols import Generator, StopCheck, Verifier
from rag.question import core
from rag.schema import Evidence

_OFFERS_A_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
_SURE = 0.45
_SURE_ALONE = 0.3
_MOST_WORDS = 14
_PASSAGE_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying an answer."""

    text: str
    """What the model copied out of the nearest sentences, whatever became of it."""
    attempt: Attempt


def find_phrase(
    asking: Asking,
    evidence: Iterable[Evidence],
    generator: Callable[[], Generator],
    verifier: Verifier,
    stop: StopCheck,
) -> Copied:
    """Have the nearest sentences read, then the one that has what was copied, alone.

    "A or B, who has more?" is not answered by a name that the question has.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    if _OFFERS_A_CHOICE.search(core(asking.text)):
        return Copied("", Attempt(None, 0.0))
    fitting = (item for item in evidence if names_fit(asking, item))
    near = sorted(fitting, key=relevance, reverse=True)[:_PASSAGE_SENTENCES]
    if not near:
        return Copied("", Attempt(None, 0.0))
    whole = extract(asking.text, passages_around(near), generator(), stop)
    source = _source(whole.text, near)
    if source is None or whole.probability < _SURE or len(whole.text.split()) > _MOST_WORDS:
        return Copied(whole.text, Attempt(None, whole.first_token_s))
    alone = extract(asking.text, (in_context(source),), generator(), stop)
    if not _same(whole.text, alone.text) or alone.probability < _SURE_ALONE:
        return Copied(whole.text, Attempt(None, whole.first_token_s))
    text = f"{_bare(whole.text)}: “{' '.join(source.sentence.text.split())}” [1]"
    draft = Draft(text, (source,), verifier.verify(text, (source,)))
    return Copied(whole.text, Attempt(draft, whole.first_token_s))


def _source(copied: str, evidence: Sequence[Evidence]) -> Evidence | None:
    """The nearest sentence that has what was copied, word for word."""
    words = _bare(copied).casefold()
    if not words:
        return None
    return next((e for e in evidence if words in _plain(e.sentence.text)), None)


def _same(one: str, other: str) -> bool:
    """Whether one has all of the other: "Kim Lee" and "Lee"."""
    one, other = _plain(_bare(one)), _plain(_bare(other))
    return bool(one and other) and (one in other or other in one)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _bare(text: str) -> str:
    return text.strip(" .,;:“”\"'‘’")
