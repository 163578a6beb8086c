"""A llama.cpp context with just what generation needs, on the C interface.

The high-level class of llama-cpp-python keeps a table of tokens x vocabulary, tokenises
articles as if they were control tokens, and cannot be stopped during prompt reading.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import GenerationStoppedError, LlamaBrokenError, ModelCorruptError
from rag.generation.weights import LlamaWeights
from rag.protocols import StopCheck

# Prompt tokens handed over at once. 512 reads as fast as larger batches on two cores and is
# llama.cpp's own physical batch.
_BATCH_TOKENS = 512

Logits = NDArray[np.float32]
"""A score of every token of the vocabulary."""


class LlamaContext:
    """One sequence of evaluated tokens; not thread-safe by itself.

    Args:
        weights: held until it is closed.
        context_tokens: size of the context.
        threads: for prompt and generation alike; fixed, because sums of floats depend on it.
        adapter: a GGUF file with a low-rank adapter of these weights; None for the weights as
            they are.

    Raises:
        LlamaBrokenError: llama.cpp cannot make a context, or load the adapter.
    """

    def __init__(
        self,
        weights: LlamaWeights,
        *,
        context_tokens: int,
        threads: int,
        adapter: Path | None = None,
    ) -> None:
        import llama_cpp

        self._c = llama_cpp
        self._stop: StopCheck = _never
        self._stopped = threading.Event()
        self._raised: BaseException | None = None
        self._vocab_size = weights.vocab_size
        self.context_tokens: int = min(context_tokens, weights.trained_tokens)
        lora = weights.adapter(adapter) if adapter else None
        self._ctx = self._make_context(weights, threads)
        self.weights = weights
        if lora:
            array = (self._c.llama_adapter_lora_p_ctypes * 1)(lora)
            self._c.llama_set_adapters_lora(self._ctx, array, 1, (ctypes.c_float * 1)(1.0))
        self._memory = llama_cpp.llama_get_memory(self._ctx)
        self.n_evaluated = 0

    def _make_context(self, weights: LlamaWeights, threads: int) -> Any:
        params = self._c.llama_context_default_params()
        params.n_ctx = self.context_tokens
        # A larger batch than these ends the process.
        self._batch_tokens = min(_BATCH_TOKENS, self.context_tokens)
        params.n_batch = params.n_ubatch = self._batch_tokens
        params.n_threads = params.n_threads_batch = threads
        # The callback must outlive the context: ctypes keeps no reference.
        self._abort_callback = self._c.ggml_abort_callback(self._should_abort)
        params.abort_callback = self._abort_callback
        context = self._c.llama_init_from_model(weights.hold(), params)
        if not context:
            weights.let_go()
            raise LlamaBrokenError(
                f"llama.cpp cannot make a context of {self.context_tokens} tokens.",
                "There may be too little memory: see rag doctor",
            )
        return context

    def _should_abort(self, _data: ctypes.c_void_p | None) -> bool:
        # Called by llama.cpp between the nodes of its graph. ctypes swallows exceptions here, a
        # KeyboardInterrupt too, so that the evaluating method has to raise them.
        try:
            if not self._stopped.is_set() and self._stop():
                self._stopped.set()
        except BaseException as error:  # noqa: BLE001 - raised again by _decode
            self._raised = error
            self._stopped.set()
        return self._stopped.is_set()

    # --- evaluation ------------------------------------------------------------------------

    def cut_back(self, n_tokens: int) -> None:
        """Forget everything after the first ``n_tokens``."""
        self._require_open()
        self._c.llama_memory_seq_rm(self._memory, 0, n_tokens, -1)
        self.n_evaluated = n_tokens

    def state(self) -> bytes:
        """What is there after all tokens so far, for :meth:`restore`."""
        size = self._c.llama_state_seq_get_size(self._ctx, 0)
        buffer = (ctypes.c_uint8 * size)()
        n = self._c.llama_state_seq_get_data(self._ctx, buffer, size, 0)
        return bytes(buffer[:n])

    def restore(self, state: bytes, n_tokens: int) -> bool:
        """Forget all and be as after these tokens; False, and empty, where it is no such state."""
        self.cut_back(0)
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        done = self._c.llama_state_seq_set_data(self._ctx, buffer, len(state), 0)
        if not done:
            self.cut_back(0)
            return False
        self.n_evaluated = n_tokens
        return True

    def evaluate(self, tokens: Sequence[int], stop: StopCheck) -> None:
        """Read tokens after those that are there already; an error forgets those of this call.

        Raises:
            GenerationStoppedError: ``stop`` said so.
            LlamaBrokenError: llama.cpp failed.
        """
        start = self.n_evaluated
        try:
            for first in range(0, len(tokens), self._batch_tokens):
                self._decode(tokens[first : first + self._batch_tokens], stop)
        except BaseException:
            self.cut_back(start)
            raise

    def logprob(
        self, tokens: Sequence[int], behind: Logits, stop: StopCheck, least: float = -math.inf
    ) -> float:
        """Natural logarithm of the probability of tokens behind those that are there.

        All but the last are evaluated, as one batch or several, and stay there; an error forgets
        them. Where the first token alone is less likely than ``least``, its own is returned.

        Args:
            tokens: what may follow.
            behind: the scores of the first of them, float32 [vocabulary].
            stop: asked during evaluation.
            least: below it any value will do.

        Raises:
            GenerationStoppedError, LlamaBrokenError, ModelCorruptError: as for :meth:`evaluate`
                and :meth:`logits`.
        """
        start = self.n_evaluated
        total = _logprob(behind, tokens[0]) if tokens else 0.0
        if total < least:
            return total
        try:
            for first in range(0, len(tokens) - 1, self._batch_tokens):
                part = tokens[first : min(first + self._batch_tokens, len(tokens) - 1)]
                self._decode(part, stop, every=True)
                after = tokens[first + 1 : first + 1 + len(part)]
                total += sum(_logprob(self.logits(i), token) for i, token in enumerate(after))
        except BaseException:
            self.cut_back(start)
            raise
        return total

    def _decode(self, tokens: Sequence[int], stop: StopCheck, *, every: bool = False) -> None:
        self._stop, self._raised = stop, None
        self._stopped.clear()
        code = self._run(tokens, every=every)
        self._stop = _never
        if self._raised is not None:
            raise self._raised
        if self._stopped.is_set() or stop():
            raise GenerationStoppedError("Stopped.")
        if code != 0:
            raise LlamaBrokenError(
                f"llama.cpp could not evaluate {len(tokens)} tokens (code {code}).",
                "See rag doctor; if it repeats, choose another model with --model",
            )
        self.n_evaluated += len(tokens)

    def _run(self, tokens: Sequence[int], *, every: bool) -> int:
        """Evaluate one batch, keep scores of every token or of the last; 0 where it went well."""
        array = (self._c.llama_token * len(tokens))(*tokens)
        batch = self._c.llama_batch_get_one(array, len(tokens))
        if every:
            wanted = (ctypes.c_int8 * len(tokens))(*[1] * len(tokens))
            batch.logits = ctypes.cast(wanted, type(batch.logits))
        return int(self._c.llama_decode(self._ctx, batch))

    def logits(self, at: int = -1) -> Logits:
        """Scores of every token for the place behind one of the last batch that has scores.

        A view, valid until the next evaluation.

        Raises:
            ModelCorruptError: the model is none that writes.
        """
        pointer = self._c.llama_get_logits_ith(self._ctx, at)
        if not pointer:
            raise ModelCorruptError(
                "The model gives no scores for a next word: it is no chat model.",
                "Choose another model with --model, see: rag models list",
            )
        return np.ctypeslib.as_array(pointer, shape=(self._vocab_size,))

    def _require_open(self) -> None:
        # llama.cpp would follow a pointer to freed memory.
        if self._ctx is None:
            raise GenerationStoppedError("The model was closed.", "Ask again.")

    def close(self) -> None:
        """Free it; whoever evaluates afterwards is stopped."""
        if self._ctx is not None:
            self._c.llama_free(self._ctx)
            self._ctx = None
            self.weights.let_go()


def _logprob(logits: Logits, token: int) -> float:
    top = np.max(logits)
    return float(logits[token] - top - np.log(np.sum(np.exp(logits - top))))


def _never() -> bool:
    return False
