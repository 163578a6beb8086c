"""Figures that may be the answer, likeliest first, by what code can see of them.

Each figure of the retrieved sentences is a candidate. Its score is how near its sentence is to the
question, how much of the question its context and its own words hold, and whether its period is
the one that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.asking import Asking, fit_of_period
from rag.earlier import asks_earlier, is_earlier
from rag.evidence import relevance
from rag.figures import Agreement, agree
from rag.question import TIMES, Period, named_period
from rag.schema import Evidence, FigureKind, Span, Statement
from rag.statements import statements
from rag.words import stems

_FIT_BY_DAYS = 0.5
"""Up to here a fit is by a month without its year, or by none."""
_PART_OF = re.compile(r"\W*of\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that may be the answer."""

    evidence: Evidence
    statement: Statement
    own: Span
    """The words of the sentence that speak of this figure and of no other candidate."""
    singled_out: float
    """Share of the question's words that stand in them and not in the sentence's first words,
    which hold the subject of all: 0 for the first candidate."""
    outdone: float
    """The largest such share of another candidate of the sentence, in words not its own."""
    period_fit: float
    """-1 (another period) to 1 (the one that is asked for); 0 where none is asked for."""
    score: float

    @property
    def sentence(self) -> str:
        """The text of its sentence."""
        return self.evidence.sentence.text


def find_candidates(asking: Asking, evidence: Iterable[Evidence]) -> tuple[Candidate, ...]:
    """Return the figures of a kind that the question asks for, likeliest first."""
    found = [c for item in evidence for c in _of_sentence(asking, item)]
    return tuple(sorted(found, key=lambda c: c.score, reverse=True))


def _of_sentence(asking: Asking, evidence: Evidence) -> Iterator[Candidate]:
    text = evidence.sentence.text
    lead = evidence.before[-1].text if evidence.before else None
    published = evidence.document.published
    stated = statements(text, lead=lead, published=published)
    fitting = [s for s in stated if _fits(asking, s)]
    own = _own_words(stated, fitting)
    nearby = named_period(f"{evidence.document.title or ''} {lead or ''} {text}")
    fits = _as_compared(
        asking, text, fitting, [_fit(asking, s, nearby, published) for s in fitting]
    )
    known = frozenset(stems(evidence.document.title or ""))
    words = [_words(text, span) - known for span in own]
    singled = [_singled_out(asking, text, own, words, i) for i in range(len(own))]
    for i, statement in enumerate(fitting):
        outdone = max(
            (
                asking.share(words[j] - words[i])
                for j in range(len(own))
                if singled[j] > 0 and own[j] != own[i] and fits[j] >= fits[i]
            ),
            default=0.0,
        )
        yield Candidate(
            evidence,
            statement,
            own[i],
            singled_out=singled[i],
            outdone=outdone,
            period_fit=fits[i],
            score=_score(asking, evidence, singled[i] - outdone, fits[i]),
        )


def _fit(asking: Asking, stated: Statement, nearby: Period, published: date | None) -> float:
    """How well its time is the one that is asked for, a lapse of time being its own time.

    What has gone on "for the last seven months" may be asked of the month in which it was said, and
    of removals in 2024 "since which year" they were the highest.
    """
    fit = fit_of_period(asking, stated.period, nearby, published)
    lapse = stated.figure.kind is FigureKind.DURATION
    return 0.0 if (lapse and -1 < fit < 0) or (asking.kinds is TIMES and fit < 0) else fit


def _as_compared(
    asking: Asking, text: str, stated: Sequence[Statement], fits: Sequence[float]
) -> list[float]:
    """Their fits, where one of two figures of a kind is that of before, and that is asked for.

    No time has to be named for that: "the rate before the flood", "8.1%, compared with 5.6%".
    """
    if not asks_earlier(asking.text):
        return list(fits)
    earlier = [is_earlier(text, s.figure.span) for s in stated]
    measures = [(s.figure.kind, s.figure.unit) for s in stated]
    found = list(fits)
    for i, measure in enumerate(measures):
        beside = [earlier[j] for j, other in enumerate(measures) if j != i and other == measure]
        if fits[i] > _FIT_BY_DAYS or not beside:
            continue
        if earlier[i] and not any(beside):
            found[i] = 1.0
        elif not earlier[i] and beside == [True]:
            found[i] = -1.0
    return found


def _words(text: str, span: Span) -> frozenset[str]:
    """Stems of the candidate's own words, without years, which are compared as times.

    Those of the title, which the article speaks of anyway, are taken out by the caller.
    """
    found = stems(text[span.start : span.end])
    return frozenset(stem for stem in found if not stem[0].isdigit())


def _singled_out(
    asking: Asking, text: str, own: Sequence[Span], words: Sequence[frozenset[str]], i: int
) -> float:
    """How far words of the question point to this one figure of its sentence.

    The sentence's first words hold the subject of all its figures, and what a part is of ("of the
    648,000 applications") is said of the part too: neither points to one figure. Nor do words
    that two figures share, as of a range.
    """
    first = min(own)
    if own.count(own[i]) > 1 or own[i] == first or _PART_OF.match(text[own[i].start : own[i].end]):
        return 0.0
    others = frozenset().union(*(w for w, span in zip(words, own, strict=True) if span != own[i]))
    return asking.share(words[i] - others)


def _fits(asking: Asking, statement: Statement) -> bool:
    figure = statement.figure
    if asking.kinds is None or figure.kind not in asking.kinds:
        return False
    if figure.kind is FigureKind.COUNT and not figure.unit and asking.measures:
        return False
    return not any(agree(figure, named) is Agreement.EXACT for named in asking.figures)


def _own_words(stated: Sequence[Statement], fitting: Sequence[Statement]) -> list[Span]:
    """Each candidate's clause, with those behind it that only help: "62% of those aged 18"."""
    spans = []
    for statement in fitting:
        later = [s.clause.start for s in fitting if s.clause.start > statement.clause.start]
        limit = min(later, default=None)
        end = max(
            s.clause.end
            for s in stated
            if s is statement
            or (
                s.clause.start >= statement.clause.start
                and (limit is None or s.clause.start < limit)
            )
        )
        spans.append(Span(statement.clause.start, end))
    return spans


def _score(asking: Asking, evidence: Evidence, pointed: float, period_fit: float) -> float:
    # Weights chosen on the development cases, so that the right figure comes first.
    return (
        2.6 * relevance(evidence)
        + 4.3 * evidence.in_context
        + evidence.in_article
        + 2.8 * asking.share(stems(evidence.sentence.text))
        + 2.8 * pointed
        + 1.3 * period_fit
    )
