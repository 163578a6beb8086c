"""What the generator passes on: facts, the sentences that state them, and articles of those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so in the world that the articles tell of."""

    entity: str
    quantity: str
    """Name of the quantity; with `` change`` behind it, how it changed between two periods."""
    period: str
    """Key of the period, of both periods for a change: ``2023-03``, ``2023-02..2023-03``."""
    value: str
    """As sentences write it, with its unit where the unit is part of the number."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What a question asks for; two facts with one key say the same."""
        return (self.entity, self.quantity, self.period)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, or a heading, and the facts that it states."""

    text: str
    facts: tuple[Fact, ...] = ()


Paragraph = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article before it is written as a file."""

    id: str
    outlet: str
    author: str
    published: date
    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        """The paragraphs without the title, a blank line between them."""
        return "\n\n".join(" ".join(line.text for line in p) for p in self.paragraphs)

    @property
    def lines(self) -> Iterator[Line]:
        """All sentences in order."""
        return (line for paragraph in self.paragraphs for line in paragraph)


@dataclass(frozen=True, slots=True)
class Copy:
    """A story that a second outlet carries too, by the ids of the two articles."""

    original: str
    copy: str
    edit: str
    """What the second outlet changed: nothing (``exact``), or one thing."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles, in the order of their dates, and which of them are copies."""

    articles: tuple[Article, ...]
    copies: tuple[Copy, ...]


def chance(*names: object) -> Random:
    """Return a source of random numbers that is the same on every machine for the same names."""
    return Random("/".join(map(str, names)))  # noqa: S311  # news, not secrets
