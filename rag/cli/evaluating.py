"""``rag eval``: cases, a library of their articles, a bar, a gate, and reports."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import Interrupts, note, print_json
from rag.cli.evaluation_plan import Choice, Plan, Which, mutated, planned
from rag.cli.options import AsJson, settings_of

if TYPE_CHECKING:
    from rag.cli.evaluation_bars import EvaluationBars
    from rag.evaluation import Evaluation, Opened, Suite
    from rag.settings import Settings

Cases = Annotated[
    list[Path] | None,
    typer.Argument(help="Files or folders of cases; those on seeds/ if none.", show_default=False),
]
Corpus = Annotated[
    Path | None, typer.Option(help="Articles to ask; the cases' own editions by default.")
]
Split = Annotated[Which, typer.Option(help="Which cases: for development, for the gate, all.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; repeatable.")]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        "-m",
        help="Chat model, by name or path. Repeatable: the others are compared with the first.",
    ),
]
Full = Annotated[
    bool,
    typer.Option(
        "--full",
        help="All shipped cases, with --corpus on those articles too; all controls; other models "
        "are asked the gate on seeds/.",
    ),
]
Controls = Annotated[
    bool,
    typer.Option("--controls", help="Also ask the model alone, and given the right sentences."),
]
Record = Annotated[
    Path | None,
    typer.Option(help="Write Markdown, and JSON beside it, to be committed: no text of others."),
]
Junit = Annotated[Path | None, typer.Option(help="Write JUnit XML here.")]
Page = Annotated[Path | None, typer.Option("--html", help="Write one page of HTML here.")]
Markdown = Annotated[Path | None, typer.Option(help="Write Markdown here.")]
FloorFile = Annotated[Path | None, typer.Option("--floor", help="TOML of what must be reached.")]
BaselineFile = Annotated[
    Path | None, typer.Option("--baseline", help="JSON of what was accepted before.")
]
Accept = Annotated[bool, typer.Option("--accept", help="Make this run the baseline.")]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Index the articles and ask the model anew.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where a run was stopped.")]
Mutations = Annotated[
    int,
    typer.Option(min=0, help="Also ask so many cases of each suite on articles changed for them."),
]


def evaluate(
    cases: Cases = None,
    *,
    corpus: Corpus = None,
    split: Split = Which.GATE,
    kind: Kinds = None,
    full: Full = False,
    model: Models = None,
    controls: Controls = False,
    mutations: Mutations = 0,
    as_json: AsJson = False,
    junit: Junit = None,
    html: Page = None,
    markdown: Markdown = None,
    record: Record = None,
    floor: FloorFile = None,
    baseline: BaselineFile = None,
    accept: Accept = False,
    no_cache: NoCache = False,
    resume: Resume = False,
) -> None:
    """Ask questions with known answers and score what comes; exit code 1 below the gate."""
    plan = planned(
        Choice(tuple(cases or ()), corpus, split, tuple(kind or ()), full),
        models=model or (),
        floor=floor,
        baseline=baseline,
        accept=accept,
        mutations=mutations,
        controls=controls,
    )
    settings = settings_of(None, generator=plan.model)
    evaluation = _run(plan, settings, cached=not no_cache, resume=resume)
    evaluation = replace(evaluation, accepted=accept)
    _write(evaluation, junit=junit, html=html, markdown=markdown, record=record)
    _print(evaluation, as_json=as_json)
    if accept and plan.baseline is not None:
        _accept(evaluation, plan.baseline)
    raise typer.Exit(evaluation.exit_code)


# --- asking --------------------------------------------------------------------------------


def _run(plan: Plan, settings: Settings, *, cached: bool, resume: bool) -> Evaluation:
    """Ask everything; Ctrl-C ends it with what was answered on disk."""
    from rag.cli.evaluation_bars import EvaluationBars
    from rag.errors import GenerationStoppedError

    bars = EvaluationBars()
    try:
        return _asked(plan, settings, bars, cached=cached, resume=resume)
    except GenerationStoppedError:
        note(f"Stopped. {bars.done} cases are done; with --resume the command goes on from there.")
        raise typer.Exit(130) from None


def _asked(
    plan: Plan, settings: Settings, bars: EvaluationBars, *, cached: bool, resume: bool
) -> Evaluation:
    from rag.evaluation import CHEAP, Control, evaluate, load_baseline
    from rag.evaluation.systems import open_pipeline
    from rag.generation.replies import ReplyCache
    from rag.paths import cache_dir

    kept = cache_dir() / "eval"
    # First of all, so that what is wrong with it is said before anything is asked.
    baseline = load_baseline(plan.baseline) if plan.baseline is not None else None
    with ExitStack() as stack:
        folder = kept if cached else Path(stack.enter_context(TemporaryDirectory()))
        replies = stack.enter_context(ReplyCache(kept / "replies.sqlite3")) if cached else None
        suites = plan.suites + mutated(plan, folder)
        _tell_length(plan, suites)
        stop = stack.enter_context(Interrupts().watch())
        stack.enter_context(bars)

        def opened(suite: Suite) -> AbstractContextManager[Opened]:
            return open_pipeline(
                suite,
                settings.model_copy(update={"generator": suite.model or settings.generator}),
                observer=bars,
                stop=stop,
                on_note=note,
                libraries=folder / "libraries" if cached else None,
                replies=replies,
            )

        evaluation = evaluate(
            suites,
            opened,
            floor=plan.floor,
            baseline=baseline,
            controls=tuple(Control) if plan.controls else CHEAP,
            # A full run that was stopped is not lost to a short one in between.
            journals=kept / "journals" / ("full" if plan.full else ""),
            resume=resume,
            on_progress=bars.case_done,
            on_control=bars.control_done,
        )
        return replace(evaluation, from_cache=replies.hits if replies else 0)


def _tell_length(plan: Plan, suites: tuple[Suite, ...]) -> None:
    from rag.evaluation import minutes

    if plan.full:
        n_cases = sum(len(suite.cases) for suite in suites)
        took = minutes(plan.estimate_s(suites))
        note(
            f"{n_cases} questions and their controls. The first model may take {took} on two "
            "cores; Ctrl-C keeps what is done, --resume goes on."
        )


# --- what comes of it ----------------------------------------------------------------------


def _write(
    evaluation: Evaluation,
    *,
    junit: Path | None,
    html: Path | None,
    markdown: Path | None,
    record: Path | None,
) -> None:
    from rag import evaluation as reports

    if junit is not None:
        _write_file(junit, reports.report_junit(evaluation), "JUnit XML")
    if html is not None:
        _write_file(html, reports.report_html(evaluation, _today()), "Page")
    if markdown is not None:
        _write_file(markdown, reports.report_markdown(evaluation), "Markdown")
    if record is not None:
        _write_file(record, reports.report_markdown(evaluation, committed=True), "Record")
        values = reports.report_record(evaluation, _today())
        _write_file(record.with_suffix(".json"), values, "Its numbers")


def _write_file(path: Path, text: str, what: str) -> None:
    from rag.errors import InputError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}).",
            "Name another file; with --resume nothing is asked again.",
        ) from error
    note(f"{what}: {path}")


def _print(evaluation: Evaluation, *, as_json: bool) -> None:
    from rag.evaluation import report_json, report_markdown

    if as_json:
        print_json(report_json(evaluation))
    else:
        print(report_markdown(evaluation), end="")  # noqa: T201 - Markdown goes out as it is


def _accept(evaluation: Evaluation, path: Path) -> None:
    """Write what the gated suites came to, and nothing else moves the baseline."""
    from rag.evaluation import Baseline, accept, write_baseline

    baseline = evaluation.baseline or Baseline()
    for run in evaluation.runs:
        if run.suite.gated:
            baseline = accept(
                baseline,
                run.suite.name,
                run.report.results,
                known=run.suite.known,
                day=_today(),
                settings=run.settings_sha256,
            )
    write_baseline(baseline, path)
    note(f"Accepted: {path}")


def _today() -> date:
    return datetime.now(UTC).date()
