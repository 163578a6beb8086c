"""Finding figures: one pattern a way of writing them, the most telling way first.

Patterns are tried at each place in the order of :data:`_WAYS`; what one has taken, no later one
sees. Each is anchored by a digit or a word of a short list, so that time grows with the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from rag.figures import lexicon
from rag.schema import Bound, Figure, FigureKind, Span

Read = Callable[[re.Match[str]], "tuple[Decimal, FigureKind, str] | None"]
"""Value, kind and unit of a match; None where it is no figure after all."""


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_SMALL = rf"(?:(?:{_any(lexicon.TENS)})(?:-(?:{_any(lexicon.UNITS)}))?|{_any(lexicon.UNITS)})"
_SCALE = rf"(?:{_any(lexicon.SCALES)})"
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_YEAR = r"(?:19|20)\d\d"
_PERCENT = r"(?:\s?%|[\s-]per\s?cent\b(?!age))"
_POINTS = r"(?:\s(?:percentage|per cent)[\s-]points?\b|\s?pp\b)"
_TIME = r"(?P<time>second|minute|hour|day|week|month|year|decade)s?\b"


def _read_date(m: re.Match[str]) -> tuple[Decimal, FigureKind, str]:
    parts = m.groupdict()
    month = parts["month"]
    number = int(month) if month.isdigit() else lexicon.MONTHS.index(month[:3].lower()) + 1
    year, day = int(parts.get("year") or 0), int(parts.get("day") or 0)
    return Decimal(year * 10_000 + number * 100 + day), FigureKind.DATE, ""


def _read_year(m: re.Match[str]) -> tuple[Decimal, FigureKind, str]:
    return Decimal(m["year"]), FigureKind.YEAR, ""


def _read_identifier(m: re.Match[str]) -> tuple[Decimal, FigureKind, str]:
    digits = "".join(filter(str.isdigit, m[0]))
    return Decimal(digits or 0), FigureKind.IDENTIFIER, m[0].lower()


def _read_ordinal(m: re.Match[str]) -> tuple[Decimal, FigureKind, str]:
    word = m[0].lower()
    value = lexicon.ORDINALS.get(word) or int(re.sub(r"\D", "", word))
    return Decimal(value), FigureKind.ORDINAL, ""


def _read_multiple(m: re.Match[str]) -> tuple[Decimal, FigureKind, str]:
    return lexicon.MULTIPLES[m[0].lower()], FigureKind.MULTIPLE, ""


def _read_ratio(m: re.Match[str]) -> tuple[Decimal, FigureKind, str] | None:
    part, whole = _number(m["part"]), _number(m["whole"])
    return (part / whole, FigureKind.RATIO, "") if whole else None


def _read_fraction(m: re.Match[str]) -> tuple[Decimal, FigureKind, str]:
    times = _number(m["times"] or "one")
    scale = lexicon.SCALES.get((m["scale"] or "").lower())
    value = times * lexicon.FRACTIONS[m["fraction"].lower().removesuffix("s")]
    return (value * scale, FigureKind.COUNT, "") if scale else (value, FigureKind.RATIO, "")


def _read_quantity(m: re.Match[str]) -> tuple[Decimal, FigureKind, str] | None:
    value = _number(m["number"])
    for scale in (m["scale"], m["second"]):
        value *= lexicon.SCALES.get((scale or "").lower(), Decimal(1))
    if m["short"]:
        value *= lexicon.SHORT_SCALES[m["short"].lower()]
    kind, unit = _kind_and_unit(m)
    scaled = m["scale"] or m["short"]
    if kind is FigureKind.COUNT and m["number"].lower() in {"a", "an", "one"} and not scaled:
        return None  # "one of the officials", "a person"
    return -value if m["minus"] else value, kind, unit


def _kind_and_unit(m: re.Match[str]) -> tuple[FigureKind, str]:
    if currency := m["sign"] or m["coin"]:
        return FigureKind.MONEY, lexicon.CURRENCIES[currency.lower()]
    if m["time"] and not m["old"]:
        return FigureKind.DURATION, m["time"].lower()
    named = {
        "points": FigureKind.PERCENTAGE_POINTS,
        "percent": FigureKind.PERCENT,
        "old": FigureKind.AGE,
    }
    return next((kind for group, kind in named.items() if m[group]), FigureKind.COUNT), ""


_NOT_INSIDE = r"(?<![\w.,/])(?<![^\W\d][-'’])"
_QUANTITY = (
    rf"{_NOT_INSIDE}(?P<minus>[-−–](?=[\d$€£.])|minus\s)?"
    rf"(?P<sign>(?:US|C|A)?\$|[€£¥])?\s?(?P<number>{_DIGITS}|{_SMALL}\b|an?\b(?=\s{_SCALE}))"
    rf"(?:(?P<short>bn|mn|mln|tn|k|m|b)\b|[\s-](?P<scale>{_SCALE})s?\b(?:\s(?P<second>{_SCALE})\b)?)?"
    rf"(?:(?P<points>{_POINTS})|(?P<percent>{_PERCENT})"
    r"|\s(?P<coin>dollar|euro|pound|yen)s?\b"
    rf"|[\s-]{_TIME}(?P<old>[\s-]olds?\b)?)?"
)
_WAYS: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (re.compile(pattern, flags), read)
    for pattern, flags, read in (
        (
            r"(?<![\w-])(?:\+\d{1,3}[\s-])?\(?\d{3}\)?[\s.-]\d{3}[.-]\d{4}(?![\w-])",
            0,
            _read_identifier,
        ),
        (rf"(?<![\w-])(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])", 0, _read_date),
        (
            (
                rf"\b(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,.]*\d{{3}}|\s?%)\b"
                rf"(?:,?\s(?P<year>{_YEAR})\b)?"
            ),
            0,
            _read_date,
        ),
        (
            rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<month>{_MONTH})\b(?:\s(?P<year>{_YEAR})\b)?",
            0,
            _read_date,
        ),
        (rf"\b(?P<month>{_MONTH})(?:\sof|,)?\s(?P<year>{_YEAR})\b", 0, _read_date),
        (
            rf"(?<![\w.,$€£-])(?:FY\s?)?(?P<year>{_YEAR})s?(?![\w%]|[.,]\d)(?!\s(?:people|{_SCALE}))",
            0,
            _read_year,
        ),
        (r"\b(?:[A-Z][A-Za-z]*-\d+|[A-Z]+\d+[A-Z]*\d*|No\.\s?\d+|\d+/\d+)\b", 0, _read_identifier),
        (
            rf"\b(?P<part>{_SMALL}|\d+)\s(?:in|out\sof)\s(?P<whole>{_SMALL}|\d+)\b(?!\s?%)",
            re.I,
            _read_ratio,
        ),
        (
            (
                rf"\b(?:(?P<times>an?|one|two|three|four)[\s-])?(?P<fraction>half|thirds?|quarters?|fifths?|tenths?)\b"
                rf"(?:\san?\s(?P<scale>{_SCALE})\b|(?=\sof\b|\sthe\b))"
            ),
            re.I,
            _read_fraction,
        ),
        (rf"\b(?:{_any(lexicon.MULTIPLES)})\b", re.I, _read_multiple),
        (
            rf"\b(?:\d{{1,3}}(?:st|nd|rd|th)|{_any(lexicon.ORDINALS)})\b(?!\s(?:of\sall|half))",
            re.I,
            _read_ordinal,
        ),
        (_QUANTITY, re.I, _read_quantity),
    )
)
_BEFORE = re.compile(
    rf"\b(?P<bound>{'|'.join(p for p, _ in lexicon.BEFORE)})\s(?:an?\s|the\s)?$", re.I
)
_AFTER = re.compile(rf"\s(?P<bound>{'|'.join(p for p, _ in lexicon.AFTER)})\b|\+", re.I)
_LOOK_BACK = 24


def find_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text in order; ``text[span]`` is each figure's text.

    >>> [(f.text, str(f.value), f.bound.value) for f in find_figures("Over 1.5 million left.")]
    [('1.5 million', '1500000.0', 'more than')]
    """
    taken = bytearray(len(text))
    found: list[Figure] = []
    for pattern, read in _WAYS:
        for match in pattern.finditer(text):
            span = _trimmed(match)
            if not len(span) or any(taken[span.start : span.end]):
                continue
            stated = read(match)
            if stated is not None:
                taken[span.start : span.end] = b"\1" * len(span)
                found.append(_figure(text, span, *stated))
    return _ranges_completed(text, sorted(found, key=lambda figure: figure.span))


