"""Makes a follow-up whole: "and the month before?" after a question about May asks about April.

By grammar, not by a model: a follow-up that names nothing but another period or another name is
the question before with that put in. What cannot be made whole so is told apart from a whole
question, so that nobody is answered a question that was not asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

_MONTH_NAMES = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_MONTH = "|".join(f"{name}|{name[:3]}\\." for name in _MONTH_NAMES)
_AT = r"(?:in|of|for|during|since|by|until|before|after)"
_PERIOD = re.compile(
    rf"(?<!\w)(?:(?P<at>{_AT})\s+)?(?P<named>(?P<fiscal>(?:the )?(?:fiscal|financial) (?:year )?)?"
    rf"(?:(?P<month>{_MONTH})(?:,? (?:of )?(?P<its_year>(?:19|20)\d\d))?"
    r"|(?P<year>(?:19|20)\d\d)))(?![\w%]|,\d|\.\d)"
)
_COUNT = {"": 1, "the": 1, "a": 1, "one": 1, "that": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_SHIFT = re.compile(
    rf"(?:{_AT}\s+)?(?:the same month )?(?:"
    r"(?P<count>the|a|one|two|three|four|five) (?P<unit>month|year)s? "
    r"(?P<way>before|earlier|prior|after|later)(?: (?:that|then|it))?"
    r"|(?:the|that) (?P<turn>previous|preceding|prior|next|following) (?P<unit_2>month|year))",
    re.IGNORECASE,
)
_BACK = frozenset({"before", "earlier", "prior", "previous", "preceding"})
_CAPITAL = r"[A-Z][\w'’.&-]*"
_NAME = re.compile(
    r"(?:(?P<at>in|at|on|for|to|from|of|by|near|with|through)\s+)?"
    rf"(?P<name>(?:the )?{_CAPITAL}(?: (?:(?:of|and|the|de|du|la|el|al) ){{0,2}}{_CAPITAL})*)"
)
_OPENER = re.compile(
    r"\s*(?:(?:and|but|or|so|then|also)\b,?\s*)?(?:(?:what|how) about\b,?\s*)?", re.IGNORECASE
)
_SHORT_ASK = re.compile(
    r"(?:how (?:many|much)|what|when|who|where)(?: (?:was|were|is|are|did)(?: (?:it|there|that))?)?"
    r"(?=\s|$)\s*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:by |in |of |on |to |from |for |at )?(?:how|what|which|who|when|where|why)\b"
)
# A question of fewer words has no room for both what is asked and of what.
_FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it was asked, made whole, and the text that answered it."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a question asks in its conversation."""

    question: str
    """Made whole where it had to be."""
    rewritten: bool = False
    unclear: bool = False
    """Whether it leans on what was said before in a way that cannot be made out."""


@dataclass(frozen=True, slots=True)
class _Period:
    month: int | None
    year: int | None
    fiscal: str
    at: str
    start: int
    end: int
    """Of the words that name it, the preposition not among them."""

    def __str__(self) -> str:
        name = _MONTH_NAMES[self.month - 1] if self.month else ""
        return f"{self.fiscal}{name} {self.year or ''}".strip().replace("  ", " ")

    def moved(self, unit: str, by: int) -> _Period | None:
        """So many months or years on; None where it does not say which it is."""
        if unit == "year":
            return replace(self, year=self.year + by) if self.year else None
        if not self.month:
            return None
        years, month = divmod(self.month - 1 + by, 12)
        return replace(self, month=month + 1, year=self.year + years if self.year else None)


_Change = Callable[[Exchange], "str | None"]
"""Puts one part of a follow-up into the question before; None where its place is not clear."""


