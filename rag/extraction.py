"""The shortest answer that a text states, copied by the chat model out of sentences in context.

Asked for a sentence, a small model words it in the question's words; asked for the shortest
answer, it points. Read in their context, as a person reads them, sentences such as "With a wind of
nine kilometres an hour the chill was minus 62" have a subject; alone they have none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.citations import strip_markers
from rag.prompts import NOT_STATED, extraction_messages, figure_messages
from rag.protocols import Generator, StopCheck
from rag.schema import DocumentInfo, Evidence, GenerationParams, Message, Sentence

# The shortest answer is a few words; what is longer than this is cut and does not count.
_MAX_TOKENS = 32
_MAX_FIGURE_TOKENS = 60
# ln 1000: how much less likely than another one an answer may be and still be told exactly.
_FAR = 6.9
_NOTHING = 1e-9
_GOES_ON = re.compile(r"[\d.,]*\d|\s?(?:thousand|million|billion|trillion|bn|m)\b")


@dataclass(frozen=True, slots=True)
class Extract:
    """What the model copied."""

    text: str
    """Empty where the model says that the text does not state it."""
    logprob: float
    """That the model gave to it: a natural logarithm."""
    first_token_s: float

    @property
    def probability(self) -> float:
        """The same, 0 to 1."""
        return math.exp(self.logprob)


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one article, in its order."""

    document: DocumentInfo
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Replies:
    """How likely the model finds each of some answers: natural logarithms."""

    logprobs: Mapping[str, float]
    """By the answer; rough for what is less than a thousandth as likely as another one."""
    not_stated: float
    """That it says the text does not state it."""
    duration_s: float
    """Until the first of them was known."""

    def any_of(self, wordings: Iterable[str]) -> float:
        """The same of whichever of some wordings of one answer."""
        return _sum(self.logprobs[wording] for wording in wordings)


def extract(
    question: str, passages: Iterable[Passage], generator: Generator, stop: StopCheck
) -> Extract:
    """Ask for the shortest answer that passages state.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    copied = _copied(_messages(question, passages), _MAX_TOKENS, generator, stop)
    return replace(copied, text=strip_markers(copied.text).strip())


def weigh_replies(
    question: str,
    passages: Iterable[Passage],
    replies: Iterable[str],
    generator: Generator,
    stop: StopCheck,
) -> Replies:
    """Tell how likely each answer is as the one that the model would copy; nothing is written.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    messages = _messages(question, passages, figures=generator.reads_figures)
    denied = generator.likelihood(messages, NOT_STATED, stop)
    likeliest, logprobs = denied.logprob, {}
    for reply in dict.fromkeys(replies):
        told = generator.likelihood(messages, reply, stop, least=likeliest - _FAR)
        logprobs[reply] = told.logprob
        likeliest = max(likeliest, told.logprob)
    return Replies(_without_longer(logprobs), denied.logprob, denied.duration_s)


def reply_with_figures(
    question: str, passages: Iterable[Passage], generator: Generator, stop: StopCheck
) -> Extract:
    """Ask a model that reads figures for those that answer a question.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    messages = _messages(question, passages, figures=True)
    return _copied(messages, _MAX_FIGURE_TOKENS, generator, stop)


def passages_around(evidence: Iterable[Evidence]) -> tuple[Passage, ...]:
    """Sentences, each behind the one before it: an article a passage, the first one's first."""
    kept: dict[str, dict[int, Sentence]] = {}
    documents: dict[str, DocumentInfo] = {}
    for item in evidence:
        documents.setdefault(item.document.id, item.document)
        near = (*item.before[-1:], item.sentence)
        kept.setdefault(item.document.id, {}).update(
            {s.position: s for s in near if not s.boilerplate or s is item.sentence}
        )
    return tuple(
        Passage(documents[name], tuple(kept[name][position] for position in sorted(kept[name])))
        for name in documents
    )


def in_context(evidence: Evidence) -> Passage:
    """A sentence behind the two before it."""
    before = (s for s in evidence.before[-2:] if not s.boilerplate)
    return Passage(evidence.document, (*before, evidence.sentence))


def _copied(
    messages: Sequence[Message], max_tokens: int, generator: Generator, stop: StopCheck
) -> Extract:
    """The first line of a reply; nothing where it is cut off or declines."""
    params = GenerationParams(max_tokens=max_tokens, stop=("\n",))
    reply = generator.stream(messages, params, _ignore, stop)
    cut = reply.stop_reason == "length"
    text = "" if cut or declines(reply.text) else reply.text.strip()
    return Extract(text, reply.logprob, reply.first_token_s)


def _without_longer(logprobs: Mapping[str, float]) -> dict[str, float]:
    """Of replies that end there: "46,610" begins with "46", and is another number."""
    own: dict[str, float] = {}
    for reply in sorted(logprobs, key=len, reverse=True):
        longer = [
            logprob
            for other, logprob in own.items()
            if other.startswith(reply) and _GOES_ON.match(other, len(reply))
        ]
        left = math.exp(logprobs[reply]) - sum(map(math.exp, longer))
        own[reply] = math.log(max(left, _NOTHING)) if longer else logprobs[reply]
    return own


def _sum(logprobs: Iterable[float]) -> float:
    return math.log(sum(map(math.exp, logprobs)) or _NOTHING)


def _messages(
    question: str, passages: Iterable[Passage], *, figures: bool = False
) -> tuple[Message, ...]:
    asked = figure_messages if figures else extraction_messages
    return asked(question, [(p.document, [s.text for s in p.sentences]) for p in passages])


def declines(text: str) -> bool:
    """Whether the model says that what it read does not state the answer, or nothing at all."""
    bare = strip_markers(text).strip().rstrip(".").lower()
    return not bare or NOT_STATED.lower() in bare


def _ignore(_text: str) -> None:
    """An answer is shown when it is verified, not as it is written."""
