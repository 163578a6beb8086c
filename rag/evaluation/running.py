"""Asking every case, whatever happens to one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from rag.errors import GenerationStoppedError, LibraryError, MissingPartError
from rag.evaluation.baseline import Baseline
from rag.evaluation.cases import Case
from rag.evaluation.control_runs import Control, ControlRun, cases_for, controls_of
from rag.evaluation.floor import Floor
from rag.evaluation.gate import Evaluation, SuiteRun, judged
from rag.evaluation.journal import Journal, Reply, code_sha256, control_code_sha256
from rag.evaluation.memory import forget_peak, peak_mb
from rag.evaluation.reports import CaseResult, EvalReport
from rag.evaluation.scoring import failed_score, score_answer, score_summary
from rag.evaluation.suites import Suite
from rag.schema import Answer, Summary


class System(Protocol):
    """What is evaluated: the pipeline, or anything that answers in its place."""

    def ask(self, question: str) -> Answer:
        """Answer a question from the articles."""
        ...

    def summarize(self, document: str) -> Summary:
        """Sum up the article of that id."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A system that holds the articles of a suite, and what its answers depend on."""

    system: System
    settings_sha256: str = ""
    """Hash of models, prompts and settings."""
    articles_sha256: str = ""
    """Hash of the articles as they were read."""
    models: Mapping[str, str] = field(default_factory=dict)
    """Sha256 of the weights by name, of the chat model first."""
    control: Callable[[Control], System] | None = None
    """Makes a control ready on the same articles; None where the system has none."""


OpenSystem = Callable[[Suite], AbstractContextManager[Opened]]
"""Makes the articles of a suite ready; what it opened is closed after the last question."""

OnProgress = Callable[[int, int, CaseResult], None]
"""Told after each case: how many are done, how many there are, and the newest result."""

OnControl = Callable[[Control, int, int], None]
"""Told after each case of a control: which, how many are done, and how many there are."""

# These stop every question alike; counting each as wrong would hide what is to be done.
_OF_THE_WHOLE_RUN = (GenerationStoppedError, LibraryError, MissingPartError)


def _nobody(done: int, n_cases: int, result: CaseResult) -> None:
    """Take progress where nobody wants to know."""


def _no_one(control: Control, done: int, n_cases: int) -> None:
    """Take the progress of a control where nobody wants to know."""


def evaluate(
    suites: Sequence[Suite],
    open_system: OpenSystem,
    *,
    floor: Floor | None = None,
    baseline: Baseline | None = None,
    controls: Sequence[Control] = (),
    journals: Path | None = None,
    resume: bool = False,
    on_progress: OnProgress = _nobody,
    on_control: OnControl = _no_one,
) -> Evaluation:
    """Ask the questions of every suite, score the answers and judge the whole.

    Args:
        suites: cases with their articles.
        open_system: makes the articles of one suite ready.
        floor: what each gated suite must reach; None gates nothing.
        baseline: what was accepted before; None compares with nothing.
        controls: what else is asked the same cases, where a suite is for it.
        journals: folder in which answers are kept as they come; None keeps none.
        resume: take from there what an earlier run with the same settings, articles and code
            has answered.
        on_progress: told after each case; counts over all suites.
        on_control: told after each case of a control.

    Raises:
        RagError: as for :func:`run_cases`.
    """
    total = sum(len(suite.cases) for suite in suites)
    runs: list[SuiteRun] = []
    for suite in suites:
        before = sum(len(run.report.results) for run in runs)

        def tell(done: int, _n: int, result: CaseResult, before: int = before) -> None:
            on_progress(before + done, total, result)

        forget_peak()
        with open_system(suite) as opened:
            journal_of = partial(_journal, journals, suite, opened, resume=resume)
            run = _asked(suite, opened, journal_of(), tell, floor=floor, baseline=baseline)
            wanted = controls_of(suite, controls)
            asked = _asked_of_controls(suite, opened, wanted, journal_of, on_control)
        runs.append(replace(run, controls=asked))
    return Evaluation(tuple(runs), baseline)


