"""The tab Ask: a chat, the sentences behind its answers, and the articles that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rag.conversation import made_whole
from rag.errors import RagError
from rag.schema import Filters
from rag.ui.components import (
    NOTHING_TO_READ,
    QUIET,
    Shared,
    Update,
    filters_of,
    listed,
    piece,
    reading,
    with_request,
)
from rag.ui.desk import Progress, attempt
from rag.ui.pieces import answers
from rag.ui.pieces.text import counted
from rag.ui.quoting import as_markdown, as_text
from rag.ui.suggestions import MOST, suggestions
from rag.ui.tabs import verdicts
from rag.ui.tabs.turns import NO_EVIDENCE, Turn, Turns, before, folded, turn_of, turns_of_chat

# The newest answers of a visitor; the page sends every one of them again with each change.
MAX_TURNS = 20
MAX_QUESTION_CHARACTERS = 500
# Of so many articles' figures first questions are made; all of a large library take seconds.
OFFERED_FROM = 20

_WELCOME = "Ask how many, how much, when or who."


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that a question changes."""

    turns: Any
    chat: Any
    question: Any
    ask: Any
    stop: Any
    first: Any
    """Around the first questions, which go when one is asked."""
    panel: Any
    article: Any
    text: Any
    markdown: Any

    def all(self) -> list[Any]:
        """Every one of them, as the outputs of an event."""
        return [getattr(self, field.name) for field in fields(self)]


def build(shared: Shared) -> Any:
    """Build the tab; returns the list of components and function that fill the first questions."""
    import gradio as gr

    turns = gr.State(())
    with gr.Row(elem_id="main"):
        with gr.Column(scale=3, min_width=320):
            scope = piece("", "scope")
            chat = _chat()
            first, questions = _first_questions()
            question, ask, stop = _question_row()
            judged = verdicts.lay_out()
            with gr.Accordion("Copy the last answer with its citations", open=False):
                text = _copy_box("As text", "copy-text")
                markdown = _copy_box("As Markdown", "copy-markdown")
        with gr.Column(scale=2, min_width=320):
            panel = piece(NO_EVIDENCE, "evidence")
            article = piece(NOTHING_TO_READ, "reading", elem_classes="reading")
    parts = Parts(turns, chat, question, ask, stop, first, panel, article, text, markdown)
    _wire(shared, parts, questions)
    verdicts.wire(shared, judged, chat, turns)
    return scope, questions


def scope_html(chosen: Sequence[str]) -> str:
    """Which articles are asked, where that is not all of them."""
    if not chosen:
        return ""
    return f'<p class="hint">Only {counted(len(chosen), "chosen article")} asked.</p>'


def offered(shared: Shared) -> list[str]:
    """First questions from the figures of the library; none where they cannot be read."""
    first = Filters(documents=tuple(info.id for info in listed(shared.desk)[:OFFERED_FROM]))
    found = attempt(lambda: shared.desk.asker.figures(None, filters=first)) if first else ()
    return [] if isinstance(found, RagError) else list(suggestions(found))


def _question_row() -> tuple[Any, Any, Any]:
    import gradio as gr

    with gr.Row(elem_id="ask-row", elem_classes="fields"):
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
    return question, ask, stop


def _first_questions() -> tuple[Any, list[Any]]:
    import gradio as gr

    with gr.Row(elem_id="first") as row:
        buttons = [
            gr.Button("", size="sm", visible=False, elem_id=f"first-{n}") for n in range(MOST)
        ]
    return row, buttons


def _copy_box(label: str, elem_id: str) -> Any:
    import gradio as gr

    return gr.Textbox(
        label=label, lines=3, max_lines=12, interactive=False, buttons=["copy"], elem_id=elem_id
    )


def _chat() -> Any:
    import gradio as gr

    return gr.Chatbot(
        elem_id="chat",
        label="Questions and answers",
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
        feedback_options=("Like", "Dislike"),
    )