def bounded_span(text: str, figure: Figure) -> Span:
    """Return the span of a figure with the words that bound it, as in "more than 3,000"."""
    start, end = figure.span.start, figure.span.end
    if before := _bound_before(text, start):
        start = before.start("bound")
    elif after := _AFTER.match(text, end):
        end = after.end()
    return Span(start, end)


_TO = re.compile(r"\s?[-–—]\s?|\s(?:to|and)\s")
_SHARED_KINDS = frozenset(
    {FigureKind.PERCENT, FigureKind.PERCENTAGE_POINTS, FigureKind.MONEY, FigureKind.DURATION}
)
_SCALE_IN = re.compile(rf"\b{_SCALE}\b|(?<=\d)(?:bn|mn|mln|tn|k|m|b)\b", re.I)


def _ranges_completed(text: str, figures: list[Figure]) -> tuple[Figure, ...]:
    """Give the first figure of a range what only the second one says: "$10 to $12 million"."""
    for i, (first, second) in enumerate(itertools.pairwise(figures)):
        between = text[first.span.end : second.span.start]
        joined = _TO.fullmatch(between) and (
            "and" not in between or text[: first.span.start].lower().endswith("between ")
        )
        if joined and first.kind in {FigureKind.COUNT, second.kind}:
            figures[i] = _as_in(first, second)
    return tuple(figures)


