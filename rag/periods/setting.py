"""What a name of a time leans on where it is not written out in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rag.figures import lexicon
from rag.periods.calendar import Days, shifted


class Found(NamedTuple):
    """A time, and whether the article's date was needed to tell it."""

    days: Days
    resolved: bool


class Tense(StrEnum):
    """When a sentence says that something is, by its verbs."""

    PAST = "past"
    COMING = "coming"
    UNKNOWN = "unknown"


class Setting(NamedTuple):
    """What stands around the name of a time."""

    published: date | None
    """The day of the article."""
    anchor: Found | None
    """A time of the sentence that a month without its year is near to."""
    base: Found | None
    """The time that was named last, in the sentence or in the one before."""
    lead: Found | None
    """The time that the sentence before speaks of."""
    tense: Tense


Rule = Callable[[Setting], Found | None]
"""Works out a time; None where it cannot be known."""


class Name(NamedTuple):
    """A time as ``text[start:end]`` names it."""

    start: int
    end: int
    rule: Rule
    dated: bool = False
    """Whether its year is written, so that others may lean on it."""


def fixed(days: Days | None) -> Rule:
    """A time that is written out; None: one that cannot be known."""
    return lambda _: Found(days, resolved=False) if days else None


def of_today(rule: Callable[[date], Days | None]) -> Rule:
    """A time that only the article's date tells."""

    def found(setting: Setting) -> Found | None:
        days = rule(setting.published) if setting.published else None
        return Found(days, resolved=True) if days else None

    return found


def from_base(base: Found | None, rule: Callable[[Days], Days | None]) -> Found | None:
    """A time that another one tells, as sure as that one is."""
    days = rule(base.days) if base else None
    return Found(days, base.resolved) if base and days else None


def both(one: Rule, other: Rule) -> Rule:
    """From one time to another, which the first leans on where its year is left out."""

    def found(setting: Setting) -> Found | None:
        last = other(setting)
        first = one(setting._replace(anchor=last)) if last else None
        if not first or not last:
            return None
        begin: Days | None = first.days
        if first.days.first > last.days.last:
            # The May that is nearest to November is the one behind it, by a day.
            begin = shifted(first.days, "year", -1)
        if begin is None or begin.first > last.days.last:
            return None
        return Found(Days(begin.first, last.days.last), first.resolved or last.resolved)

    return found


def number_of(word: str) -> int | None:
    """Value of a small number in digits or words; None where it is none.

    >>> number_of("twelve"), number_of("several")
    (12, None)
    """
    word = word.lower()
    if word in {"a", "an"}:
        return 1
    if word.isascii() and word.isdecimal():
        return int(word)
    tens, _, ones = word.partition("-")
    first, second = lexicon.SMALL.get(tens), lexicon.ONES.get(ones, 0)
    return None if first is None or (ones and not second) else first + second
