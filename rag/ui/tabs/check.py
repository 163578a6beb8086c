"""The tab Check: a draft, and beside it what the articles say of each of its figures."""

from __future__ import annotations

from rag.errors import RagError
from rag.ui.components import NOTHING_TO_READ, QUIET, Shared, filters_of, piece, reading
from rag.ui.desk import attempt
from rag.ui.pieces.checked import check_places, claims_html, draft_html
from rag.ui.pieces.tables import note_html, trouble_html

MAX_DRAFT_CHARACTERS = 50_000
_NO_RESULT = (
    '<p class="hint">Each figure of the draft gets a verdict, with the sentence behind it.</p>'
)


def build(shared: Shared) -> None:
    """Build the tab."""
    import gradio as gr

    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            draft = gr.Textbox(
                label="Draft",
                placeholder="Paste the text that you want to check.",
                lines=8,
                max_lines=20,
                max_length=MAX_DRAFT_CHARACTERS,
                elem_id="draft",
            )
            start = gr.Button("Check the figures", variant="primary", elem_id="check")
            result = piece(_NO_RESULT, "checked")
        with gr.Column(scale=2, min_width=320):
            claims = piece("", "claims")
            article = piece(NOTHING_TO_READ, "check-reading", elem_classes="reading")

    def check(text: str, chosen: tuple[str, ...]) -> tuple[str, str, str]:
        if not text.strip():
            return note_html("There is no text to check."), "", NOTHING_TO_READ
        desk = shared.desk
        found = attempt(lambda: desk.asker.check(text, filters=filters_of(desk, chosen)))
        if isinstance(found, RagError):
            return trouble_html(found), "", NOTHING_TO_READ
        return draft_html(found), claims_html(found), reading(desk, check_places(found))

    start.click(
        check, [draft, shared.chosen], [result, claims, article], concurrency_limit=1,
        **{**QUIET, "show_progress": "minimal"},
    )  # fmt: skip
