"""Every piece of HTML of the page, made from values only.

Article text, names of files and what a model wrote must stay text. Four things could make it
more: HTML, Markdown (Gradio's chat renders both), formulas, and templates that Gradio evaluates.
So :func:`plain` writes every ASCII character that is no letter, digit or space as a numeric
entity, which none of the four takes for its own, and each piece is one line of HTML, which
Markdown passes on as it is. Behind that stand Gradio's sanitiser and the server's
Content-Security-Policy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.citations import find_markers
from rag.errors import GenerationStoppedError, RagError
from rag.schema import Answer, Citation, DocumentInfo, Evidence, Status

_LABELS = {
    Status.ABSTAINED: "The articles do not say",
    Status.CONFLICT: "The articles differ",
}
# All that a renderer could take for a sign of its own: ASCII without letters, digits and space.
_ACTIVE = re.compile(r"[^A-Za-z0-9 \x80-\U0010ffff]")
# Control characters, those that turn the direction of what stands around them, and halves of
# characters, as names of files can have them, which cannot be sent.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# More titles than this are counted, not listed: the list is there to recognise a library by.
LISTED_DOCUMENTS = 50


def plain(text: str) -> str:
    r"""Write text so that HTML, Markdown, formulas and templates leave it alone.

    >>> plain("5 < 6")
    '5 &#60; 6'
    >>> plain("**a**\nb")
    '&#42;&#42;a&#42;&#42;<br>b'
    """
    return "<br>".join(_ACTIVE.sub(_entity, _UNSEEN.sub("", line)) for line in text.splitlines())


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def question_html(question: str) -> str:
    """The visitor's own words."""
    return f"<p>{plain(question)}</p>"


def draft_html(draft: str, waiting_for: str) -> str:
    """What is being written, marked as not checked yet; before that, what is waited for."""
    if not draft.strip():
        return f'<div class="draft"><p>{plain(waiting_for)}</p></div>'
    small = '<p class="small">Being written, not checked yet</p>'
    return f'<div class="draft"><p>{plain(draft)}</p>{small}</div>'


def answer_html(answer: Answer, turn: int) -> str:
    """An answer whose markers are links to their cards, or a calm note that there is none."""
    body = f"<p>{_linked(answer, turn)}</p>"
    if answer.status is Status.ABSTAINED:
        body += _nearest(answer)
    if (label := _LABELS.get(answer.status)) is not None:
        body = f'<div class="note {answer.status}"><p class="label">{label}</p>{body}</div>'
    notes = [*answer.notes, f"{answer.timing.total_s:.1f} s"]
    small = "".join(f"<li>{plain(note)}</li>" for note in notes)
    return f'<div id="answer-{turn}" tabindex="-1">{body}<ul class="small">{small}</ul></div>'


def error_html(error: RagError, turn: int) -> str:
    """What happened and what to do next."""
    if isinstance(error, GenerationStoppedError):
        label, message = "Stopped", "What was written had not been checked, so it is not shown."
        body = f'<p class="label">{label}</p><p>{message}</p>'
    else:
        body = f'<p class="label">{plain(error.message)}</p><p>{plain(error.hint)}</p>'
    return f'<div class="note error" id="answer-{turn}" tabindex="-1">{body}</div>'


def evidence_html(evidence: Sequence[Evidence] | None) -> str:
    """The sentences found, before it is known which of them the answer rests on."""
    if evidence is None:
        return '<p class="hint">Searching the articles</p>'
    if not evidence:
        return '<p class="hint">No sentence of the articles is near this question.</p>'
    cards = "".join(map(_card, evidence))
    return f'<section class="cards"><p class="heading">Found so far</p>{cards}</section>'


def sources_html(answer: Answer, turn: int) -> str:
    """The cited sentences first and open, the others folded away.

    An abstention has no sentence to rest on: its nearest one is open.
    """
    cited = [_cited_card(citation, turn) for citation in answer.citations]
    places = {(c.document.id, c.span) for c in answer.citations}
    others = [e for e in answer.evidence if (e.document.id, e.sentence.span) not in places]
    rest = [_card(e) for e in others]
    if not cited and not rest:
        return evidence_html(())
    abstained = answer.status is Status.ABSTAINED
    if abstained and not cited:
        cited, rest = rest[:1], rest[1:]
    html = f'<p class="heading">{"Nearest" if abstained else "Cited"}</p>{"".join(cited)}'
    if rest:
        count = "1 other sentence" if len(rest) == 1 else f"{len(rest)} other sentences"
        html += f"<details><summary>{count} found</summary>{''.join(rest)}</details>"
    return f'<section class="cards">{html}</section>'


