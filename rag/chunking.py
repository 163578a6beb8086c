"""Cutting a document into sentences, and sentences into passages for the embedder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.schema import Document, DocumentInfo, Passage, Sentence, Span
from rag.text import split_sentences

CountTokens = Callable[[str], int]
"""Word pieces of a text, the two special tokens of a sequence included."""

_SPECIAL_TOKENS = 2
_HEADER_TITLE_CHARACTERS = 150
"""A header is context, not content: a title beyond this would crowd out the text."""


@dataclass(frozen=True, slots=True)
class PassageChunker:
    """Packs whole sentences into passages of at most ``max_tokens``.

    A sentence that is longer by itself is spread over several passages, cut at spaces, so that
    the embedder never leaves out a word in silence.

    Args:
        count_tokens: the embedder's own count.
        max_tokens: upper bound of a passage with its header.
    """

    count_tokens: CountTokens
    max_tokens: int

    def split(self, document: Document) -> tuple[tuple[Sentence, ...], tuple[Passage, ...]]:
        """Return every sentence, and passages of whole sentences that cover them all."""
        sentences = tuple(_sentences(document))
        header = _header(document.info)
        n_header = self._count(header) + _SPECIAL_TOKENS
        room = max(self.max_tokens - n_header, 1)
        passages = tuple(
            Passage(
                document_id=document.info.id,
                position=position,
                span=draft.span,
                first_sentence=draft.first,
                last_sentence=draft.last,
                header=header,
                n_tokens=n_header + draft.n_tokens,
                boilerplate=all(s.boilerplate for s in sentences[draft.first : draft.last + 1]),
            )
            for position, draft in enumerate(self._pack(document.text, sentences, room))
        )
        return sentences, passages

    def _pack(self, text: str, sentences: tuple[Sentence, ...], room: int) -> Iterator[_Draft]:
        open_draft: _Draft | None = None
        for sentence in sentences:
            for span, n_tokens in self._pieces(text, sentence.span, room):
                piece = _Draft(span, sentence.position, sentence.position, n_tokens)
                if open_draft is not None and (
                    open_draft.n_tokens + n_tokens > room
                    or sentence.boilerplate != sentences[open_draft.last].boilerplate
                ):
                    yield open_draft
                    open_draft = None
                open_draft = piece if open_draft is None else open_draft.with_next(piece)
        if open_draft is not None:
            yield open_draft

    def _pieces(self, text: str, span: Span, room: int) -> Iterator[tuple[Span, int]]:
        """Yield the span whole, or in halves of halves that each fit in ``room`` tokens."""
        n_tokens = self._count(text[span.start : span.end])
        if n_tokens <= room or len(span) < 2:
            yield span, n_tokens
            return
        cut = _space_near_middle(text, span)
        left = Span(span.start, span.start + len(text[span.start : cut].rstrip()))
        right = Span(span.end - len(text[cut : span.end].lstrip()), span.end)
        yield from self._pieces(text, left, room)
        yield from self._pieces(text, right, room)

    def _count(self, text: str) -> int:
        return self.count_tokens(text) - _SPECIAL_TOKENS if text else 0


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage that may still grow."""

    span: Span
    first: int
    last: int
    n_tokens: int

    def with_next(self, piece: _Draft) -> _Draft:
        span = Span(self.span.start, piece.span.end)
        return _Draft(span, self.first, piece.last, self.n_tokens + piece.n_tokens)


def _sentences(document: Document) -> Iterator[Sentence]:
    marked = iter(document.boilerplate)
    current = next(marked, None)
    for position, found in enumerate(split_sentences(document.text)):
        while current is not None and current.end <= found.span.start:
            current = next(marked, None)
        yield Sentence(
            document_id=document.info.id,
            position=position,
            span=found.span,
            text=document.text[found.span.start : found.span.end],
            paragraph=found.paragraph,
            boilerplate=current is not None and current.overlaps(found.span),
        )


def _header(info: DocumentInfo) -> str:
    title = (info.title or "")[:_HEADER_TITLE_CHARACTERS]
    published = (
        f"{info.published:%B} {info.published.day}, {info.published.year}" if info.published else ""
    )
    return " · ".join(part for part in (title, published) if part)


def _space_near_middle(text: str, span: Span) -> int:
    """Offset of the space nearest the middle of a span; the middle where there is none."""
    middle = (span.start + span.end) // 2
    before = text.rfind(" ", span.start + 1, middle)
    after = text.find(" ", middle, span.end - 1)
    spaces = [at for at in (before, after) if at > 0]
    return min(spaces, key=lambda at: abs(at - middle), default=middle)
