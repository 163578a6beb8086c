"""Phrases by name, read from TOML, and sentences made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+)\}")

Phrases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that is counted again and again for each of many entities."""

    id: str
    entity: str
    """Pattern of an entity's name."""
    short: str
    """What a second sentence calls the entity."""
    every: str
    """How often: month, quarter or year."""
    unit: str
    """How numbers are written: count, money (in millions), percent or number."""
    low: float
    high: float
    swing: float
    """Standard deviation of the logarithm between two periods."""
    decimals: int
    full: str
    """Pattern of a number with its unit, where no other word of the sentence says it."""
    phrases: Phrases
    """How sentences state it (states, leans, measure, head, source) and how questions, in other
    words, ask for it (ask, far, key, topic)."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A field of news: its quantities, and the phrases of its background."""

    name: str
    quantities: tuple[Quantity, ...]
    phrases: Phrases


def common() -> Phrases:
    """Phrases that every domain uses."""
    return _common()


def domains() -> tuple[Domain, ...]:
    """All domains in the order of their names."""
    return _domains()


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """Put values into a pattern; ``{Name}`` gets the value of ``name`` with a capital.

    >>> fill("{Core}, {source} said.", {"core": "it rained", "source": "the council"})
    'It rained, the council said.'

    Raises:
        KeyError: a slot has no value.
    """

    def put(slot: re.Match[str]) -> str:
        name = slot[1]
        return values[name] if name in values else capital(values[name.lower()])

    return _SLOT.sub(put, pattern)


def expand(pattern: str, phrases: Sequence[Phrases], values: Mapping[str, str], rng: Random) -> str:
    """Fill a pattern with values and, where there is none, with phrases chosen by chance.

    No phrase is used twice in one sentence.

    Args:
        pattern: with slots, as for :func:`fill`.
        phrases: looked through in this order; a phrase may have slots itself.
        values: go before phrases.
        rng: chooses.
    """
    used: set[str] = set()

    def choose(slot: re.Match[str]) -> str:
        name = slot[1]
        low = name.lower()
        if low in values:
            text = values[low]
        else:
            options = next(table[low] for table in phrases if low in table)
            text = rng.choice([o for o in options if o not in used] or options)
            used.add(text)
            text = _SLOT.sub(choose, text)
        return text if name == low else capital(text)

    return _SLOT.sub(choose, pattern)


@cache
def _common() -> Phrases:
    return _phrases(_load(_FOLDER / "common.toml"))


@cache
def _domains() -> tuple[Domain, ...]:
    return tuple(_domain(path) for path in sorted((_FOLDER / "domains").glob("*.toml")))


def _domain(path: Path) -> Domain:
    table = _load(path)
    quantities = tuple(_quantity(entry) for entry in table["quantity"])
    return Domain(path.stem, quantities, _phrases(table))


def _quantity(table: Mapping[str, Any]) -> Quantity:
    return Quantity(
        id=table["id"],
        entity=table["entity"],
        short=table["short"],
        every=table["every"],
        unit=table["unit"],
        low=float(table["low"]),
        high=float(table["high"]),
        swing=float(table.get("swing", 0.12)),
        decimals=int(table.get("decimals", 1)),
        full=table.get("full", "{n}"),
        phrases=_phrases({k: v for k, v in table.items() if "\n" in str(v)}),
    )


def _phrases(table: Mapping[str, Any]) -> Phrases:
    """Texts of several lines, a phrase a line."""
    return {k: tuple(v.strip().split("\n")) for k, v in table.items() if isinstance(v, str)}


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
