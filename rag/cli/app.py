"""The commands: each parses its words, calls the pipeline, and prints."""

from __future__ import annotations

import json
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag import __version__
from rag.cli import checking, evaluating, figures, models, serving, summarizing
from rag.cli.console import Interrupts, err, leave, make_way, note, out, print_json
from rag.cli.options import AsJson, Library, Model, Since, Until, filters_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.pipeline import Pipeline
    from rag.schema import Answer, Filters

app = typer.Typer(
    help="Ask a pile of news articles, on your own machine: every figure in an answer is bound "
    "to the sentence that states it, or not shown.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(models.app, name="models")


def main() -> None:
    """Run the command line; errors become one screen and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A file name that is no UTF-8 is shown with escapes, and stops nothing.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(standalone_mode=False)
    except typer.Exit as stop:
        code = stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        code = leave(KeyboardInterrupt())
    except typer.BadParameter as error:
        error.show()
        code = 2
    except Exception as error:  # noqa: BLE001 - what is no RagError is raised again by leave()
        code = _usage(error) or leave(error)
    sys.exit(code or 0)


def _usage(error: Exception) -> int:
    """Show what the parser says of wrong words; 0 where it is no such error."""
    show = getattr(error, "show", None)
    if show is None:
        return 0
    show()
    return int(getattr(error, "exit_code", 2))


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def index(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, patterns in quotes, or - for stdin.")
    ],
    library: Library = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles whose files are gone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add articles to the library, or update it; unchanged files cost nothing."""
    from dataclasses import asdict

    from rag.cli.progress import IndexBars
    from rag.cli.rendering import show_index_report

    stdin = sys.stdin.buffer.read() if "-" in paths else b""
    make_way()
    with _pipeline(library) as pipeline, Interrupts().watch() as stop, IndexBars() as bars:
        report = pipeline.index(paths, observer=bars, stdin=stdin, prune=prune, stop=stop)
    if as_json:
        print_json(asdict(report))
    else:
        show_index_report(out(), report)
    if stop():
        note("Stopped. What was done is kept; the same command goes on from here.")
        raise typer.Exit(130)
    read = report.added or report.updated or report.unchanged
    if report.refused and not read:
        raise typer.Exit(2)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    library: Library = None,
    questions: Annotated[
        Path | None,
        typer.Option(help='JSON lines {"id", "question"}, or - for stdin; one answer a line.'),
    ] = None,
    doc: Annotated[list[str] | None, typer.Option(help="Only this article; repeatable.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Only this outlet.")] = None,
    since: Since = None,
    until: Until = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the articles, with the sentences that state the answer."""
    from rag.errors import UsageError

    filters = filters_of(doc, publisher, since, until)
    if (question is None) == (questions is None):
        raise UsageError("Give one question, or --questions FILE.", 'Try: rag ask "How many …?"')
    with _pipeline(library, generator=model) as pipeline, Interrupts().watch() as stop:
        if questions is not None:
            _ask_all(pipeline, _read_questions(questions), filters, stop)
            return
        _ask_one(pipeline, question or "", filters, stop, as_json=as_json)


def _ask_one(
    pipeline: Pipeline, question: str, filters: Filters, stop: Interrupts, *, as_json: bool
) -> Answer:
    from rag.cli.rendering import show_answer, show_evidence
    from rag.serialization import answer_json

    console = err()
    answer = pipeline.ask(
        question,
        filters=filters,
        on_evidence=lambda found: show_evidence(console, found),
        stop=stop,
    )
    if as_json:
        print_json(answer_json(answer))
    else:
        show_answer(out(), answer)
    return answer


def _ask_all(
    pipeline: Pipeline, questions: Iterator[dict[str, Any]], filters: Filters, stop: Interrupts
) -> None:
    from rag.errors import GenerationStoppedError
    from rag.serialization import answer_json

    for item in questions:
        if stop():
            raise GenerationStoppedError("Stopped.")
        answer = pipeline.ask(item["question"], filters=filters, stop=stop)
        print_json({"id": item.get("id"), **answer_json(answer)})


def _read_questions(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the questions of a file; a wrong line ends with its number, after those before."""
    from rag.errors import InputError

    try:
        lines = sys.stdin if str(path) == "-" else path.open(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be opened: {error.strerror}.", "Check the path."
        ) from error
    with lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
                if not isinstance(item["question"], str):
                    raise TypeError
            except (ValueError, TypeError, KeyError, IndexError) as error:
                raise InputError(
                    f"Line {number} of {path} is no question; those before it were answered.",
                    'A line looks like {"id": "1", "question": "How many …?"}.',
                ) from error
            yield item


@app.command("list")
def list_documents(library: Library = None, as_json: AsJson = False) -> None:
    """List the articles of the library, each with the copies of its story in other outlets."""
    from rag.cli.rendering import place
    from rag.serialization import document_json

    with _pipeline(library) as pipeline:
        copies = pipeline.copies()
        for info in pipeline.documents():
            same = copies.get(info.id, ())
            if as_json:
                print_json({**document_json(info), "copies": list(same)})
            else:
                story = f"  = {', '.join(same)}" if same else ""
                out().print(f"{info.id}  {place(info)}{story}", markup=False)


app.command()(serving.ui)
app.command()(summarizing.summarize)
app.command()(figures.figures)
app.command()(checking.check)
app.command("eval")(evaluating.evaluate)
app.command()(serving.serve)
app.command()(serving.mcp)


@app.command()
def doctor(library: Library = None, as_json: AsJson = False) -> None:
    """Check every part that citeline needs, and say how to mend what is wrong."""
    from dataclasses import asdict

    from rag.cli.rendering import show_checks
    from rag.doctor import examine

    checks = examine(settings_of(library))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        show_checks(out(), checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(3)


def _pipeline(library: Path | None, **fields: Any) -> Pipeline:
    from rag.pipeline import Pipeline

    return Pipeline(settings_of(library, **fields), on_note=note)
