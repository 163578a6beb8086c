"""How sure a figure is as the answer: a probability, estimated from all that speaks for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# A constant, then a weight a sign, by logistic regression: at a glance on 263 figures that come
# first and may be shown, 172 of them right, as read on the 133 of them, 92 right, that a glance
# leaves open, and on as many as the taught model reads them. A third of the questions have no
# answer, and a figure that tempts; most are by authors who did not know the program.
# `python -m eval.calibrate` does it again.
_AT_A_GLANCE = (-0.11, 0.55, 0.48)
_READ = (-0.27, 0.4, 0.21, 0.85, 0.24, 0.28)
_READ_TAUGHT = (0.43, 0.29, 0.0, 0.63, 0.17, 0.52)
_MOST_ODDS = 5.0
_MOST_AHEAD = 4.0
"""Likelihood held out is best with it, of 1.5 to 6."""
_LEAST_AHEAD = 0.5
"""A factor of 1.6: between two figures of which neither reader prefers one by so much, code and
models know nothing."""
_FEWEST, _MOST = -4.0, 6.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for the figure that comes first."""

    odds: float
    """Natural logarithm of its odds against all else, by the answer scorer."""
    ahead: float
    """Of the next figure with another value, by the same score, words and times; infinite where
    there is none."""
    fit: float
    """Of its time, as in :class:`rag.candidates.Candidate`; at a glance it is no further sign."""
    read_ahead: float | None = None
    """How much likelier the chat model finds it than any other figure: a difference of natural
    logarithms. None where the model was not asked."""
    ahead_of_silence: float | None = None
    """The same of the reply that the text does not state the answer."""
    taught: bool = False
    """Whether the chat model was taught to read figures."""


def sureness(signs: Signs) -> float:
    """Estimate how likely the figure is the answer: 0 to 1."""
    numbers = as_numbers(signs)
    as_read = _READ_TAUGHT if signs.taught else _READ
    constant, *weights = _AT_A_GLANCE if signs.read_ahead is None else as_read
    told = constant + sum(w * n for w, n in zip(weights, numbers, strict=True))
    return 1 / (1 + math.exp(-told))


def is_tied(signs: Signs) -> bool:
    """Whether no reader tells the figure from one with another value."""
    read_ahead = -math.inf if signs.read_ahead is None else signs.read_ahead
    return max(signs.ahead, read_ahead) < _LEAST_AHEAD


def as_numbers(signs: Signs) -> Sequence[float]:
    """The signs as they are weighed, in their order: beyond some bounds more says no more."""
    seen = (max(-_MOST_ODDS, min(signs.odds, _MOST_ODDS)), min(signs.ahead, _MOST_AHEAD))
    if signs.read_ahead is None or signs.ahead_of_silence is None:
        return seen
    return (
        *seen,
        signs.fit,
        max(_FEWEST, min(signs.read_ahead, _MOST)),
        max(_FEWEST, min(signs.ahead_of_silence, _MOST)),
    )
