"""What the network reads: the question, then a sentence behind the title and what precedes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.schema import Span
from rag.text import encodable

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 160
"""Longer than nine in ten of the question, title and two sentences together."""
_MOST_OF_QUESTION = 48
_LEAD_WORDS = 24
_FEWEST_OF_CONTEXT = 8
# [CLS] and [SEP] of the vocabulary.
_BEGIN, _END = 101, 102


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sentence as the network reads it."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    """0 for the question, 1 for what follows."""
    places: tuple[tuple[int, int] | None, ...]
    """First and last token of each span; None where it is beyond what is read."""


def open_tokenizer(vocabulary: str) -> Tokenizer:
    """The word pieces of BERT without capitals, from the file of its vocabulary."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer

    tokenizer = Tokenizer(WordPiece.from_file(vocabulary))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def lay_out(
    tokenizer: Tokenizer,
    question: str,
    sentence: str,
    spans: Sequence[Span],
    *,
    title: str,
    lead: str,
) -> Sheet:
    """Put a question before a sentence in its context.

    Args:
        tokenizer: of :func:`open_tokenizer`.
        question: as it was asked.
        sentence: whose spans are scored.
        spans: offsets in it.
        title: of the article; may be empty.
        lead: the sentence before; may be empty.
    """
    head = [_BEGIN, *_encode(tokenizer, question).ids[:_MOST_OF_QUESTION], _END]
    room = MAX_TOKENS - len(head) - 1
    encoded = _encode(tokenizer, sentence)
    kept = min(len(encoded.ids), room - _FEWEST_OF_CONTEXT)
    words = " ".join(lead.split()[-_LEAD_WORDS:])
    before = _encode(tokenizer, (f"{title}: " if title else "") + (f"{words} " if words else ""))
    context = _cut(before.ids, room - kept)
    ids = [*head, *context, *encoded.ids[:kept], _END]
    first = len(head) + len(context)
    offsets = encoded.offsets[:kept]
    return Sheet(
        tuple(ids),
        tuple([0] * len(head) + [1] * (len(ids) - len(head))),
        tuple(_place(span, offsets, first) for span in spans),
    )


def _cut(ids: list[int], room: int) -> list[int]:
    """The beginning of the title and the end of the sentence before."""
    if len(ids) <= room:
        return ids
    kept = max(0, room - _FEWEST_OF_CONTEXT)
    return [*ids[:_FEWEST_OF_CONTEXT], *ids[len(ids) - kept :]]


def _place(span: Span, offsets: Sequence[tuple[int, int]], first: int) -> tuple[int, int] | None:
    of_span = [i for i, (start, end) in enumerate(offsets) if start < span.end and end > span.start]
    return (first + of_span[0], first + of_span[-1]) if of_span else None


def _encode(tokenizer: Tokenizer, text: str) -> Encoding:
    encoded: Encoding = tokenizer.encode(encodable(text), add_special_tokens=False)
    return encoded
