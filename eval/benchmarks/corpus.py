"""A corpus of news, written by program: the same articles for the same seed.

python -m eval.benchmarks.corpus --articles 3000 --out DIR

DIR/articles holds the articles, DIR/truth.json says which are copies of which and which facts
each one states, DIR/retrieval.jsonl holds questions with the sentences that answer them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import NormalDist, fmean

from eval.benchmarks.formats import write_files
from eval.benchmarks.periods import PARTS, Period
from eval.benchmarks.questions import Question, questions
from eval.benchmarks.telling import title
from eval.benchmarks.values import Article, Copy, Corpus, chance
from eval.benchmarks.wire import copy_of
from eval.benchmarks.world import World, periods
from eval.benchmarks.writing import Story, story, teller_of, write

COPY_SHARE = 0.08
# Of the stories: told before by another outlet; the same numbers of another place.
_RETOLD, _SIBLINGS = 0.1, 0.4

MEAN_WORDS = 1940
"""Makes 11.3 KB, as 3,000 articles of 34 MB have."""
_FEWEST, _MOST = 150, 6000
# Of the logarithm of an article's length.
_SPREAD = 0.8
_SMALL_SPREAD = 0.35
_SMALL_WORDS = 600
"""Below this mean, articles are alike in length: a few paragraphs each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write."""

    articles: int
    seed: int = 1
    mean_words: int = MEAN_WORDS
    questions: int = 420


def build(plan: Plan) -> tuple[Corpus, World]:
    """Write all articles, in memory."""
    world = World(plan.articles, plan.seed)
    n_copies = round(COPY_SHARE * plan.articles)
    stories = _stories(world, plan, plan.articles - n_copies)
    articles = [write(s, world, plan.seed, i) for i, s in enumerate(stories)]
    copied = chance(plan.seed, "copied").sample(range(len(stories)), n_copies)
    copies: list[Copy] = []
    for i in copied:
        rng = chance(plan.seed, "copy", i)
        other = title(teller_of(stories[i], world, rng), stories[i].subject, stories[i].period)
        article, edit = copy_of(articles[i], rng, other)
        copies.append(Copy(articles[i].id, f"copy-{i}", edit))
        articles.append(replace(article, id=f"copy-{i}"))
    return _numbered(articles, copies), world


def write_corpus(plan: Plan, folder: Path) -> tuple[Corpus, list[Question]]:
    """Write articles, manifest and questions into a folder.

    Raises:
        OSError: the folder cannot be written.
    """
    corpus, world = build(plan)
    files = write_files(corpus.articles, folder / "articles")
    _write_truth(corpus, plan, files, folder / "truth.json")
    asked = questions(corpus, world, plan.questions, plan.seed)
    lines = [json.dumps(asdict(question), ensure_ascii=False) for question in asked]
    (folder / "retrieval.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return corpus, asked


def lengths(n: int, mean: int, seed: int) -> list[int]:
    """Return ``n`` lengths in words, log-normal between 150 and 6,000, in chance order.

    They are quantiles and not draws, so that every corpus has the mean, whatever its size.
    """
    spread = _SPREAD if mean >= _SMALL_WORDS else _SMALL_SPREAD
    bell = NormalDist(0, spread)
    shape = [math.exp(bell.inv_cdf((i + 0.5) / n)) for i in range(n)]
    scale = mean / fmean(shape)
    for _ in range(8):  # cutting the ends off moves the mean
        words = [round(min(_MOST, max(_FEWEST, scale * s))) for s in shape]
        scale *= mean / fmean(words)
    chance(seed, "lengths").shuffle(words)
    return words


def _stories(world: World, plan: Plan, n: int) -> list[Story]:
    # Months are more often in the news than years, but not as much as there are more of them.
    weights = [math.sqrt(PARTS[s.quantity.every]) for s in world.subjects]
    told: list[Story] = []
    for i, n_words in enumerate(lengths(n, plan.mean_words, plan.seed)):
        rng = chance(plan.seed, "story", i)
        draw = rng.random()
        subject = rng.choices(world.subjects, weights)[0]
        period: Period = rng.choice(periods(subject.quantity.every))
        if told and draw < _SIBLINGS:
            earlier = rng.choice(told)
            subject, period = earlier.subject, earlier.period
            if draw >= _RETOLD:
                subject = rng.choice(world.siblings(subject))
        told.append(story(subject, period, rng, n_words))
    return told


def _numbered(articles: list[Article], copies: list[Copy]) -> Corpus:
    """Give ids in the order of the days, so that no id tells a copy from an original."""
    ordered = sorted(articles, key=lambda article: (article.published, article.outlet, article.id))
    ids = {article.id: f"art-{i:05}" for i, article in enumerate(ordered, start=1)}
    renamed = [Copy(ids[c.original], ids[c.copy], c.edit) for c in copies]
    return Corpus(
        tuple(replace(article, id=ids[article.id]) for article in ordered),
        tuple(sorted(renamed, key=lambda copy: copy.copy)),
    )


def _write_truth(corpus: Corpus, plan: Plan, files: dict[str, str], path: Path) -> None:
    stated = [
        {"id": a.id, "file": files[a.id], "facts": [asdict(f) for x in a.lines for f in x.facts]}
        for a in corpus.articles
    ]
    truth = {**asdict(plan), "duplicates": [asdict(c) for c in corpus.copies], "stated": stated}
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a corpus as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, prog="eval.benchmarks.corpus")
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", type=int, default=MEAN_WORDS, help="of an article, on average")
    parser.add_argument("--questions", type=int, default=420)
    given = parser.parse_args(arguments)
    plan = Plan(given.articles, given.seed, given.words, given.questions)
    corpus, asked = write_corpus(plan, given.out)
    size = sum(len(a.text.encode()) for a in corpus.articles)
    sys.stdout.write(
        f"{len(corpus.articles)} articles with {size / 1e6:.1f} MB of text in {given.out}, "
        f"{len(corpus.copies)} of them copies, and {len(asked)} questions\n"
    )


if __name__ == "__main__":
    main()
