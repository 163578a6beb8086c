"""Whole articles: a lead, what it compares with, and background up to the length that is wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from eval.benchmarks import names
from eval.benchmarks.grammar import common
from eval.benchmarks.periods import PARTS, Period
from eval.benchmarks.telling import Teller, title
from eval.benchmarks.values import Article, Line, Paragraph, chance
from eval.benchmarks.world import Subject, World

# Days after the end of a period on which its numbers come out, at most.
_DELAY = {"month": 26, "quarter": 45, "year": 75}
# What a paragraph is: up to the first share it states facts, up to the second it opens with a
# quote, else it is background.
_FACTS, _QUOTES = 0.26, 0.42
_JOINT_LEADS = 0.4
_SECTION_WORDS = 450
_ENDINGS = 0.2
_TRIES = 4
_APART = 6
"""Sentences between two that are built alike; fewer than the quotes that there are."""

Plan = Callable[[], Paragraph]


@dataclass(frozen=True, slots=True)
class Story:
    """What an article is about, and who prints it."""

    subject: Subject
    period: Period
    outlet: str
    published: date
    n_words: int


def story(subject: Subject, period: Period, rng: Random, n_words: int) -> Story:
    """Send a reporter: the outlet and the day are chosen by chance."""
    published = period.last_day + timedelta(days=rng.randint(2, _DELAY[period.every]))
    return Story(subject, period, rng.choice(names.OUTLETS), published, n_words)


def teller_of(told: Story, world: World, rng: Random) -> Teller:
    """Somebody who can write about a story, with people, towns and years to name."""
    cast = {
        "person": tuple(names.person(rng) for _ in range(12)),
        "town": tuple(rng.sample(world.places, 8)),
        "year": tuple(str(told.published.year - i) for i in range(1, 4)),
    }
    return Teller(world, cast, told.published, rng)


def write(told: Story, world: World, seed: int, number: int) -> Article:
    """Write the article of a story; equal arguments give equal words."""
    rng = chance(seed, "article", number)
    desk = _Desk(teller_of(told, world, rng), told.n_words)
    desk.fill(told.subject, told.period)
    return Article(
        id=f"story-{number}",
        outlet=told.outlet,
        author=names.person(rng),
        published=told.published,
        title=title(desk.teller, told.subject, told.period),
        paragraphs=tuple(_styled(p, told.outlet) for p in desk.paragraphs),
    )


class _Desk:
    """An article while it is written.

    Args:
        teller: writes the sentences.
        n_words: how long the article should become.
    """

    def __init__(self, teller: Teller, n_words: int) -> None:
        self.teller = teller
        self.paragraphs: list[Paragraph] = []
        self._rng = teller.rng
        self._n_words = n_words
        self._n = 0
        self._section_from = 0
        self._texts: set[str] = set()
        self._plans: list[Plan] = []
        self._patterns: deque[str] = deque(maxlen=_APART)

    def fill(self, subject: Subject, period: Period) -> None:
        """Write the whole article on a subject, and on others when it becomes long."""
        self._open(subject, period)
        while self._n < self._n_words:
            n_section = self._n - self._section_from
            if n_section > _SECTION_WORDS and self._n_words - self._n > _SECTION_WORDS // 2:
                heading = self.teller.free(self._rng.choice(common()["section"]), subject)
                self.paragraphs.append((Line(heading),))
                subject = self._rng.choice(self._related(subject))
                self._open(subject, period)
            else:
                self._add(self._paragraph(subject))
        if self._rng.random() < _ENDINGS:
            self.paragraphs.append((Line(self._rng.choice(common()["ending"])),))

    def _open(self, subject: Subject, period: Period) -> None:
        """Write lead and comparison, and plan what else can be told of the subject."""
        self._section_from = self._n
        before = self._rng.choice([period.before(), period.year_before()])
        if self._rng.random() < _JOINT_LEADS:
            lead: Paragraph = (self.teller.level_with_change(subject, before, period),)
        else:
            change = self.teller.change(subject, before, period)
            lead = (self.teller.level(subject, period), change)
        self._add((*lead, *self._background(1, subject)))
        self._plans = self._planned(subject, period)

    def _paragraph(self, subject: Subject) -> Paragraph:
        draw = self._rng.random()
        if draw < _FACTS and self._plans:
            lines = self._plans.pop()()
            return (*lines, *self._background(self._rng.randint(0, 2), subject))
        if draw < _QUOTES:
            said = self._fresh("quote", subject)
            return (said, *self._background(self._rng.randint(0, 2), subject))
        return tuple(self._background(self._rng.randint(2, 4), subject))

    def _planned(self, subject: Subject, period: Period) -> list[Plan]:
        """Paragraphs of facts in chance order, near misses of the lead among them."""
        tell = self.teller
        other, third = self._rng.sample(tell.world.siblings(subject), 2)
        last, year_ago = period.before(), period.year_before()
        long_ago = period.before(self._rng.randint(2, 2 * PARTS[period.every]))
        plans: list[Plan] = [
            lambda: (tell.both(subject, last, period),),
            lambda: (tell.both(subject, year_ago, period), tell.earlier(subject, long_ago)),
            lambda: (tell.level(other, period, "aside"), tell.leaning(other, last)),
            lambda: (tell.level(third, period, "aside"), tell.change(third, last, period)),
            lambda: (tell.level(subject, long_ago, "past"),),
            lambda: (tell.change(subject, year_ago, period), tell.leaning(subject, period)),
        ]
        self._rng.shuffle(plans)
        return plans

    def _related(self, subject: Subject) -> list[Subject]:
        """What else is counted in that field as often."""
        return [
            s
            for s in self.teller.world.subjects
            if s.domain.name == subject.domain.name
            and s.quantity.every == subject.quantity.every
            and s != subject
        ]

    def _background(self, n: int, subject: Subject) -> Iterator[Line]:
        return (self._fresh("background", subject) for _ in range(n))

    def _fresh(self, kind: str, subject: Subject) -> Line:
        """A sentence that the article does not have yet, not built like those just before."""
        for _ in range(_TRIES):
            pattern = self._rng.choice([p for p in common()[kind] if p not in self._patterns])
            text = self.teller.free(pattern, subject)
            if text not in self._texts:
                break
        self._patterns.append(pattern)
        self._texts.add(text)
        return Line(text[:1].upper() + text[1:])

    def _add(self, lines: Paragraph) -> None:
        """Add a paragraph, without what would make the article too long."""
        kept: list[Line] = []
        for line in lines:
            if kept and self._n >= self._n_words:
                break
            kept.append(line)
            self._n += len(line.text.split())
        self.paragraphs.append(tuple(kept))


def _styled(paragraph: Paragraph, outlet: str) -> Paragraph:
    """Write per cent as the outlet does: a third of them spell it out."""
    if names.OUTLETS.index(outlet) % 3:
        return paragraph
    return tuple(Line(line.text.replace("%", " percent"), line.facts) for line in paragraph)
