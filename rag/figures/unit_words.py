"""The words, signs and letters of units: money, time, measures, shares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from rag.schema import FigureKind


class Unit(NamedTuple):
    """Kind and unit as in :class:`rag.schema.Figure`, and what the number is multiplied by."""

    kind: FigureKind
    name: str = ""
    factor: Decimal = Decimal(1)


def _named(phrases: dict[str, str]) -> dict[str, str]:
    """Each phrase with its unit, from units with all their phrases in one line."""
    return {phrase: unit for unit, line in phrases.items() for phrase in line.split(", ")}


_CODES = frozenset(
    "AED ARS AUD BDT BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR JPY KES "  # noqa: SIM905
    "KRW LKR MXN MYR NGN NOK NZD PEN PHP PKR PLN RUB SAR SEK SGD THB TWD TZS UAH UGX USD VND XAF "
    "XOF ZAR".split()
)
SIGNS = {code: code for code in _CODES} | _named(
    {
        "USD": "$, US$, U.S.$",
        "CAD": "C$, CA$",
        "AUD": "A$, AU$",
        "NZD": "NZ$",
        "HKD": "HK$",
        "SGD": "S$",
        "TWD": "NT$",
        "BRL": "R$",
        "EUR": "€",
        "GBP": "£",
        "JPY": "¥",
        "CNY": "RMB",
        "INR": "₹",
        "KRW": "₩",
        "RUB": "₽",
        "TRY": "₺",
        "ILS": "₪",
        "NGN": "₦",
        "PHP": "₱",
        "VND": "₫",
        "THB": "฿",
        "UAH": "₴",
        "MYR": "RM",
        "IDR": "Rp",
        "BDT": "Tk",
        "KES": "KSh, Ksh",
        "CHF": "SFr",
        "rupee": "Rs, Rs.",
        "shilling": "Sh",
        "krone": "kr, Kr",
        "franc": "Fr, Fr.",
    }
)
"""What stands before sums. A plain dollar sign is that of the United States."""

_COINS = _named(
    {
        "USD": "dollar, us dollar, u.s. dollar, american dollar, buck, $",
        "CAD": "canadian dollar",
        "AUD": "australian dollar",
        "HKD": "hong kong dollar",
        "SGD": "singapore dollar",
        "EUR": "euro, €",
        "GBP": "pound, pound sterling, quid, £",
        "JPY": "yen, ¥",
        "CNY": "yuan, renminbi",
        "INR": "indian rupee, ₹",
        "PKR": "pakistani rupee",
        "KRW": "won",
        "ZAR": "rand",
        "BRL": "reais",
        "PLN": "zloty",
        "RUB": "rouble, ruble",
        "IDR": "rupiah",
        "MYR": "ringgit",
        "THB": "baht",
        "HUF": "forint",
        "ILS": "shekel",
        "UAH": "hryvnia",
        "NGN": "naira",
        "TRY": "lira",
        "AED": "dirham",
        "SAR": "riyal",
        "CHF": "swiss franc",
        "XOF": "cfa franc",
        "CZK": "koruna",
        "SEK": "krona, kronor, swedish krona, swedish kronor",
        "NOK": "norwegian krone, norwegian kroner",
        "DKK": "danish krone, danish kroner",
        "KES": "kenyan shilling",
        "MXN": "mexican peso",
        "PHP": "philippine peso",
        "rupee": "rupee",
        "shilling": "shilling",
        "peso": "peso",
        "franc": "franc",
        "krone": "krone, kroner",
        "crown": "crown",
        "dinar": "dinar",
        "rial": "rial",
    }
)
_HUNDREDTHS = _named(
    {
        "cent": "cent",
        "USD": "us cent, u.s. cent",
        "EUR": "euro cent",
        "GBP": "pence, penny, p",
        "krone": "ore, öre, øre",
    }
)
SHARED_NAMES: dict[str, frozenset[str]] = {
    "rupee": frozenset({"INR", "PKR", "LKR"}),
    "shilling": frozenset({"KES", "TZS", "UGX"}),
    "peso": frozenset({"ARS", "CLP", "COP", "MXN", "PHP"}),
    "franc": frozenset({"CHF", "XAF", "XOF"}),
    "krone": frozenset({"DKK", "NOK", "SEK"}),
    "crown": frozenset({"CZK", "DKK", "NOK", "SEK"}),
    "cent": frozenset({"AUD", "CAD", "EUR", "HKD", "NZD", "SGD", "USD", "ZAR"}),
    "degree": frozenset({"celsius", "fahrenheit"}),
}
"""Names that stand for any of several units, where a text does not say which."""

_TIMES = _named(
    {
        "second": "second, sec",
        "minute": "minute, min",
        "hour": "hour, hr, h",
        "day": "day",
        "week": "week",
        "month": "month",
        "year": "year, yr",
        "decade": "decade",
    }
)
_LONGER = {
    "fortnight": Unit(FigureKind.DURATION, "week", Decimal(2)),
    "century": Unit(FigureKind.DURATION, "year", Decimal(100)),
}
_MEASURES = _named(
    {
        "km": "km, kilometre, kilometer",
        "m": "m, metre, meter",
        "cm": "cm, centimetre, centimeter",
        "mm": "mm, millimetre, millimeter",
        "mile": "mile",
        "yard": "yard",
        "foot": "foot, feet, ft",
        "inch": "inch, inches",
        "kg": "kg, kilo, kilogram",
        "g": "g, gram",
        "mg": "mg, milligram",
        "tonne": "tonne",
        "ton": "ton",
        "pound": "lb, lbs",
        "ounce": "ounce, oz",
        "stone": "stone",
        "litre": "litre, liter",
        "ml": "ml, millilitre, milliliter",
        "gallon": "gallon",
        "barrel": "barrel",
        "acre": "acre",
        "hectare": "hectare, ha",
        "degree": "degree, °",
        "celsius": "c, °c, degree celsius, degree centigrade, degree c",
        "fahrenheit": "f, °f, degree fahrenheit, degree f",
        "mph": "mph, mile per hour, mile an hour",
        "km/h": "km/h, kph, kmh, kilometre per hour, kilometer per hour, kilometre an hour, "
        "kilometer an hour",
        "m/s": "m/s, metre per second, meter per second",
        "knot": "knot",
        "kW": "kw, kilowatt",
        "MW": "mw, megawatt",
        "GW": "gw, gigawatt",
        "kWh": "kwh",
        "MWh": "mwh",
        "GWh": "gwh",
        "TWh": "twh",
        "MB": "mb, megabyte",
        "GB": "gb, gigabyte",
        "TB": "tb, terabyte",
        "mile²": "square mile, sq mile",
        "m²": "square metre, square meter, sq m, m²",
        "km²": "square kilometre, square kilometer, sq km, km²",
        "foot²": "square foot, square feet, sq ft",
        "m³": "cubic metre, cubic meter, m³",
        "foot³": "cubic foot, cubic feet",
        "point": "point",
    }
)
GLUED = frozenset(
    "% ％ $ € £ ¥ ₹ ° °c °f c f km m cm mm ft kg g mg lb lbs oz ml ha mph kph kmh km/h m/s kw mw "  # noqa: SIM905
    "gw kwh mwh gwh twh mb gb tb m² km² m³ h hr hrs min mins sec secs yr yrs p pc pct pp ppt ppts "
    "bp bps x".split()
)
"""What may stand behind a number without a space."""

LINKING = frozenset(
    "additional business calendar consecutive extra full further long more other solid straight "  # noqa: SIM905
    "successive whole working".split()
)
"""Words that may stand between a number and a span of time: "three full years"."""


def _plural(phrase: str) -> str:
    """Plural of a unit: miles per hour, pennies."""
    first, *rest = phrase.split()
    if rest and rest[0] in {"per", "an", "celsius", "centigrade", "fahrenheit", "c", "f"}:
        return " ".join([f"{first}s", *rest])
    if len(phrase) < 3:
        return phrase  # "no one has" are no hectares
    return re.sub("(?<=[^aeo])y$", "ie", phrase) + "s"


def _entries() -> Iterator[tuple[str, Unit]]:
    """Yield every phrase in the singular with its unit."""
    yield from ((phrase, Unit(FigureKind.MONEY, name)) for phrase, name in _COINS.items())
    for phrase, name in _HUNDREDTHS.items():
        yield phrase, Unit(FigureKind.MONEY, name, Decimal("0.01"))
    for phrase, name in _TIMES.items():
        yield phrase, Unit(FigureKind.DURATION, name)
        for old in ("old", "olds", "of age"):
            yield f"{phrase} {old}", Unit(FigureKind.AGE, name)
            yield f"{phrase}s {old}", Unit(FigureKind.AGE, name)
    yield from _LONGER.items()
    yield from ((phrase, Unit(FigureKind.COUNT, name)) for phrase, name in _MEASURES.items())
    for phrase in ("%", "％", "percent", "per cent", "pct", "pc"):
        yield phrase, Unit(FigureKind.PERCENT)
    for phrase in ("percentage point", "percent point", "per cent point", "pp", "ppt"):
        yield phrase, Unit(FigureKind.PERCENTAGE_POINTS)
    for phrase in ("basis point", "bp"):
        yield phrase, Unit(FigureKind.PERCENTAGE_POINTS, "", Decimal("0.01"))
    yield "bps", Unit(FigureKind.PERCENTAGE_POINTS, "", Decimal("0.01"))
    for phrase in ("fold", "x", "time"):
        yield phrase, Unit(FigureKind.MULTIPLE)


UNITS: dict[str, Unit] = {code.lower(): Unit(FigureKind.MONEY, code) for code in _CODES}
"""Every phrase in lower case that may stand behind a number, with its unit."""

for _phrase, _unit in _entries():
    UNITS[_phrase] = UNITS[_plural(_phrase)] = _unit
