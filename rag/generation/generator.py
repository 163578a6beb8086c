"""The Generator over llama.cpp: greedy, repeatable, stoppable, with a cached prefix."""

from __future__ import annotations

import codecs
import math
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.errors import ContextOverflowError, GenerationStoppedError
from rag.generation.context import LlamaContext, Logits
from rag.generation.prefixes import PrefixStore
from rag.generation.template import ChatTemplate, tokenise
from rag.generation.weights import LlamaWeights
from rag.protocols import StopCheck
from rag.schema import Generation, GenerationParams, Likelihood, Message

Blocks = tuple[tuple[int, ...], ...]


class LlamaGenerator:
    """A GGUF chat model in this process.

    The prompt is evaluated message by message. Messages at the front that are the same as last
    time are not read again, nor is a whole prompt of which something else is asked; because each
    message is always a batch of its own, the numbers in the cache do not depend on whether it was
    reused, so that answers do not depend on what was asked before.

    Args:
        weights: of a chat model.
        name: identifies the weights for the settings hash.
        context_tokens: how much prompt and completion may have together.
        threads: fixed, because rounding depends on it.
        adapter: a file of low-rank weights that are added to them, and taught it to read figures;
            ``name`` tells of it.
        prefixes: folder in which the state after a system message is kept from process to
            process; None keeps nothing.
    """

    def __init__(
        self,
        weights: LlamaWeights,
        *,
        name: str,
        context_tokens: int,
        threads: int,
        adapter: Path | None = None,
        prefixes: Path | None = None,
    ) -> None:
        self.name = name
        self.reads_figures = adapter is not None
        self._weights = weights
        self._llama = LlamaContext(
            weights, context_tokens=context_tokens, threads=threads, adapter=adapter
        )
        self._template = ChatTemplate(
            self._weights.metadata("tokenizer.chat_template"),
            bos=self._weights.special_text("bos"),
            eos=self._weights.special_text("eos"),
        )
        self._prefixes = (
            PrefixStore(prefixes, f"{name} {self._weights.build} {threads}") if prefixes else None
        )
        self._cached: Blocks = ()
        self._behind: Logits | None = None
        """For what follows all that is cached; None where that is no whole prompt."""
        self._lock = threading.Lock()

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and completion may have together."""
        return self._llama.context_tokens

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the rendered prompt, template included."""
        return sum(map(len, self._blocks(messages)))

    def stream(
        self,
        messages: Sequence[Message],
        params: GenerationParams,
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Generation:
        """Write greedily, handing each piece of text to ``on_text`` as it comes.

        Raises:
            ContextOverflowError: prompt and ``max_tokens`` do not fit in the context.
            GenerationStoppedError: ``stop`` said so, during prompt reading too.
        """
        with self._lock:
            started = time.perf_counter()
            blocks = self._blocks(messages)
            n_prompt = self._require_room(blocks, params.max_tokens)
            n_cached, behind = self._read(blocks, stop)
            first_token_s = time.perf_counter() - started
            writer = _Writer(on_text, params.stop)
            n_written, reason, logprob = self._write(writer, behind, params.max_tokens, stop)
            return Generation(
                text=writer.finish(),
                prompt_tokens=n_prompt,
                cached_tokens=n_cached,
                completion_tokens=n_written,
                stop_reason=reason,
                logprob=logprob,
                first_token_s=first_token_s,
                duration_s=time.perf_counter() - started,
            )

    def likelihood(
        self,
        messages: Sequence[Message],
        text: str,
        stop: StopCheck,
        *,
        least: float = -math.inf,
    ) -> Likelihood:
        """Tell how likely the model finds a text as the beginning of its reply.

        Raises:
            ContextOverflowError: prompt and text do not fit in the context.
            GenerationStoppedError: ``stop`` said so, during prompt reading too.
        """
        with self._lock:
            started = time.perf_counter()
            blocks = self._blocks(messages)
            tokens = self._weights.encode(text, False)
            n_prompt = self._require_room(blocks, len(tokens))
            n_cached, behind = self._read(blocks, stop)
            return Likelihood(
                logprob=self._llama.logprob(tokens, behind, stop, least),
                text_tokens=len(tokens),
                prompt_tokens=n_prompt,
                cached_tokens=n_cached,
                duration_s=time.perf_counter() - started,
            )

    def close(self) -> None:
        """Free the weights."""
        with self._lock:
            self._llama.close()

    def _blocks(self, messages: Sequence[Message]) -> Blocks:
        blocks = tokenise(self._template.render(messages), self._weights.encode)
        begin = self._weights.first_token
        if begin is None or blocks[0][0] == begin:
            return blocks
        return ((begin, *blocks[0]), *blocks[1:])

    def _require_room(self, blocks: Blocks, max_tokens: int) -> int:
        n_prompt = sum(map(len, blocks))
        if n_prompt + max_tokens > self.context_tokens:
            raise ContextOverflowError(
                f"The prompt has {n_prompt} tokens and {max_tokens} are wanted for the answer, "
                f"but the context holds {self.context_tokens}.",
                "Ask a shorter question, or set RAG_CONTEXT_TOKENS higher.",
            )
        return n_prompt

    def _read(self, blocks: Blocks, stop: StopCheck) -> tuple[int, Logits]:
        """Evaluate a prompt; how many tokens were reused, and the scores of what may follow."""
        if self._behind is not None and blocks == self._cached:
            if stop():
                raise GenerationStoppedError("Stopped.")
            n_prompt = sum(map(len, blocks))
            self._llama.cut_back(n_prompt)
            return n_prompt, self._behind
        self._behind = None
        shared = 0
        # The last block is read again, for the scores behind it.
        while (
            shared < min(len(self._cached), len(blocks) - 1)
            and self._cached[shared] == blocks[shared]
        ):
            shared += 1
        if not shared and len(blocks) > 1 and self._recall(blocks[0]):
            shared = 1
        n_reused = sum(map(len, blocks[:shared]))
        self._cached = blocks[:shared]
        self._llama.cut_back(n_reused)
        for block in blocks[shared:]:
            self._llama.evaluate(block, stop)
            if not self._cached and len(blocks) > 1 and self._prefixes:
                self._prefixes.save(block, self._llama.state())
            self._cached = (*self._cached, block)
        self._behind = self._llama.logits().copy()
        return n_reused, self._behind

    def _recall(self, block: Sequence[int]) -> bool:
        """Take up the state after a first message where an earlier process has kept it."""
        state = self._prefixes.load(block) if self._prefixes else None
        self._cached = ()
        return state is not None and self._llama.restore(state, len(block))

    def _write(
        self, writer: _Writer, logits: Logits, max_tokens: int, stop: StopCheck
    ) -> tuple[int, str, float]:
        logprob = 0.0
        for n_written in range(max_tokens):
            token = int(np.argmax(logits))
            logprob -= float(np.log(np.sum(np.exp(logits - logits[token]))))
            if self._weights.ends_generation(token):
                return n_written, "end", logprob
            if writer.write(self._weights.piece(token)):
                return n_written + 1, "stop", logprob
            if n_written + 1 < max_tokens:
                self._llama.evaluate((token,), stop)
                logits = self._llama.logits()
        return max_tokens, "length", logprob


class _Writer:
    """Joins bytes to characters and holds back what may begin a stop string."""

    def __init__(self, on_text: Callable[[str], None], stops: tuple[str, ...]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._on_text = on_text
        self._stops = stops
        self._text = ""
        self._shown = 0

    def write(self, data: bytes) -> bool:
        """Take a token's bytes; return whether a stop string is complete."""
        self._text += self._decoder.decode(data)
        ends = [at for at in map(self._text.find, self._stops) if at >= 0]
        if ends:
            self._text = self._text[: min(ends)]
            return True
        self._show(len(self._text) - self._held_back())
        return False

    def finish(self) -> str:
        """Show what was held back and return the whole text."""
        self._show(len(self._text))
        return self._text

    def _held_back(self) -> int:
        longest = max((len(stop) - 1 for stop in self._stops), default=0)
        for n in range(min(longest, len(self._text)), 0, -1):
            if any(stop.startswith(self._text[-n:]) for stop in self._stops):
                return n
        return 0

    def _show(self, end: int) -> None:
        if end > self._shown:
            self._on_text(self._text[self._shown : end])
            self._shown = end
