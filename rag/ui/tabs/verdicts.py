"""The thumbs under an answer: what a reader says of it becomes a case for evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rag.errors import RagError
from rag.schema import Answer
from rag.ui.components import QUIET, Shared, Update, piece, with_request
from rag.ui.desk import attempt
from rag.ui.feedback import case_of_right, case_of_wrong, save_case
from rag.ui.pieces.tables import note_html


@dataclass(frozen=True, slots=True)
class Parts:
    """The form that asks what would have been right."""

    form: Any
    right: Any
    save: Any
    said: Any
    judged: Any
    """State: the answer that the form is about."""


def lay_out() -> Parts:
    """Make the form, hidden until a thumb goes down."""
    import gradio as gr

    said = piece("", "said")
    with gr.Column(visible=False, elem_id="wrong") as form:
        right = gr.Textbox(
            label="What would have been right?",
            info="As an article has it; leave it empty if no article says it.",
            elem_id="right",
            max_length=300,
        )
        save = gr.Button("Save as a case for evaluation", size="sm", elem_id="save-case")
    return Parts(form, right, save, said, gr.State(None))


def wire(shared: Shared, parts: Parts, chat: Any, turns: Any) -> None:
    """Let the thumbs of the chat and the form write cases."""
    import gradio as gr

    # Gradio reads the annotations, so that they may name nothing that is not imported here.
    def judge(turns: tuple[Any, ...], data: Any) -> Update:
        answer = turns[data.index // 2].answer if data.index // 2 < len(turns) else None
        if answer is None or not data.liked:
            wrong = answer is not None and data.liked is False
            return {parts.form: gr.Column(visible=wrong), parts.judged: answer, parts.said: ""}
        said = _saved(shared, lambda: case_of_right(answer))
        return {parts.form: gr.Column(visible=False), parts.judged: None, parts.said: said}

    def save(answer: Answer | None, right: str) -> Update:
        if answer is None:
            return {parts.form: gr.Column(visible=False)}
        said = _saved(shared, lambda: case_of_wrong(answer, right))
        done = "Saved" in said
        return {
            parts.said: said,
            parts.form: gr.Column(visible=not done),
            parts.right: "" if done else right,
        }

    outputs = [parts.form, parts.right, parts.judged, parts.said]
    chat.like(with_request(judge, data="LikeData"), [turns], outputs, **QUIET)
    gr.on(
        [parts.save.click, parts.right.submit], save, [parts.judged, parts.right], outputs, **QUIET
    )


def _saved(shared: Shared, make: Any) -> str:
    outcome = attempt(lambda: save_case(make(), shared.folder))
    if isinstance(outcome, RagError):
        return note_html(str(outcome))
    return note_html(f"Saved in {outcome}. Run it with: rag eval {outcome}")
