"""Answers, summaries and reports as a person reads them in a terminal.

Text of articles is put into Rich ``Text`` objects, never into markup: brackets in it stay
brackets. Control characters were removed when the article was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.schema import Answer, Citation, DocumentInfo, Retrieval, Status

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from rag.doctor import Check
    from rag.ingestion import IndexReport

_MARKER = re.compile(r"\[\d+\]")
_EVIDENCE_SHOWN = 3


def show_evidence(console: Console, retrieval: Retrieval) -> None:
    """Show the nearest sentences while the answer is being written."""
    from rich.text import Text

    if not retrieval.evidence:
        return
    console.print(Text("Nearest sentences:", style="dim"))
    for evidence in retrieval.evidence[:_EVIDENCE_SHOWN]:
        line = f"  {_clipped(evidence.sentence.text)} — {place(evidence.document, evidence.page)}"
        console.print(Text(line, style="dim"))


def show_answer(console: Console, answer: Answer) -> None:
    """Show an answer, then each cited sentence with its place."""
    from rich.padding import Padding
    from rich.text import Text

    start = 0
    for line in answer.text.split("\n"):
        spans = [checked.figure.span for checked in answer.figures]
        own = [s for s in spans if start <= s.start and s.end <= start + len(line)]
        shown = marked(line, _style_of(line, answer.status, stated=bool(own)))
        for span in own:
            shown.stylize("bold", span.start - start, span.end - start)
        indented = answer.status is Status.CONFLICT and own
        console.print(Padding(shown, (0, 0, 0, 2), expand=False) if indented else shown)
        start += len(line) + 1
    console.print()
    for citation in answer.citations:
        show_citation(console, citation)
    for text in answer.notes:
        console.print(Text(f"Note: {text}", style="dim"))


def show_index_report(console: Console, report: IndexReport) -> None:
    """Say what a run of indexing changed."""
    from rich.text import Text

    counts = [
        f"{len(report.added)} added",
        f"{len(report.updated)} updated",
        f"{report.unchanged} unchanged",
        f"{len(report.removed)} removed",
    ]
    done = f"{report.embedded} passages embedded in {report.duration_s:.1f} s"
    console.print(Text(f"{', '.join(counts)}; {done}."))
    for name, ids in (("+", report.added), ("~", report.updated), ("-", report.removed)):
        for document_id in _first(ids):
            console.print(Text(f"  {name} {document_id}"))
    for refusal in report.refused:
        source = _printable(refusal.source)
        console.print(Text(f"  ! {source}: {refusal.reason} {refusal.hint}", "yellow"))
    if report.skipped:
        names = ", ".join(_printable(r.source.rsplit("/", 1)[-1]) for r in report.skipped[:5])
        console.print(
            Text(f"  {len(report.skipped)} files of other kinds passed over: {names}", "dim")
        )
    if report.pending:
        console.print(
            Text(f"  {report.pending} passages are not embedded yet; run it again.", "yellow")
        )


def place(info: DocumentInfo, page: int | None = None) -> str:
    """Where a sentence stands: title, publisher, date, page; what is not known is left out."""
    day = info.published.isoformat() if info.published else "no date"
    parts = [info.name, info.publisher, day, f"page {page}" if page else None]
    return ", ".join(part for part in parts if part)


def show_citation(console: Console, citation: Citation) -> None:
    """Show a cited sentence with its place, and its copies in other outlets."""
    from rich.text import Text

    console.print(Text.assemble((f"[{citation.marker}] ", "bold cyan"), f"“{citation.quote}”"))
    where = f"{citation.span.start}–{citation.span.end}"
    about = place(citation.document, citation.page)
    console.print(Text(f"    {about} · {citation.document.id}, characters {where}", style="dim"))
    for copy in citation.also_in:
        console.print(Text(f"    the same story in {place(copy)} · {copy.id}", style="dim"))


def marked(text: str, style: str) -> Text:
    """Text in a style, its markers in their own."""
    from rich.text import Text

    styled = Text(text, style=style)
    styled.highlight_regex(_MARKER, "bold cyan")
    return styled


def _style_of(line: str, status: Status, *, stated: bool) -> str:
    """Who says it is bold; what tells of figures, or that there are none, is yellow.

    Args:
        line: of an answer.
        status: of the answer.
        stated: whether the line has figures that were checked.
    """
    if status is Status.ABSTAINED:
        return "yellow"
    if stated or _MARKER.search(line):
        return ""
    return "bold" if line.endswith(":") else "yellow"


def _clipped(text: str, width: int = 100) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + "…"


def _printable(name: str) -> str:
    """A file's name without what would steer the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _first(ids: Sequence[str], limit: int = 20) -> list[str]:
    more = [f"… and {len(ids) - limit} more"] if len(ids) > limit else []
    return [*ids[:limit], *more]


def show_checks(console: Console, checks: Sequence[Check]) -> None:
    """Show what was looked at, and under what is wrong, how to mend it."""
    from rich.text import Text

    for check in checks:
        mark = ("ok    ", "green") if check.ok else ("WRONG ", "bold red")
        console.print(Text.assemble(mark, f"{check.name}: {check.detail}"))
        if check.hint and not check.ok:
            console.print(Text(f"      {check.hint}"))
