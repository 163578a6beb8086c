"""Which controls are asked of which articles, and what they came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rag.evaluation.cases import Case, Split
from rag.evaluation.reports import EvalReport
from rag.evaluation.suites import Suite


class Control(StrEnum):
    """A system that shows what a score is worth; its value is the name of its row."""

    ABSTAIN = "always abstain"
    FIRST_FIGURE = "first figure"
    """Of the nearest sentence; sums up by an article's first three sentences."""
    MODEL_ALONE = "model alone"
    """Without any article; sums up the whole text unchecked."""
    GOLD_EVIDENCE = "gold evidence"
    """The ceiling: given the sentences that answer."""

    @property
    def needs_model(self) -> bool:
        """Whether it costs about as much time as the pipeline itself."""
        return self in {Control.MODEL_ALONE, Control.GOLD_EVIDENCE}

    @property
    def sums_up_by(self) -> str:
        """How it makes a summary; empty where that is no baseline for one."""
        return _SUMMARIES.get(self, "")


_SUMMARIES = {
    Control.FIRST_FIGURE: "first three sentences",
    Control.MODEL_ALONE: "model alone, given the whole text",
}
CHEAP = tuple(control for control in Control if not control.needs_model)
"""Those that run with every evaluation."""


@dataclass(frozen=True, slots=True)
class ControlRun:
    """A control, asked the cases of a suite."""

    control: Control
    report: EvalReport


def controls_of(suite: Suite, wanted: Iterable[Control]) -> tuple[Control, ...]:
    """Return the controls that say something about a suite.

    Those that need the model are left out where articles were changed (the model alone has not
    read them, and the ceiling is that of the same sentences) and beside another model; the gold
    sentences are known by their offsets, which are those of our own edition.
    """
    model_too = not suite.mutated_from and not suite.model
    return tuple(
        control
        for control in wanted
        if (model_too or not control.needs_model)
        and not (control is Control.GOLD_EVIDENCE and suite.of_others)
    )


def cases_for(control: Control, suite: Suite) -> tuple[Case, ...]:
    """Return the cases of a suite that a control is asked.

    One that needs the model takes as long as the pipeline, and is asked the gate alone where a
    suite has both splits: nothing is tuned by it, so that the development cases would only repeat
    what it shows.
    """
    gate = tuple(case for case in suite.cases if case.split is Split.GATE)
    return gate if control.needs_model and gate else suite.cases
