"""Cutting a document into sentences, and sentences into passages for the embedder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.schema import Document, DocumentInfo, Passage, Sentence, Span
from rag.text import split_sentences

CountTokens = Callable[[str], int]
"""Word pieces of a text, the special tokens of a sequence included."""

_TITLE_CHARACTERS = 150
"""A title is context, not content: what is longer would crowd out the text."""


@dataclass(frozen=True, slots=True)
class PassageChunker:
    """Packs whole sentences into passages of at most ``max_tokens``.

    A sentence that is longer by itself is spread over several passages, cut at spaces, so that
    the embedder never leaves out a word in silence. What counts is header and text as they are
    embedded, for a tokenizer may make more of the whole than of its parts: "o" and "dune" are
    one word piece each, "odune" is three.

    Args:
        count_tokens: the embedder's own count.
        max_tokens: upper bound of a passage with its header. From 16 on it always holds; below,
            a single character may take more.
    """

    count_tokens: CountTokens
    max_tokens: int

    def split(self, document: Document) -> tuple[tuple[Sentence, ...], tuple[Passage, ...]]:
        """Return every sentence, and passages of whole sentences that cover them all."""
        sentences = tuple(_sentences(document))
        header = self._header(document.info)
        passages = tuple(
            Passage(
                document_id=document.info.id,
                position=position,
                span=draft.span,
                first_sentence=draft.first,
                last_sentence=draft.last,
                header=header,
                n_tokens=draft.n_tokens,
                boilerplate=sentences[draft.first].boilerplate,
            )
            for position, draft in enumerate(self._pack(document.text, sentences, header))
        )
        return sentences, passages

    def _pack(self, text: str, sentences: tuple[Sentence, ...], header: str) -> Iterator[_Draft]:
        def count(span: Span) -> int:
            return self.count_tokens(_embedded(header, text[span.start : span.end]))

        draft: _Draft | None = None
        for sentence in sentences:
            for piece in self._pieces(text, sentence.span, count):
                if draft is not None:
                    longer = Span(draft.span.start, piece.end)
                    alike = sentence.boilerplate == sentences[draft.last].boilerplate
                    if alike and (n_tokens := count(longer)) <= self.max_tokens:
                        draft = _Draft(longer, draft.first, sentence.position, n_tokens)
                        continue
                    yield draft
                draft = _Draft(piece, sentence.position, sentence.position, count(piece))
        if draft is not None:
            yield draft

    def _pieces(self, text: str, span: Span, count: Callable[[Span], int]) -> Iterator[Span]:
        """Yield the span whole, or in halves of halves that each fit."""
        if len(span) < 2 or count(span) <= self.max_tokens:
            yield span
            return
        cut = _space_near_middle(text, span)
        left = Span(span.start, span.start + len(text[span.start : cut].rstrip()))
        right = Span(span.end - len(text[cut : span.end].lstrip()), span.end)
        yield from self._pieces(text, left, count)
        yield from self._pieces(text, right, count)

    def _header(self, info: DocumentInfo) -> str:
        """Title and date in half of the room at most; the title loses words at its end."""
        day = info.published
        date = f"{day:%B} {day.day}, {day.year}" if day else ""
        title = info.title or ""
        if len(title) > _TITLE_CHARACTERS:
            title = title[:_TITLE_CHARACTERS]
            title = title.rpartition(" ")[0] or title
        while True:
            header = " · ".join(part for part in (title, date) if part)
            if not header or self.count_tokens(header) <= self.max_tokens // 2:
                return header
            if not title:
                return ""
            title = title.rpartition(" ")[0] or title[: len(title) // 2]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage that may still grow."""

    span: Span
    first: int
    last: int
    n_tokens: int


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


def _embedded(header: str, text: str) -> str:
    # As the library joins them for the embedder, which a test holds to this.
    return f"{header}\n{text}" if header else text


def _space_near_middle(text: str, span: Span) -> int:
    """Offset of the space nearest the middle of a span; the middle where there is none."""
    middle = (span.start + span.end) // 2
    before = text.rfind(" ", span.start + 1, middle)
    after = text.find(" ", middle, span.end - 1)
    spaces = [at for at in (before, after) if at > 0]
    return min(spaces, key=lambda at: abs(at - middle), default=middle)
