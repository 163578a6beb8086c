"""A sentence read for verification: its quantities, and the words that are each one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.citations import without_markers
from rag.figures import bounded_span, find_figures
from rag.schema import Figure, FigureKind, Span
from rag.verification.layout import BOUND, Layout, lay_out
from rag.verification.words import Sort, Token, is_setting, tokens_of

SAYING = (
    r"(?:said|says|say|announced|reported|reports|stated|told|wrote|estimated|added|found|put"
    r"|thought|thinks?|speaks?|spoke|counted|claims?|claimed|believes?|forecasts?|reckons?)"
)
"""Verbs of those who state a figure, as a pattern."""

_BASE = re.compile(
    r"\b(?:than|compared (?:with|to)|against|versus|(?:up|down) from"
    r"|on (?:a year|the year|the previous))\b",
    re.IGNORECASE,
)
_ROLE = re.compile(rf"\b(from|to|by)\s+{BOUND}[$£€]?$", re.IGNORECASE)
# ", the ministry said on Monday." stands behind the whole sentence, its day is that of saying.
_LAST_WORD = re.compile(rf",\s[^,;:]*\b{SAYING}\b[^,;:]*\.?$|,?\saccording to [^,;:]*\.?$")
_MARKS = ",;:—–"


@dataclass(frozen=True, slots=True)
class Clause:
    """The part of a sentence that speaks of one figure."""

    figure: Figure
    span: Span
    own: tuple[Token, ...]
    """Its telling words, but for those of what it is compared with: "than in April"."""
    before: tuple[tuple[Token, ...], ...]
    """The telling words in front of it, clause by clause, the nearest first; last, who says so."""
    role: str
    """The preposition in front of the figure where it is one of from, to, by."""
    part_of: Figure | None
    """The figure that it is a part of."""
    is_whole: bool
    """Whether another figure is a part of it."""
    scored: tuple[Figure, Figure] | None
    """The two figures of which it is one: "19 to 11"."""
    shares: bool
    """Whether another figure has the same words: "10 of the 14 hostages"."""
    is_setting: bool
    """Whether it says when another figure is: "over 12 months"."""

    @property
    def around(self) -> tuple[Token, ...]:
        """The telling words in front of the clause, and its own."""
        return tuple(token for level in (self.own, *self.before) for token in level)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with its figures and their clauses."""

    text: str
    plain: str
    """The text with figures and their bounds blanked out."""
    tokens: tuple[Token, ...]
    figures: tuple[Figure, ...]
    clauses: tuple[Clause, ...]
    """One for each figure that is a quantity or a span of time."""

    def clause_text(self, clause: Clause) -> str:
        """The words of a clause."""
        return self.plain[clause.span.start : clause.span.end]

    def segment(self, clause: Clause) -> str:
        """What stands around a figure between two commas or the like."""
        span, figure, text = clause.span, clause.figure.span, self.plain
        start = max(text.rfind(mark, span.start, figure.start) for mark in _MARKS)
        ends = [text.find(mark, figure.end, span.end) for mark in _MARKS]
        end = min((end for end in ends if end >= 0), default=span.end)
        return text[max(start + 1, span.start) : end]

    def counted(self, figure: Figure) -> str | None:
        """The stem of the word behind a figure; None where it is no telling one."""
        behind = figure.span.end + 1
        return next(
            (t.stem for t in self.tokens if t.start == behind and t.sort is Sort.WORD), None
        )


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """Read a sentence; markers and footnotes in it are no figures."""
    text = without_markers(text)
    figures = find_figures(text)
    settings = tuple(figure for figure in figures if is_setting(text, figure))
    owners = tuple(figure for figure in figures if figure not in settings)
    plain = text
    for figure in figures:
        # In "35 fewer than five years ago" the words in front bound nothing.
        ago = text.startswith(" ago", figure.span.end)
        span = figure.span if ago else bounded_span(text, figure)
        plain = plain[: span.start] + "#" * len(span) + plain[span.end :]
    tokens, layout = tokens_of(text), lay_out(text, figures, owners)
    clauses = [
        _clause(text, figure, span, layout, tokens)
        for figure, span in zip(owners, layout.spans, strict=True)
    ]
    for figure in settings:
        if figure.kind is FigureKind.DURATION:
            holders = (span for span in layout.spans if span.contains(figure.span))
            span = next(holders, Span(0, len(text)))
            clauses.append(_clause(text, figure, span, layout, tokens))
    return Reading(text, plain, tokens, figures, tuple(clauses))


def _clause(
    text: str, figure: Figure, span: Span, layout: Layout, tokens: Sequence[Token]
) -> Clause:
    last = _LAST_WORD.search(text, layout.owners[-1].span.end) if layout.owners else None
    told = last.start() if last else len(text)
    apart = text.find(";", figure.span.end, span.end)
    own = _within(tokens, span.start, min(apart if apart >= 0 else span.end, told))
    base = _BASE.search(text, figure.span.end, span.end)
    if base:
        comma = text.find(",", base.start(), span.end)
        compared = _within(tokens, base.start(), comma if comma >= 0 else span.end)
        own = tuple(token for token in own if token not in compared)
    ahead = [other for other in dict.fromkeys(layout.spans) if other.end <= span.start]
    before = [_within(tokens, other.start, other.end) for other in reversed(ahead)]
    role = _ROLE.search(text[: figure.span.start])
    return Clause(
        figure,
        span,
        own,
        (*before, _within(tokens, told, len(text))),
        role[1].lower() if role else "",
        next((whole for part, whole in layout.parts if part is figure), None),
        any(whole is figure for _, whole in layout.parts),
        next((pair for pair in layout.scores if figure in pair), None),
        layout.spans.count(span) > 1,
        figure not in layout.owners,
    )


def _within(tokens: Sequence[Token], start: int, end: int) -> tuple[Token, ...]:
    return tuple(token for token in tokens if start <= token.start < end)
