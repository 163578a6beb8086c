"""Which of the times that a sentence names each of its figures speaks of.

A figure has the time in its own clause. One that has none shares that of a list it stands in, of
the words it goes on from, or the time that the sentence begins with; one that is only compared
with shares nothing. Where that leaves a doubt, its time is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.clauses import Clause, Link, are_listed, lists
from rag.periods import Time
from rag.schema import Figure, FigureKind, Span, StatedPeriod

_OPENING = re.compile(r"[\s“\"'‘(]*(?:(?:and|but|yet|so|even|only|already)\s)?", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:up|down|while|whereas|an?\s(?:[a-z]+\s)?(?:rise|fall|increase|drop|decline|gain|decrease)"
    r"|more|less|fewer|higher|lower|with|which\s(?:is|was|were|means|meant|makes|made))\b",
    re.IGNORECASE,
)
_OTHER_TENSE = re.compile(
    r"\b(?:will|would|could|might|should|has|have|is|are|now|expects?|expected|plans?|planned|aims?"
    r"|hopes?|today|since)\b"
)
# What stands between a figure and a time that is not its own.
_INSIDE = re.compile(
    r"[;:—]|\s[-–]\s|\b(?:who|which|where|when|since|because|until|whose|whom|whether|if|what"
    r"|although|though|but"
    # "In that group" tells which one.
    r"|(?<!\bin\s)(?<!\bof\s)(?<!\bat\s)(?<!\bon\s)(?<!\bfor\s)(?<!\bby\s)(?<!\bwith\s)that)\b"
)
_BORDER = re.compile(rf"{_INSIDE.pattern}|,?\s(?:and|than|while|whereas|after|before)\b|\.\s")
_PAST = re.compile(r"\b(?:was|were|did|had|found|rose|fell|grew|made|took|won|lost|[a-z]{3,}ed)\b")
_LEVEL_OF = re.compile(
    r"\s(?:(?!(?:after|before|from|to|against|than|with|by|and|or|the|an?|as|was|were|is)\s)[a-z]+\s){1,2}"
    r"of\s(?:[a-z]+\s){0,2}"
)
_WHEN = re.compile(r",?\swhen\s(?:it|they|there|that|the\s\w+)\s(?:was|were|had|stood)\b")
_NEXT_TO = 2
# "At Holm, which closed in May, 12 are left".
_INSERTED = re.compile(
    r",\s(?:which|who|whose|where|when|[a-z]{2,}ed|held|built|set|won|made|born|given)\b[^,]*$"
)
# "Above the mark left in 2020", "a village drowned in 1968".
_REDUCED = re.compile(
    r"\b(?:the|an?|its|their|his|her|this|that)\s(?:[^\W\d][\w’'-]*\s){1,3}?"
    r"(?:[a-z]{2,}ed|left|set|built|made|seen|held|won|lost|given|taken|paid|begun|sent)"
    r"(?:\s(?:there|here|up|out|off))?\s$"
)


class Timing:
    """The figures of a sentence with their clauses, and the times that it names."""

    def __init__(
        self,
        text: str,
        figures: Sequence[Figure],
        own: Sequence[Clause],
        times: Sequence[Time],
    ) -> None:
        """Take the parts of one sentence; figures and clauses go in pairs."""
        self._text = text
        self._figures = figures
        self._own = own
        self._times = times
        self._told = [time for time in times if not time.aside]
        self._near = self._nearest()

    def periods(self, otherwise: StatedPeriod | None) -> list[StatedPeriod | None]:
        """Return the time of each figure; ``otherwise`` where the sentence names none."""
        fronted = self._fronted()
        found: list[Time | None] = []
        for i, (figure, clause) in enumerate(zip(self._figures, self._own, strict=True)):
            time = self._near[i]
            if time is None and not clause.compared and figure.kind is not FigureKind.IDENTIFIER:
                time = self._shared(i, found) or (fronted if self._same_tense(i) else None)
                time = time or (Time(Span(0, 0), otherwise, aside=False) if otherwise else None)
            found.append(time)
        return [time.period if time else None for time in found]

    def _nearest(self) -> list[Time | None]:
        """The times in the figures' own words."""
        near = [
            self._named_by(figure) or self._own_time(figure, clause)
            for figure, clause in zip(self._figures, self._own, strict=True)
        ]
        for run in lists(self._text, self._figures):
            for figure, time in self._hand_out(run):
                near[self._figures.index(figure)] = time
        return near

    def _named_by(self, figure: Figure) -> Time | None:
        """The time that a figure is part of: a year, the seven of "the past seven months"."""
        return next((time for time in self._times if time.span.overlaps(figure.span)), None)

    def _told_of(self, figure: Figure, clause: Clause) -> Time | None:
        """What a figure is compared as: "above the 2019 level of 12"; "since 2019, when it was"."""
        for time in self._times:
            end = time.span.end
            if _LEVEL_OF.fullmatch(self._text, end, figure.span.start):
                return time
            if _WHEN.match(self._text, end) and 0 < clause.span.start - end <= _NEXT_TO:
                return time
        return None

    def _own_time(self, figure: Figure, clause: Clause) -> Time | None:
        """The time in a figure's clause: behind it, else before it."""
        if told := self._told_of(figure, clause):
            return told
        inside = [
            time
            for time in self._told
            if clause.span.contains(time.span) and not self._divided(figure.span, time.span)
        ]
        behind = [time for time in inside if time.span.start >= figure.span.end]
        if not behind:
            return inside[-1] if inside else None
        several = [behind[0]]
        for time in behind[1:]:
            if are_listed(self._text, [several[-1].span, time.span]):
                several.append(time)
        return self._together(several)

    def _together(self, times: Sequence[Time]) -> Time:
        """One time of several that follow on each other: "in May and June"."""
        if len(times) == 1:
            return times[0]
        span = Span(times[0].span.start, times[-1].span.end)
        known = [time.period for time in times if time.period]
        follow = all(0 <= (other.first - one.last).days <= 1 for one, other in pairwise(known))
        if len(known) < len(times) or not follow:
            return Time(span, None, aside=False)
        words = self._text[span.start : span.end]
        resolved = any(period.resolved for period in known)
        period = StatedPeriod(known[0].first, known[-1].last, words, resolved)
        return Time(span, period, aside=False)

    def _hand_out(self, run: Sequence[Figure]) -> list[tuple[Figure, Time]]:
        """Give a list of figures a list of as many times: "41% and 38% in May and June"."""
        behind = [time for time in self._told if time.span.start >= run[-1].span.end]
        before = [time for time in self._told if time.span.end <= run[0].span.start]
        for times in (behind[: len(run)], before[-len(run) :]):
            if len(times) == len(run) and are_listed(self._text, [time.span for time in times]):
                return list(zip(run, times, strict=True))
        return []

    def _divided(self, figure: Span, time: Span, *, listed: bool = False) -> bool:
        """Whether a time is that of another thing: "12, the most since the park was opened"."""
        text = self._text
        if time.end <= figure.start:
            between = self._without_times(time.end, figure.start)
            # "14 (last week: 10)".
            told = between == ": " and text.startswith("(", time.start - 1)
            return self._is_inserted(figure, time) or bool(not told and _INSIDE.search(between))
        between = text[figure.end : time.start]
        # "Half of what it was in May".
        between = between.removeprefix(" of").removeprefix(" what")
        pattern = _INSIDE if listed else _BORDER
        return bool(pattern.search(between) or _REDUCED.search(between))

    def _without_times(self, start: int, end: int) -> str:
        """The words between two places, but for times: the "since 1991" behind "in July"."""
        between = self._text[start:end]
        for time in self._times:
            if start <= time.span.start and time.span.end <= end:
                named = self._text[time.span.start : time.span.end]
                between = between.replace(named, "", 1)
        return between

    def _is_inserted(self, figure: Span, time: Span) -> bool:
        """Whether a time before a figure stands in a clause that has ended since."""
        ended = "," in self._text[time.end : figure.start]
        return ended and bool(_INSERTED.search(self._text[: time.start]))

    def _fronted(self) -> Time | None:
        """The time that the sentence begins with, which all of its figures share."""
        opening = _OPENING.match(self._text)
        start = opening.end() if opening else 0
        return next((time for time in self._told if time.span.start <= start), None)

    def _shared(self, i: int, found: Sequence[Time | None]) -> Time | None:
        """The time of a neighbour that a figure's words go on from, or that goes on from them."""
        behind = self._from_behind(i)
        if behind and not self._divided(self._figures[i].span, behind.span, listed=True):
            return behind
        before = next((k for k in reversed(range(i)) if not self._own[k].helping), None)
        if before is None or not self._goes_on_from(before, i):
            return None
        time = found[before]
        if time and time.aside:
            return None
        if self._own[before].compared and not self._is_more_of(before, i):
            return None
        return None if time and self._is_inserted(self._figures[i].span, time.span) else time

    def _from_behind(self, i: int) -> Time | None:
        """The time behind the last of a list, which all of it shares."""
        rest = zip(self._figures[i + 1 :], self._own[i + 1 :], self._near[i + 1 :], strict=True)
        for figure, clause, time in rest:
            if clause.helping:
                continue
            if clause.compared or clause.link is Link.APART:
                return None
            if time and time.aside:
                return None
            if time and time.span.end <= figure.span.start and clause.link is not Link.PART:
                return None
            if time:
                return time if self._in_tense_of(i, clause) else None
        return None

    def _in_tense_of(self, i: int, clause: Clause) -> bool:
        """Whether a clause tells of a time that an earlier one may share: "it is 3, and was 5"."""
        words = self._text[clause.span.start : clause.span.end]
        if not _OTHER_TENSE.search(self._words(i)):
            return True
        return bool(_OTHER_TENSE.search(words)) or not _PAST.search(words)

    def _is_more_of(self, before: int, i: int) -> bool:
        """Whether a figure says more of one compared with: "against 12 in May and 14 in all"."""
        joint = self._text[self._own[before].span.end :].lstrip(" ,")
        alike = self._figures[before].kind is self._figures[i].kind
        return (alike and joint.startswith(("and ", "or "))) or self._words(i).startswith("which ")

    def _goes_on_from(self, before: int, i: int) -> bool:
        """Whether the words of a figure say more of the same time as those of an earlier one."""
        one, other = self._own[before], self._own[i]
        if other.link is Link.APART:
            joint = self._text[one.span.end :].lstrip(" ,")
            return bool(_GOES_ON.match(self._words(i)) or _GOES_ON.match(joint))
        if other.link is Link.RANGE:
            return True
        return self._same_tense(i) and not (other.link is Link.PART and one.compared)

    def _same_tense(self, i: int) -> bool:
        """Whether a clause speaks of the same time as the first, by its auxiliary verbs."""
        return not _OTHER_TENSE.search(self._words(i)) or bool(_OTHER_TENSE.search(self._words(0)))

    def _words(self, i: int) -> str:
        span = self._own[i].span
        return self._text[span.start : span.end]
