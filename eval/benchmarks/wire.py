"""What a second outlet makes of a story that it took from the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from eval.benchmarks import names
from eval.benchmarks.values import Article, Line, Paragraph

EDITS = ("exact", "headline", "cut", "swap", "byline")
"""What is changed: nothing, the headline, a sentence less, two paragraphs in the other order, a
line with the author's name more."""
_WEIGHTS = (4, 2, 2, 1, 1)


def copy_of(article: Article, rng: Random, headline: str) -> tuple[Article, str]:
    """Return the article as another outlet prints it, and what was changed.

    Args:
        article: the original.
        rng: chooses outlet, day and edit.
        headline: another one for the same story.
    """
    outlet = rng.choice([o for o in names.OUTLETS if o != article.outlet])
    published = article.published + timedelta(days=rng.randint(0, 1))
    copied = replace(article, outlet=outlet, published=published)
    edit = rng.choices(EDITS, _WEIGHTS)[0]
    if edit == "cut" and (cut := _cut(article.paragraphs, rng)):
        return replace(copied, paragraphs=cut), edit
    if edit == "swap" and len(article.paragraphs) > 2:
        return replace(copied, paragraphs=_swapped(article.paragraphs, rng)), edit
    if edit == "byline":
        line = (Line(f"By {article.author}, {article.outlet}"),)
        return replace(copied, paragraphs=(line, *article.paragraphs)), edit
    if edit == "exact" or headline == article.title:
        return copied, "exact"
    return replace(copied, title=headline), "headline"


def _cut(paragraphs: tuple[Paragraph, ...], rng: Random) -> tuple[Paragraph, ...] | None:
    """Leave one sentence out, none of the first paragraph and not the whole of another one."""
    longer = [i for i, paragraph in enumerate(paragraphs) if i and len(paragraph) > 1]
    if not longer:
        return None
    i = rng.choice(longer)
    j = rng.randrange(len(paragraphs[i]))
    shorter = (*paragraphs[i][:j], *paragraphs[i][j + 1 :])
    return (*paragraphs[:i], shorter, *paragraphs[i + 1 :])


def _swapped(paragraphs: tuple[Paragraph, ...], rng: Random) -> tuple[Paragraph, ...]:
    """Exchange two paragraphs behind the first."""
    i = rng.randrange(1, len(paragraphs) - 1)
    return (*paragraphs[:i], paragraphs[i + 1], paragraphs[i], *paragraphs[i + 2 :])
