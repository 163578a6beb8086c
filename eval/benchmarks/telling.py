"""Sentences that state facts, in the many ways that reporters state them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from eval.benchmarks.grammar import Phrases, common, expand, fill
from eval.benchmarks.periods import Period
from eval.benchmarks.values import Line
from eval.benchmarks.world import Subject, World

# Shares of the ways to write: chosen so that one sentence in three cannot be read alone, as in
# the seed articles, and that a month stands in front now and then.
_FRONTED = 0.25
_LAST_MONTH = 0.3


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes sentences for one article.

    Args:
        world: what is true.
        cast: people and towns of the article, as phrases.
        published: decides how periods are named.
        rng: chooses the words.
    """

    world: World
    cast: Phrases
    published: date
    rng: Random

    def level(self, subject: Subject, period: Period, style: str = "wrap") -> Line:
        """State a number in a sentence that can be read alone."""
        wrapper = self._choice(common()[style])
        core = self._core(subject, period, fronted=wrapper.startswith("{Core}"))
        text = self._expand(wrapper, subject, {"core": core})
        return Line(text, (self.world.fact(subject, period),))

    def leaning(self, subject: Subject, period: Period) -> Line:
        """State a number in a sentence that needs the one before it."""
        pattern = self._choice(subject.quantity.phrases["leans"])
        fact = self.world.fact(subject, period)
        when = f"in {period.written(self.published, self.rng)}"
        if self._was_last(period) and self.rng.random() < _LAST_MONTH:
            when = f"last {period.every}"
        text = self._expand(pattern + ".", subject, {"n": fact.value, "p": when})
        return Line(text[:1].upper() + text[1:], (fact,))

    def earlier(self, subject: Subject, period: Period) -> Line:
        """State the number of another period, after a sentence about this one."""
        fact = self.world.fact(subject, period)
        number = fill(subject.quantity.full, {"n": fact.value})
        values = {"n": number, "p": f"in {period.written(self.published, self.rng)}"}
        return Line(self._expand(self._choice(common()["earlier"]), subject, values), (fact,))

    def change(self, subject: Subject, before: Period, period: Period) -> Line:
        """State by how much it changed; where it hardly did, state the earlier number."""
        found = self.world.change(subject, before, period)
        if found is None:
            return self.level(subject, before, "past")
        fact, rose = found
        values = self._between(subject, before, period, rose) | {"c": fact.value}
        return Line(self._expand(self._choice(common()["change"]), subject, values), (fact,))

    def level_with_change(self, subject: Subject, before: Period, period: Period) -> Line:
        """State a number and by how much it changed in one sentence."""
        found = self.world.change(subject, before, period)
        if found is None:
            return self.level(subject, period)
        fact, rose = found
        core = self._core(subject, period, fronted=False)
        values = self._between(subject, before, period, rose) | {
            "core": core,
            "c": fact.value,
            "more": "more" if rose else "less",
        }
        text = self._expand(self._choice(common()["with_change"]), subject, values)
        return Line(text, (self.world.fact(subject, period), fact))

    def both(self, subject: Subject, before: Period, period: Period) -> Line:
        """State the numbers of two periods in one sentence."""
        old, new = self.world.fact(subject, before), self.world.fact(subject, period)
        rose = self.world.number(subject, period) > self.world.number(subject, before)
        n, m = (fill(subject.quantity.full, {"n": fact.value}) for fact in (new, old))
        values = self._between(subject, before, period, rose) | {"n": n, "m": m}
        return Line(self._expand(self._choice(common()["both"]), subject, values), (old, new))

    def rises(self, subject: Subject, period: Period) -> bool:
        """Whether the number is higher than in the period before."""
        return self.world.number(subject, period) > self.world.number(subject, period.before())

    def free(self, pattern: str, subject: Subject) -> str:
        """Write a sentence without facts."""
        return self._expand(pattern, subject, {})

    def _core(self, subject: Subject, period: Period, *, fronted: bool) -> str:
        """A clause that states a number, the period in front of it or behind."""
        pattern = self._choice(subject.quantity.phrases["states"])
        if fronted and pattern.endswith(" {p}") and self.rng.random() < _FRONTED:
            pattern = "{p}, " + pattern.removesuffix(" {p}")
        when = f"in {period.written(self.published, self.rng)}"
        values = {"n": self.world.fact(subject, period).value, "p": when}
        return self._expand(pattern, subject, values)

    def _between(
        self, subject: Subject, before: Period, period: Period, rose: bool
    ) -> dict[str, str]:
        q, r = (x.written(self.published, self.rng) for x in (before, period))
        measure = self._expand(self._choice(subject.quantity.phrases["measure"]), subject, {})
        verb = self._choice(common()["up" if rose else "down"])
        return {"measure": measure, "rose": verb, "q": q, "r": r, "p": f"in {r}"}

    def _expand(self, pattern: str, subject: Subject, values: Mapping[str, str]) -> str:
        entity = subject.entity
        named = {"e": entity.name, "place": entity.place, "company": entity.company, **values}
        named |= {"every": subject.quantity.every}
        tables = (self.cast, subject.quantity.phrases, subject.domain.phrases, common())
        return expand(pattern, tables, named, self.rng)

    def _was_last(self, period: Period) -> bool:
        """Whether readers of that day call it last month."""
        if period.every != "month":
            return False
        return Period.of("month", self.published.year, self.published.month).before() == period

    def _choice(self, options: tuple[str, ...]) -> str:
        return self.rng.choice(options)


def title(teller: Teller, subject: Subject, period: Period) -> str:
    """Write a headline; it names no number."""
    rose = teller.rises(subject, period)
    verb = teller.rng.choice(common()["up_now" if rose else "down_now"])
    adjective = teller.rng.choice(common()["good" if rose else "weak"])
    pattern = teller.rng.choice(subject.quantity.phrases["head"])
    pattern = pattern.replace("{rises}", verb + "s").replace("{rise}", verb)
    text = teller.free(pattern.replace("{good}", adjective), subject)
    return text[:1].upper() + text[1:]
