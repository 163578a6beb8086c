"""Whether a run may pass: the floor, the cases that must never be lost, a significant loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.evaluation.baseline import Baseline, Comparison, compare_with
from rag.evaluation.control_runs import ControlRun
from rag.evaluation.floor import Floor, breaches
from rag.evaluation.reports import CaseResult, EvalReport
from rag.evaluation.scoring import Outcome
from rag.evaluation.suites import Suite

_SILENT = frozenset({Outcome.FALSE_REFUSAL, Outcome.MISSING, Outcome.ABSTAINED_RIGHT})


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One suite, asked to its end."""

    suite: Suite
    report: EvalReport
    settings_sha256: str = ""
    floor: Floor | None = None
    """What the suite has to reach; None gates nothing."""
    breaches: tuple[str, ...] = ()
    """What of the floor is not reached."""
    comparison: Comparison | None = None
    """None where the baseline has nothing of the suite."""
    resumed: int = 0
    """How many cases were answered by a run before this one."""
    models: Mapping[str, str] = field(default_factory=dict)
    """Sha256 of the weights by name, of the chat model first; empty where the system has none."""
    controls: tuple[ControlRun, ...] = ()
    """What other systems make of the same cases."""
    peak_mb: float | None = None
    """Most memory of the process from opening the articles to the last answer, controls left out;
    None where the system does not tell."""

    @property
    def model(self) -> str:
        """The name of the chat model; empty where the system says none."""
        return next(iter(self.models), self.suite.model)

    @property
    def failures(self) -> tuple[str, ...]:
        """What the gate does not let through, one sentence each."""
        return self.breaches + (self.comparison.failures if self.comparison else ())

    @property
    def turned_wrong(self) -> tuple[CaseResult, ...]:
        """Cases that said nothing wrong when last accepted, and do now."""
        before = self.comparison.before if self.comparison else {}
        return tuple(
            result
            for result in self.report.results
            if (entry := before.get(result.case.id)) is not None
            and entry.outcome in _SILENT
            and result.score.outcome in {Outcome.WRONG, Outcome.ANSWERED_UNANSWERABLE}
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All suites of a run."""

    runs: tuple[SuiteRun, ...]
    baseline: Baseline | None = None
    """What the run was compared with."""
    from_cache: int = 0
    """How many replies the model did not have to write again."""
    accepted: bool = False
    """Whether it becomes the baseline: only the floor can fail it then."""

    @property
    def first(self) -> tuple[SuiteRun, ...]:
        """The suites that the first model was asked; the others are there to compare."""
        return tuple(run for run in self.runs if not run.suite.model)

    @property
    def report(self) -> EvalReport:
        """The results of all suites of the first model as one."""
        return EvalReport(tuple(r for run in self.first for r in run.report.results))

    @property
    def seconds(self) -> float:
        """Wall clock of all answers, those of other models and of controls included."""
        reports = [report for run in self.runs for report in _reports(run)]
        return sum(result.seconds for report in reports for result in report.results)

    @property
    def failures(self) -> tuple[str, ...]:
        """What the gate does not let through, with the suite where there are several."""
        found = [
            (run.suite.name, said)
            for run in self.runs
            for said in (run.breaches if self.accepted else run.failures)
        ]
        alone = len(self.runs) == 1
        return tuple(said if alone else f"{suite}: {said}" for suite, said in found)

    @property
    def exit_code(self) -> int:
        """1 where the gate does not let the run through, else 0."""
        return 1 if self.failures else 0


def _reports(run: SuiteRun) -> tuple[EvalReport, ...]:
    return (run.report, *(control.report for control in run.controls))


def judged(
    suite: Suite,
    report: EvalReport,
    *,
    floor: Floor | None,
    baseline: Baseline | None,
    settings_sha256: str = "",
) -> SuiteRun:
    """Hold a report against floor and baseline, where the suite is gated."""
    # A system of someone's own need not say; its answers do.
    settings_sha256 = settings_sha256 or next(iter(report.settings_sha256), "")
    floor, baseline = (floor, baseline) if suite.gated else (None, None)
    return SuiteRun(
        suite=suite,
        report=report,
        settings_sha256=settings_sha256,
        floor=floor,
        breaches=breaches(report, floor) if floor else (),
        comparison=compare_with(baseline, suite.name, report.results, settings_sha256)
        if baseline
        else None,
    )
