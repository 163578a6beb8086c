"""A chat model that says what it is told to."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence

from rag.errors import ContextOverflowError, GenerationStoppedError
from rag.protocols import StopCheck
from rag.schema import Generation, GenerationParams, Likelihood, Message


class ScriptedGenerator:
    """Writes what a function or a table says, word by word; a token is a word.

    Args:
        replies: the text for a prompt: a function of its messages, or a table by the content of
            the last one, in which ``""`` is for all others.
        logprob: of each reply; 0 is one that the model is sure of.
        name: identifies the weights.
        context_tokens: how many tokens prompt and completion may have together.
        pause_s: seconds a token, read or written.
        likelihoods: the log probability of a text behind a prompt.
        reads_figures: whether it was taught to.
    """

    def __init__(
        self,
        replies: Callable[[Sequence[Message]], str] | Mapping[str, str],
        *,
        logprob: float = 0.0,
        name: str = "scripted",
        context_tokens: int = 4096,
        pause_s: float = 0.0,
        likelihoods: Callable[[Sequence[Message], str], float] | None = None,
        reads_figures: bool = False,
    ) -> None:
        self.name = name
        self.reads_figures = reads_figures
        self.context_tokens = context_tokens
        self._likelihoods = likelihoods or _by_new_words
        self.prompts: list[tuple[Message, ...]] = []
        """Every prompt that was read to its end."""
        self._replies = replies
        self._logprob = logprob
        self._pause_s = pause_s

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Words of all messages, and one for the role of each and of the reply."""
        return 1 + sum(1 + len(m.content.split()) for m in messages)

    def stream(
        self,
        messages: Sequence[Message],
        params: GenerationParams,
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Generation:
        """Write the reply, handing each word to ``on_text``.

        Raises:
            ContextOverflowError: prompt and ``max_tokens`` do not fit.
            GenerationStoppedError: ``stop`` said so between two words of prompt or reply.
        """
        started = time.perf_counter()
        n_prompt = self._read(messages, params.max_tokens, stop)
        first_token_s = time.perf_counter() - started
        reply = _scripted(self._replies, messages)
        text, n_written, reason = _limited(reply, params)
        for piece in _WORD.findall(text):
            self._pause(stop)
            on_text(piece)
        return Generation(
            text=text,
            prompt_tokens=n_prompt,
            cached_tokens=0,
            completion_tokens=n_written,
            stop_reason=reason,
            logprob=self._logprob,
            first_token_s=first_token_s,
            duration_s=time.perf_counter() - started,
        )

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,  # noqa: ARG002 -- all is told exactly
    ) -> Likelihood:
        """Tell what ``likelihoods`` says, else that a text with fewer new words is likelier.

        Raises:
            ContextOverflowError: prompt and text do not fit.
            GenerationStoppedError: ``stop`` said so between two words of the prompt.
        """
        started = time.perf_counter()
        words = text.split()
        n_prompt = self._read(messages, len(words), stop)
        return Likelihood(
            logprob=self._likelihoods(messages, text),
            text_tokens=len(words),
            prompt_tokens=n_prompt,
            cached_tokens=0,
            duration_s=time.perf_counter() - started,
        )

    def _read(self, messages: Sequence[Message], max_tokens: int, stop: StopCheck) -> int:
        n_prompt = self.count_tokens(messages)
        if n_prompt + max_tokens > self.context_tokens:
            raise ContextOverflowError(
                f"{n_prompt} and {max_tokens} tokens do not fit in {self.context_tokens}."
            )
        for _ in range(n_prompt):
            self._pause(stop)
        self.prompts.append(tuple(messages))
        return n_prompt

    def _pause(self, stop: StopCheck) -> None:
        if stop():
            raise GenerationStoppedError("Stopped.")
        time.sleep(self._pause_s)


_WORD = re.compile(r"\S+\s*|\s+")


def _by_new_words(messages: Sequence[Message], text: str) -> float:
    """A text is the likelier the fewer of its words are new: -1 for each."""
    said = {word for message in messages for word in re.findall(r"\w+", message.content.lower())}
    return -float(sum(word not in said for word in re.findall(r"\w+", text.lower())))


def _scripted(
    script: Callable[[Sequence[Message]], str] | Mapping[str, str], of: Sequence[Message]
) -> str:
    if isinstance(script, Mapping):
        last = of[-1].content if of else ""
        return script[last] if last in script else script[""]
    return script(of)


def _limited(reply: str, params: GenerationParams) -> tuple[str, int, str]:
    """What of a reply is written, in how many tokens, and what ends it."""
    pieces = _WORD.findall(reply)[: params.max_tokens]
    text = "".join(pieces)
    ends = [at for at in map(text.find, params.stop) if at >= 0]
    if ends:
        text = text[: min(ends)]
        return text, len(_WORD.findall(text)), "stop"
    return text, len(pieces), "length" if len(pieces) == params.max_tokens else "end"
