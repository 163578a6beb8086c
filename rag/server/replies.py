"""An answer, its pieces and errors in OpenAI's form.

What OpenAI's form has no place for stands in a field of our own, ``citeline``: the whole answer as
``rag ask --json`` prints it, with status, figures, verdicts and the place of every citation.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from rag.citations import find_markers
from rag.errors import (
    BusyError,
    ContextOverflowError,
    GenerationStoppedError,
    InputError,
    LibraryError,
    MissingPartError,
    RagError,
    UsageError,
)
from rag.schema import JSON, Answer, Citation
from rag.serialization import answer_json
from rag.server.metering import Usage
from rag.server.requests import MODEL, RefusedRequestError

DONE = "data: [DONE]\n\n"
WAITING = ": waiting\n\n"
"""A comment, which keeps a connection open and says nothing."""
RETRY_AFTER_S = 5
"""An answer takes 2 to 6 s on two cores: then the first in line is served."""

# First match wins: status, OpenAI's type, and a code that a program can compare.
_ERRORS: tuple[tuple[type[RagError], int, str, str], ...] = (
    (BusyError, 429, "rate_limit_error", "rate_limit_exceeded"),
    (ContextOverflowError, 400, "invalid_request_error", "context_length_exceeded"),
    (UsageError, 400, "invalid_request_error", "invalid_value"),
    (InputError, 400, "invalid_request_error", "invalid_value"),
    (LibraryError, 503, "server_error", "library_unavailable"),
    (MissingPartError, 503, "server_error", "model_unavailable"),
    (GenerationStoppedError, 503, "server_error", "stopped"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What all pieces of one answer have in common."""

    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer, usage: Usage) -> JSON:
        """An answer in one piece."""
        message = {
            "role": "assistant",
            "content": paragraphs(answer.text),
            "refusal": None,
            "annotations": annotations_json(answer),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._head("chat.completion", answer),
            "choices": [choice],
            "usage": usage_json(usage),
            "citeline": answer_json(answer),
        }

    def opening(self) -> JSON:
        """The first piece of a stream: who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, text: str) -> JSON:
        """Words of an answer, which has passed verification."""
        return self._chunk({"content": paragraphs(text)})

    def closing(self, answer: Answer) -> JSON:
        """The last piece of a stream with words or sources: the citations."""
        chunk = self._chunk({"annotations": annotations_json(answer)}, finish_reason="stop")
        return {
            **chunk,
            **self._head("chat.completion.chunk", answer),
            "citeline": answer_json(answer),
        }

    def count(self, usage: Usage) -> JSON:
        """The piece after the last, for those who asked for it."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": usage_json(usage)}

    def _chunk(self, delta: JSON, finish_reason: str | None = None) -> JSON:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str, answer: Answer | None = None) -> JSON:
        fingerprint = f"fp_{answer.settings_sha256[:12]}" if answer else None
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": MODEL,
            "system_fingerprint": fingerprint,
        }


def paragraphs(text: str) -> str:
    """Lines apart, as clients show them, which read an answer as Markdown."""
    return text.replace("\n", "\n\n")


def annotations_json(answer: Answer) -> list[JSON]:
    """One ``url_citation`` for each number of each marker.

    The indices are those of the marker in :func:`paragraphs` of the answer.
    """
    cited = {citation.marker: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": marker.span.start,
                "end_index": marker.span.end,
                "title": cited[number].document.name,
                "url": url(cited[number]),
            },
        }
        for marker in find_markers(paragraphs(answer.text))
        for number in marker.numbers
        if number in cited
    ]


def url(citation: Citation) -> str:
    """Where the cited article lies: a file's URL, with its page or record, else its source."""
    path, _, record = citation.document.source.partition("#")
    if not Path(path).is_absolute():
        return citation.document.source
    place = f"page={citation.page}" if citation.page else record
    return Path(path).as_uri() + (f"#{place}" if place else "")


def usage_json(usage: Usage) -> JSON:
    """Tokens that the chat model read and wrote, over all of its tries."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    }


def error_of(error: RagError) -> tuple[int, JSON]:
    """Status and body for an error that can be explained."""
    if isinstance(error, RefusedRequestError):
        status = 404 if error.code == "model_not_found" else 400
        return status, error_json(
            str(error), "invalid_request_error", code=error.code, param=error.param
        )
    for kind, status, word, code in _ERRORS:
        if isinstance(error, kind):
            return status, error_json(str(error), word, code=code)
    return 500, error_json(str(error), "server_error", code="internal_error")


def error_json(message: str, kind: str, *, code: str, param: str | None = None) -> JSON:
    """An error as OpenAI's clients read it."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def event(value: JSON) -> str:
    """One piece of a stream of server-sent events."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"
