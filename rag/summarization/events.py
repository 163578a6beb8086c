"""Which articles are about the same event: those that name the same people and places."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.words import CALENDAR

# Of 52 articles on other subjects than the seeds, all 13 pairs on one event share five names and
# two fifths of the fewer names; no other pair shares more than two.
_FEWEST_NAMES = 4
_LEAST_SHARE = 0.2
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+")


class Events:
    """Remembers the names of articles, and tells which articles share enough of them."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}

    def add(self, document_id: str, texts: Iterable[str]) -> None:
        """Remember an article by the names inside its sentences."""
        found = {name for text in texts for name in _NAME.findall(text)}
        self._names[document_id] = frozenset(found - CALENDAR)

    def same(self, one: str, other: str) -> bool:
        """Whether two articles are about one event."""
        names, others = self._names[one], self._names[other]
        shared = len(names & others)
        return shared >= _FEWEST_NAMES and shared >= _LEAST_SHARE * min(len(names), len(others))
