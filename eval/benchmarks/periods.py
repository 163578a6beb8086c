"""Months, quarters and years: their names, their order, and how a sentence speaks of them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from random import Random

PARTS = {"month": 12, "quarter": 4, "year": 1}
"""How many of each a year has."""

_ORDINALS = ("first", "second", "third", "fourth")
# A reader takes "in November" for the last one; beyond half a year reporters add the year.
_PLAIN_MONTHS = 6


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, a quarter or a year.

    Args:
        every: which of the three, a key of :data:`PARTS`.
        number: how many there were since the year 0.
    """

    every: str
    number: int

    @classmethod
    def of(cls, every: str, year: int, part: int = 1) -> Period:
        """The month (1 to 12), quarter (1 to 4) or year."""
        return cls(every, year * PARTS[every] + part - 1)

    @classmethod
    def parse(cls, key: str) -> Period:
        """The period of a key, as :attr:`key` gives it."""
        year, _, part = key.partition("-")
        if not part:
            return cls.of("year", int(year))
        every = "quarter" if part.startswith("Q") else "month"
        return cls.of(every, int(year), int(part.removeprefix("Q")))

    @property
    def year(self) -> int:
        """The year it lies in."""
        return self.number // PARTS[self.every]

    @property
    def part(self) -> int:
        """Which month or quarter of its year, from 1."""
        return self.number % PARTS[self.every] + 1

    @property
    def key(self) -> str:
        """A short name that sorts: ``2023-03``, ``2023-Q1``, ``2023``."""
        keys = {"month": f"-{self.part:02}", "quarter": f"-Q{self.part}", "year": ""}
        return f"{self.year}{keys[self.every]}"

    @property
    def last_day(self) -> date:
        """The day on which it ends."""
        month = self.part * 12 // PARTS[self.every]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def short(self) -> str:
        """Without the year where it is part of one: ``March``, ``the first quarter``."""
        if self.every == "month":
            return calendar.month_name[self.part]
        if self.every == "quarter":
            return f"the {_ORDINALS[self.part - 1]} quarter"
        return str(self.year)

    @property
    def name(self) -> str:
        """In full: ``March 2023``, ``the first quarter of 2023``, ``2023``."""
        joint = {"month": " ", "quarter": " of "}
        return f"{self.short}{joint[self.every]}{self.year}" if self.every in joint else self.short

    def before(self, n: int = 1) -> Period:
        """The period ``n`` places earlier."""
        return Period(self.every, self.number - n)

    def year_before(self) -> Period:
        """The same part of the year before."""
        return self.before(PARTS[self.every])

    def written(self, published: date, rng: Random) -> str:
        """As an article of that day names it: without the year where that is plain."""
        days = (published - self.last_day).days
        plain = self.every != "year" and days < _PLAIN_MONTHS * 30
        return self.short if plain and rng.random() < 0.5 else self.name