def _asked(
    suite: Suite,
    opened: Opened,
    journal: Journal | None,
    tell: OnProgress,
    *,
    floor: Floor | None,
    baseline: Baseline | None,
) -> SuiteRun:
    """Ask the cases of a suite and hold what comes back against floor and baseline."""
    report = run_cases(suite.cases, opened.system, tell, mapping=suite.mapping, journal=journal)
    peak, settings = peak_mb(), opened.settings_sha256
    run = judged(suite, report, floor=floor, baseline=baseline, settings_sha256=settings)
    resumed = journal.recalled if journal else 0
    return replace(run, resumed=resumed, models=opened.models, peak_mb=peak)


def _asked_of_controls(
    suite: Suite,
    opened: Opened,
    controls: Sequence[Control],
    journal_of: Callable[[Control], Journal | None],
    on_control: OnControl,
) -> tuple[ControlRun, ...]:
    """Ask each control the cases of a suite; only what needs the model is worth keeping."""
    runs = []
    if opened.control is None:
        return ()
    for control in controls:
        tell = partial(_told, on_control, control)
        journal = journal_of(control) if control.needs_model else None
        system, cases = opened.control(control), cases_for(control, suite)
        report = run_cases(cases, system, tell, mapping=suite.mapping, journal=journal)
        runs.append(ControlRun(control, report))
    return tuple(runs)


def _told(on_control: OnControl, control: Control, done: int, n_cases: int, _: CaseResult) -> None:
    on_control(control, done, n_cases)


def _journal(
    folder: Path | None,
    suite: Suite,
    opened: Opened,
    control: Control | None = None,
    *,
    resume: bool,
) -> Journal | None:
    if folder is None:
        return None
    identity = f"{opened.settings_sha256}:{opened.articles_sha256}:{code_sha256()}"
    name = suite.name
    if control is not None:
        # The ceiling is given the sentences that the cases name, and controls are code too.
        gold = [[source.quote for source in case.sources] for case in suite.cases]
        identity += f":{control}:{control_code_sha256()}:{gold}"
        name += f"-{control.replace(' ', '-')}"
    return Journal(folder / f"{name}.jsonl", identity, resume=resume)


def run_cases(
    cases: Sequence[Case],
    system: System,
    on_progress: OnProgress = _nobody,
    *,
    mapping: Mapping[str, str] | None = None,
    journal: Journal | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> EvalReport:
    """Ask every case in order; one that an error stops counts as wrong and is reported.

    Args:
        cases: one that names an article to sum up is summed up, any other is asked.
        system: answers.
        on_progress: told after each case.
        mapping: for another edition of the articles, the id there by the id in the cases.
        journal: has answers that were given before, and keeps the new ones.
        clock: seconds.

    Raises:
        GenerationStoppedError: the user stopped it.
        LibraryError, MissingPartError: no question can be answered until that is mended.
        InputError: the journal cannot be written.
    """
    results: list[CaseResult] = []
    for case in cases:
        results.append(_run(case, system, mapping, journal, clock))
        on_progress(len(results), len(cases), results[-1])
    return EvalReport(tuple(results))


def _run(
    case: Case,
    system: System,
    mapping: Mapping[str, str] | None,
    journal: Journal | None,
    clock: Callable[[], float],
) -> CaseResult:
    start = clock()
    kept = journal.recall(case) if journal else None
    try:
        reply = kept or Reply(_given(case, system, mapping), clock() - start)
        result = _scored(case, reply, mapping)
    except _OF_THE_WHOLE_RUN:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other cases are still asked
        return CaseResult(case, None, failed_score(case, error), clock() - start)
    if journal and kept is None:
        journal.record(case, reply)
    return result


def _given(case: Case, system: System, mapping: Mapping[str, str] | None) -> Answer | Summary:
    if case.summarize is None:
        return system.ask(case.question)
    return system.summarize(mapping[case.summarize] if mapping else case.summarize)


def _scored(case: Case, reply: Reply, mapping: Mapping[str, str] | None) -> CaseResult:
    given = reply.given
    if isinstance(given, Summary):
        score = score_summary(case, given, mapping)
        return CaseResult(case, None, score, reply.seconds, given)
    return CaseResult(case, given, score_answer(case, given, mapping), reply.seconds)
