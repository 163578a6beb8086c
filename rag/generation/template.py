"""The model's own chat template, rendered so that articles stay data.

llama-cpp-python tokenises a rendered chat prompt with special tokens switched on, so that
``<|im_end|>`` inside an article ends the turn. Here the template is rendered around
placeholders; its own pieces are tokenised with special tokens, what people wrote without.
Pieces that are tokenised apart also keep the prefix of a prompt the same whatever follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.errors import ModelCorruptError
from rag.schema import Message

# What people wrote is put in after the template has run, and so is never searched for these.
_PLACEHOLDER = "\ue000{}\ue001"
_PLACEHOLDER_RE = re.compile("\ue000[0-9]+\ue001")

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
    """Renders messages to blocks of pieces, one block a message or paragraph of a user's.

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
            raise _unusable(f"cannot be read: {error}") from error
        self._tokens = {"bos_token": bos, "eos_token": eos}

    def render(self, messages: Sequence[Message]) -> tuple[tuple[Piece, ...], ...]:
        """Return one block a message, in the template's order: its content and what is before it.

        A user's message has a block a paragraph, so that a text of which several things are
        asked is read once. What the template writes after the last message (the assistant's
        turn) belongs to the last block. The blocks of the first k messages are the same whatever
        follows them, so long as the template itself does not look ahead. A template that knows
        no system message gets it at the head of the next one.

        Raises:
            ModelCorruptError: the template fails on these roles, or leaves out a message.
        """
        contents = {_PLACEHOLDER.format(i): _paragraphs(m) for i, m in enumerate(messages)}
        turns = [
            {"role": m.role, "content": mark} for m, mark in zip(messages, contents, strict=True)
        ]
        try:
            return _blocks(self._render(turns), contents)
        except ModelCorruptError:
            if len(turns) < 2 or turns[0]["role"] != "system":
                raise
            system, after, *others = turns
            after["content"] = f"{system['content']}\n\n{after['content']}"
            return _blocks(self._render([after, *others]), contents)

    def _render(self, turns: Sequence[dict[str, str]]) -> str:
        try:
            return self._template.render(messages=turns, add_generation_prompt=True, **self._tokens)
        # A template is a program: it may divide by zero as well as refuse a role.
        except Exception as error:
            raise _unusable(f"failed: {error}") from error


def tokenise(
    blocks: Sequence[Sequence[Piece]], encode: Callable[[str, bool], list[int]]
) -> tuple[tuple[int, ...], ...]:
    """Turn blocks of pieces into blocks of token ids, none empty; ``encode(text, special)``.

    Raises:
        ModelCorruptError: there is no token at all.
    """
    tokens = (
        tuple(token for piece in block for token in encode(piece.text, piece.trusted))
        for block in blocks
    )
    found = tuple(block for block in tokens if block)
    if not found:
        raise _unusable("wrote nothing")
    return found


def _blocks(rendered: str, contents: Mapping[str, Sequence[str]]) -> tuple[tuple[Piece, ...], ...]:
    blocks: list[tuple[Piece, ...]] = []
    written = set()
    end = 0
    for match in _PLACEHOLDER_RE.finditer(rendered):
        if match[0] in contents:
            before = rendered[end : match.start()]
            first, *others = contents[match[0]]
            blocks.append((Piece(before, True), Piece(first, False)))
            blocks += [(Piece(paragraph, False),) for paragraph in others]
            written.add(match[0])
            end = match.end()
    if written != contents.keys():
        raise _unusable("left out a message")
    rest = Piece(rendered[end:], True)
    return (*blocks[:-1], (*blocks[-1], rest)) if blocks else ((rest,),)


def _paragraphs(message: Message) -> tuple[str, ...]:
    """What of a message is read apart; a blank line belongs to the paragraph before it."""
    if message.role != "user":
        return (message.content,)
    return tuple(re.split(r"(?<=\n\n)(?=[^\n])", message.content))


def _unusable(what: str) -> ModelCorruptError:
    return ModelCorruptError(
        f"The model's chat template {what}.",
        "Choose another model with --model, see: rag models list",
    )


def _raise_exception(message: str) -> None:
    from jinja2 import TemplateError

    raise TemplateError(message)
