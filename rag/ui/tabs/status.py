"""The tab Status: models, memory, index and versions; the line above all tabs says the shortest."""

from __future__ import annotations

from typing import Any

from rag.errors import RagError
from rag.ui.asker import Part
from rag.ui.components import QUIET, Shared, piece
from rag.ui.desk import Desk, attempt
from rag.ui.pieces.tables import facts_html, state_html, trouble_html


def build(shared: Shared) -> tuple[Any, Any]:
    """Build the tab; returns the table and the function that fills it."""
    import gradio as gr

    table = piece("", "facts")
    with gr.Row():
        again = gr.Button("Look again", size="sm", scale=0, min_width=120, elem_id="look-again")
        load = gr.Button(
            "Load the models again", size="sm", scale=0, min_width=180, elem_id="load-again"
        )

    def fill() -> str:
        return table_html(shared.desk)

    def reload() -> str:
        if shared.desk.warmth.error is not None:
            shared.desk.open()
        return table_html(shared.desk)

    again.click(fill, None, [table], **QUIET)
    load.click(reload, None, [table], **QUIET)
    return table, fill


def line_html(desk: Desk) -> str:
    """Whether a question can be answered, and from how many articles."""
    found = attempt(desk.asker.documents)
    warmth = desk.warmth
    return state_html(
        error=warmth.error,
        ready=warmth.ready,
        seconds=warmth.seconds,
        articles=found if isinstance(found, RagError) else len(found),
    )


def table_html(desk: Desk) -> str:
    """Every part, what is loading among them."""
    warmth = desk.warmth
    if warmth.error is not None:
        state = Part("Models", warmth.error.message, warmth.error.hint, ok=False)
    elif warmth.ready:
        state = Part("Models", f"Loaded in {warmth.seconds:.1f} s")
    else:
        state = Part("Models", f"Loading, {warmth.seconds:.0f} s so far")
    found = attempt(desk.asker.parts)
    if isinstance(found, RagError):
        return f"{facts_html([state])}{trouble_html(found)}"
    return facts_html([state, *found])
