"""What a question asks for: the kind of figure, the words that matter, the time it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rag.figures import find_figures
from rag.periods import find_times
from rag.question import (
    FITTING,
    SHARES,
    TIMES,
    Asked,
    Period,
    asked_kind,
    core,
    is_terse,
    named_period,
)
from rag.schema import QUANTITIES, Figure, FigureKind, Retrieval, StatedPeriod
from rag.words import CALENDAR, stems

_COUNTS = frozenset({FigureKind.COUNT, FigureKind.RATIO})
_DURATIONS = frozenset({FigureKind.COUNT, FigureKind.DURATION})
_TIME_UNITS = frozenset("second minut hour day night week month year decad time".split())  # noqa: SIM905
# What may be a figure, though the question does not say so: "What did it get from sponsors?"
_ASKS_WHAT = re.compile(
    r"\b(?:what|how|give|tell)\b(?! (?:is|was|are|were) .*\b(?:name|called)\b)", re.IGNORECASE
)


_COUNTS_SOME = re.compile(r"\bhow many of\b", re.IGNORECASE)
# A number to call is no amount.
_ASKS_NUMBER = re.compile(
    r"\b(?:which|what|the|a) (?:[\w-]+ ){0,2}numbers?\b(?! of)"
    r".*\b(?:call|text|dial|ring|phone|reach|fax)\b",
    re.IGNORECASE,
)
# "How many were asked how long they wait" asks for no length.
_ASKS_LENGTH = re.compile(
    r"\A(?:(?!\bhow\b).)*\bhow (?:long|far|tall|high|wide|deep|heavy|much (?:time|longer))\b",
    re.IGNORECASE,
)
# "Who opened it when 5,000 came?" asks for no figure.
_ASKS_WORDS = re.compile(
    r"(?:who|whom|whose|where|why)\b(?!.*\bhow (?:many|much)\b)", re.IGNORECASE
)
_WHEN_BEHIND = re.compile(
    r"\b(?:what|how)\b(?!.*\b(?:date|day|year|month)\b).*\bwhen\b", re.IGNORECASE
)
_NAME = re.compile(r"(?<=[\w,;:’'–—)] )[“‘(]?([A-ZÀ-ÖØ-Þ][\w’'-]*)")
_NO_NAMES = CALENDAR | {"I"}
_TAKES_FOR_GRANTED = re.compile(
    r"\b(?:how come|is it (?:right|true)|correct|right|as i heard|given that|seeing that)\b"
    r"|\bonly\b.*\?",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can)\b", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\bhow (?:many|much) ((?!(?:of|did|does|do|was|were|is|are|more|money)\b)[\w’'-]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, read."""

    text: str
    weights: Mapping[str, float]
    """How telling each stem of its asking part is."""
    kinds: frozenset[FigureKind] | None
    """Of figures that can be the answer; None where none is asked for."""
    may_be_words: bool
    """Whether the answer may as well be no figure: "What did they get?"."""
    periods: tuple[StatedPeriod, ...]
    """Times that it names whole, with the year."""
    named: Period
    """Months and years that it names."""
    figures: tuple[Figure, ...]
    """Its own, which are no answer to it."""
    names: frozenset[str]
    """Stems of its names: words with a capital that are no month, day or first word."""
    counted_words: str
    """What is counted or measured: "tonnes" of "how many tonnes"; empty where that is not said."""

    @property
    def measures(self) -> bool:
        """Whether it asks for a length or a lapse of time, which a bare number is not."""
        return bool(_ASKS_LENGTH.search(core(self.text)))

    @property
    def counted(self) -> frozenset[str]:
        """Stems of what is counted or measured."""
        return frozenset(stems(self.counted_words))

    def share(self, words: Iterable[str]) -> float:
        """Share of the question's words, weighted, that are among ``words``: 0 to 1."""
        found = set(words)
        total = sum(self.weights.values())
        return sum(w for s, w in self.weights.items() if s in found) / total if total else 0.0


def read_question(retrieval: Retrieval) -> Asking:
    """Read a question as it was searched for."""
    text = retrieval.read_as
    figures = find_figures(text)
    kind = asked_kind(text)
    counted = _counted(core(text))
    known = {stem: weight for word, weight in retrieval.weights for stem in stems(word)}
    return Asking(
        text=text,
        weights={stem: known.get(stem, 1.0) for stem in stems(core(text))},
        kinds=_kinds(text, kind, counted),
        may_be_words=_may_be_words(text, kind),
        periods=tuple(t.period for t in find_times(text, figures, None) if t.period),
        named=named_period(text),
        figures=figures,
        names=names_of(core(text)),
        counted_words=counted,
    )


def _may_be_words(text: str, kind: Asked) -> bool:
    if kind is Asked.TIME:
        return bool(_WHEN_BEHIND.search(core(text)))
    return kind is Asked.OTHER and not is_terse(text)


