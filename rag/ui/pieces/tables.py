"""What the page says of itself, and of the files that it was given."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import RagError
from rag.schema import Refusal
from rag.ui.asker import Part
from rag.ui.pieces.text import counted, plain


def state_html(
    *, error: RagError | None, ready: bool, seconds: float, articles: int | RagError
) -> str:
    """One line: whether a question can be answered at once, and from how many articles."""
    if error is not None:
        state = trouble_html(error)
    elif ready:
        state = '<span class="state ready" role="status">Ready</span>'
    else:
        words = f"Loading the model, {seconds:.0f} s so far; you can ask already"
        state = f'<span class="state loading" role="status">{words}</span>'
    if isinstance(articles, RagError):
        return f'<div class="status">{state} {trouble_html(articles)}</div>'
    return f'<div class="status">{state} <span>{counted(articles, "article")}</span></div>'


def trouble_html(error: RagError) -> str:
    """What is wrong and what to do."""
    text = f"<strong>{plain(error.message)}</strong> {plain(error.hint)}"
    return f'<span class="state failed" role="status">{text}</span>'


def facts_html(facts: Sequence[Part]) -> str:
    """A table of the facts, wrong ones with what to do."""
    rows = "".join(
        f'<tr class="{"right" if fact.ok else "wrong"}"><th scope="row">{plain(fact.name)}</th>'
        f"<td>{plain(fact.value)}{_hint(fact)}</td></tr>"
        for fact in facts
    )
    return f'<table class="facts"><tbody>{rows}</tbody></table>'


def note_html(text: str) -> str:
    """A quiet line that screen readers say at once; empty for no text."""
    return f'<p class="hint" role="status">{plain(text)}</p>' if text else ""


def files_html(done: Sequence[str], refused: Sequence[Refusal], note: str = "") -> str:
    """What became of files: the articles that came of them, and why others were not taken."""
    items = "".join(f'<li class="taken">{plain(name)}</li>' for name in done)
    items += "".join(
        f'<li class="refused"><strong>{plain(r.source)}</strong>: '
        f"{plain(f'{r.reason} {r.hint}'.strip())}</li>"
        for r in refused
    )
    listed = f'<ul class="files">{items}</ul>' if items else ""
    return f'<div role="status">{note_html(note)}{listed}</div>'


def _hint(fact: Part) -> str:
    return f"<br><strong>{plain(fact.hint)}</strong>" if fact.hint and not fact.ok else ""
