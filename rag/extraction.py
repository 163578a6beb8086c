"""The shortest answer that a text states, copied by the chat model out of sentences in context.

Asked for a sentence, a small model words it in the question's words; asked for the shortest
answer, it points. Read in their context, as a person reads them, sentences such as "With a wind of
nine kilometres an hour the chill was minus 62" have a subject; alone they have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.citations import strip_markers
from rag.prompts import NOT_STATED, extraction_messages
from rag.protocols import Generator, StopCheck
from rag.schema import DocumentInfo, Evidence, GenerationParams, Sentence

# The shortest answer is a few words; what is longer than this is cut and does not count.
_MAX_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Extract:
    """What the model copied."""

    text: str
    """Empty where the model says that the text does not state it."""
    probability: float
    """That the model gave to it, 0 to 1."""
    first_token_s: float


def extract(
    question: str,
    document: DocumentInfo,
    sentences: Iterable[Sentence],
    generator: Generator,
    stop: StopCheck,
) -> Extract:
    """Ask for the shortest answer that sentences of one article state.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    generation = generator.stream(
        extraction_messages(question, document, [s.text for s in sentences]),
        GenerationParams(max_tokens=_MAX_TOKENS, stop=("\n",)),
        _ignore,
        stop,
    )
    cut = generation.stop_reason == "length"
    text = "" if cut or declines(generation.text) else strip_markers(generation.text).strip()
    return Extract(text, math.exp(generation.logprob), generation.first_token_s)


def passage_around(evidence: Sequence[Evidence]) -> tuple[Sentence, ...]:
    """Sentences of one article, each with the one before it, in the article's order."""
    document = evidence[0].document.id
    kept: dict[int, Sentence] = {}
    for item in evidence:
        if item.document.id == document:
            near = (*item.before[-1:], item.sentence)
            kept.update({s.position: s for s in near if not s.boilerplate or s is item.sentence})
    return tuple(kept[position] for position in sorted(kept))


def in_context(evidence: Evidence) -> tuple[Sentence, ...]:
    """A sentence behind the two before it."""
    return (*(s for s in evidence.before[-2:] if not s.boilerplate), evidence.sentence)


def declines(text: str) -> bool:
    """Whether the model says that what it read does not state the answer, or nothing at all."""
    bare = strip_markers(text).strip().rstrip(".").lower()
    return not bare or NOT_STATED.lower() in bare


def _ignore(_text: str) -> None:
    """An answer is shown when it is verified, not as it is written."""
