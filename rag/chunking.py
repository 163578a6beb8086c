"""Cutting a document into sentences, and sentences into passages for the embedder."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
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

        def pieces(sentence: Sentence, span: Span) -> Iterator[_Piece]:
            n_tokens = self.count_tokens(text[span.start : span.end]) - empty
            if n_tokens <= room or len(span) < 2:
                yield _Piece(sentence, span, n_tokens)
                return
            for half in _halves(text, span):
                yield from pieces(sentence, half)

        empty = self.count_tokens("")
        room = self.max_tokens - self.count_tokens(_embedded(header, ""))
        waiting = deque(piece for s in sentences for piece in pieces(s, s.span))
        while waiting:
            n = _fitting(waiting, room)
            first, last = waiting[0], waiting[n - 1]
            span = Span(first.span.start, last.span.end)
            n_tokens = count(span)
            # The sum of the parts foretells the whole with most tokenizers, not with all.
            while n > 1 and n_tokens > self.max_tokens:
                n, last = n - 1, waiting[n - 2]
                span = Span(first.span.start, last.span.end)
                n_tokens = count(span)
            for _ in range(n):
                waiting.popleft()
            if n_tokens > self.max_tokens and len(span) > 1:
                left, right = _halves(text, span)
                waiting.extendleft(
                    [*pieces(first.sentence, right)][::-1] + [*pieces(first.sentence, left)][::-1]
                )
                continue
            yield _Draft(span, first.sentence.position, last.sentence.position, n_tokens)

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
class _Piece:
    """A sentence, or a part of one that is too long, and its word pieces by itself."""

    sentence: Sentence
    span: Span
    n_tokens: int


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage before it has a header."""

    span: Span
    first: int
    last: int
    n_tokens: int


def _fitting(waiting: Sequence[_Piece], room: int) -> int:
    """How many of the pieces fit by their sum, of one kind of text: 1 or more."""
    boilerplate = waiting[0].sentence.boilerplate
    n, total = 0, 0
    for piece in waiting:
        total += piece.n_tokens
        if n and (total > room or piece.sentence.boilerplate != boilerplate):
            break
        n += 1
    return n


def _halves(text: str, span: Span) -> tuple[Span, Span]:
    cut = _space_near_middle(text, span)
    left = Span(span.start, span.start + len(text[span.start : cut].rstrip()))
    right = Span(span.end - len(text[cut : span.end].lstrip()), span.end)
    return left, right


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
