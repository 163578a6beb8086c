"""What a client may ask for, and what is refused because it could not be honoured.

A field that could change how an answer is written, such as ``temperature``, is taken and has no
effect: decoding is greedy, so that the same question has the same answer. One that promises
another form of answer is refused, because a client that relies on it would be misled.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from rag.errors import UsageError
from rag.web.selection import Selection

MODEL = "citeline"
MAX_QUESTION_CHARACTERS = 2_000
MAX_MESSAGES = 1_000


class RefusedRequestError(UsageError):
    """A request that is well formed and asks for what is not to be had.

    Args:
        message, hint: as for every error.
        param: the field of the request.
        code: OpenAI's word for the error.
    """

    def __init__(self, message: str, hint: str, *, param: str, code: str) -> None:
        super().__init__(message, hint)
        self.param = param
        self.code = code


class Part(BaseModel):
    """A piece of a message; only text can be read."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One turn of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """What comes with a stream."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """The body of ``POST /v1/chat/completions``; other fields are taken and have no effect."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    logprobs: bool | None = None
    modalities: list[str] | None = None
    response_format: dict[str, Any] | None = None
    tool_choice: str | dict[str, Any] | None = None
    citeline: Selection = Selection()
    """Our own field: which articles take part."""

    @property
    def include_usage(self) -> bool:
        """Whether a stream ends with the count of tokens."""
        return self.stream_options is not None and self.stream_options.include_usage

    def question(self) -> str:
        """The text of the last message of the user.

        Raises:
            RefusedRequestError: there is none, it is too long or no text, or the request asks
                for a model or a form of answer that is not to be had.
        """
        self._require_honourable()
        last = next((m for m in reversed(self.messages) if m.role == "user"), None)
        text = _text(last.content) if last else ""
        if not text:
            raise _refused("There is no question: no message of the user has text.", "messages")
        if len(text) > MAX_QUESTION_CHARACTERS:
            raise _refused(
                f"The question has {len(text)} characters, {MAX_QUESTION_CHARACTERS} may be read.",
                "messages",
                "Ask one question; the articles are in the library and need not be sent along.",
                code="string_above_max_length",
            )
        return text

    def _require_honourable(self) -> None:
        if self.model != MODEL:
            raise _refused(
                f"There is no model {self.model[:80]!r} here.",
                "model",
                f"Ask for {MODEL!r}, or for what GET /v1/models lists.",
                code="model_not_found",
            )
        if self.n not in {None, 1}:
            raise _refused("A question has one answer: n can only be 1.", "n")
        if self.logprobs:
            raise _refused("Probabilities of tokens are not given.", "logprobs")
        if self.modalities not in (None, ["text"]):
            raise _refused("Answers are text.", "modalities")
        if (self.response_format or {}).get("type", "text") != "text":
            raise _refused(
                "An answer is a sentence with markers, not JSON of the client's form.",
                "response_format",
                "The field citeline of the answer has all of it as JSON.",
            )
        if self.tool_choice not in (None, "auto", "none"):
            raise _refused("No tools are called.", "tool_choice", "Leave it out, or send auto.")


def _text(content: str | list[Part] | None) -> str:
    if isinstance(content, list):
        if any(part.type != "text" for part in content):
            raise _refused("Only text can be read, no picture, sound or file.", "messages")
        content = "\n".join(part.text for part in content)
    return (content or "").strip()


def _refused(
    message: str, param: str, hint: str = "", *, code: str = "unsupported_value"
) -> RefusedRequestError:
    return RefusedRequestError(message, hint, param=param, code=code)
