"""How many tokens the chat model reads and writes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.protocols import Generator, StopCheck
from rag.schema import Generation, GenerationParams, Likelihood, Message


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer, over all tries that it took."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    """Of the prompts' tokens, those that needed no reading."""
    completion_tokens: int = 0


NOTHING = Usage()


class Meter:
    """Counts what goes through the chat models that it wraps, for one question at a time."""

    def __init__(self) -> None:
        self._usage = NOTHING

    def wrap(self, generator: Generator) -> Generator:
        """Return the same chat model, counted."""
        return _Metered(generator, self._add)

    def reset(self) -> None:
        """Begin to count anew."""
        self._usage = NOTHING

    @property
    def usage(self) -> Usage:
        """What has been counted since the last reset."""
        return self._usage

    def _add(self, used: Usage) -> None:
        so_far = self._usage
        self._usage = Usage(
            so_far.prompt_tokens + used.prompt_tokens,
            so_far.cached_tokens + used.cached_tokens,
            so_far.completion_tokens + used.completion_tokens,
        )


class _Metered:
    """A chat model whose use is told to someone."""

    def __init__(self, generator: Generator, tell: Callable[[Usage], None]) -> None:
        self._generator = generator
        self._tell = tell

    @property
    def name(self) -> str:
        return self._generator.name

    @property
    def reads_figures(self) -> bool:
        return self._generator.reads_figures

    @property
    def context_tokens(self) -> int:
        return self._generator.context_tokens

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return self._generator.count_tokens(messages)

    def stream(
        self,
        messages: Sequence[Message],
        params: GenerationParams,
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Generation:
        generation = self._generator.stream(messages, params, on_text, stop)
        read, cached = generation.prompt_tokens, generation.cached_tokens
        self._tell(Usage(read, cached, generation.completion_tokens))
        return generation

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,
    ) -> Likelihood:
        told = self._generator.likelihood(messages, text, stop, least=least)
        self._tell(Usage(told.prompt_tokens + told.text_tokens, told.cached_tokens))
        return told
