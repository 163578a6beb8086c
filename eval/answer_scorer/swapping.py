"""Questions that a sentence does not answer, made from those that it does.

One thing that the sentence, the one before or the title names is exchanged: a year, a month, a
name, or a word for its opposite. Without them a network learns that the nearest figure is the
answer: Jia and Liang, EMNLP 2017; Rajpurkar et al., ACL 2018.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from eval.answer_scorer.questions import Question
from rag.schema import Span

_MONTHS = tuple(month_name[1:])
_OPPOSITES = (
    "men women,boys girls,males females,male female,children adults,students teachers,"
    "north south,east west,northern southern,eastern western,upper lower,left right,"
    "first second,second third,primary secondary,undergraduate graduate,"
    "minimum maximum,largest smallest,highest lowest,increase decrease,old new,"
    "imports exports,income debt,revenue profit,cost revenue,rent price,"
    "births deaths,killed injured,killed wounded,won lost,wins losses,won nominated,"
    "before after,summer winter,spring autumn,day night,"
    "domestic foreign,public private,urban rural,civilian military,army navy,"
    "city county,state city,countries cities,buses trains,bus train,hospitals schools,"
    "churches mosques,islands lakes,built destroyed,speed weight,height length,width length,"
    "population area,black white,red blue"
)
_SWAPS: dict[str, list[str]] = {}
for _pair in _OPPOSITES.split(","):
    _one, _other = _pair.split()
    _SWAPS.setdefault(_one, []).append(_other)
    _SWAPS.setdefault(_other, []).append(_one)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’.-]+(?: (?:of |the )?[A-Z][\w'’.-]+)*")
_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20\d\d)\b")
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_YEARS_OFF = (-10, -5, -3, -2, -1, 1, 2, 3, 5)
_OF_OWN_ARTICLE = 0.75
"""How often another name is one that its article's questions have."""


class Swapper:
    """Exchanges a word of a question so that its sentence does not answer it any more.

    Args:
        questions: whose names are put in place of others.
        rng: draws.
    """

    def __init__(self, questions: Sequence[Question], rng: Random) -> None:
        self._rng = rng
        self._all: list[str] = []
        own: dict[str, set[str]] = {}
        for question in questions:
            for name, _ in _names(question.text):
                own.setdefault(_title(question), set()).add(name)
                self._all.append(name)
        self._own = {title: sorted(names) for title, names in own.items()}

    def swapped(self, question: Question) -> Question | None:
        """The question with something else asked, or None where nothing can be exchanged."""
        ways = list(self._ways(question))
        if not ways:
            return None
        span, new = self._rng.choice(ways)
        text = question.text
        return replace(question, text=text[: span.start] + new + text[span.end :])

    def _ways(self, question: Question) -> Iterator[tuple[Span, str]]:
        if question.line is None:
            return
        near = f"{question.line.text} {question.line.lead} {question.line.title}"
        text, rng = question.text, self._rng
        for year in _YEAR.finditer(text):
            new = str(int(year[0]) + rng.choice(_YEARS_OFF))
            if year[0] in near and new not in near:
                yield Span(*year.span()), new
        for month in _MONTH.finditer(text):
            new = rng.choice(_MONTHS)
            if month[0] in near and new not in near:
                yield Span(*month.span()), new
        for name, span in _names(text):
            if any(part in near for part in name.split() if len(part) > 3):
                new = self._another(name, question)
                if new not in near and new not in text:
                    yield span, new
        for word in re.finditer(r"[a-z]+", text):
            if word[0] in _SWAPS and word[0] in near.lower():
                new = rng.choice(_SWAPS[word[0]])
                if new not in near.lower():
                    yield Span(*word.span()), new

    def _another(self, name: str, question: Question) -> str:
        parts = set(name.split())
        own = [n for n in self._own.get(_title(question), ()) if not parts & set(n.split())]
        of_own = own and self._rng.random() < _OF_OWN_ARTICLE
        return self._rng.choice(own if of_own else self._all)


def _title(question: Question) -> str:
    return question.line.title if question.line else ""


def _names(text: str) -> Iterator[tuple[str, Span]]:
    for match in _NAME.finditer(text):
        name = match[0].rstrip("?.,")
        if name not in _MONTHS:
            yield name, Span(match.start(), match.start() + len(name))
