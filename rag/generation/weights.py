"""The weights of a GGUF model, its header and its vocabulary, on the C interface of llama.cpp."""

from __future__ import annotations

import ctypes
import functools
import os
from pathlib import Path
from typing import Any

from rag.errors import GenerationStoppedError, LlamaBrokenError, ModelCorruptError


class LlamaWeights:
    """Weights that one context or several evaluate with; freed with the last of them.

    Args:
        path: a GGUF file.

    Raises:
        ModelCorruptError: llama.cpp cannot load the file.
    """

    def __init__(self, path: Path) -> None:
        # llama.cpp's threads wait for each other by spinning. Where another process wants the
        # cores too, that costs nine tenths of the speed (5 against 50 tokens/s at load 6);
        # sleeping costs a tenth on an idle machine. Read by OpenMP when the library is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import llama_cpp

        _quieten(llama_cpp)
        self._c = llama_cpp
        params = llama_cpp.llama_model_default_params()
        params.n_gpu_layers = 0
        # Repacked weights write a fifth faster (31 against 25 tokens/s) but read prompts at
        # two thirds of the speed (140 against 230 tokens/s, Q4_K_M 1.5B on two Zen 5 cores),
        # load in 0.7 s instead of 0.3 s, and take memory that the file map shares. Reading is
        # what a question waits for. (AMX kernels hang on the same switch.)
        params.use_extra_bufts = False
        self._model = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
        if not self._model:
            raise ModelCorruptError(
                f"llama.cpp cannot load {path.name}.",
                "Check it with: rag models verify",
            )
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self.build: str = llama_cpp.__version__
        self.trained_tokens: int = llama_cpp.llama_model_n_ctx_train(self._model)
        """Of a context that the model was trained for."""
        self._n_held = 0
        self.vocab_size: int = llama_cpp.llama_vocab_n_tokens(self._vocab)

    @property
    def model(self) -> Any:
        """The pointer.

        Raises:
            GenerationStoppedError: the weights were freed; llama.cpp would follow the pointer.
        """
        if self._model is None:
            raise GenerationStoppedError("The model was closed.", "Ask again.")
        return self._model

    def adapter(self, path: Path) -> Any:
        """A low-rank adapter (LoRA) of these weights, freed with them.

        Raises:
            LlamaBrokenError: llama.cpp cannot load the file, or it is of other weights.
        """
        adapter = self._c.llama_adapter_lora_init(self.model, os.fsencode(path))
        if not adapter:
            raise LlamaBrokenError(
                f"llama.cpp cannot load the adapter {path.name}.",
                "Install citeline again: the file belongs to the package.",
            )
        return adapter

    def metadata(self, key: str) -> str | None:
        """A string from the GGUF's header, None where it has no such key."""
        size = self._c.llama_model_meta_val_str(self._model, key.encode(), b"", 0)
        if size < 0:
            return None
        buffer = ctypes.create_string_buffer(size + 1)
        self._c.llama_model_meta_val_str(self._model, key.encode(), buffer, size + 1)
        return buffer.value.decode("utf-8", errors="replace")

    @property
    def first_token(self) -> int | None:
        """The token that every prompt has to begin with, None where the model wants none."""
        wanted = self._c.llama_vocab_get_add_bos(self._vocab)
        return int(self._c.llama_vocab_bos(self._vocab)) if wanted else None

    def special_text(self, which: str) -> str:
        """Text of the ``bos`` or ``eos`` token, for templates; empty where there is none."""
        token = getattr(self._c, f"llama_vocab_{which}")(self._vocab)
        if token < 0:
            return ""
        text: bytes = self._c.llama_vocab_get_text(self._vocab, token)
        return text.decode("utf-8", errors="replace")

    def encode(self, text: str, special: bool) -> list[int]:
        """Token ids of a text; control tokens are recognised only where ``special``."""
        if not text:
            return []
        _ = self.model
        # Half of a surrogate pair, as in an argument that was no UTF-8, is read as "?".
        data = text.encode(errors="replace")
        buffer = (self._c.llama_token * (len(data) + 8))()
        n = self._c.llama_tokenize(
            self._vocab, data, len(data), buffer, len(buffer), False, special
        )
        return list(buffer[:n])

    def piece(self, token: int) -> bytes:
        """Bytes of a token, which may be part of a character."""
        n = -64
        while n < 0:  # the bytes that it takes, where they are more than the buffer holds
            buffer = ctypes.create_string_buffer(-n)
            n = self._c.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[:n]

    def ends_generation(self, token: int) -> bool:
        """Whether the model says with this token that it is done."""
        return bool(self._c.llama_vocab_is_eog(self._vocab, token))

    def hold(self) -> Any:
        """The pointer for a context, which lets go of it when it is freed itself."""
        model = self.model
        self._n_held += 1
        return model

    def let_go(self) -> None:
        """Free weights and adapters where no context holds them any more."""
        self._n_held -= 1
        if self._n_held <= 0 and self._model is not None:
            self._c.llama_model_free(self._model)
            self._model = None


@functools.cache
def _quieten(llama_cpp: Any) -> None:
    """Keep llama.cpp's log off the terminal: errors come back as codes, and are raised."""
    callback = llama_cpp.llama_log_callback(lambda _level, _text, _data: None)
    llama_cpp.llama_log_set(callback, ctypes.c_void_p(0))
    _log_callbacks.append(callback)


_log_callbacks: list[Any] = []
