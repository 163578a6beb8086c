"""What a visitor wants summed up, and how: the same choices as ``rag summarize`` has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.errors import UsageError
from rag.schema import Filters, Length


class Form(StrEnum):
    """How a summary is written."""

    PROSE = "prose"
    BULLETS = "bullets"
    TIMELINE = "timeline"
    TABLE = "table"


FIGURES_ONLY = frozenset({Form.TIMELINE, Form.TABLE})
"""Forms that list the figures: no sentence is worded anew, and no chat model is needed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One article, or what many have in common."""

    document: str | None
    """The id of the one; None: all that pass the filters."""
    filters: Filters
    about: str | None
    length: Length
    form: Form

    @property
    def needs_model(self) -> bool:
        """Whether the chat model words sentences anew: those of one article, as sentences."""
        return self.document is not None and self.form not in FIGURES_ONLY


@dataclass(frozen=True, slots=True)
class Choices:
    """The fields of the page as they were written; what is empty does not restrict."""

    document: str = ""
    """Id of an article; nothing: all that take part."""
    about: str = ""
    since: str = ""
    until: str = ""
    length: str = Length.MEDIUM.value
    form: str = Form.BULLETS.value


def wanted(choices: Choices, filters: Filters) -> Wanted:
    """What the fields of the page mean.

    As on the command line, a subject or a day makes even one article a case for the way that sums
    up many.

    Args:
        choices: of the visitor.
        filters: which articles take part.

    Raises:
        UsageError: a day is none.
    """
    one, subject = choices.document, choices.about.strip() or None
    first, last = _day(choices.since), _day(choices.until)
    length, form = Length(choices.length), Form(choices.form)
    if one and not (subject or first or last):
        return Wanted(one, filters, None, length, form)
    documents = (one,) if one else filters.documents
    restricted = Filters(documents, filters.publishers, first, last)
    return Wanted(None, restricted, subject, length, form)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"“{text}” is no day.", "Write it as 2031-06-21.") from error