def made_whole(question: str, before: Exchange | None) -> FollowUp:
    """Return what a question asks after the exchange before it.

    >>> made_whole("And the month before?", Exchange("How many ships came in May 2031?")).question
    'How many ships came in April 2031?'
    >>> made_whole("And what of it?", Exchange("How many ships came?")).unclear
    True
    """
    opener = _OPENER.match(question)
    leans = bool(opener and opener[0].strip())
    rest = question[opener.end() if opener else 0 :].strip(" ?.!\n")
    changes = _changes(rest, short_ask=bool(_SHORT_ASK.match(rest)))
    if changes is None:
        is_whole = not leans or (
            len(rest.split()) >= _FEWEST_WORDS and bool(_ASKS.match(rest.lower()))
        )
        return FollowUp(question, unclear=not is_whole)
    if before is None:
        return FollowUp(question, unclear=leans)
    exchange: Exchange | None = before
    for change in changes:
        changed = change(exchange) if exchange else None
        exchange = replace(before, question=changed) if changed else None
    if exchange is None:
        return FollowUp(question, unclear=True)
    return FollowUp(exchange.question, rewritten=True)


def _changes(rest: str, *, short_ask: bool) -> list[_Change] | None:
    """What each part of a follow-up changes; None where it has other parts than those."""
    if short_ask:
        rest = _SHORT_ASK.sub("", rest, count=1)
    changes: list[_Change] = []
    while rest:
        if match := _SHIFT.match(rest):
            changes.append(_shifting(match))
        elif match := _PERIOD.match(rest):
            changes.append(_dating(_period(match)))
        elif match := _NAME.match(rest):
            changes.append(_naming(match["at"], match["name"]))
        else:
            return None
        rest = rest[match.end() :].lstrip(" ,")
    return changes or None


def _shifting(match: re.Match[str]) -> _Change:
    unit = (match["unit"] or match["unit_2"]).lower()
    back = (match["way"] or match["turn"]).lower() in _BACK
    by = _COUNT[(match["count"] or "").lower()] * (-1 if back else 1)

    def change(before: Exchange) -> str | None:
        named, said = _periods(before.question), _periods(before.answer)
        if len(named) == 1:
            moved = named[0].moved(unit, by)
            return _put(before.question, str(moved), moved.start, moved.end) if moved else None
        if named or len({(p.month, p.year) for p in said}) != 1:
            return None
        moved = said[0].moved(unit, by)
        return _appended(before.question, f"in {moved}") if moved else None

    return change


def _dating(wanted: _Period) -> _Change:
    def change(before: Exchange) -> str | None:
        named = _periods(before.question)
        if not named:
            return _appended(before.question, f"{wanted.at or 'in'} {wanted}")
        if len(named) > 1:
            return None
        (old,) = named
        new = replace(
            wanted,
            month=wanted.month or old.month,
            year=wanted.year or old.year,
            fiscal=wanted.fiscal or ("" if wanted.month else old.fiscal),
        )
        return _put(before.question, str(new), old.start, old.end)

    return change


def _naming(at: str | None, name: str) -> _Change:
    def change(before: Exchange) -> str | None:
        found = _names(before.question)
        same = [match for match in found if at and match["at"] == at]
        if len(same) == 1 or (not same and len(found) == 1):
            (old,) = same or found
            return _put(before.question, name, old.start("name"), old.end("name"))
        return None if found or not at else _appended(before.question, f"{at} {name}")

    return change


def _period(match: re.Match[str]) -> _Period:
    month, year = match["month"], match["its_year"] or match["year"]
    return _Period(
        month=1 + [name[:3] for name in _MONTH_NAMES].index(month[:3]) if month else None,
        year=int(year) if year else None,
        fiscal=match["fiscal"] or "",
        at=match["at"] or "",
        start=match.start("named"),
        end=match.end("named"),
    )


def _periods(text: str) -> list[_Period]:
    return [_period(match) for match in _PERIOD.finditer(text)]


def _names(question: str) -> list[re.Match[str]]:
    """Names that a question has; its first word and months are none."""
    periods = _periods(question)
    return [
        match
        for match in re.finditer(rf"(?<![\w])(?:{_NAME.pattern})", question)
        if match.start("name") > 0
        and not any(p.start < match.end("name") and match.start("name") < p.end for p in periods)
    ]


def _put(question: str, words: str, start: int, end: int) -> str:
    return question[:start] + words + question[end:]


def _appended(question: str, words: str) -> str:
    bare = question.rstrip(" ?.!")
    return f"{bare} {words}{question[len(bare) :].strip() or '?'}"
