"""A draft with the verdict on each of its figures, and the sentences behind the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rag.schema import CheckedClaim, CheckedDraft, ClaimVerdict, Span, StatedFigure
from rag.ui.pieces.reading import Place, mark_id
from rag.ui.pieces.text import counted, day, flowing, plain, source

GROUP = "check"
_WORDS = {
    ClaimVerdict.SUPPORTED: "supported",
    ClaimVerdict.ROUNDED: "rounded",
    ClaimVerdict.CONTRADICTED: "contradicted",
    ClaimVerdict.COMPUTED: "computed",
    ClaimVerdict.OUTDATED: "outdated",
    ClaimVerdict.NOT_FOUND: "not found in the articles",
}
# What has to be looked at comes first in the list of counts.
_ORDER = (
    ClaimVerdict.CONTRADICTED,
    ClaimVerdict.OUTDATED,
    ClaimVerdict.NOT_FOUND,
    ClaimVerdict.ROUNDED,
    ClaimVerdict.COMPUTED,
    ClaimVerdict.SUPPORTED,
)
# Sentences shown for one figure; the nearest come first.
SHOWN = 3


def draft_html(draft: CheckedDraft) -> str:
    """The draft's text; each figure is a link to what was found of it."""
    if not draft.claims:
        return '<p class="hint">The draft has no figure that could be checked.</p>'
    parts, end = [], 0
    for number, claim in enumerate(draft.claims, start=1):
        place = figure_span(claim, draft.text)
        if place is None or place.start < end:
            continue
        parts += [flowing(draft.text[end : place.start]), _figure(draft.text, place, number, claim)]
        end = place.end
    text = "".join([*parts, flowing(draft.text[end:])])
    return f'{_counts(draft)}<div class="checked text">{text}</div>'


def claims_html(draft: CheckedDraft) -> str:
    """Each figure with its verdict in words and the sentences behind it."""
    places = {id(row): place for row, place in _rows(draft)}
    return "".join(
        _claim(number, claim, places) for number, claim in enumerate(draft.claims, start=1)
    )


def check_places(draft: CheckedDraft) -> tuple[Place, ...]:
    """The sentences that are shown for the figures of a draft."""
    return tuple(place for _, place in _rows(draft))


def figure_span(claim: CheckedClaim, text: str) -> Span | None:
    """Where a figure stands in the draft; None where it is not there to the letter."""
    figure = claim.statement.figure
    start = claim.sentence.start + figure.span.start
    end = claim.sentence.start + figure.span.end
    return Span(start, end) if text[start:end] == figure.text else None


def _rows(draft: CheckedDraft) -> Iterator[tuple[StatedFigure, Place]]:
    rows = [row for claim in draft.claims for row in claim.evidence[:SHOWN]]
    for number, row in enumerate(rows, start=1):
        yield row, Place(mark_id(GROUP, number), row.document, row.sentence.span, row.sentence.text)


def _counts(draft: CheckedDraft) -> str:
    found = Counter(claim.verdict for claim in draft.claims)
    items = "".join(
        f'<li class="claim {_class(verdict)}">{found[verdict]} {_WORDS[verdict]}</li>'
        for verdict in _ORDER
        if found[verdict]
    )
    first = counted(len(draft.claims), "figure")
    if draft.sentences_checked < draft.sentences_total:
        first += f" of {draft.sentences_checked} of {draft.sentences_total} sentences"
    return f'<ul class="counts"><li>{first}</li>{items}</ul>'


def _figure(text: str, place: Span, number: int, claim: CheckedClaim) -> str:
    words = plain(text[place.start : place.end])
    return (
        f'<a class="claim {_class(claim.verdict)}" href="#claim-{number}" id="figure-{number}" '
        f'title="{_WORDS[claim.verdict]}">{words}<sup>{number}</sup></a>'
    )


def _claim(number: int, claim: CheckedClaim, places: dict[int, Place]) -> str:
    back = f'<a class="badge" href="#figure-{number}" title="Back to the draft">{number}</a>'
    verdict = _WORDS[claim.verdict]
    formula = f": {plain(claim.formula)}" if claim.formula else ""
    figure = plain(claim.statement.figure.text)
    head = (
        f'<p class="verdict-line"><strong>{figure}</strong> '
        f'<span class="claim {_class(claim.verdict)}">{verdict}</span>{formula}</p>'
    )
    rows = "".join(_evidence(row, places[id(row)]) for row in claim.evidence[:SHOWN])
    if not rows:
        rows = '<p class="hint">No sentence of the articles states it.</p>'
    attributes = f'class="card cited" id="claim-{number}" tabindex="-1"'
    return f"<article {attributes}>{back}{head}{rows}</article>"


def _evidence(row: StatedFigure, place: Place) -> str:
    statement = row.statement
    said = f'<p class="source">{plain(_reading(row))}</p>' if statement.period else ""
    return (
        f"<blockquote>{plain(row.sentence.text)}</blockquote>{said}"
        f'<p class="source">{source(row.document)} '
        f'<a class="read" href="#{place.id}">Read it in the article</a></p>'
    )


def _reading(row: StatedFigure) -> str:
    """What the sentence says with the figure, where its period had to be worked out."""
    period = row.statement.period
    if period is None or not period.resolved:
        return f"{row.statement.figure.text} {row.statement.noun}".strip()
    return f"{period.text}: {day(period.first)} to {day(period.last)}"


def _class(verdict: ClaimVerdict) -> str:
    return verdict.value.replace(" ", "-")
