"""What goes into a chat model and what comes out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat prompt; ``role`` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class GenerationParams:
    """How to decode. Decoding is greedy, so that the same prompt gives the same text."""

    max_tokens: int = 128
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model wrote."""

    text: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    stop_reason: str
    """``end`` (the model's own), ``stop`` (a stop string) or ``length``."""
    logprob: float
    """Natural logarithm of the probability that the model gave to what it wrote."""
    first_token_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely the model finds a text behind a prompt."""

    logprob: float
    """Natural logarithm of the probability of the whole text: 0 is certain."""
    text_tokens: int
    prompt_tokens: int
    cached_tokens: int
    duration_s: float
