"""Stand-ins for the heavy parts, for tests and for code that is built on citeline.

Each passes the contract suite of its seam, so what works with one works with the real part.
"""

from __future__ import annotations

import hashlib
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.errors import ContextOverflowError, GenerationStoppedError, RagError
from rag.protocols import StopCheck, Vectors
from rag.schema import (
    Answer,
    DocumentInfo,
    Filters,
    Generation,
    GenerationParams,
    Likelihood,
    Message,
    Retrieval,
    SearchHit,
)


class HashEmbedder:
    """Adds up a random vector a word, drawn from the word's hash: shared words bring texts nearer.

    The same text has the same vector in every process, bit for bit.

    Args:
        dimension: length of a vector; two texts without a common word have a cosine of about
            0 ± 1/√dimension.
        name: identifies the weights.
    """

    def __init__(self, dimension: int = 64, *, name: str = "hash") -> None:
        self.dimension = dimension
        self.name = name

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [len(texts), dimension], rows of unit length."""
        rows = [self._sum_of_words(text) for text in texts]
        # Whole numbers until here, so that the order of words leaves no trace in the rounding.
        vectors = np.array(rows, dtype=np.float64).reshape(-1, self.dimension)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 [dimension] of unit length."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector

    def _sum_of_words(self, text: str) -> NDArray[np.int64]:
        words = re.findall(r"\w+", text.lower()) or [""]
        total: NDArray[np.int64] = np.sum([self._of_word(word) for word in words], axis=0)
        return total

    def _of_word(self, word: str) -> NDArray[np.int64]:
        data = hashlib.shake_256(word.encode(errors="replace")).digest(2 * self.dimension)
        # Odd, so that a vector is never zero.
        return np.frombuffer(data, dtype="<i2").astype(np.int64) * 2 + 1


class MemoryVectorStore:
    """A vector store in a dictionary: every search compares with every vector.

    Args:
        dimension: length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._vectors: dict[int, Vectors] = {}

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors; an id that is there already is replaced, the last of equal ids stays.

        Raises:
            ValueError: not float32 [len(ids), dimension], or a number that is not finite.
        """
        self._check(vectors, (len(ids), self._dimension))
        self._vectors.update(zip(map(int, ids), vectors.copy(), strict=True))

    def delete(self, ids: Sequence[int]) -> None:
        """Remove vectors; an id that is not there is no error."""
        for key in ids:
            self._vectors.pop(int(key), None)

    def search(
        self, vector: Vectors, top_k: int, allowed: Sequence[int] | None = None
    ) -> list[SearchHit]:
        """Return at most ``top_k`` hits, best first, among ``allowed`` ids where given.

        Raises:
            ValueError: not float32 [dimension], or a number that is not finite.
        """
        self._check(vector, (self._dimension,))
        keys = self._vectors.keys() if allowed is None else self._vectors.keys() & set(allowed)
        scores = {key: float(self._vectors[key] @ vector) for key in keys}
        best = sorted(scores, key=lambda key: (-scores[key], key))[: max(top_k, 0)]
        return [SearchHit(key, scores[key], rank) for rank, key in enumerate(best, start=1)]

    @staticmethod
    def _check(vectors: Vectors, shape: tuple[int, ...]) -> None:
        if vectors.dtype != np.float32 or vectors.shape != shape or not np.isfinite(vectors).all():
            raise ValueError(f"vectors must be finite float32 of the shape {shape}")


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
    ) -> None:
        self.name = name
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


class FakeAsker:
    """Answers from a table, word by word; an unknown question gets the reply to ``""``.

    Args:
        replies: what each question gives: an answer, or an error that is raised.
        articles: what the library holds, or the error that says that there is none.
        pause_s: seconds between two words.
        broken: raised by :meth:`warm`.
    """

    def __init__(
        self,
        replies: Mapping[str, Answer | RagError],
        articles: Sequence[DocumentInfo] | RagError = (),
        *,
        pause_s: float = 0.0,
        broken: RagError | None = None,
    ) -> None:
        self._replies = replies
        self._articles = articles
        self._pause_s = pause_s
        self._broken = broken
        self.stopped: list[str] = []
        """Questions that were stopped while they were answered."""

    def ask(
        self,
        question: str,
        *,
        filters: Filters,  # noqa: ARG002 - a table has nothing to leave out
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        """Hand over evidence, then the answer's words, then the answer.

        Raises:
            GenerationStoppedError: ``stop`` said so between two words.
            RagError: the table has one for this question.
        """
        reply = self._replies.get(question) or self._replies[""]
        if isinstance(reply, RagError):
            raise reply
        on_evidence(
            Retrieval(question, question, reply.evidence, embedded_share=1.0, duration_s=0.0)
        )
        for word in re.findall(r"\S+\s*", reply.text):
            time.sleep(self._pause_s)
            if stop():
                self.stopped.append(question)
                raise GenerationStoppedError("Stopped.")
            on_text(word)
        return reply

    def documents(self) -> list[DocumentInfo]:
        """Return the articles, or raise what was given for them."""
        if isinstance(self._articles, RagError):
            raise self._articles
        return list(self._articles)

    def warm(self) -> None:
        """Be ready, unless something is broken."""
        if self._broken is not None:
            raise self._broken
