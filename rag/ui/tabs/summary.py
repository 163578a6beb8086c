"""The tab Summary: one article in a few sentences, each with the sentences that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.errors import GenerationStoppedError, RagError
from rag.schema import Summary, SummaryPoint
from rag.ui.components import (
    NOTHING_TO_READ,
    QUIET,
    Shared,
    Update,
    labels,
    listed,
    piece,
    reading,
    with_request,
)
from rag.ui.desk import Progress
from rag.ui.pieces.answers import points_html
from rag.ui.pieces.reading import places_of
from rag.ui.pieces.tables import note_html, trouble_html
from rag.ui.pieces.text import counted

GROUP = "summary"


def build(shared: Shared) -> tuple[Any, Any]:
    """Build the tab; returns the list of articles and the function that fills it."""
    import gradio as gr

    with gr.Row(elem_classes="fields"):
        article = gr.Dropdown(
            [], label="Article", scale=1, min_width=200, elem_id="summary-article"
        )
        begin = gr.Button("Summarize", variant="primary", scale=0, min_width=120, elem_id="begin")
        stop = gr.Button("Stop", interactive=False, scale=0, min_width=64, elem_id="stop-summary")
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            points = piece('<p class="hint">Choose an article.</p>', "points")
        with gr.Column(scale=2, min_width=320):
            article_text = piece(NOTHING_TO_READ, "summary-reading", elem_classes="reading")

    def summarize(document: str | None, request: Any) -> Iterator[Update]:
        if not document:
            yield {points: note_html("Choose an article first.")}
            return
        yield {begin: gr.Button(interactive=False), stop: gr.Button(interactive=True)}
        for progress in shared.desk.summarize(document, request.session_hash):
            loading = shared.desk.warmth.loading
            update: Update = {points: progress_html(progress, loading=loading)}
            if progress.outcome is not None:
                update[begin] = gr.Button(interactive=True)
                update[stop] = gr.Button(interactive=False)
            if isinstance(progress.outcome, Summary):
                citations = [c for p in progress.outcome.points for c in p.citations]
                update[article_text] = reading(shared.desk, places_of(citations, GROUP))
            yield update

    def end(request: Any) -> None:
        shared.desk.stop(request.session_hash, "summary")

    def fill(chosen: str | None) -> Any:
        choices = labels(listed(shared.desk))
        keys = [key for _, key in choices]
        return gr.Dropdown(choices, value=chosen if chosen in keys else next(iter(keys), None))

    begin.click(
        with_request(summarize),
        [article],
        [points, begin, stop, article_text],
        show_progress="hidden",
        concurrency_limit=None,
        api_visibility="private",
    )
    stop.click(with_request(end), queue=False, **QUIET)
    return article, fill


def progress_html(progress: Progress, *, loading: bool = False) -> str:
    """The points so far, and below them how far it is or how it ended."""
    outcome = progress.outcome
    points = outcome.points if isinstance(outcome, Summary) else progress.points
    return (
        f"{points_html(points, GROUP) if points else ''}{_below(progress, points, loading=loading)}"
    )


def _below(progress: Progress, points: tuple[SummaryPoint, ...], *, loading: bool) -> str:
    outcome = progress.outcome
    if isinstance(outcome, Summary):
        read = f"{outcome.passages_read} of {counted(outcome.passages_total, 'passage')} read"
        notes = [*outcome.notes, f"{read}, {outcome.total_s:.0f} s"]
        return "".join(map(note_html, notes))
    if isinstance(outcome, GenerationStoppedError):
        return note_html("Stopped. The sentences above are checked; the rest was not read.")
    if isinstance(outcome, RagError):
        return trouble_html(outcome)
    if loading:  # which holds the model as a question does
        return note_html("Loading the model …")
    if progress.ahead:
        return note_html(f"{counted(progress.ahead, 'question')} before yours …")
    return note_html(f"Reading; {counted(len(points), 'sentence')} so far …")
