"""Where the articles state the figures that a case asks for.

The same number elsewhere is the same figure or another thing that has the number by chance. The
more digits it has and the more words its sentence shares with question and answer, the less is
left to chance; where that cannot be told, nothing is said rather than something false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rag.evaluation.cases import Case, ExpectedFigure
from rag.evaluation.editing import Article, Place
from rag.evaluation.wording import folded
from rag.figures import Agreement, agree
from rag.figures.lexicon import SCALES, TENS, UNITS
from rag.schema import Figure, FigureKind, Span

# Words that a sentence must share to state the figure, and to be suspected of it, by significant
# digits (four for more): in the article that answers, and in others. Set on 100 articles, in which
# 1,150 and 655 each stand for things as far apart as posts, voters and people told to leave.
_WORDS_NEEDED = {
    1: ((2, 0), (3, 2)),
    2: ((2, 0), (3, 2)),
    3: ((0, 0), (2, 1)),
    4: ((0, 0), (1, 1)),
}
_MANY_DIGITS, _TELLING_DIGITS = 4, 3
_WORDS_OF_A_ROUNDING = 2
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    "about after also been before from have into more most much only other over said some such "  # noqa: SIM905
    "than that their them then there these they this those were what when which while will with "
    "would year years many much percent cent dollars".split()
) | frozenset((*UNITS, *TENS, *SCALES))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A figure where it stands."""

    place: Place
    figure: Figure


def gold_places(case: Case, articles: Mapping[str, Article]) -> tuple[Place, ...]:
    """Return the sentences that the case's sources quote; none where one cannot be found."""
    found: dict[Place, None] = {}
    for source in case.sources:
        article = articles.get(source.document)
        span = source_span(article, source.quote, source.span) if article else None
        if article is None or span is None:
            return ()
        for place in article.places:
            if place.is_sentence and span.overlaps(Span(place.start, place.end)):
                found[place] = None
    return tuple(found)


def source_span(article: Article, quote: str, span: Span | None) -> Span | None:
    """Return where a quote stands: as said, or where it stands once; else None."""
    text = article.document.text
    if span is not None:
        return span if text[span.start : span.end] == quote else None
    at = text.find(quote)
    return Span(at, at + len(quote)) if at >= 0 and text.find(quote, at + 1) < 0 else None


def stating(places: Sequence[Place], expected: ExpectedFigure) -> tuple[Occurrence, ...]:
    """Return where sentences that answer state an expected figure, its unit or kind unsaid even."""
    kinds = {expected.kind, FigureKind.COUNT}
    return tuple(
        Occurrence(place, figure)
        for place in places
        for figure in place.figures
        if figure.value == expected.value and figure.kind in kinds
    )


def all_stating(
    gold: Sequence[Occurrence], question: str, articles: Mapping[str, Article]
) -> tuple[Occurrence, ...] | None:
    """Return every place that states the figure of ``gold``; None where it cannot be told.

    Args:
        gold: occurrences of one figure in the sentences that answer; at least one.
        question: whose words tell, beside those of the sentences, what is spoken of.
        articles: all that are asked.
    """
    figure = gold[0].figure
    own = {occurrence.place.key for occurrence in gold}
    documents = {id_ for id_, _ in own}
    words = _spoken_of(gold, question)
    found = []
    for place in _places(articles):
        same = [f for f in place.figures if f.value == figure.value and _comparable(f, figure)]
        if not same:
            continue
        digits = min(_digits(figure.value), _MANY_DIGITS)
        stated, suspected = _WORDS_NEEDED[digits][place.key[0] not in documents]
        shared = len(words & _words(place.text))
        if place.key in own or shared >= stated:
            found += [Occurrence(place, other) for other in same]
        elif shared >= suspected:
            return None
    return tuple(found)


def is_rounded_elsewhere(
    gold: Sequence[Occurrence], question: str, articles: Mapping[str, Article]
) -> bool:
    """Whether a place that may speak of the same thing has a rounding of the figure."""
    figure = gold[0].figure
    words = _spoken_of(gold, question)
    return any(
        len(words & _words(place.text)) >= _WORDS_OF_A_ROUNDING
        for place in _places(articles)
        if any(rounding_of(other, figure) for other in place.figures)
    )


def rounding_of(one: Figure, other: Figure) -> bool:
    """Whether one of two figures is the other, less exact."""
    # No rounding is off by more than half; asked of every pair of figures, this saves most of it.
    if one.kind is not other.kind or abs(one.value - other.value) * 2 > max(one.value, other.value):
        return False
    return Agreement.ROUNDED in {agree(one, other), agree(other, one)}


def _places(articles: Mapping[str, Article]) -> Iterator[Place]:
    for article in articles.values():
        yield from article.places


def _comparable(one: Figure, other: Figure) -> bool:
    """Whether two figures of one value may be the same: "43 million" after "58 million euros"."""
    if _is_telling(one.value):
        return one.kind is other.kind or FigureKind.COUNT in {one.kind, other.kind}
    return (one.kind, one.unit) == (other.kind, other.unit)


def _is_telling(value: Decimal) -> bool:
    return _digits(value) >= _TELLING_DIGITS


def _digits(value: Decimal) -> int:
    """How many significant digits a number has."""
    return len(value.normalize().as_tuple().digits)


def _spoken_of(gold: Sequence[Occurrence], question: str) -> frozenset[str]:
    return _words(" ".join([question, *(occurrence.place.text for occurrence in gold)]))


@lru_cache(4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded(text))) - _COMMON
