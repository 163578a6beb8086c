"""The world that the articles tell of: entities, and what is true of them in each period."""

from __future__ import annotations

import math
from dataclasses import dataclass

from eval.benchmarks import names
from eval.benchmarks.grammar import Domain, Quantity, domains, fill
from eval.benchmarks.periods import PARTS, Period
from eval.benchmarks.values import Fact, chance

FIRST_YEAR = 2020
N_YEARS = 5
"""Articles appear in these years; what they compare with may lie before."""

# So that each entity is reported on in about four articles whatever the size of the corpus:
# other months of the same thing are the near misses that make finding hard.
_ARTICLES_AN_ENTITY = 120
_FEWEST_ENTITIES = 4
_POINTS = 30
"""A swing of 0.1 moves a percentage by three points."""

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Entity:
    """Whom or what a quantity is counted for."""

    name: str
    place: str
    company: str
    short: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A quantity of an entity, with the field of news that it belongs to."""

    domain: Domain
    quantity: Quantity
    entity: Entity


class World:
    """Everything that can be reported.

    Args:
        n_articles: how large the corpus will be, which sets the number of entities.
        seed: another one gives other names and numbers.
    """

    def __init__(self, n_articles: int, seed: int) -> None:
        self._seed = seed
        self._n_entities = max(_FEWEST_ENTITIES, n_articles // _ARTICLES_AN_ENTITY)
        self.places = tuple(names.places(max(24, 6 * self._n_entities), seed))
        self.subjects = tuple(
            Subject(domain, quantity, entity)
            for domain in domains()
            for quantity in domain.quantities
            for entity in self._entities(domain, quantity)
        )

    def siblings(self, subject: Subject) -> list[Subject]:
        """The same quantity of the other entities."""
        same = [s for s in self.subjects if s.quantity.id == subject.quantity.id]
        return [s for s in same if s.entity != subject.entity]

    def fact(self, subject: Subject, period: Period) -> Fact:
        """What is true of a quantity in a period."""
        value = written(subject.quantity, self.number(subject, period))
        return Fact(subject.entity.name, subject.quantity.id, period.key, value)

    def change(self, subject: Subject, before: Period, period: Period) -> tuple[Fact, bool] | None:
        """How it changed between two periods, and whether it rose; None where it hardly did.

        In per cent of the earlier one; percentages change by percentage points.
        """
        old, new = self.number(subject, before), self.number(subject, period)
        if subject.quantity.unit == "percent":
            size, unit = new - old, " percentage points"
        else:
            size, unit = 100 * (new - old) / old, "%"
        if abs(size) < 1.05:
            return None
        value = f"{abs(size):.1f}".removesuffix(".0") + unit
        key = f"{before.key}..{period.key}"
        quantity = f"{subject.quantity.id} change"
        return Fact(subject.entity.name, quantity, key, value), size > 0

    def number(self, subject: Subject, period: Period) -> float:
        """The number, rounded as it is written."""
        quantity = subject.quantity
        names_of = (self._seed, quantity.id, subject.entity.name)
        place = chance(*names_of).random()
        noise = chance(*names_of, period.key).gauss(0, quantity.swing)
        if quantity.unit == "percent":
            level = quantity.low + place * (quantity.high - quantity.low)
            return round(min(99.4, max(3.0, level + _POINTS * noise)), 1)
        level = math.log(quantity.low) + place * math.log(quantity.high / quantity.low)
        return _rounded(quantity, math.exp(level + noise))

    def _entities(self, domain: Domain, quantity: Quantity) -> list[Entity]:
        """Quantities whose entities have one kind of name share the entities."""
        rng = chance(self._seed, domain.name, quantity.entity)
        chosen = rng.sample(self.places, self._n_entities)
        return [_entity(quantity, place) for place in chosen]


def periods(every: str) -> list[Period]:
    """All periods that an article may be about, in order."""
    first = Period.of(every, FIRST_YEAR)
    return [first.before(-i) for i in range(N_YEARS * PARTS[every])]


def written(quantity: Quantity, number: float) -> str:
    """Return a number as sentences write it: ``41,230``, ``1.24 million``, ``$3.4 million``."""
    if quantity.unit == "money":
        return f"${number / 1000:.2f} billion" if number >= 1000 else f"${number:.1f} million"
    if quantity.unit == "percent":
        return f"{number:.1f}%"
    if quantity.unit == "number":
        return f"{number:.{quantity.decimals}f}"
    return f"{number / MILLION:.2f} million" if number >= MILLION else f"{number:,.0f}"


def _rounded(quantity: Quantity, value: float) -> float:
    """Round as :func:`written` does, so that changes are those between the written numbers."""
    match quantity.unit:
        case "money":
            return round(value, -1) if value >= 1000 else round(value, 1)
        case "number":
            return max(1.0, round(value, quantity.decimals))
        case _:
            return round(value, -4) if value >= MILLION else max(1.0, round(value))


def _entity(quantity: Quantity, place: str) -> Entity:
    company = names.company(place)
    values = {"place": place, "company": company, "team": names.team(place)}
    return Entity(fill(quantity.entity, values), place, company, quantity.short)
