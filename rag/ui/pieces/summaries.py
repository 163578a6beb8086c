"""Summaries as HTML: points in prose or as bullets, figures as a timeline or a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rag.schema import (
    Digest,
    DigestPoint,
    DocumentInfo,
    Relation,
    StatedFigure,
    StatedPeriod,
    Summary,
    SummaryPoint,
)
from rag.summarization import as_worded, by_period
from rag.timespans import in_words
from rag.ui.pieces.answers import linked, points_html
from rag.ui.pieces.reading import Place, mark_id, places_of
from rag.ui.pieces.text import day, plain
from rag.ui.wanted import FIGURES_ONLY, Form

GROUP = "summary"
ROWS = "summary-row"
HEADINGS = {
    Relation.AGREE: "What they agree on",
    Relation.CHANGED: "What changed over time",
    Relation.DIFFER: "Where they differ",
    None: "What one of them alone says",
}
NOTHING = '<p class="hint">There is nothing to sum up here.</p>'
NO_FIGURES = (
    '<p class="hint">These articles share no figure, so there is none to list. As bullets or prose '
    "you read what each of them says.</p>"
)
_HEAD = "".join(
    f'<th scope="col">{name}</th>' for name in ("Figure", "What", "Period", "Outlet", "Sentence")
)

Points = Sequence[SummaryPoint | DigestPoint]


def summary_html(found: Summary | Digest, form: Form) -> str:
    """All of a summary in the form that is wanted."""
    if form not in FIGURES_ONLY:
        return so_far_html(found.points, form) or NOTHING
    if not (rows := rows_of(found, form)):
        return NO_FIGURES if found.points else NOTHING
    return _table(rows) if form is Form.TABLE else _timeline(rows)


def so_far_html(points: Points, form: Form) -> str:
    """The points that there are; nothing for a form that lists figures, which come at the end."""
    if form in FIGURES_ONLY or not points:
        return ""
    single = [point for point in points if isinstance(point, SummaryPoint)]
    if single:
        return _prose(single) if form is Form.PROSE else points_html(single, GROUP)
    many = [point for point in points if isinstance(point, DigestPoint)]
    return "".join(
        f'<p class="heading">{plain(HEADINGS.get(relation, ""))}</p>{_told(list(told), form)}'
        for relation, told in groupby(many, key=lambda point: point.relation)
    )


def rows_of(found: Summary | Digest, form: Form) -> tuple[StatedFigure, ...]:
    """The figures in the order in which the form lists them."""
    if form is Form.TIMELINE and isinstance(found, Summary):
        return by_period(found.figures)
    return found.figures


def places(found: Summary | Digest, form: Form) -> tuple[Place, ...]:
    """What the links of a summary lead to."""
    if form in FIGURES_ONLY:
        return tuple(
            Place(mark_id(ROWS, n), row.document, row.sentence.span, row.sentence.text)
            for n, row in enumerate(rows_of(found, form), start=1)
        )
    return places_of([c for point in found.points for c in point.citations], GROUP)


def _prose(points: Points) -> str:
    return f"<p>{' '.join(linked(p.text, p.citations, GROUP) for p in points)}</p>"


def _told(points: Sequence[DigestPoint], form: Form) -> str:
    if form is Form.PROSE:
        return _prose(points)
    items = "".join(
        f'<li>{linked(p.text, p.citations, GROUP)}<br><span class="source">'
        f"{plain(_behind(p))}</span></li>"
        for p in points
    )
    return f'<ul class="points">{items}</ul>'


def _timeline(rows: Sequence[StatedFigure]) -> str:
    numbered, html = list(enumerate(rows, start=1)), ""
    for label, of_period in groupby(numbered, key=lambda pair: _period(pair[1].statement.period)):
        items = "".join(
            f"<li>{_figure(n, row)} {plain(row.statement.noun)}"
            f"<br>{plain(f'“{row.sentence.text}”')}"
            f' <span class="source">{plain(_outlet(row.document))}</span></li>'
            for n, row in of_period
        )
        html += f'<p class="heading">{plain(label)}</p><ul class="points">{items}</ul>'
    return html


def _table(rows: Sequence[StatedFigure]) -> str:
    body = "".join(
        f'<tr><th scope="row">{_figure(n, row)}</th>'
        + "".join(
            f"<td>{plain(cell)}</td>"
            for cell in (
                row.statement.noun,
                _period(row.statement.period),
                _outlet(row.document),
                row.sentence.text,
            )
        )
        + "</tr>"
        for n, row in enumerate(rows, start=1)
    )
    head = f"<thead><tr>{_HEAD}</tr></thead>"
    return f'<table class="sides">{head}<tbody>{body}</tbody></table>'


def _figure(number: int, row: StatedFigure) -> str:
    """A figure as a link to its sentence."""
    return f'<a class="marker" href="#{mark_id(ROWS, number)}">{plain(as_worded(row))}</a>'


def _period(period: StatedPeriod | None) -> str:
    return in_words(period.first, period.last) if period else "no period stated"


def _behind(point: DigestPoint) -> str:
    """The outlets and days behind a point, each once; copies of a story are said to be so."""
    cited = dict.fromkeys(_outlet(citation.document) for citation in point.citations)
    again = dict.fromkeys(_outlet(copy) for c in point.citations for copy in c.also_in)
    told = [f"the same story in {outlet}" for outlet in again if outlet not in cited]
    return "; ".join([*cited, *told])


def _outlet(info: DocumentInfo) -> str:
    return f"{info.publisher or info.name}, {day(info.published)}"
