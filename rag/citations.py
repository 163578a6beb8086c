"""The [n] markers that tie prose to evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.schema import Span

_MARKER = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")


@dataclass(frozen=True, slots=True)
class Marker:
    """One bracket of a text, which may name several sentences: ``[1, 3]``."""

    numbers: tuple[int, ...]
    span: Span


def find_markers(text: str) -> tuple[Marker, ...]:
    """Return the markers of a text in order.

    >>> [m.numbers for m in find_markers("It rose [1]. It fell [2, 3].")]
    [(1,), (2, 3)]
    """
    return tuple(
        Marker(tuple(int(n) for n in re.findall(r"\d+", match[1])), Span(*match.span()))
        for match in _MARKER.finditer(text)
    )


def without_markers(text: str) -> str:
    """Blank the markers out, so that offsets stay and their digits are no figures.

    >>> without_markers("It rose [1].")
    'It rose    .'
    """
    return _MARKER.sub(lambda match: " " * len(match[0]), text)


def strip_markers(text: str) -> str:
    """Remove the markers and the space before each.

    >>> strip_markers("It rose [1]. It fell [2, 3].")
    'It rose. It fell.'
    """
    return re.sub(r"\s*" + _MARKER.pattern, "", text)


# Words that carry content: four letters or more cut to six, so that "crossing" and "crossings",
# "decreased" and "decrease" are one. Figures are compared by value, not as words.
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_STEM = 6
_EMPTY = frozenset(
    "about also been from have into more than that them then there these they this those were "  # noqa: SIM905
    "what when which will with would".split()
)


def content_words(text: str) -> set[str]:
    """Return the stems of the words that carry what a text says; all words where none does.

    >>> sorted(content_words("The ferries carried 48,200 passengers."))
    ['carrie', 'ferrie', 'passen']
    """
    content = {word[:_STEM] for word in _CONTENT.findall(text.lower()) if word not in _EMPTY}
    # "It was Kim Lee." has no long word: then every word counts.
    return content or set(re.findall(r"\w+", text.lower()))
