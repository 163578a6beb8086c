"""Who, where and why: words that the model copies, twice the same, from one cited sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.answering.drafts import Attempt, Draft
from rag.answering.plausibility import is_near
from rag.asking import Asking
from rag.evidence import relevance
from rag.extraction import extract, in_context, passage_around
from rag.protocols import Generator, StopCheck, Verifier
from rag.schema import Evidence

_SURE = 0.3
_MOST_WORDS = 14
_PASSAGE_SENTENCES = 4


def find_phrase(
    asking: Asking,
    evidence: Iterable[Evidence],
    generator: Generator,
    verifier: Verifier,
    stop: StopCheck,
) -> Attempt:
    """Have the nearest article read, then the sentence that has what was copied, alone.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    near = sorted((e for e in evidence if is_near(asking, e)), key=relevance, reverse=True)
    if not near:
        return Attempt(None, 0.0)
    of_article = [e for e in near if e.document.id == near[0].document.id][:_PASSAGE_SENTENCES]
    whole = extract(asking.text, near[0].document, passage_around(of_article), generator, stop)
    source = _source(whole.text, of_article)
    if source is None or whole.probability < _SURE or len(whole.text.split()) > _MOST_WORDS:
        return Attempt(None, whole.first_token_s)
    alone = extract(asking.text, source.document, in_context(source), generator, stop)
    if not _same(whole.text, alone.text) or alone.probability < _SURE:
        return Attempt(None, whole.first_token_s)
    text = f"{_bare(whole.text)}: “{' '.join(source.sentence.text.split())}” [1]"
    return Attempt(Draft(text, (source,), verifier.verify(text, (source,))), whole.first_token_s)


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
