"""A checked draft as one page that needs nothing else: the draft on the left, evidence beside it.

Without JavaScript each figure is a link to its evidence; with it, the arrow keys go from figure to
figure.
"""

from __future__ import annotations

from pathlib import Path

from rag.cli.rendering import place
from rag.markup import Html, joined, tag, text, whole_page
from rag.schema import CheckedClaim, CheckedDraft, ClaimVerdict, StatedFigure

_HERE = Path(__file__).parent


def check_page(checked: CheckedDraft, name: str) -> str:
    """Return the page.

    Args:
        checked: a draft.
        name: what to call it.
    """
    style, script = (
        Html((_HERE / file).read_text("utf-8")) for file in ("check_page.css", "check_page.js")
    )
    body = joined(
        tag("header", tag("h1", name), _counts(checked)),
        tag(
            "div",
            tag("article", *_paragraphs(checked), aria_label="The draft"),
            tag("section", *_evidence(checked), aria_label="What the articles say"),
            class_="sides",
        ),
    )
    return whole_page(f"Claim check: {name}", style=style, script=script, body=body)


def _counts(checked: CheckedDraft) -> Html:
    items = [
        tag("li", f"{checked.count(verdict)} {verdict.value}", class_=_class(verdict))
        for verdict in ClaimVerdict
        if checked.count(verdict)
    ]
    read = f"{checked.sentences_checked} of {checked.sentences_total} sentences with figures read"
    return joined(
        tag("ul", *items, class_="counts"), tag("p", f"{read}. ← and → go through.", class_="quiet")
    )


def _paragraphs(checked: CheckedDraft) -> list[Html]:
    """The draft with its figures marked, a paragraph a line."""
    numbered = list(enumerate(checked.claims, start=1))
    paragraphs = []
    start = 0
    for line in checked.text.splitlines(keepends=True):
        end = start + len(line)
        inside = [(n, c) for n, c in numbered if start <= checked.written(c).start < end]
        if line.strip():
            paragraphs.append(tag("p", *_marked(checked, start, end, inside)))
        start = end
    return paragraphs


def _marked(
    checked: CheckedDraft, start: int, end: int, claims: list[tuple[int, CheckedClaim]]
) -> list[Html]:
    pieces = []
    for number, claim in claims:
        span = checked.written(claim)
        pieces.append(text(checked.text[start : span.start]))
        pieces.append(
            tag(
                "a",
                checked.text[span.start : span.end],
                href=f"#claim-{number}",
                id=f"figure-{number}",
                class_=f"figure {_class(claim.verdict)}",
                title=claim.verdict.value,
            )
        )
        start = span.end
    return [*pieces, text(checked.text[start:end])]


def _evidence(checked: CheckedDraft) -> list[Html]:
    return [_claim(number, claim) for number, claim in enumerate(checked.claims, start=1)]


def _claim(number: int, claim: CheckedClaim) -> Html:
    head = tag(
        "h2",
        tag("a", claim.statement.figure.text, href=f"#figure-{number}"),
        " ",
        tag("span", claim.verdict.value, class_=f"verdict {_class(claim.verdict)}"),
    )
    formula = [tag("p", claim.formula, class_="formula")] if claim.formula else []
    quotes = [_quote(stated) for stated in claim.evidence]
    nothing = [] if quotes else [tag("p", "No article says anything of it.", class_="quiet")]
    return tag("div", head, *formula, *quotes, *nothing, id=f"claim-{number}", class_="claim")


def _quote(stated: StatedFigure) -> Html:
    quote, span = stated.sentence.text, stated.statement.figure.span
    return tag(
        "blockquote",
        tag("p", quote[: span.start], tag("mark", quote[span.start : span.end]), quote[span.end :]),
        tag("footer", f"{place(stated.document)} · {stated.document.id}", class_="quiet"),
    )


def _class(verdict: ClaimVerdict) -> str:
    return verdict.value.replace(" ", "-")