def earlier_html(question: str, sources: str) -> str:
    """The sources of an earlier question, folded away."""
    return f'<details class="earlier"><summary>{plain(question)}</summary>{sources}</details>'


def status_html(state: str, documents: Sequence[DocumentInfo] | RagError) -> str:
    """One line on the models and the articles, with the articles' titles folded away."""
    if isinstance(documents, RagError):
        return f'<div class="status">{state} {_trouble(documents)}</div>'
    names = "".join(f"<li>{_source(d)}</li>" for d in documents[:LISTED_DOCUMENTS])
    if (more := len(documents) - LISTED_DOCUMENTS) > 0:
        names += f"<li>and {more:,} more</li>"
    count = "1 article" if len(documents) == 1 else f"{len(documents):,} articles"
    listed = f"<details><summary>{count}</summary><ul>{names}</ul></details>" if names else count
    return f'<div class="status">{state} {listed}</div>'


def state_html(*, error: RagError | None, ready: bool) -> str:
    """Whether a question can be answered at once."""
    if error is not None:
        return _trouble(error)
    name, text = ("ready", "Ready") if ready else ("loading", "Loading the model")
    return f'<span class="state {name}" role="status">{text}</span>'


def _trouble(error: RagError) -> str:
    text = f"<strong>{plain(error.message)}</strong> {plain(error.hint)}"
    return f'<span class="state failed" role="status">{text}</span>'


def _linked(answer: Answer, turn: int) -> str:
    """The answer's text, each number of a marker that has a citation a link to its card."""
    citations = {citation.marker: citation for citation in answer.citations}
    parts, end = [], 0
    for marker in find_markers(answer.text):
        links = [_link(n, citations.get(n), turn) for n in marker.numbers]
        parts += [plain(answer.text[end : marker.span.start]), "".join(links)]
        end = marker.span.end
    return "".join([*parts, plain(answer.text[end:])])


def _link(number: int, citation: Citation | None, turn: int) -> str:
    if citation is None:
        return plain(f"[{number}]")
    title = f"{citation.quote} ({', '.join(_facts(citation.document, citation.page, name=True))})"
    attributes = f'class="marker" href="#cite-{turn}-{number}" title="{plain(title)}"'
    return f"<a {attributes}>{plain(f'[{number}]')}</a>"


def _nearest(answer: Answer) -> str:
    """The nearest sentence, unless the text quotes it already."""
    quotes = [c.quote for c in answer.citations] + [e.sentence.text for e in answer.evidence]
    if not quotes or quotes[0] in answer.text:
        return ""
    return f"<p>The nearest sentence:</p><blockquote>{plain(quotes[0])}</blockquote>"


def _card(evidence: Evidence) -> str:
    source = _source(evidence.document, evidence.page)
    quote = f"<blockquote>{plain(evidence.sentence.text)}</blockquote>"
    return f'<article class="card">{quote}<p class="source">{source}</p></article>'


def _cited_card(citation: Citation, turn: int) -> str:
    back = (
        f'<a class="badge" href="#answer-{turn}" title="Back to the answer">{citation.marker}</a>'
    )
    quote = f"<blockquote>{plain(citation.quote)}</blockquote>"
    source = f'<p class="source">{_source(citation.document, citation.page)}</p>'
    attributes = f'class="card cited" id="cite-{turn}-{citation.marker}" tabindex="-1"'
    return f"<article {attributes}>{back}{quote}{source}</article>"


def _source(document: DocumentInfo, page: int | None = None) -> str:
    facts = plain(" · ".join(_facts(document, page)))
    return f"<bdi>{plain(document.name)}</bdi> <span>{facts}</span>"


def _facts(document: DocumentInfo, page: int | None, *, name: bool = False) -> list[str]:
    return [
        *([document.name] if name else []),
        *([document.publisher] if document.publisher else []),
        _day(document.published),
        *([f"page {page}"] if page is not None else []),
    ]


def _day(day: date | None) -> str:
    return "no date" if day is None else f"{day.day} {day:%B %Y}"
