"""The tab Summary: one article or many, in sentences or figures that lead to where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rag.errors import GenerationStoppedError, RagError
from rag.schema import Digest, Length, Summary
from rag.ui.components import (
    NOTHING_TO_READ,
    QUIET,
    Shared,
    Update,
    filters_of,
    labels,
    listed,
    piece,
    reading,
    with_request,
)
from rag.ui.desk import Progress, attempt
from rag.ui.pieces.summaries import places, so_far_html, summary_html
from rag.ui.pieces.tables import note_html, trouble_html
from rag.ui.pieces.text import counted
from rag.ui.wanted import Choices, Form, wanted

ALL = ""
"""The id that stands for all articles that take part."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What a visitor chooses, in the order of :class:`rag.ui.wanted.Choices`."""

    article: Any
    about: Any
    since: Any
    until: Any
    length: Any
    form: Any

    @property
    def all(self) -> tuple[Any, ...]:
        """The components."""
        return self.article, self.about, self.since, self.until, self.length, self.form

    def choices(self, given: Mapping[Any, Any]) -> Choices:
        """What was chosen, of the values of all components."""
        return Choices(*(given[component] for component in self.all))


def build(shared: Shared) -> tuple[Any, Any]:
    """Build the tab; returns the list of articles and the function that fills it."""
    import gradio as gr

    fields, begin, stop = _lay_out()
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            points = piece('<p class="hint">Choose an article, or all of them.</p>', "points")
        with gr.Column(scale=2, min_width=320):
            article_text = piece(NOTHING_TO_READ, "summary-reading", elem_classes="reading")

    def summarize(given: dict[Any, Any], request: Any) -> Iterator[Update]:
        if given[fields.article] is None:
            yield {points: note_html("Choose an article first.")}
            return
        filters = filters_of(shared.desk, given[shared.chosen])
        asked = attempt(lambda: wanted(fields.choices(given), filters))
        if isinstance(asked, RagError):
            yield {points: trouble_html(asked)}
            return
        yield {begin: gr.Button(interactive=False), stop: gr.Button(interactive=True)}
        for progress in shared.desk.summarize(asked, request.session_hash):
            loading = asked.needs_model and shared.desk.warmth.loading
            outcome = progress.outcome
            update: Update = {points: progress_html(progress, asked.form, loading=loading)}
            if outcome is not None:
                update[begin] = gr.Button(interactive=True)
                update[stop] = gr.Button(interactive=False)
            if isinstance(outcome, Summary | Digest):
                update[article_text] = reading(shared.desk, places(outcome, asked.form))
            yield update

    def end(request: Any) -> None:
        shared.desk.stop(request.session_hash, "summary")

    def fill(chosen: str | None) -> Any:
        choices = labels(listed(shared.desk))
        keys = [key for _, key in choices]
        every = [("All articles that take part", ALL)] if keys else []
        value = chosen if chosen in [*keys, ALL] and keys else next(iter(keys), None)
        return gr.Dropdown([*every, *choices], value=value)

    begin.click(
        with_request(summarize),
        {*fields.all, shared.chosen},
        [points, begin, stop, article_text],
        show_progress="hidden",
        concurrency_limit=None,
        api_visibility="private",
    )
    stop.click(with_request(end), queue=False, **QUIET)
    return fields.article, fill


def _lay_out() -> tuple[Fields, Any, Any]:
    import gradio as gr

    with gr.Row(elem_classes="fields"):
        article = gr.Dropdown(
            [], label="Article", scale=1, min_width=200, elem_id="summary-article"
        )
        begin = gr.Button("Summarize", variant="primary", scale=0, min_width=120, elem_id="begin")
        stop = gr.Button("Stop", interactive=False, scale=0, min_width=64, elem_id="stop-summary")
    with gr.Row():
        length = gr.Radio(
            [each.value for each in Length],
            value=Length.MEDIUM.value,
            label="Length",
            min_width=240,
            elem_id="summary-length",
        )
        form = gr.Radio(
            [each.value for each in Form],
            value=Form.BULLETS.value,
            label="Format",
            min_width=300,
            elem_id="summary-form",
        )
    with gr.Row():
        about = gr.Textbox(
            label="Subject",
            placeholder="In a few words; empty for all",
            max_length=200,
            scale=2,
            min_width=300,
            elem_id="summary-about",
        )
        since, until = (
            gr.Textbox(
                label=label,
                placeholder="2031-06-21",
                max_length=30,
                scale=1,
                min_width=120,
                elem_id=f"summary-{name}",
            )
            for label, name in (("Published since", "since"), ("Published until", "until"))
        )
    return Fields(article, about, since, until, length, form), begin, stop


def progress_html(progress: Progress, form: Form = Form.BULLETS, *, loading: bool = False) -> str:
    """The points so far, and below them how far it is or how it ended."""
    outcome = progress.outcome
    if isinstance(outcome, Summary | Digest):
        told = summary_html(outcome, form)
    else:
        told = so_far_html(progress.points, form)
    return f"{told}{_below(progress, loading=loading)}"


def _below(progress: Progress, *, loading: bool) -> str:
    outcome = progress.outcome
    if isinstance(outcome, Summary | Digest):
        notes = [*outcome.notes, f"{_read(outcome)}, {outcome.total_s:.0f} s"]
        return "".join(map(note_html, notes))
    if isinstance(outcome, GenerationStoppedError):
        return note_html("Stopped. The sentences above are checked; the rest was not read.")
    if isinstance(outcome, RagError):
        return trouble_html(outcome)
    return note_html(f"{_waiting_for(progress, loading=loading)} …")


def _waiting_for(progress: Progress, *, loading: bool) -> str:
    if loading:  # which holds the model as a question does
        return "Loading the model"
    if progress.ahead:
        return f"{counted(progress.ahead, 'question')} before yours"
    if progress.read is not None:
        done, total = progress.read
        return f"Reading; {done:,} of {counted(total, 'article')} so far"
    return f"Reading; {counted(len(progress.points), 'sentence')} so far"


def _read(outcome: Summary | Digest) -> str:
    if isinstance(outcome, Summary):
        return f"{outcome.passages_read} of {counted(outcome.passages_total, 'passage')} read"
    read = outcome.coverage
    articles = f"{read.articles_read:,} of {counted(read.articles_total, 'article')}"
    passages = f"{read.passages_read:,} of {counted(read.passages_total, 'passage')}"
    return f"{articles}, {passages} read"
