"""Questions, drafts, answers and errors, as they stand in the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.citations import find_markers, strip_markers
from rag.errors import GenerationStoppedError, RagError
from rag.schema import Answer, CheckedFigure, Citation, Status, SummaryPoint, Verdict
from rag.ui.pieces.reading import mark_id
from rag.ui.pieces.text import also_in, plain, source

_LABELS = {
    Status.ABSTAINED: "The articles do not say",
    Status.CONFLICT: "The articles differ",
}
_VERDICTS = {
    Verdict.EXACT: "exact",
    Verdict.ROUNDED: "rounded",
    Verdict.COMPUTED: "computed",
    Verdict.UNSUPPORTED: "in no cited sentence",
    Verdict.MISBOUND: "of something else in the cited sentence",
}
# How many nearest sentences an abstention offers.
NEAREST = 3


def question_html(question: str, asked_as: str | None = None) -> str:
    """The visitor's own words, and below them what was asked where that is not the same."""
    html = f"<p>{plain(question)}</p>"
    if asked_as is not None:
        html += f'<p class="asked-as">Asked as: <em>{plain(asked_as)}</em></p>'
    return html


def draft_html(draft: str, waiting_for: str) -> str:
    """What is being written, marked as not checked yet; before that, what is waited for."""
    if not draft.strip():
        return f'<div class="draft" role="status"><p>{plain(waiting_for)}</p></div>'
    small = '<p class="small">Being written, not checked yet</p>'
    return f'<div class="draft"><p>{plain(draft)}</p>{small}</div>'


def answer_html(answer: Answer, turn: int) -> str:
    """An answer whose markers are links to their sentences, or a calm note that there is none."""
    group = str(turn)
    if answer.status is Status.CONFLICT:
        body = f"<p>{linked(answer.text, answer.citations, group)}</p>{_sides(answer, group)}"
    elif answer.status is Status.ABSTAINED:
        body = f"{_said_beside(answer, group)}{_nearest(answer, group)}"
    else:
        verdicts = verdicts_html(answer.figures, group)
        body = f"<p>{linked(answer.text, answer.citations, group)}</p>{verdicts}"
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


def unclear_html(turn: int) -> str:
    """A follow-up of which it cannot be made out what it asks; nothing was asked."""
    body = (
        '<p class="label">Please write the question out</p>'
        "<p>It leans on what was said before, and it cannot be made out how. "
        "Nothing was asked, rather than something else.</p>"
    )
    return f'<div class="note unclear" id="answer-{turn}" tabindex="-1">{body}</div>'


def points_html(points: Sequence[SummaryPoint], group: str) -> str:
    """The sentences of a summary, each with its markers and verdicts."""
    items = "".join(
        f"<li>{linked(p.text, p.citations, group)}{verdicts_html(p.figures, group)}</li>"
        for p in points
    )
    return f'<ul class="points">{items}</ul>'


def linked(text: str, citations: Sequence[Citation], group: str) -> str:
    """Text in which each number of a marker that has a citation is a link to its sentence."""
    by_marker = {citation.marker: citation for citation in citations}
    parts, end = [], 0
    for marker in find_markers(text):
        links = [_link(n, by_marker, group) for n in marker.numbers]
        parts += [plain(text[end : marker.span.start]), "".join(links)]
        end = marker.span.end
    return "".join([*parts, plain(text[end:])])


def verdicts_html(figures: Sequence[CheckedFigure], group: str) -> str:
    """What was found of each figure, in words; empty where there is none."""
    items = "".join(_verdict(figure, group) for figure in figures)
    return f'<ul class="verdicts">{items}</ul>' if items else ""


def _verdict(checked: CheckedFigure, group: str) -> str:
    words = _VERDICTS[checked.verdict]
    if checked.formula:
        words += f": {checked.formula}"
    place = ""
    if checked.marker is not None:
        href = f"#{mark_id(group, checked.marker)}"
        place = f' <a class="marker" href="{href}">{plain(f"[{checked.marker}]")}</a>'
    figure = f'<strong dir="auto">{plain(checked.figure.text)}</strong>'
    return f'<li class="verdict {checked.verdict.name.lower()}">{figure} {plain(words)}{place}</li>'


def _link(number: int, citations: Mapping[int, Citation], group: str) -> str:
    citation = citations.get(number)
    if citation is None:
        return plain(f"[{number}]")
    tip = (
        f'<span class="tip" role="tooltip">“{plain(citation.quote)}”'
        f'<span class="source">{source(citation.document, citation.page)}</span></span>'
    )
    href = f"#{mark_id(group, number)}"
    return f'<a class="marker" href="{href}">{plain(f"[{number}]")}{tip}</a>'


def _sides(answer: Answer, group: str) -> str:
    """A row for each side of a conflict."""
    rows = ""
    for citation in answer.citations:
        figures = [f.figure.text for f in answer.figures if f.marker == citation.marker]
        link = _link(citation.marker, {citation.marker: citation}, group)
        rows += (
            f'<tr><th scope="row">{plain("; ".join(figures)) or "–"} {link}</th>'
            f"<td>{plain(citation.quote)}</td>"
            f"<td>{source(citation.document, citation.page)}{also_in(citation.also_in)}</td></tr>"
        )
    head = '<th scope="col">Figure</th><th scope="col">Sentence</th><th scope="col">Article</th>'
    return f'<table class="sides"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _said_beside(answer: Answer, group: str) -> str:
    """What an abstention says beside that it is one, unless that is which sentence is nearest."""
    label = _LABELS[Status.ABSTAINED]
    named = answer.text.startswith(f"{label}. ") and answer.citations
    rest = "" if named else answer.text
    return f"<p>{linked(rest, answer.citations, group)}</p>" if rest else ""


def _nearest(answer: Answer, group: str) -> str:
    """The nearest sentences, those that the text names first; each a link to its place."""
    offered = nearest(answer)
    items = "".join(
        f'<li><a href="#{mark_id(group, number)}">{plain(citation.quote)}</a>'
        f'<span class="source">{source(citation.document, citation.page)}</span></li>'
        for number, citation in enumerate(offered, start=1)
    )
    if not items:
        return ""
    title = "The nearest sentence" if len(offered) == 1 else "The nearest sentences"
    return f'<p class="hint">{title}, which do not answer it:</p><ol class="nearest">{items}</ol>'


def nearest(answer: Answer) -> tuple[Citation, ...]:
    """The sentences that an abstention offers, numbered from 1, those of its markers first."""
    cited = list(answer.citations)
    for evidence in answer.evidence:
        sentence = evidence.sentence
        if any((c.document.id, c.span) == (evidence.document.id, sentence.span) for c in cited):
            continue
        cited.append(
            Citation(
                max((c.marker for c in cited), default=0) + 1,
                evidence.document,
                sentence.span,
                sentence.text,
                evidence.page,
                evidence.also_in,
            )
        )
    return tuple(cited[: max(NEAREST, len(answer.citations))])


def spoken(answer: Answer) -> str:
    """An answer's words without markers."""
    return strip_markers(answer.text)