def _kinds(text: str, kind: Asked, counted: str) -> frozenset[FigureKind] | None:
    """Of figures that can be the answer; None where none is asked for."""
    if _ASKS_NUMBER.search(text):
        return frozenset({FigureKind.IDENTIFIER})
    if _ASKS_WORDS.match(core(text)):
        return None
    if kind is Asked.OTHER:
        return QUANTITIES if is_terse(text) or _ASKS_WHAT.search(text) else None
    if kind is Asked.TIME:
        # "What was it worth when it closed?" asks for no day.
        return QUANTITIES if _WHEN_BEHIND.search(core(text)) else TIMES
    return _quantities(text, counted) if kind is Asked.QUANTITY else FITTING[kind]


def _quantities(text: str, counted: str) -> frozenset[FigureKind]:
    """Of figures that "how many", "how long" and their like ask for."""
    if _ASKS_LENGTH.search(core(text)):
        return _DURATIONS
    if not counted:
        return _COUNTS if _COUNTS_SOME.search(core(text)) else QUANTITIES
    if stems(counted) == stems("points"):
        return _COUNTS | SHARES
    if counted == "times":
        return _DURATIONS | {FigureKind.MULTIPLE}
    return _COUNTS if _TIME_UNITS.isdisjoint(stems(counted)) else _DURATIONS


def presumes(asking: Asking) -> bool:
    """Whether a question takes a figure for granted instead of asking for one.

    "Did it stop short of 500,000?", "How come only 40% stayed?"
    """
    given = any(figure.kind in QUANTITIES for figure in asking.figures)
    return bool(given and (asking.kinds is None or _TAKES_FOR_GRANTED.search(asking.text))) or bool(
        _CLOSED.match(asking.text) and asking.kinds is None
    )


def names_of(text: str) -> frozenset[str]:
    """Stems of the words that a sentence writes with a capital in its midst.

    >>> sorted(names_of("How many came to Holm harbour in May, says Kim Lee?"))
    ['holm', 'kim', 'lee']
    """
    words = [m[1] for m in _NAME.finditer(text) if m[1] not in _NO_NAMES]
    return frozenset(stem for word in words for stem in stems(word))


def _counted(question: str) -> str:
    match = _COUNTED.search(question)
    return str(match[1]) if match else ""


def fit_of_period(
    asking: Asking, stated: StatedPeriod | None, nearby: Period, published: date | None
) -> float:
    """How well the time of a figure is the one that is asked for: -1 (another) to 1 (the same).

    Args:
        asking: the question.
        stated: the time that the figure speaks of.
        nearby: what its sentence, the one before and the title name, where ``stated`` is None.
        published: the day of the article.
    """
    if not asking.named:
        return 0.0
    if stated is not None and asking.periods:
        return max(_overlap(asked, stated) for asked in asking.periods)
    if stated is not None:
        return _fit_of_months(asking, stated)
    recent = (published.year, published.year - 1) if published else ()
    years = nearby.years or frozenset(recent)
    spoken_of = nearby.months | frozenset((published.month,) if published else ())
    if asking.named.years and not asking.named.years & years:
        return -1.0
    if asking.named.months and not asking.named.months & spoken_of:
        return -1.0
    return 0.3


def _fit_of_months(asking: Asking, stated: StatedPeriod) -> float:
    """The same where the question names a month and no year."""
    months = asking.named.months
    if months.isdisjoint({stated.first.month, stated.last.month}):
        return -1.0
    longer = len(months) == 1 and (stated.last - stated.first).days > _DAYS_OF_MONTH
    return -0.5 if longer and not _ASKS_FOR_SPAN.search(asking.text) else 0.5


_DAYS_OF_NEWS = 3
_DAYS_OF_MONTH = 45
"""What has gone on "since February" is not what was in February."""
_ASKS_FOR_SPAN = re.compile(
    r"\b(?:since|until|till|through|so far|up to|as of|to date)\b", re.IGNORECASE
)


def _overlap(asked: StatedPeriod, stated: StatedPeriod) -> float:
    shared = (min(asked.last, stated.last) - max(asked.first, stated.first)).days + 1
    n_asked = (asked.last - asked.first).days + 1
    n_stated = (stated.last - stated.first).days + 1
    if shared <= 0:
        # News of Friday is asked for as of Thursday; 2019 is not asked for as of 2020.
        both_days = max(n_asked, n_stated) <= _DAYS_OF_NEWS
        return 0.0 if both_days and shared > -_DAYS_OF_NEWS else -1.0
    if shared > 0.8 * max(n_asked, n_stated):
        return 1.0
    # "In 2023" may be asked of what a day of 2023 saw; a figure of all 2023 is none of a month.
    return 0.4 if shared > 0.9 * n_stated else -0.5
