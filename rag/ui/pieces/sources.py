"""The cards beside an answer: the sentences that it rests on, and those that were found."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import Answer, Citation, Evidence, Status
from rag.ui.pieces.answers import nearest
from rag.ui.pieces.reading import mark_id
from rag.ui.pieces.text import also_in, counted, plain, source


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

    An abstention rests on none: the sentences that it offers are open.
    """
    abstained = answer.status is Status.ABSTAINED
    first = nearest(answer) if abstained else answer.citations
    places = {(c.document.id, c.span) for c in first}
    rest = [_card(e) for e in answer.evidence if (e.document.id, e.sentence.span) not in places]
    if not first and not rest:
        return evidence_html(())
    cited = "".join(_cited_card(citation, turn) for citation in first)
    html = f'<p class="heading">{"Nearest" if abstained else "Cited"}</p>{cited}'
    if rest:
        count = counted(len(rest), "other sentence")
        html += f"<details><summary>{count} found</summary>{''.join(rest)}</details>"
    return f'<section class="cards">{html}</section>'


def earlier_html(question: str, sources: str) -> str:
    """The sources of an earlier question, folded away."""
    return f'<details class="earlier"><summary>{plain(question)}</summary>{sources}</details>'


def _card(evidence: Evidence) -> str:
    where = f'<p class="source">{source(evidence.document, evidence.page)}</p>'
    quote = f"<blockquote>{plain(evidence.sentence.text)}</blockquote>"
    return f'<article class="card">{quote}{where}{also_in(evidence.also_in)}</article>'


def _cited_card(citation: Citation, turn: int) -> str:
    number = citation.marker
    back = f'<a class="badge" href="#answer-{turn}" title="Back to the answer">{number}</a>'
    quote = f"<blockquote>{plain(citation.quote)}</blockquote>"
    href = f"#{mark_id(str(turn), number)}"
    read = f'<a class="read" href="{href}">Read it in the article</a>'
    where = f'<p class="source">{source(citation.document, citation.page)}</p>'
    attributes = f'class="card cited" id="cite-{turn}-{number}" tabindex="-1"'
    return (
        f"<article {attributes}>{back}{quote}{where}{also_in(citation.also_in)}"
        f'<p class="source">{read}</p></article>'
    )
