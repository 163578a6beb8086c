"""``rag eval``: cases, a library of their articles, a bar, a gate, and reports."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import Interrupts, note, print_json
from rag.cli.options import AsJson, Model, settings_of

if TYPE_CHECKING:
    from rag.cli.evaluation_bars import EvaluationBars
    from rag.evaluation import Evaluation, Floor, Opened, Suite
    from rag.settings import Settings

# The same mutations every time, so that two runs can be compared.
_SEED = 1


class Which(StrEnum):
    """Of which split the cases are."""

    DEV = "dev"
    GATE = "gate"
    ALL = "all"


Cases = Annotated[
    list[Path] | None,
    typer.Argument(help="Files or folders of cases; those on seeds/ if none.", show_default=False),
]
Corpus = Annotated[
    Path | None, typer.Option(help="Articles to ask; the cases' own editions by default.")
]
Split = Annotated[Which, typer.Option(help="Which cases: for development, for the gate, all.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; repeatable.")]
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
    model: Model = None,
    as_json: AsJson = False,
    junit: Junit = None,
    html: Page = None,
    markdown: Markdown = None,
    floor: FloorFile = None,
    baseline: BaselineFile = None,
    accept: Accept = False,
    no_cache: NoCache = False,
    resume: Resume = False,
    mutations: Mutations = 0,
) -> None:
    """Ask questions with known answers and score what comes; exit code 1 below the gate."""
    asked = _suites(cases or [], corpus, split, kind or [])
    plan = _Plan(
        suites=asked,
        floor=_floor(floor, shipped=not (cases or corpus or kind) and split is Which.GATE),
        baseline=_baseline_file(baseline, asked, accept=accept),
        mutations=mutations,
    )
    settings = settings_of(None, generator=model)
    evaluation = _run(plan, settings, cached=not no_cache, resume=resume)
    evaluation = replace(evaluation, accepted=accept)
    _write(evaluation, junit=junit, html=html, markdown=markdown)
    _print(evaluation, as_json=as_json)
    if accept and plan.baseline is not None:
        _accept(evaluation, plan.baseline)
    raise typer.Exit(evaluation.exit_code)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is asked, and what it is held against."""

    suites: tuple[Suite, ...]
    floor: Floor | None
    baseline: Path | None
    mutations: int


# --- what is asked -------------------------------------------------------------------------


def _suites(
    cases: list[Path], corpus: Path | None, split: Which, kinds: list[str]
) -> tuple[Suite, ...]:
    from rag import evaluation
    from rag.paths import checkout_root

    wanted = None if split is Which.ALL else evaluation.Split(split.value)
    found = evaluation.find_suites(cases, corpus, root=checkout_root())
    return evaluation.chosen(found, wanted, kinds)


def _floor(path: Path | None, *, shipped: bool) -> Floor | None:
    from rag.evaluation import load_floor
    from rag.paths import checkout_root

    root = checkout_root()
    if path is None and shipped and root is not None:
        path = root / "eval" / "floor.toml"
    return load_floor(path) if path is not None else None


def _baseline_file(path: Path | None, suites: tuple[Suite, ...], *, accept: bool) -> Path | None:
    """The file that is named, or else the shipped one where all cases are shipped."""
    from rag.errors import UsageError
    from rag.evaluation.suites import SHIPPED
    from rag.paths import checkout_root

    root = checkout_root()
    if path is None and root is not None and all(suite.name in SHIPPED for suite in suites):
        return root / "eval" / "baseline.json"
    if path is None and accept:
        raise UsageError(
            "There is no baseline for cases of your own; nothing was asked.",
            "Name the file: --baseline FILE.json --accept",
        )
    return path


def _mutated(plan: _Plan, folder: Path) -> tuple[Suite, ...]:
    """Suites on articles that were changed: only who reads them is right."""
    from rag.evaluation.mutation import mutated_suites

    found = []
    for suite in plan.suites if plan.mutations else ():
        for changed in mutated_suites(suite.cases, suite.articles, plan.mutations, _SEED):
            name = f"{suite.name}-{changed.name}"
            articles = folder / "mutated" / name
            shutil.rmtree(articles, ignore_errors=True)
            found.append(replace(changed.write(articles), name=name))
    return tuple(found)


# --- asking --------------------------------------------------------------------------------


def _run(plan: _Plan, settings: Settings, *, cached: bool, resume: bool) -> Evaluation:
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
    plan: _Plan, settings: Settings, bars: EvaluationBars, *, cached: bool, resume: bool
) -> Evaluation:
    from rag.evaluation import evaluate, load_baseline
    from rag.evaluation.cache import ReplyCache
    from rag.evaluation.systems import open_pipeline
    from rag.paths import cache_dir

    kept = cache_dir() / "eval"
    # First of all, so that what is wrong with it is said before anything is asked.
    baseline = load_baseline(plan.baseline) if plan.baseline is not None else None
    with ExitStack() as stack:
        folder = kept if cached else Path(stack.enter_context(TemporaryDirectory()))
        replies = stack.enter_context(ReplyCache(kept / "replies.sqlite3")) if cached else None
        suites = plan.suites + _mutated(plan, folder)
        stop = stack.enter_context(Interrupts().watch())
        stack.enter_context(bars)

        def opened(suite: Suite) -> AbstractContextManager[Opened]:
            return open_pipeline(
                suite,
                settings,
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
            journals=kept / "journals",
            resume=resume,
            on_progress=bars.case_done,
        )
        return replace(evaluation, from_cache=replies.hits if replies else 0)


# --- what comes of it ----------------------------------------------------------------------


def _write(
    evaluation: Evaluation, *, junit: Path | None, html: Path | None, markdown: Path | None
) -> None:
    from rag import evaluation as reports

    if junit is not None:
        _write_file(junit, reports.report_junit(evaluation), "JUnit XML")
    if html is not None:
        _write_file(html, reports.report_html(evaluation, _today()), "Page")
    if markdown is not None:
        _write_file(markdown, reports.report_markdown(evaluation), "Markdown")


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
