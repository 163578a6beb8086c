"""The rows of a report: a suite each, and all changed articles of a suite as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluation.control_runs import Control
from rag.evaluation.gate import SuiteRun
from rag.evaluation.reports import EvalReport


@dataclass(frozen=True, slots=True)
class Group:
    """Suites that are told of as one."""

    name: str
    runs: tuple[SuiteRun, ...]

    @property
    def first(self) -> SuiteRun:
        """Model, settings and floor are those of this one."""
        return self.runs[0]

    @property
    def report(self) -> EvalReport:
        """The results of all of them."""
        return _joined([run.report for run in self.runs])

    @property
    def peak_mb(self) -> float | None:
        """The most memory of any of them; None where the system does not tell."""
        return max((run.peak_mb for run in self.runs if run.peak_mb is not None), default=None)

    @property
    def controls(self) -> Mapping[Control, EvalReport]:
        """What the controls make of the same cases."""
        found = [(one.control, one.report) for run in self.runs for one in run.controls]
        return {
            control: _joined([report for name, report in found if name is control])
            for control in dict.fromkeys(name for name, _ in found)
        }


def grouped(runs: Sequence[SuiteRun]) -> tuple[Group, ...]:
    """Return the groups of runs, in order."""
    keys = [
        (run.suite.mutated_from or run.suite.name, bool(run.suite.mutated_from)) for run in runs
    ]
    groups = []
    for key in dict.fromkeys(keys):
        members = tuple(run for run, its in zip(runs, keys, strict=True) if its == key)
        suite = members[0].suite
        changed = suite.mutated_from not in {"", suite.name}
        groups.append(Group(f"{key[0]}-mutated" if changed else suite.name, members))
    return tuple(groups)


def _joined(reports: Sequence[EvalReport]) -> EvalReport:
    return EvalReport(tuple(result for report in reports for result in report.results))
