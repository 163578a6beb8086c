"""The model's own chat template, rendered so that articles stay data.

llama-cpp-python tokenises a rendered chat prompt with special tokens switched on, so that
``<|im_end|>`` inside an article ends the turn. Here the template is rendered around
placeholders; its own pieces are tokenised with special tokens, what people wrote without.
Pieces that are tokenised apart also keep the prefix of a prompt the same whatever follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.errors import ModelCorruptError
from rag.schema import Message

# Private-use characters: normalised articles have none, and the placeholder never reaches
# the tokeniser, so even a hostile one could not stand for another message.
_PLACEHOLDER = "\ue000{}\ue001"
_PLACEHOLDER_RE = re.compile("\ue000(\\d+)\ue001")

_CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a prompt: the template's own words, or a message's."""

    text: str
    trusted: bool
    """True for the template's own pieces, in which control tokens are meant."""


class ChatTemplate:
    """Renders messages to blocks of pieces, one block a message.

    Args:
        source: Jinja source from the GGUF; None or empty means ChatML.
        bos: text of the model's first token, for templates that write it.
        eos: text of the model's end token.

    Raises:
        ModelCorruptError: the template is not valid Jinja.
    """

    def __init__(self, source: str | None, *, bos: str = "", eos: str = "") -> None:
        from jinja2 import TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = _raise_exception
        try:
            self._template = environment.from_string(source or _CHATML)
        except TemplateError as error:
            raise ModelCorruptError(
                f"The model's chat template cannot be read: {error}.",
                "Choose another model with --model, see: rag models list",
            ) from error
        self._tokens = {"bos_token": bos, "eos_token": eos}

    def render(self, messages: Sequence[Message]) -> tuple[tuple[Piece, ...], ...]:
        """Return one block a message: its content and the template's words before it.

        What the template writes after the last message (the assistant's turn) belongs to the
        last block. The blocks of the first k messages are the same whatever follows them, so
        long as the template itself does not look ahead.

        Raises:
            ModelCorruptError: the template fails on these roles.
        """
        from jinja2 import TemplateError

        marked = [
            {"role": m.role, "content": _PLACEHOLDER.format(i)} for i, m in enumerate(messages)
        ]
        try:
            rendered = self._template.render(
                messages=marked, add_generation_prompt=True, **self._tokens
            )
        except TemplateError as error:
            raise ModelCorruptError(
                f"The model's chat template failed: {error}.",
                "Choose another model with --model, see: rag models list",
            ) from error
        return _blocks(rendered, messages)


def tokenise(
    blocks: Sequence[Sequence[Piece]], encode: Callable[[str, bool], list[int]]
) -> tuple[tuple[int, ...], ...]:
    """Turn blocks of pieces into blocks of token ids; ``encode(text, special)``."""
    return tuple(
        tuple(token for piece in block for token in encode(piece.text, piece.trusted))
        for block in blocks
    )


def _blocks(rendered: str, messages: Sequence[Message]) -> tuple[tuple[Piece, ...], ...]:
    blocks: list[tuple[Piece, ...]] = []
    end = 0
    for match in _PLACEHOLDER_RE.finditer(rendered):
        content = messages[int(match[1])].content
        blocks.append((Piece(rendered[end : match.start()], True), Piece(content, False)))
        end = match.end()
    if not blocks:
        return ((Piece(rendered, True),),)
    blocks[-1] = (*blocks[-1], Piece(rendered[end:], True))
    return tuple(blocks)


def _raise_exception(message: str) -> None:
    from jinja2 import TemplateError

    raise TemplateError(message)
