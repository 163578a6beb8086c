"""How old people are, where no "years old" says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.figures import lexicon
from rag.figures.numerals import SMALL, read_number
from rag.figures.reading import Prose, Reading, any_of
from rag.figures.units import unit_after
from rag.schema import FigureKind

_NUMBER = rf"(?:(?:1[01]\d|[1-9]?\d)(?:\.\d)?|{SMALL})"
_END = r"(?![\w%]|[.,]\d|-\w|\s?%|\sper\s?cent\b|\s(?:hundred|thousand|million|billion)\b)"
_UNIT = r"(?:\s(?P<unit>day|week|month|year)s?\b)?"
_BOUND = r"(?:(?:just|only|about|around|from|over|under|above|below|at\sleast|up\sto)\s)?"
_AGED = re.compile(
    r"\b(?:aged?|ages(?:\sof)?|age\s(?:of|is|was)|(?:man|woman|boy|girl|baby|toddler)\sof)\s"
    rf"(?:between\s(?P<from>{_NUMBER})\sand\s|{_BOUND})(?P<number>{_NUMBER})"
    rf"(?:(?:\s?[-–]\s?|\s(?:to|or)\s)(?P<second>{_NUMBER}))?{_UNIT}{_END}"
)
# "Ann Ray, 34, said"; "Ann Ray, 34."; in "nine, 12, or more" and "12, 24, 36" no one is old.
_BESIDE_NAME = re.compile(
    r"(?:(?<=[^\W\d_],\s)|(?<=[)”],\s))(?P<number>1[01]\d|[1-9]?\d)(?=,\s(?!and\b|or\b)[a-z“\"])"
    r"|\b[A-Z][\w'’-]{1,30},\s(?P<last>1[01]\d|[1-9]?\d)(?=[.;]?$|[.;]\s|,\s(?:and\s)?[A-Z])"
)
_TURNED = re.compile(
    r"\bturn(?:s|ed|ing)?\s(?P<number>1[01]\d|[1-9]\d)(?=[.,;]|$|\s(?:in|on|last|this|next|today"
    r"|yesterday|when|before|after|and)\b)"
)
_LIMIT = re.compile(
    rf"(?:\b{any_of(lexicon.PEOPLE)}(?:\saged)?\s(?:under|over|above|below)\s(?:the\sage\sof\s)?"
    rf"|\b(?:younger|older)\sthan\s)(?P<number>{_NUMBER}){_UNIT}{_END}(?!\s[a-z]+s\b)"
)
_GROUP = re.compile(
    r"\b(?:under|over)[\s-](?P<number>\d\d?)[’']?s\b|\b(?P<from>\d\d)[-–](?P<last>\d\d)s\b"
)
_OLDER = re.compile(rf"\b(?P<number>{_NUMBER})(?=\s(?:or|and)\s(?:older|younger)\b)")


def read_ages(prose: Prose) -> Iterator[Reading]:
    """Yield the ages that a text states."""
    for pattern in (_AGED, _TURNED, _LIMIT, _GROUP, _OLDER):
        for match in pattern.finditer(prose.low):
            if not unit_after(prose, match.end()):  # "boys under 5 kg"
                yield from _ages(match)
    for match in _BESIDE_NAME.finditer(prose.text):
        yield from _ages(match)


def _ages(match: re.Match[str]) -> Iterator[Reading]:
    """The one or two ages of a match; the unit belongs to the last."""
    groups = match.groupdict()
    named = [name for name in ("from", "number", "second", "last") if groups.get(name)]
    unit = groups.get("unit")
    for name in named:
        end = match.end("unit") if unit and name == named[-1] else match.end(name)
        value = read_number(groups[name])
        yield Reading(match.start(name), end, value, FigureKind.AGE, unit or "year")
