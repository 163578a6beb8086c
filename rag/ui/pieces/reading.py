"""Articles to read, with sentences marked at their exact offsets, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.schema import Citation, Document, DocumentInfo, Span
from rag.ui.pieces.text import flowing, plain, source

# A browser lays out 200,000 characters in a tenth of a second; of a longer text the surroundings
# of what is marked are shown.
WHOLE_CHARACTERS = 200_000
AROUND_CHARACTERS = 5_000
_MOVED = (
    "The quoted sentence does not stand at its place in this article any more, "
    "so nothing is marked."
)
_GONE = "This article is no longer in the library, so nothing can be marked."


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence to mark, and what a link calls it."""

    id: str
    document: DocumentInfo
    span: Span
    quote: str


def mark_id(group: str, number: int) -> str:
    """What a link calls the sentence behind a marker; a group is an answer, a summary, a check."""
    return f"mark-{group}-{number}"


def places_of(citations: Sequence[Citation], group: str) -> tuple[Place, ...]:
    """The places of the sentences behind the markers of one group."""
    return tuple(Place(mark_id(group, c.marker), c.document, c.span, c.quote) for c in citations)


def reading_html(places: Sequence[Place], documents: Mapping[str, Document]) -> str:
    """The articles of some places, each once, the first one open.

    Args:
        places: what to mark, the article to be read first at the beginning.
        documents: the articles by id; one that is missing is said to be.
    """
    infos = {place.document.id: place.document for place in places}
    return "".join(
        _article(
            info, documents.get(key), [p for p in places if p.document.id == key], is_open=n == 0
        )
        for n, (key, info) in enumerate(infos.items())
    )


def document_html(document: Document) -> str:
    """A whole article without a mark."""
    return _article(document.info, document, [], is_open=True)


def _article(
    info: DocumentInfo, document: Document | None, places: Sequence[Place], *, is_open: bool
) -> str:
    exact = [p for p in places if document is not None and _stands(p, document.text)]
    lost = [p for p in places if p not in exact]
    body = _notes(lost, gone=document is None)
    if document is not None:
        body += _text(document.text, exact)
    head = f"<summary>{source(document.info if document else info)}</summary>"
    state = " open" if is_open else ""
    return f'<details class="article"{state}>{head}<div class="text">{body}</div></details>'


def _stands(place: Place, text: str) -> bool:
    """Whether the quote is at its offsets to the letter."""
    return text[place.span.start : place.span.end] == place.quote


def _notes(lost: Sequence[Place], *, gone: bool) -> str:
    if not lost:
        return _GONE if gone else ""
    ids = "".join(f'<span id="{p.id}" tabindex="-1"></span>' for p in lost)
    return f'<p class="lost">{ids}{_GONE if gone else _MOVED}</p>'


def _text(text: str, places: Sequence[Place]) -> str:
    """The text in pieces, cut where a mark begins or ends."""
    windows = _windows(text, places)
    cuts = sorted({c for w in windows for c in (w.start, w.end)} | _edges(places))
    html, before = "", 0
    for start, end in pairwise(cuts):
        piece = Span(start, end)
        if not any(window.contains(piece) for window in windows):
            continue
        html += _left_out(start - before) if start > before else ""
        before = end
        html += _piece(flowing(text[start:end]), piece, places)
    return html + (_left_out(len(text) - before) if before < len(text) else "")


def _piece(html: str, piece: Span, places: Sequence[Place]) -> str:
    over = [place for place in places if place.span.contains(piece)]
    if not over:
        return html
    ids = "".join(f'<span id="{p.id}"></span>' for p in over if p.span.start == piece.start)
    return f'<mark tabindex="-1">{ids}{html}</mark>'


def _edges(places: Sequence[Place]) -> set[int]:
    return {edge for place in places for edge in (place.span.start, place.span.end)}


def _windows(text: str, places: Sequence[Place]) -> list[Span]:
    """The parts of a text that are shown."""
    if len(text) <= WHOLE_CHARACTERS:
        return [Span(0, len(text))]
    shown = [
        Span(
            max(place.span.start - AROUND_CHARACTERS, 0),
            min(place.span.end + AROUND_CHARACTERS, len(text)),
        )
        for place in places
    ]
    return shown or [Span(0, WHOLE_CHARACTERS)]


def _left_out(count: int) -> str:
    return f'<p class="left-out">{plain(f"… {count:,} characters are not shown …")}</p>'
