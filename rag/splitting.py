"""A question that needs several figures, broken into simple ones by the chat model.

What the model writes is used only where it is made of the question's own words; it asks, and is
not shown as an answer.
"""

from __future__ import annotations

import re

from rag.asking import names_of
from rag.prompts import neutral_messages, parts_messages
from rag.protocols import Generator, StopCheck
from rag.schema import GenerationParams
from rag.words import stems

_MOST_PARTS = 4
_WORD = re.compile(r"[^\W_][\w’'-]*")
# Room for four questions of the usual length, and for one.
_PART_TOKENS = 110
_NEUTRAL_TOKENS = 48
# Words that a simple question needs and the whole one may not have.
_ASKING = frozenset(
    "there total long big full high low old far number amount cost price people receive get come "  # noqa: SIM905
    "year month day time".split()
)
_COMPARES = re.compile(
    r"\b(?:compare[ds]?|versus|vs|against|set beside|which (?:was|is|were|had|has|one|of|city|"
    r"[a-z]+) .*\b(?:more|larger|higher|longer|bigger|greater|lower|smaller|fewer|less)\b"
    r"|(?:more|less|fewer|higher|lower|larger|longer|smaller|bigger)\b.*\bthan\b"
    r"|where did (?:more|fewer|less)|how did .* change|what .* to what)\b",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\band (?:[\w’'-]+ ){0,3}?(?:how|what|which|at which|when|who|where)\b"
    r"|\b(?:both|each|respectively|month by month|year by year)\b"
    r"|\bhow (?:many|much)\b.*\bhow (?:many|much)\b|,? and (?:how|what)\b",
    re.IGNORECASE,
)


def compares(question: str) -> bool:
    """Whether a question sets two figures against each other.

    >>> compares("Where did more rain fall, at Holm or at Rovik?")
    True
    """
    return bool(_COMPARES.search(question))


def lists(question: str) -> bool:
    """Whether a question asks for several figures by name.

    >>> lists("How many died, and how many were hurt?"), lists("How many died and were buried?")
    (True, False)
    """
    return bool(_LISTS.search(question))


def split(question: str, generator: Generator, stop: StopCheck) -> tuple[str, ...]:
    """Return two to four simple questions; none where the model's are not the question's own.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    params = GenerationParams(max_tokens=_PART_TOKENS, stop=("\n\n",))
    written = generator.stream(parts_messages(question), params, _ignore, stop).text
    parts = [line.strip() for line in written.splitlines() if line.strip()]
    known = set(stems(question)) | {stem for word in _ASKING for stem in stems(word)}
    simpler = [p for p in dict.fromkeys(parts) if set(stems(p)) != set(stems(question))]
    own = [part for part in simpler if set(stems(part)) <= known]
    if not 2 <= len(own) <= _MOST_PARTS or len(own) < len(simpler):
        return ()
    return tuple(_named(part, question) for part in own)


def _named(part: str, question: str) -> str:
    """A part with the names of the question where it has none of them: it would fit anything."""
    names = names_of(question)
    if not names or names & set(stems(part)):
        return part
    told = dict.fromkeys(word for word in _WORD.findall(question) if set(stems(word)) & names)
    return f"{part.rstrip('?')} ({' '.join(told)})?"


def neutral(question: str, generator: Generator, stop: StopCheck) -> str:
    """Ask for a figure that the question takes for granted; empty where that cannot be done.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    params = GenerationParams(max_tokens=_NEUTRAL_TOKENS, stop=("\n",))
    written = generator.stream(neutral_messages(question), params, _ignore, stop).text.strip()
    known = set(stems(question)) | {stem for word in _ASKING for stem in stems(word)}
    return written if written.endswith("?") and set(stems(written)) <= known else ""


def _ignore(_text: str) -> None:
    """It asks; nobody reads it as an answer."""
