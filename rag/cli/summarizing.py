"""The command that sums up: one article in key points, many by what they have in common."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import Interrupts, err, note, out, print_json
from rag.cli.options import AsJson, Library, Model, Since, Until, filters_of, settings_of

if TYPE_CHECKING:
    from rag.pipeline import Pipeline
    from rag.schema import Digest, Summary


class How(StrEnum):
    """How a summary is written."""

    PROSE = "prose"
    BULLETS = "bullets"
    TIMELINE = "timeline"
    TABLE = "table"


class HowLong(StrEnum):
    """How long it is; the values are those of :class:`rag.schema.Length`."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


_OF_FIGURES = {How.TIMELINE, How.TABLE}
About = Annotated[str | None, typer.Option(help="Only what is about this, in a few words.")]
Form = Annotated[How, typer.Option("--format", help="Timeline and table list the figures.")]


def summarize(
    docs: Annotated[
        list[str] | None, typer.Argument(metavar="DOC...", help="By id, title or path.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All articles of the library.")] = False,
    about: About = None,
    since: Since = None,
    until: Until = None,
    length: Annotated[HowLong, typer.Option(help="How much of it.")] = HowLong.MEDIUM,
    form: Form = How.BULLETS,
    library: Library = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Sum up one article in cited key points; of many, what they agree on and where they differ."""
    from rag.cli.progress import SummaryBars
    from rag.errors import UsageError
    from rag.pipeline import Pipeline
    from rag.schema import Length

    chosen = filters_of(docs, since=since, until=until)
    if not (chosen or every or about):
        raise UsageError(
            "Which articles?", 'Try: rag summarize DOC, --all, --about "…" or --since DATE'
        )
    if docs and every:
        raise UsageError("--all takes all articles; name none.", "Try: rag summarize --all")
    one = len(docs or ()) == 1 and not (about or since or until)
    settings = settings_of(library, generator=model)
    with Pipeline(settings, on_note=note) as pipeline, Interrupts().watch() as stop:
        if one and docs:
            _one(pipeline, docs[0], length, form, stop, as_json=as_json)
            return
        with SummaryBars("articles") as bars:
            digest = pipeline.summarize_many(
                chosen, about=about, length=Length(length.value), observer=bars, stop=stop
            )
    _print_digest(digest, form, as_json=as_json)


def _one(
    pipeline: Pipeline, doc: str, length: HowLong, form: How, stop: Interrupts, *, as_json: bool
) -> None:
    from rag.cli.progress import SummaryBars
    from rag.cli.summaries import show_point
    from rag.pipeline import ignore
    from rag.schema import Length

    console = out()
    shown = form not in _OF_FIGURES and not as_json
    with SummaryBars("sentences") as bars:
        summary = pipeline.summarize(
            doc,
            length=Length(length.value),
            reword=form not in _OF_FIGURES,
            keep=True,
            on_point=(lambda p: show_point(console, p, prose=form is How.PROSE))
            if shown
            else ignore,
            observer=bars,
            stop=stop,
        )
    _print_summary(summary, form, as_json=as_json)


def _print_summary(summary: Summary, form: How, *, as_json: bool) -> None:
    from rag.cli.summaries import show_read, show_sources, show_table, show_timeline
    from rag.serialization import summary_json
    from rag.summarization import by_period

    console = out()
    if as_json:
        print_json(summary_json(summary))
    elif form is How.TABLE:
        show_table(console, summary.figures)
    elif form is How.TIMELINE:
        show_timeline(console, by_period(summary.figures))
    else:
        if form is How.PROSE:
            console.print()  # the paragraph was left open for its next sentence
        show_sources(console, [c for point in summary.points for c in point.citations])
    show_read(err(), summary)


def _print_digest(digest: Digest, form: How, *, as_json: bool) -> None:
    from rag.cli.summaries import (
        show_coverage,
        show_digest,
        show_sources,
        show_table,
        show_timeline,
    )
    from rag.serialization import digest_json

    console = out()
    if as_json:
        print_json(digest_json(digest))
    elif form is How.TABLE:
        show_table(console, digest.figures)
    elif form is How.TIMELINE:
        show_timeline(console, digest.figures)
    else:
        show_digest(console, digest, prose=form is How.PROSE)
        show_sources(console, [c for point in digest.points for c in point.citations])
    show_coverage(err(), digest)
