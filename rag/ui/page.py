"""The page: its head, its tabs, and what fills them when it is opened."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rag.ui.components import QUIET, Shared, piece, with_request
from rag.ui.desk import Desk
from rag.ui.suggestions import MOST
from rag.ui.tabs import articles, ask, check, figures, status, summary

TITLE = "citeline"
# How often the page looks whether the models are loaded, until they are.
LOOK_S = 1.0

_HEAD = (
    f"# {TITLE}\n\nAsk a pile of news articles. "
    "Every figure in an answer is bound to the sentence that states it."
)

# Where the theme's own teal has a contrast of 2.5:1, and its edges are not to be seen at all:
# 4.5:1 for words, 3:1 for edges (WCAG 2.1, 1.4.3 and 1.4.11; tests/test_ui_contrast.py).
_COLOURS = {
    "body_text_color_subdued": "#52606f",
    "body_text_color_subdued_dark": "#a3b1c2",
    "button_primary_background_fill": "#0f766e",
    "button_primary_background_fill_dark": "#0f766e",
    "button_primary_background_fill_hover": "#115e59",
    "button_primary_background_fill_hover_dark": "#115e59",
    "button_primary_text_color": "#ffffff",
    "button_primary_text_color_dark": "#ffffff",
    "button_secondary_border_color": "#7c8ba1",
    "button_secondary_border_color_dark": "#7c8ba1",
    "button_border_width": "1px",
    "block_label_background_fill": "transparent",
    "block_label_background_fill_dark": "transparent",
    "block_label_text_color": "*body_text_color",
    "block_label_text_color_dark": "*body_text_color",
    "block_title_background_fill": "transparent",
    "block_title_background_fill_dark": "transparent",
    "block_title_padding": "0",
    "block_title_text_color": "*body_text_color",
    "block_title_text_color_dark": "*body_text_color",
    "checkbox_border_color": "#64748b",
    "checkbox_border_color_dark": "#94a3b8",
    "checkbox_label_background_fill_selected": "#0f766e",
    "checkbox_label_background_fill_selected_dark": "#0f766e",
    "checkbox_label_text_color_selected": "#ffffff",
    "checkbox_label_text_color_selected_dark": "#ffffff",
    "input_border_color": "#7c8ba1",
    "input_border_color_dark": "#7c8ba1",
    "input_border_width": "1px",
    "input_placeholder_color": "#5b6b80",
    "input_placeholder_color_dark": "#a3b1c2",
}


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
    ).set(**_COLOURS)
    return {
        "theme": theme,
        "css": (assets() / "citeline.css").read_text("utf-8"),
        "head": '<script src="./citeline.js" defer></script>',
    }


def build_page(desk: Desk, folder: Path) -> Any:
    """Build the page as Gradio Blocks.

    Args:
        desk: takes the questions of all visitors. What one visitor sees is kept in states of
            the visitor's own.
        folder: the library's, where cases are kept.
    """
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        shared = Shared(desk, folder, gr.State(()))
        clock = gr.Timer(LOOK_S)
        with gr.Row(elem_id="top", equal_height=False):
            gr.Markdown(_HEAD, elem_id="head")
            line = piece("", "status")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            _tabs(page, shared, clock)

        def look() -> tuple[str, Any]:
            return status.line_html(desk), gr.Timer(active=desk.warmth.loading)

        def leave(request: Any) -> None:
            desk.stop(request.session_hash)

        # Not through the queue: a question that joins it in the moment in which its stream
        # closes, because nothing else is in it, can be left without an answer.
        for trigger in (page.load, clock.tick):
            trigger(look, outputs=[line, clock], queue=False, **QUIET)
        page.unload(with_request(leave))
    return page


def _tabs(page: Any, shared: Shared, clock: Any) -> None:
    """Lay the tabs out; each is filled when it is opened."""
    import gradio as gr

    quiet = {**QUIET, "queue": False}
    with gr.Tab("Ask", id="ask") as tab:
        scope, questions = ask.build(shared)
        tab.select(ask.scope_html, [shared.chosen], [scope], **quiet)
        page.load(lambda: _buttons(ask.offered(shared)), None, questions, **quiet)
    with gr.Tab("Articles", id="articles") as tab:
        inputs, outputs, fill = articles.build(shared)
        tab.select(fill, inputs, outputs, **quiet)
    with gr.Tab("Summary", id="summary") as tab:
        chosen, fill = summary.build(shared)
        tab.select(fill, [chosen], [chosen], **quiet)
    with gr.Tab("Figures", id="figures") as tab:
        inputs, outputs, fill = figures.build(shared)
        tab.select(fill, inputs, outputs, **quiet)
    with gr.Tab("Check", id="check"):
        check.build(shared)
    with gr.Tab("Status", id="status-tab") as tab:
        outputs, fill = status.build(shared, clock)
        tab.select(fill, None, outputs, **quiet)


def _buttons(questions: list[str]) -> list[Any]:
    """The first questions on their buttons; those left over stay hidden."""
    import gradio as gr

    filled = [gr.Button(question, visible=True) for question in questions]
    return filled + [gr.Button(visible=False)] * (MOST - len(filled))
