"""The components of the page, and what a click does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from rag.errors import RagError
from rag.ui import html
from rag.ui.desk import Desk, Progress

TITLE = "citeline"
# The newest answers of a visitor; the page sends every one of them again with each change.
MAX_TURNS = 20
MAX_QUESTION_CHARACTERS = 500
# How often the page looks whether the models are loaded, until they are.
LOOK_S = 1.0

_HEAD = (
    f"# {TITLE}\n\nAsk a pile of news articles. "
    "Every figure in an answer is bound to the sentence that states it."
)
_WELCOME = "Ask how many, how much, when or who."
_NO_EVIDENCE = '<p class="hint">The sentences behind an answer appear here.</p>'

Update = dict[Any, Any]
"""New values or properties by component."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of one visitor and what came of it."""

    number: int
    question: str
    reply: str
    """HTML, as are the sources."""
    sources: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that change."""

    turns: Any
    clock: Any
    status: Any
    chat: Any
    question: Any
    ask: Any
    stop: Any
    panel: Any

    def all(self) -> list[Any]:
        return [getattr(self, field.name) for field in fields(self)]


def assets() -> Traversable:
    """Folder of the page's style, script and icon."""
    return files("rag.ui") / "static"


def look() -> dict[str, Any]:
    """What :func:`gradio.mount_gradio_app` is told about the page's appearance."""
    import gradio as gr

    # Fonts by name: Gradio's own choice is downloaded by the browser, if only from the server.
    theme = gr.themes.Soft(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
    return {
        "theme": theme,
        "css": (assets() / "citeline.css").read_text("utf-8"),
        "head": '<script src="./citeline.js" defer></script>',
    }


def build_page(desk: Desk) -> Any:
    """Build the page as Gradio Blocks.

    Args:
        desk: takes the questions of all visitors. What one visitor sees is kept in a state of
            the visitor's own.
    """
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        _wire(page, desk, _lay_out())
    return page


def _lay_out() -> _Parts:
    import gradio as gr

    turns, clock = gr.State(()), gr.Timer(LOOK_S)
    gr.Markdown(_HEAD, elem_id="head")
    status = _piece("", "status")
    with gr.Row(elem_id="main"):
        with gr.Column(scale=3, min_width=320):
            chat = _chat()
            with gr.Row(elem_id="ask-row", equal_height=True):
                question = gr.Textbox(
                    label="Question",
                    show_label=False,
                    placeholder="How many …",
                    max_lines=4,
                    min_width=120,
                    max_length=MAX_QUESTION_CHARACTERS,
                    autofocus=True,
                    scale=1,
                    elem_id="question",
                )
                ask = gr.Button("Ask", variant="primary", scale=0, min_width=64, elem_id="ask")
                stop = gr.Button("Stop", interactive=False, scale=0, min_width=64, elem_id="stop")
        with gr.Column(scale=2, min_width=320):
            panel = _piece(_NO_EVIDENCE, "evidence")
    return _Parts(turns, clock, status, chat, question, ask, stop, panel)


def _piece(value: str, elem_id: str) -> Any:
    """HTML of :mod:`rag.ui.html`, which Gradio passes through its sanitiser.

    Not :class:`gradio.HTML`: that one has no sanitiser and evaluates a template, for which the
    Content-Security-Policy would have to allow ``eval``.
    """
    import gradio as gr

    return gr.Markdown(value, elem_id=elem_id, latex_delimiters=[], sanitize_html=True)


def _chat() -> Any:
    import gradio as gr

    return gr.Chatbot(
        elem_id="chat",
        show_label=False,
        container=False,
        height="auto",
        buttons=[],
        placeholder=_WELCOME,
        sanitize_html=True,
        latex_delimiters=[],
        line_breaks=False,
        allow_tags=False,
        allow_file_downloads=False,
        group_consecutive_messages=False,
        feedback_options=None,
    )


def _wire(page: Any, desk: Desk, parts: _Parts) -> None:
    import gradio as gr

    def ask(question: str, turns: tuple[Turn, ...], request: Any) -> Iterator[Update]:
        yield from _asked(desk, parts, question, turns, request.session_hash)

    def stop(request: Any) -> None:
        desk.stop(request.session_hash)

    def clear(request: Any) -> tuple[tuple[Turn, ...], str]:
        desk.stop(request.session_hash)
        return (), _NO_EVIDENCE

    def look() -> Update:
        loading = desk.warmth.loading
        return {parts.status: _status(desk), parts.clock: gr.Timer(active=loading)}

    for handler in (ask, stop, clear):
        # Gradio finds the parameter by its annotation, which cannot name a local import.
        handler.__annotations__["request"] = gr.Request
    quiet: Any = {"api_visibility": "private", "show_progress": "hidden"}
    gr.on(
        [parts.question.submit, parts.ask.click],
        ask,
        [parts.question, parts.turns],
        parts.all(),
        show_progress="minimal",
        show_progress_on=parts.chat,
        concurrency_limit=1,
        trigger_mode="always_last",  # an Enter while an answer ends is not lost
        api_visibility="private",
    )
    parts.stop.click(stop, queue=False, **quiet)
    parts.chat.clear(clear, outputs=[parts.turns, parts.panel], queue=False, **quiet)
    # Not through the queue: a question that joins it in the moment in which its stream closes,
    # because nothing else is in it, can be left without an answer.
    for trigger in (page.load, parts.clock.tick):
        trigger(look, outputs=[parts.status, parts.clock], queue=False, **quiet)
    page.unload(stop)


def _status(desk: Desk) -> str:
    warmth = desk.warmth
    return html.status_html(
        html.state_html(error=warmth.error, ready=warmth.ready), desk.documents()
    )


def _asked(
    desk: Desk, parts: _Parts, question: str, turns: tuple[Turn, ...], visitor: str
) -> Iterator[Update]:
    """Follow one question from the click to its end."""
    import gradio as gr

    question = question.strip()
    if not question:
        yield {parts.question: ""}
        return
    number = turns[-1].number + 1 if turns else 1
    turns = turns[-(MAX_TURNS - 1) :]
    busy = {parts.ask: gr.Button(interactive=False), parts.stop: gr.Button(interactive=True)}
    turn = _turn(number, question, Progress(), loading=desk.warmth.loading)
    yield {parts.question: "", **busy, **_shown(parts, turns, turn)}
    for progress in desk.follow(question, visitor):
        turn = _turn(number, question, progress)
        update = _shown(parts, turns, turn)
        if progress.outcome is not None:
            update[parts.turns] = (*turns, turn)
            update[parts.status] = _status(desk)
            update[parts.ask] = gr.Button(interactive=True)
            update[parts.stop] = gr.Button(interactive=False)
        yield update


def _turn(number: int, question: str, progress: Progress, *, loading: bool = False) -> Turn:
    outcome, sources = progress.outcome, html.evidence_html(progress.evidence)
    if isinstance(outcome, RagError):
        reply = html.error_html(outcome, number)
        sources = sources if progress.evidence else _NO_EVIDENCE
    elif outcome is not None:
        reply, sources = html.answer_html(outcome, number), html.sources_html(outcome, number)
    else:
        waiting = "Reading" if progress.evidence else "Searching"
        reply = html.draft_html(progress.draft, f"{'Loading the model' if loading else waiting} …")
    return Turn(number, question, reply, sources)


def _shown(parts: _Parts, earlier: tuple[Turn, ...], turn: Turn) -> Update:
    messages = []
    for each in (*earlier, turn):
        messages.append({"role": "user", "content": html.question_html(each.question)})
        messages.append({"role": "assistant", "content": each.reply})
    folded = [html.earlier_html(each.question, each.sources) for each in reversed(earlier)]
    return {parts.chat: messages, parts.panel: "".join([turn.sources, *folded])}
