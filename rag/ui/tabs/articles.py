"""The tab Articles: add, find, read, choose and remove articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from rag.errors import RagError
from rag.readers import SUPPORTED
from rag.schema import Document
from rag.ui.asker import Added, ListedArticle
from rag.ui.components import QUIET, Shared, Update, labels, piece
from rag.ui.desk import Desk, attempt
from rag.ui.pieces.reading import document_html
from rag.ui.pieces.tables import files_html, note_html, trouble_html
from rag.ui.pieces.text import counted
from rag.ui.uploads import MAX_UPLOAD_BYTES, MAX_UPLOAD_FILES

# Boxes of a long list are slow to draw and slower to read; a search makes it shorter.
LISTED = 100
MAX_PASTED_CHARACTERS = 1_000_000
_STEP_S = 0.2
UPLOADS_AT_ONCE = 3
"""So many visitors' files are read at the same time; a slow one holds up nobody but its own."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the tab."""

    files: Any
    outcome: Any
    pasted: tuple[Any, Any, Any, Any]
    """Text, title, outlet, date."""
    paste: Any
    words: Any
    counts: Any
    boxes: Any
    use: Any
    use_all: Any
    read: Any
    remove: Any
    undo: Any
    removed: Any
    """State: the articles that can be put back."""
    article: Any


def build(shared: Shared) -> tuple[list[Any], list[Any], Any]:
    """Build the tab; returns inputs and outputs of the function that fills it, and that."""
    import gradio as gr

    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            files, outcome, pasted, paste = _lay_out_adding()
        with gr.Column(scale=3, min_width=320):
            words = gr.Textbox(
                label="Search", placeholder="Title, outlet or date", elem_id="article-words"
            )
            counts = piece("", "article-counts")
            boxes = gr.CheckboxGroup(
                [], label="Articles", elem_id="articles", show_select_all=True, interactive=True
            )
            with gr.Row():
                use = gr.Button("Ask only the ticked", size="sm", min_width=120, elem_id="use")
                use_all = gr.Button("Ask all", size="sm", min_width=80, elem_id="use-all")
                read = gr.Button("Read", size="sm", min_width=80, elem_id="read")
                remove = gr.Button(
                    "Remove", size="sm", variant="stop", min_width=80, elem_id="remove"
                )
                undo = gr.Button("Undo", size="sm", min_width=80, visible=False, elem_id="undo")
    article = piece("", "article", elem_classes="reading")
    removed = gr.State(())
    parts = Parts(
        files, outcome, pasted, paste, words, counts, boxes, use, use_all, read, remove, undo,
        removed, article,
    )  # fmt: skip

    def fill(words: str, chosen: tuple[str, ...], ticked: list[str]) -> tuple[str, Any]:
        counts, choices = listing(shared.desk, words, chosen)
        kept = [key for _, key in choices if key in ticked]
        return counts, gr.CheckboxGroup(choices, value=kept)

    _wire_adding(shared, parts, fill)
    _wire_list(shared, parts, fill)
    return [words, shared.chosen, boxes], [counts, boxes], fill