def _as_in(first: Figure, second: Figure) -> Figure:
    scale = _SCALE_IN.search(second.text)
    if scale and not _SCALE_IN.search(first.text):
        word = scale[0].lower()
        factor = lexicon.SCALES.get(word) or lexicon.SHORT_SCALES[word]
        first = replace(first, value=first.value * factor)
    if second.kind in _SHARED_KINDS:
        first = replace(first, kind=second.kind, unit=second.unit)
    return first


def _figure(text: str, span: Span, value: Decimal, kind: FigureKind, unit: str) -> Figure:
    bound = Bound.EXACT
    if before := _bound_before(text, span.start):
        bound = dict(lexicon.BEFORE)[" ".join(before["bound"].lower().split())]
    elif after := _AFTER.match(text, span.end):
        phrase = after["bound"]
        bound = dict(lexicon.AFTER)[phrase.lower()] if phrase else Bound.AT_LEAST
    return Figure(text[span.start : span.end], value, kind, unit, bound, span)


def _bound_before(text: str, start: int) -> re.Match[str] | None:
    return _BEFORE.search(text, max(0, start - _LOOK_BACK), start)


def _trimmed(match: re.Match[str]) -> Span:
    text = match[0]
    start = match.start() + len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))


def _number(text: str) -> Decimal:
    """Value of digits or of a number below a hundred in words."""
    bare = text.lower().replace(",", "")
    if bare in {"a", "an"}:
        return Decimal(1)
    if bare[-1].isdigit():
        return Decimal(bare)
    return Decimal(
        sum(lexicon.TENS.get(word, lexicon.UNITS.get(word, 0)) for word in bare.split("-"))
    )
