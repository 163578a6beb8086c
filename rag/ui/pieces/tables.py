"""What the page says of itself, and of the files that it was given."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import RagError
from rag.schema import Refusal
from rag.ui.asker import Part
from rag.ui.fetching import Fetching
from rag.ui.pieces.text import counted, plain

_BAR = 40


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


def fetching_html(fetching: Fetching) -> str:
    """How far a fetch of weights is, or how it ended; nothing where there was none."""
    if fetching.error is not None:
        return f"<p>{trouble_html(fetching.error)}</p>"
    if fetching.stopped and not fetching.running:
        return note_html("Stopped. What has arrived is kept; the next fetch goes on from there.")
    if not fetching.running:
        said = "The models are here and have the right sums." if fetching.label else ""
        return note_html(said)
    if fetching.stopped or not fetching.total:
        return note_html("Stopping …" if fetching.stopped else f"{fetching.label} …")
    return _bar_html(fetching)


def _bar_html(fetching: Fetching) -> str:
    share = min(fetching.done / fetching.total, 1)
    words = (
        f"{fetching.label}: {fetching.done / 1e6:,.0f} of {fetching.total / 1e6:,.0f} MB, "
        f"{share:.0%}"
    )
    # Blocks, for what has a style of its own is taken away by the sanitiser.
    bar = f"{'█' * round(share * _BAR)}{'░' * (_BAR - round(share * _BAR))}"
    return (
        f'<p class="hint">{plain(words)}<br><span class="bar" aria-hidden="true">{bar}</span></p>'
    )


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
