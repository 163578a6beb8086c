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
