"""The English words that figures are written with."""

from __future__ import annotations

from decimal import Decimal

from rag.schema import Bound

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "  # noqa: SIM905
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),  # noqa: SIM905
        start=2,
    )
}
SCALES = {
    "hundred": Decimal(100),
    "dozen": Decimal(12),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
SHORT_SCALES = {
    "k": Decimal(10**3),
    "m": Decimal(10**6),
    "mn": Decimal(10**6),
    "mln": Decimal(10**6),
    "b": Decimal(10**9),
    "bn": Decimal(10**9),
    "tn": Decimal(10**12),
}
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),  # noqa: SIM905
        start=1,
    )
}
FRACTIONS = {
    "half": Decimal("0.5"),
    "third": Decimal(1) / 3,
    "quarter": Decimal("0.25"),
    "fifth": Decimal("0.2"),
    "tenth": Decimal("0.1"),
}
MULTIPLES = {
    "doubled": Decimal(2),
    "doubling": Decimal(2),
    "twofold": Decimal(2),
    "twice": Decimal(2),
    "tripled": Decimal(3),
    "tripling": Decimal(3),
    "threefold": Decimal(3),
    "quadrupled": Decimal(4),
    "fourfold": Decimal(4),
    "tenfold": Decimal(10),
    "halved": Decimal("0.5"),
    "halving": Decimal("0.5"),
}
CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "c$": "CAD",
    "a$": "AUD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "yen": "JPY",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

BEFORE: tuple[tuple[str, Bound], ...] = (
    ("no more than", Bound.AT_MOST),
    ("not more than", Bound.AT_MOST),
    ("no fewer than", Bound.AT_LEAST),
    ("no less than", Bound.AT_LEAST),
    ("more than", Bound.MORE_THAN),
    ("greater than", Bound.MORE_THAN),
    ("upwards of", Bound.MORE_THAN),
    ("fewer than", Bound.LESS_THAN),
    ("less than", Bound.LESS_THAN),
    ("at least", Bound.AT_LEAST),
    ("a minimum of", Bound.AT_LEAST),
    ("as many as", Bound.AT_MOST),
    ("as much as", Bound.AT_MOST),
    ("at most", Bound.AT_MOST),
    ("up to", Bound.AT_MOST),
    ("a maximum of", Bound.AT_MOST),
    ("close to", Bound.ABOUT),
    ("an estimated", Bound.ABOUT),
    ("some", Bound.ABOUT),
    ("about", Bound.ABOUT),
    ("around", Bound.ABOUT),
    ("roughly", Bound.ABOUT),
    ("approximately", Bound.ABOUT),
    ("nearly", Bound.NEARLY),
    ("almost", Bound.NEARLY),
    ("just under", Bound.NEARLY),
    ("just over", Bound.MORE_THAN),
    ("well over", Bound.MORE_THAN),
    ("over", Bound.MORE_THAN),
    ("exceeding", Bound.MORE_THAN),
    ("above", Bound.MORE_THAN),
    ("under", Bound.LESS_THAN),
    ("below", Bound.LESS_THAN),
)
"""Phrases that bound the figure behind them; longer ones first, where one ends another."""

AFTER: tuple[tuple[str, Bound], ...] = (
    ("or more", Bound.AT_LEAST),
    ("or fewer", Bound.AT_MOST),
    ("or less", Bound.AT_MOST),
    ("or so", Bound.ABOUT),
)