def listing(desk: Desk, words: str, chosen: Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
    """What stands above the list, and the choices of the list."""
    found = attempt(desk.asker.articles)
    if isinstance(found, RagError):
        return trouble_html(found), []
    wanted = words.casefold().split()
    fitting = [a for a in found if all(w in _searched(a) for w in wanted)]
    takes_part = "all take part" if not chosen else f"{len(chosen):,} take part"
    said = f"{counted(len(found), 'article')}, {takes_part}"
    if wanted:
        said += f"; {len(fitting):,} found"
    if len(fitting) > LISTED:
        said += f"; the first {LISTED} are shown, search to see others"
    return note_html(said), [_choice(a, chosen) for a in fitting[:LISTED]]


def _searched(article: ListedArticle) -> str:
    return labels([article.info])[0][0].casefold()


def _choice(article: ListedArticle, chosen: Sequence[str]) -> tuple[str, str]:
    ((label, key),) = labels([article.info])
    sizes = f"{counted(article.passages, 'passage')}, {counted(article.figures, 'figure')}"
    out = " · takes no part" if chosen and key not in chosen else ""
    return f"{label} · {sizes}{out}", key


def _lay_out_adding() -> tuple[Any, Any, tuple[Any, Any, Any, Any], Any]:
    import gradio as gr

    files = gr.File(
        label="Add files",
        file_count="multiple",
        file_types=list(SUPPORTED),
        height=160,
        elem_id="files",
    )
    kinds = ", ".join(kind.removeprefix(".") for kind in SUPPORTED)
    limits = f"{MAX_UPLOAD_FILES} at a time, {MAX_UPLOAD_BYTES // 10**6} MB each"
    piece(f'<p class="small">{kinds}; {limits}</p>', "kinds")
    outcome = piece("", "outcome")
    with gr.Accordion("Paste a text", open=False):
        title = gr.Textbox(label="Title", max_length=300, elem_id="paste-title")
        with gr.Row():
            publisher = gr.Textbox(
                label="Outlet", max_length=100, min_width=120, elem_id="paste-outlet"
            )
            published = gr.Textbox(
                label="Date",
                placeholder="2031-06-21",
                max_length=30,
                min_width=120,
                elem_id="paste-date",
            )
        text = gr.Textbox(
            label="Text",
            lines=6,
            max_lines=16,
            max_length=MAX_PASTED_CHARACTERS,
            elem_id="paste-text",
        )
        paste = gr.Button("Add the text", size="sm", elem_id="paste")
    return files, outcome, (text, title, publisher, published), paste


def _wire_adding(shared: Shared, parts: Parts, fill: Any) -> None:
    listed = [parts.counts, parts.boxes]

    def add(
        files: list[str] | None, words: str, chosen: tuple[str, ...], ticked: list[str]
    ) -> Iterator[Update]:
        paths = [Path(file) for file in files or ()]
        for step in _adding(shared.desk, paths):
            yield {parts.outcome: step}
        counts, boxes = fill(words, chosen, ticked)
        yield {parts.files: None, parts.counts: counts, parts.boxes: boxes}

    def paste(text: str, title: str, publisher: str, published: str) -> Update:
        if not text.strip():
            return {parts.outcome: note_html("There is no text to add.")}
        added = attempt(
            lambda: shared.desk.asker.paste(
                text, title=title, publisher=publisher, published=published
            )
        )
        emptied = dict.fromkeys(parts.pasted, "") if _took(added) else {}
        return {parts.outcome: outcome_html(added), **emptied}

    parts.files.upload(
        add,
        [parts.files, parts.words, shared.chosen, parts.boxes],
        [parts.outcome, parts.files, *listed],
        concurrency_limit=UPLOADS_AT_ONCE,
        **QUIET,
    )
    pasted = parts.paste.click(
        paste, list(parts.pasted), [parts.outcome, *parts.pasted], concurrency_limit=1, **QUIET
    )
    pasted.then(fill, [parts.words, shared.chosen, parts.boxes], listed, **QUIET)


def _wire_list(shared: Shared, parts: Parts, fill: Any) -> None:
    import gradio as gr

    asker, chosen = shared.desk.asker, shared.chosen
    listed = [parts.counts, parts.boxes]

    def use(ticked: list[str]) -> tuple[str, ...]:
        return tuple(ticked)

    def read(ticked: list[str]) -> str:
        if not ticked:
            return note_html("Tick the article that you want to read.")
        found = attempt(lambda: asker.document(ticked[0]))
        return trouble_html(found) if isinstance(found, RagError) else document_html(found)

    def remove(ticked: list[str], chosen_now: tuple[str, ...]) -> Update:
        if not ticked:
            return {parts.outcome: note_html("Tick the articles to remove.")}
        gone = attempt(lambda: asker.remove(ticked))
        if isinstance(gone, RagError):
            return {parts.outcome: trouble_html(gone)}
        said = f"{counted(len(gone), 'article')} removed; files are left where they are."
        return {
            parts.outcome: note_html(said),
            parts.removed: gone,
            parts.undo: gr.Button(visible=True),
            chosen: tuple(key for key in chosen_now if key not in ticked),
        }

    def undo(gone: tuple[Document, ...]) -> Update:
        failed = attempt(lambda: asker.restore(gone))
        if isinstance(failed, RagError):
            return {parts.outcome: trouble_html(failed)}
        said = f"{counted(len(gone), 'article')} put back."
        return {
            parts.outcome: note_html(said),
            parts.removed: (),
            parts.undo: gr.Button(visible=False),
        }

    search = [parts.words, chosen, parts.boxes]
    parts.words.change(fill, search, listed, trigger_mode="always_last", **QUIET)
    for event in (
        parts.use.click(use, [parts.boxes], [chosen], **QUIET),
        parts.use_all.click(lambda: (), None, [chosen], **QUIET),
        parts.remove.click(
            remove,
            [parts.boxes, chosen],
            [parts.outcome, parts.removed, parts.undo, chosen],
            concurrency_limit=1,
            **QUIET,
        ),
        parts.undo.click(
            undo, [parts.removed], [parts.outcome, parts.removed, parts.undo], **QUIET
        ),
    ):
        event.then(fill, search, listed, **QUIET)
    parts.read.click(read, [parts.boxes], [parts.article], **QUIET)


def _adding(desk: Desk, paths: Sequence[Path]) -> Iterator[str]:
    """Take files and say how far it is; the last piece says what came of each."""
    if len(paths) > MAX_UPLOAD_FILES:
        for path in paths:
            path.unlink(missing_ok=True)
        yield note_html(
            f"{len(paths)} files are too many at once, so none was taken: {MAX_UPLOAD_FILES} at "
            "most, or: rag index FOLDER"
        )
        return
    steps = [f"Reading {counted(len(paths), 'file')}"]
    outcome: list[Added | RagError] = []
    work = Thread(
        target=lambda: outcome.append(attempt(lambda: desk.asker.add(paths, on_step=steps.append))),
        daemon=True,
    )
    work.start()
    while work.is_alive():
        yield note_html(f"{steps[-1]} …")
        work.join(_STEP_S)
    yield outcome_html(outcome[0])


def outcome_html(added: Added | RagError) -> str:
    """What came of files or of a text."""
    if isinstance(added, RagError):
        return trouble_html(added)
    taken = [f"Added: {label}" for label, _ in labels(added.articles)]
    notes = []
    if added.unchanged:
        notes.append(f"{counted(added.unchanged, 'article')} were here already.")
    if added.pending:
        notes.append(
            f"{counted(added.pending, 'passage')} can be found by their words only so far; the "
            "rest follows with the next article that is added."
        )
    return files_html(taken, added.refused, " ".join(notes))


def _took(added: Added | RagError) -> bool:
    return isinstance(added, Added) and not added.refused
