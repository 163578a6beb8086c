"""What the tabs have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import RagError
from rag.schema import Document, DocumentInfo, Filters
from rag.ui.desk import Desk, attempt
from rag.ui.pieces.reading import Place, reading_html
from rag.ui.pieces.text import facts

Update = dict[Any, Any]
"""New values or properties by component."""

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""Of an event that nobody but the page calls and that is over at once."""

NOTHING_TO_READ = (
    '<p class="hint">The article opens here, at the sentence, when you follow a number '
    "in brackets.</p>"
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What every tab knows of its visitor and of the others."""

    desk: Desk
    folder: Path
    """Of the library, where cases are kept."""
    chosen: Any
    """State: the ids of the articles that take part; empty means all."""


def piece(value: str, elem_id: str, **how: Any) -> Any:
    """HTML of :mod:`rag.ui.pieces`, which Gradio passes through its sanitiser.

    Not :class:`gradio.HTML`: that one has no sanitiser and evaluates a template, for which the
    Content-Security-Policy would have to allow ``eval``.
    """
    import gradio as gr

    return gr.Markdown(value, elem_id=elem_id, latex_delimiters=[], sanitize_html=True, **how)


def with_request(handler: Callable[..., Any], **others: str) -> Callable[..., Any]:
    """Have Gradio give the ``request``, or others of its values by the names of their classes.

    Gradio finds such parameters by their annotation, which cannot name a local import.
    """
    import gradio as gr

    for name, kind in (others or {"request": "Request"}).items():
        handler.__annotations__[name] = getattr(gr, kind)
    return handler


def filters_of(desk: Desk, chosen: tuple[str, ...]) -> Filters:
    """The articles that a visitor has chosen and that are still there; none chosen: all.

    Where none of them is there any more, they stay named, so that the question fails and is not
    put to all the others.
    """
    here = {info.id for info in listed(desk)} if chosen else set()
    return Filters(documents=tuple(each for each in chosen if each in here) or chosen)


def listed(desk: Desk) -> list[DocumentInfo]:
    """The articles; none where they cannot be listed, which the status line says."""
    found = attempt(desk.asker.documents)
    return [] if isinstance(found, RagError) else found


def labels(infos: Iterable[DocumentInfo]) -> list[tuple[str, str]]:
    """Choices of a list of articles: what is shown, and the id."""
    return [(" · ".join([info.name, *facts(info)]), info.id) for info in infos]


def reading(desk: Desk, places: Iterable[Place]) -> str:
    """The articles of some places, marked."""
    places = tuple(places)
    documents: dict[str, Document] = {}
    for key in {place.document.id for place in places}:
        found = attempt(lambda key=key: desk.asker.document(key))  # type: ignore[misc]
        if isinstance(found, Document):
            documents[key] = found
    return reading_html(places, documents) or NOTHING_TO_READ
