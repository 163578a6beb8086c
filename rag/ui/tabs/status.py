"""The tab Status: models, memory, index and versions; the line above all tabs says the shortest."""

from __future__ import annotations

from typing import Any

from rag.errors import RagError
from rag.ui.asker import Part, Weights
from rag.ui.components import QUIET, Shared, Update, piece
from rag.ui.desk import Desk, attempt
from rag.ui.pieces.tables import facts_html, fetching_html, state_html, trouble_html

# How often the page looks how far a fetch is, while there is one.
LOOK_S = 1.0


def build(shared: Shared, clock: Any) -> tuple[list[Any], Any]:
    """Build the tab; returns the outputs of the function that fills it, and that.

    Args:
        shared: what every tab knows.
        clock: keeps the line above the tabs, and rests when nothing is loading any more.
    """
    import gradio as gr

    desk = shared.desk
    table = piece("", "facts")
    how_far = piece("", "fetching")
    with gr.Row():
        fetch = gr.Button("", variant="primary", size="sm", visible=False, elem_id="fetch")
        stop = gr.Button("Stop fetching", size="sm", visible=False, elem_id="stop-fetching")
        again = gr.Button("Look again", size="sm", scale=0, min_width=120, elem_id="look-again")
        load = gr.Button(
            "Load the models again", size="sm", scale=0, min_width=180, elem_id="load-again"
        )
    watch = gr.Timer(LOOK_S, active=False)

    def look() -> Update:
        """All that this tab shows, as it is now."""
        parts = attempt(desk.asker.parts)
        wanted = missing(parts)
        state = desk.fetches.state
        return {
            table: table_html(desk, parts),
            how_far: fetching_html(state),
            fetch: gr.Button(fetch_label(wanted), visible=bool(wanted) and not state.running),
            stop: gr.Button(visible=state.running),
            watch: gr.Timer(active=state.running),
            clock: gr.Timer(active=True),  # which ends by itself where nothing is loading
        }

    def watching() -> Update:
        """How far the fetch is; the rest once it has ended."""
        return {how_far: fetching_html(state)} if (state := desk.fetches.state).running else look()

    def begin() -> Update:
        desk.fetches.start([weights.name for weights in missing(attempt(desk.asker.parts))])
        return look()

    def reload() -> Update:
        if desk.warmth.error is not None:
            desk.open()
        return look()

    def end() -> Update:
        desk.fetches.stop()
        return {how_far: fetching_html(desk.fetches.state)}

    outputs = [table, how_far, fetch, stop, watch, clock]
    for trigger, answer in (
        (again.click, look),
        (load.click, reload),
        (fetch.click, begin),
        (stop.click, end),
        (watch.tick, watching),
    ):
        trigger(answer, None, outputs, queue=False, **QUIET)
    return outputs, look


def missing(parts: tuple[Part, ...] | RagError) -> tuple[Weights, ...]:
    """The models that a fetch would bring, each once."""
    if isinstance(parts, RagError):
        return ()
    return tuple(dict.fromkeys(part.missing for part in parts if part.missing is not None))


def fetch_label(wanted: tuple[Weights, ...]) -> str:
    """What the button says: what it would fetch, and how much that is."""
    names = " and ".join(weights.name for weights in wanted)
    return f"Fetch {names} ({sum(weights.size for weights in wanted) / 1e6:,.0f} MB)"


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


def table_html(desk: Desk, parts: tuple[Part, ...] | RagError) -> str:
    """Every part, what is loading among them."""
    warmth = desk.warmth
    if warmth.error is not None:
        state = Part("Models", warmth.error.message, warmth.error.hint, ok=False)
    elif warmth.ready:
        state = Part("Models", f"Loaded in {warmth.seconds:.1f} s")
    else:
        state = Part("Models", f"Loading, {warmth.seconds:.0f} s so far")
    if isinstance(parts, RagError):
        return f"{facts_html([state])}{trouble_html(parts)}"
    return facts_html([state, *parts])
