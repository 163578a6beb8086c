"""Names of places, people, companies and outlets, made of syllables and lists."""

from __future__ import annotations

import tomllib
from itertools import product
from pathlib import Path
from random import Random

from eval.benchmarks.values import chance

_TABLE = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
_WORDS: dict[str, list[str]] = {name: text.split() for name, text in _TABLE.items()}

_BEFORE = ("North", "South", "East", "West", "New", "Upper", "Lower", "Saint", "Great", "Little")
# A sixth of the places has a namesake, as in life: the wrong one is a near miss.
_NAMESAKES = 6


def _outlets() -> tuple[str, ...]:
    """Four papers a region."""
    papers = _WORDS["papers"]
    n = len(papers)
    return tuple(
        f"{region} {papers[(2 * i + offset) % n]}"
        for i, region in enumerate(_WORDS["regions"])
        for offset in (0, 1, 7, 8)
    )


OUTLETS = _outlets()


def places(n: int, seed: int) -> list[str]:
    """Return ``n`` different places."""
    rng = chance(seed, "places")
    plain = ["".join(parts) for parts in product(_WORDS["heads"], _WORDS["tails"])]
    rng.shuffle(plain)
    n_namesakes = n // _NAMESAKES
    chosen = plain[: n - n_namesakes]
    chosen += [f"{rng.choice(_BEFORE)} {place}" for place in chosen[:n_namesakes]]
    rng.shuffle(chosen)
    return chosen


def person(rng: Random) -> str:
    """Return a name, one of about eight thousand."""
    return f"{rng.choice(_WORDS['first'])} {rng.choice(_WORDS['last'])}"


def company(place: str) -> str:
    """Return the company of a place."""
    return f"{place} {chance(place, 'company').choice(_WORDS['makes'])}"


def team(place: str) -> str:
    """Return what the football club of a place calls itself beside the place's name."""
    return chance(place, "team").choice(_WORDS["teams"])
