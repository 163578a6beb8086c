"""The command that checks a draft: each of its figures beside what the articles say of it."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import Interrupts, note, out, print_json
from rag.cli.options import AsJson, Library, Since, Until, filters_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.text import Text

    from rag.schema import CheckedClaim, CheckedDraft, StatedFigure

_STYLES = {
    "supported": "green",
    "rounded": "green",
    "computed": "cyan",
    "contradicted": "bold red",
    "outdated": "yellow",
    "not found": "magenta",
}
_WIDEST = max(map(len, _STYLES))
_QUOTES = 2


def check(
    draft: Annotated[str, typer.Argument(help="A .md, .txt or .docx file, or - for stdin.")],
    library: Library = None,
    doc: Annotated[list[str] | None, typer.Option(help="Only this article; repeatable.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Only this outlet.")] = None,
    since: Since = None,
    until: Until = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write a page: draft left, evidence right.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="What is not found fails as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a draft's figures against the articles; ends with 1 where one is contradicted."""
    from rag.cli.progress import SummaryBars
    from rag.drafts import read_draft
    from rag.pipeline import Pipeline
    from rag.serialization import draft_json

    filters = filters_of(doc, publisher, since, until)
    read = read_draft(draft, sys.stdin.buffer.read() if draft == "-" else b"")
    settings = settings_of(library)
    with (
        Pipeline(settings, on_note=note) as pipeline,
        Interrupts().watch() as stop,
        SummaryBars("sentences") as bars,
    ):
        checked = pipeline.check(read, filters=filters, on_progress=bars.reading, stop=stop)
    if html is not None:
        _write_page(html, checked, read.name)
    if as_json:
        print_json(draft_json(checked))
    else:
        _show(out(), checked)
    _leave(checked, strict=strict)


def _leave(checked: CheckedDraft, *, strict: bool) -> None:
    from rag.schema import ClaimVerdict

    if not checked.complete:
        note(
            f"Stopped after {checked.sentences_checked} of {checked.sentences_total} sentences "
            "that have a figure; the others were not checked."
        )
        raise typer.Exit(130)
    failing = {ClaimVerdict.CONTRADICTED} | ({ClaimVerdict.NOT_FOUND} if strict else set())
    if any(claim.verdict in failing for claim in checked.claims):
        raise typer.Exit(1)


def _write_page(path: Path, checked: CheckedDraft, name: str) -> None:
    from rag.cli.check_page import check_page
    from rag.errors import InputError

    try:
        path.write_text(check_page(checked, name), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.", "Choose another place."
        ) from error


def _show(console: Console, checked: CheckedDraft) -> None:
    """Show each sentence with its figures underlined, and the evidence under it."""
    for _, claims in groupby(checked.claims, key=lambda claim: claim.sentence):
        of_sentence = list(claims)
        console.print(_underlined(checked, of_sentence))
        for claim in of_sentence:
            for line in _lines(claim):
                console.print(line)
        console.print()
    console.print(_counts(checked))


def _underlined(checked: CheckedDraft, claims: Iterable[CheckedClaim]) -> Text:
    from rich.text import Text

    text = Text()
    for claim in claims:
        sentence, figure = claim.sentence, claim.statement.figure.span
        text = text or Text(checked.text[sentence.start : sentence.end])
        text.stylize(f"underline {_STYLES[claim.verdict.value]}", figure.start, figure.end)
    return text


def _lines(claim: CheckedClaim) -> Iterable[Text]:
    from rich.text import Text

    style = _STYLES[claim.verdict.value]
    figure = claim.statement.figure.text
    formula = f"  {claim.formula}" if claim.formula else ""
    yield Text.assemble(
        "  ", (claim.verdict.value.ljust(_WIDEST), style), "  ", (figure, "bold"), formula
    )
    for stated in claim.evidence[:_QUOTES]:
        yield _quoted(stated)


def _quoted(stated: StatedFigure) -> Text:
    from rich.text import Text

    from rag.cli.rendering import place

    quote, span = stated.sentence.text, stated.statement.figure.span
    text = Text(" " * (_WIDEST + 4) + f"“{quote}”")
    start = _WIDEST + 5
    text.stylize("underline", start + span.start, start + span.end)
    text.append(f" {place(stated.document)} · {stated.document.id}", style="dim")
    return text


def _counts(checked: CheckedDraft) -> Text:
    from rich.text import Text

    from rag.schema import ClaimVerdict

    figures = f"{len(checked.claims)} figures in {checked.duration_s:.1f} s"
    text = Text(f"{figures}:" if checked.claims else "The draft has no figures to check.")
    for verdict in ClaimVerdict:
        if n := checked.count(verdict):
            text.append(f" {n} {verdict.value}", style=_STYLES[verdict.value])
    return text