def _wire(shared: Shared, parts: Parts, questions: list[Any]) -> None:
    import gradio as gr

    def ask(question: str, turns: Turns, chosen: tuple[str, ...], request: Any) -> Iterator[Update]:
        visitor = request.session_hash
        yield from asked(shared, parts, question, turns, chosen=chosen, visitor=visitor)

    def retry(turns: Turns, chosen: tuple[str, ...], request: Any) -> Iterator[Update]:
        if turns:
            last, before, visitor = turns[-1].question, turns[:-1], request.session_hash
            yield from asked(shared, parts, last, before, chosen=chosen, visitor=visitor)

    def stop(request: Any) -> None:
        shared.desk.stop(request.session_hash, "ask")

    def clear(request: Any) -> tuple[Turns, str, str, str, str]:
        shared.desk.stop(request.session_hash, "ask")
        return (), NO_EVIDENCE, NOTHING_TO_READ, "", ""

    how: dict[str, Any] = {
        "show_progress": "hidden",
        "concurrency_limit": None,  # the desk lets one at the model, the others see their place
        "trigger_mode": "always_last",  # an Enter while an answer ends is not lost
        "api_visibility": "private",
    }
    box = [parts.question, parts.turns, shared.chosen]
    gr.on([parts.question.submit, parts.ask.click], with_request(ask), box, parts.all(), **how)
    for button in questions:
        button.click(ask, [button, parts.turns, shared.chosen], parts.all(), **how)
    parts.chat.retry(with_request(retry), [parts.turns, shared.chosen], parts.all(), **how)
    parts.stop.click(with_request(stop), queue=False, **QUIET)
    cleared = [parts.turns, parts.panel, parts.article, parts.text, parts.markdown]
    parts.chat.clear(with_request(clear), outputs=cleared, queue=False, **QUIET)


def asked(
    shared: Shared,
    parts: Parts,
    question: str,
    turns: Turns,
    *,
    chosen: tuple[str, ...],
    visitor: str,
) -> Iterator[Update]:
    """Follow one question from the click to its end."""
    import gradio as gr

    question = question.strip()
    if not question:
        yield {parts.question: ""}
        return
    number = turns[-1].number + 1 if turns else 1
    turns = turns[-(MAX_TURNS - 1) :]
    follow_up = made_whole(question, before(turns))
    if follow_up.unclear:
        turn = Turn(number, question, question, answers.unclear_html(number))
        yield {parts.question: "", **_shown(parts, turns, turn), parts.turns: (*turns, turn)}
        return
    whole = follow_up.question
    desk = shared.desk
    turn = turn_of(number, question, whole, Progress(), loading=desk.warmth.loading)
    busy = {parts.ask: gr.Button(interactive=False), parts.stop: gr.Button(interactive=True)}
    yield {
        parts.question: "",
        parts.first: gr.Row(visible=False),
        **busy,
        **_shown(parts, turns, turn),
    }
    for progress in desk.follow(whole, visitor, filters_of(desk, chosen)):
        turn = turn_of(number, question, whole, progress, loading=desk.warmth.loading)
        update = _shown(parts, turns, turn)
        if progress.outcome is not None:
            update |= _ended(shared, parts, (*turns, turn))
        yield update


def _ended(shared: Shared, parts: Parts, turns: Turns) -> Update:
    import gradio as gr

    update: Update = {
        parts.turns: turns,
        parts.ask: gr.Button(interactive=True),
        parts.stop: gr.Button(interactive=False),
    }
    answer = turns[-1].answer
    if answer is not None:
        places = [place for turn in reversed(turns) for place in turn.places]
        update[parts.article] = reading(shared.desk, places)
        update[parts.text], update[parts.markdown] = as_text(answer), as_markdown(answer)
    return update


def _shown(parts: Parts, earlier: Turns, turn: Turn) -> Update:
    return {
        parts.chat: turns_of_chat((*earlier, turn)),
        parts.panel: turn.sources + folded(earlier),
    }
