"""Questions about the corpus, in other words than its sentences, with every right sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from eval.benchmarks.grammar import common, fill
from eval.benchmarks.periods import PARTS, Period
from eval.benchmarks.values import Corpus, chance
from eval.benchmarks.wording import misspelt, overlap
from eval.benchmarks.world import Subject, World

KINDS = (
    "single fact",
    "near-miss period",
    "near-miss place",
    "two evidence",
    "paraphrase",
    "terse",
    "misspelt",
)
MOST_SHARED = 0.5
"""Share of a question's words, names and periods left out, that a right sentence may have."""
MOST_SHARED_PARAPHRASE = 0.2
# Of the questions for a single fact: by how much something changed.
_CHANGES = 0.25
# Other periods, or places, of which the corpus tells the same thing.
_NEAR_MISSES = 2

Key = tuple[str, str, str]
"""Entity, quantity, period, as in ``Fact.key``."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence that answers a question, word for word, and the document that has it."""

    document: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what has to be found for it."""

    id: str
    kind: str
    question: str
    about: tuple[str, ...]
    """Names and periods, for which there are no other words."""
    gold: tuple[tuple[Gold, ...], ...]
    """A group for each piece of evidence that is needed; any sentence of a group will do."""


def questions(corpus: Corpus, world: World, n: int, seed: int) -> list[Question]:
    """Return up to ``n`` questions, as many of each kind; fewer where the corpus is small."""
    asker = _Asker(corpus, world, seed)
    return [asked for kind in KINDS for asked in asker.some(kind, n // len(KINDS))]


class _Asker:
    """Finds facts that can be asked for, each once, and asks."""

    def __init__(self, corpus: Corpus, world: World, seed: int) -> None:
        self._seed = seed
        self._subjects = {(s.entity.name, s.quantity.id): s for s in world.subjects}
        told: defaultdict[Key, dict[Gold, None]] = defaultdict(dict)
        for article in corpus.articles:
            for line in article.lines:
                for fact in line.facts:
                    told[fact.key][Gold(article.id, line.text)] = None
        self._told = {key: tuple(golds) for key, golds in told.items()}
        self._levels = [key for key in self._told if ".." not in key[2]]
        self._periods_of = _grouped(self._levels, lambda key: (key[0], key[1]))
        self._places_of = _grouped(self._levels, lambda key: (key[1], key[2]))
        self._asked: set[Key] = set()

    def some(self, kind: str, n: int) -> list[Question]:
        """Return up to ``n`` questions of a kind."""
        rng = chance(self._seed, "questions", kind)
        found: list[Question] = []
        for keys in self._candidates(kind, rng):
            if len(found) == n:
                break
            if not self._asked.isdisjoint(keys) or not all(map(self._is_plain, keys)):
                continue
            if text := self._ask(kind, keys, rng):
                name = f"{kind.replace(' ', '-')}-{len(found) + 1:03}"
                gold = tuple(self._told[key] for key in keys)
                found.append(Question(name, kind, text, _about(keys), gold))
                self._asked.update(keys)
        return found

    def _candidates(self, kind: str, rng: Random) -> Iterator[tuple[Key, ...]]:
        levels = rng.sample(self._levels, len(self._levels))
        if kind == "two evidence":
            yield from (pair for key in levels if (pair := self._pair(key, rng)))
            return
        changes = [key for key in self._told if ".." in key[2]]
        rng.shuffle(changes)
        for key in levels:
            if kind == "single fact" and changes and rng.random() < _CHANGES:
                yield (changes.pop(),)
            n_periods, n_places = len(self._periods_of[key[:2]]), len(self._places_of[key[1:]])
            few = (kind == "near-miss period" and n_periods <= _NEAR_MISSES) or (
                kind == "near-miss place" and n_places <= _NEAR_MISSES
            )
            if not few:
                yield (key,)

    def _pair(self, key: Key, rng: Random) -> tuple[Key, Key] | None:
        """The fact with another one, of another place or period, that no article states too."""
        if rng.random() < 0.5:
            others = self._places_of[key[1:]]
        else:
            # What an article compares with has its sentence; farther ones need two.
            near = (0, 1, PARTS[Period.parse(key[2]).every])
            others = [k for k in self._periods_of[key[:2]] if _distance(k, key) not in near]
        documents = {gold.document for gold in self._told[key]}
        apart = [k for k in others if documents.isdisjoint(g.document for g in self._told[k])]
        return (key, rng.choice(apart)) if apart else None

    def _is_plain(self, key: Key) -> bool:
        """Whether a sentence that states the fact names entity and periods itself."""
        names = [key[0], *(Period.parse(part).short for part in key[2].split(".."))]
        return any(all(name in gold.sentence for name in names) for gold in self._told[key])

    def _ask(self, kind: str, keys: tuple[Key, ...], rng: Random) -> str | None:
        """Ask in the first of the ways, in chance order, that has few words of the sentences."""
        subject = self._subjects[keys[0][0], keys[0][1].removesuffix(" change")]
        limit = MOST_SHARED_PARAPHRASE if kind == "paraphrase" else MOST_SHARED
        sentences = [gold.sentence for key in keys for gold in self._told[key]]
        about = _about(keys)
        for text in self._ways(kind, subject, keys, rng):
            if max(overlap(text, sentence, about) for sentence in sentences) <= limit:
                return misspelt(text, rng) if kind == "misspelt" else text
        return None

    def _ways(
        self, kind: str, subject: Subject, keys: tuple[Key, ...], rng: Random
    ) -> Iterator[str]:
        period = Period.parse(keys[0][2].split("..")[-1])
        values = _values(subject) | {"p": f"in {period.name}"}
        if len(keys) == 2 or ".." in keys[0][2]:
            yield from self._compared(subject, keys, values, rng)
            return
        names = {"paraphrase": "far", "terse": "key"}
        patterns = list(subject.quantity.phrases[names.get(kind, "ask")])
        rng.shuffle(patterns)
        for pattern in patterns:
            text = fill(pattern, values)
            yield f"{text} {period.name}".lower().replace("the ", "") if kind == "terse" else text

    def _compared(
        self, subject: Subject, keys: tuple[Key, ...], values: dict[str, str], rng: Random
    ) -> Iterator[str]:
        """Ways to ask for a change, or to compare two places or two periods."""
        for topic in rng.sample(subject.quantity.phrases["topic"], 2):
            values["topic"] = fill(topic, _values(subject))
            if len(keys) == 1:
                name, values["q"], values["r"] = "ask_change", *_about(keys)[1:]
                asked = common()["asked_up"] + common()["asked_down"]
                values["gain"] = rng.choice(asked)
            elif keys[0][0] == keys[1][0]:
                name = "ask_periods"
                values["q"] = Period.parse(keys[1][2]).name
                values["o"] = f"in {values['q']}"
            else:
                name = "ask_places"
                values["other"] = fill(topic, _values(self._subjects[keys[1][:2]]))
            for pattern in rng.sample(common()[name], len(common()[name])):
                yield fill(pattern, values)


def _values(subject: Subject) -> dict[str, str]:
    entity = subject.entity
    return {"e": entity.name, "place": entity.place, "company": entity.company}


def _about(keys: Sequence[Key]) -> tuple[str, ...]:
    entities = [key[0] for key in keys]
    periods = [Period.parse(part).name for key in keys for part in key[2].split("..")]
    return tuple(dict.fromkeys([*entities, *periods]))


def _distance(one: Key, other: Key) -> int:
    return abs(Period.parse(one[2]).number - Period.parse(other[2]).number)


def _grouped(
    keys: Sequence[Key], name: Callable[[Key], tuple[str, str]]
) -> dict[tuple[str, str], list[Key]]:
    groups: defaultdict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in keys:
        groups[name(key)].append(key)
    return dict(groups)
