"""What answers without articles or models."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence

from rag.errors import GenerationStoppedError, RagError
from rag.protocols import StopCheck
from rag.schema import Answer, DocumentInfo, Filters, Retrieval


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
