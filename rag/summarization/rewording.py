"""A sentence in fewer words, by the model; what lost or gained anything is not taken.

The verifier knows what a text may say. Here a text must besides say all: a summary that drops
"may", "according to" or "who apply for asylum" turns what somebody expects into what is, and what
is true of some into what is true of all. Only asides may go, and a sentence that has none is not
given to the model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from rag.citations import strip_markers
from rag.figures import find_figures
from rag.prompts import shorten_messages
from rag.protocols import Generator, StopCheck, Verifier
from rag.schema import (
    Evidence,
    FigureKind,
    GenerationParams,
    Origin,
    SummaryPoint,
    Verdict,
)
from rag.summarization.points import citations_of
from rag.text import split_sentences
from rag.verification import restore_bounds
from rag.words import content_words

# Shorter ones are quoted: the model takes a second or two for each and saves a word or two. Of
# longer ones it leaves out what it should not.
_WORTH_WORDS = 20
_MOST_WORDS = 60
_SHORTER = 0.9
_POINT_TOKENS = 96

# What a sentence may not lose: who says so, that it is not so yet, that it is not so, of when.
_KEPT_WORDS = re.compile(
    r"\b(?:said|says?|saying|told|tells?|according|estimat\w+|report(?:s|ed|edly)|claim\w*|alleg\w+"
    r"|expect\w*|predict\w*|project(?:s|ed|ions?)|plan(?:s|ned)|propos\w+|may|might|could|would"
    r"|should|if|unless|not|no|never|without|only|except|before|after|since|until|by|average"
    r"|median|mean|total|per(?! ?cent)|each|yesterday|today|tomorrow|last|next|week|month|quarter"
    r"|year|winter|spring|summer|autumn|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:’t|'t)?\b"
    r"|n[’']t\b",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_SPEAKER = re.compile(
    r"([^\W\d_]{4,}) (?:said|says?|told|found|finds?|estimat\w+|reckons?|believes?|thinks?|warn\w+"
    r"|expects?|announced|claims?)\b"
)
_PARTS = re.compile(r"[,;:]\s|\s?[–—()]\s?|\s-\s")
_ASIDE = re.compile(r"(?:which|who|whose|where|an?|including|such as|[a-z]+ing)\b")
_STEM = 5
_UNCOUNTED = frozenset({FigureKind.ORDINAL, FigureKind.IDENTIFIER})


class Rewriter:
    """Puts sentences into fewer words.

    Args:
        generator: opens the chat model; asked for it when it is needed.
        verifier: decides what may be shown as fact.
    """

    def __init__(self, generator: Callable[[], Generator], verifier: Verifier) -> None:
        self._generator = generator
        self._verifier = verifier

    def reworded(self, source: Evidence, marker: int, stop: StopCheck) -> SummaryPoint | None:
        """Return a shorter sentence that says the same; None where there is none.

        Raises:
            GenerationStoppedError: ``stop`` said so.
        """
        stated = strip_markers(source.sentence.text)
        n_words = len(stated.split())
        spare = n_words - sum(len(part.split()) for part in _needed(stated))
        if not _WORTH_WORDS <= n_words <= _MOST_WORDS or n_words - spare > _SHORTER * n_words:
            return None
        generation = self._generator().stream(
            shorten_messages(source),
            GenerationParams(max_tokens=_POINT_TOKENS, stop=("\n",)),
            _ignore,
            stop,
        )
        prose = strip_markers(generation.text).strip()
        if generation.stop_reason == "length" or not prose:
            return None
        prose = restore_bounds(prose, stated)
        if not says_all(prose, stated):
            return None
        verification = self._verifier.verify(f"{prose} [1]", [source])
        exact = all(figure.verdict is Verdict.EXACT for figure in verification.figures)
        if not (verification.passed and exact):
            return None
        figures = tuple(replace(figure, marker=marker) for figure in verification.figures)
        citations = citations_of([source], marker)
        return SummaryPoint(f"{prose} [{marker}]", citations, figures, True, Origin.READ)


def says_all(prose: str, stated: str) -> bool:
    """Whether prose is one shorter sentence with all figures of a text, in their order.

    Figures that change places are read as each other's: "9 of the 12" and "12 of the 9". Words
    that say who says so, when, and how surely, have to stay too.

    >>> stated = "The port, which the dockers rebuilt after the fire, may lose 9% by May."
    >>> says_all("The port may lose 9% by May.", stated), says_all("It lost 9% by May.", stated)
    (True, False)
    """
    shorter = len(prose.split()) <= _SHORTER * len(stated.split())
    one = len(split_sentences(prose)) == 1 and prose.rstrip("”\"'").endswith((".", "!"))
    same = _values(prose) == _values(stated)
    needed = " ".join(_needed(stated))
    whole = content_words(needed) <= content_words(prose) and _kept(needed) <= _kept(prose)
    return shorter and one and same and whole


def _needed(stated: str) -> list[str]:
    """The parts of a sentence that are no asides; the first and those with figures never are."""
    first, *others = _PARTS.split(stated)
    return [first, *(part for part in others if find_figures(part) or not _ASIDE.match(part))]


def _values(text: str) -> list[tuple[FigureKind, object]]:
    return [(f.kind, f.value) for f in find_figures(text) if f.kind not in _UNCOUNTED]


def _kept(text: str) -> Counter[str]:
    words = [*_KEPT_WORDS.findall(text), *_SPEAKER.findall(text)]
    return Counter([*(word.lower()[:_STEM] for word in words), *_MONTHS.findall(text)])


def _ignore(_text: str) -> None:
    """A point is shown when it is verified, not as it is written."""
