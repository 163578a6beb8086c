"""How far an evaluation is, on stderr: bars where it is a terminal, else a line a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.cli.console import err
from rag.cli.progress import IndexBars

if TYPE_CHECKING:
    from rich.progress import TaskID

    from rag.evaluation import CaseResult, Control


class EvaluationBars(IndexBars):
    """Bars of indexing and, below, one of the cases with the time that is left."""

    def __init__(self) -> None:
        super().__init__()
        self.done = 0
        """Cases that are done."""
        self._failed = 0
        self._cases: TaskID | None = None
        self._control: TaskID | None = None

    def case_done(self, done: int, n_cases: int, result: CaseResult) -> None:
        """One more case was scored."""
        self.done = done
        self._failed += not result.score.passed
        if self._cases is None:
            # From the first case on, so that the time left is not that of indexing.
            self._cases = self._progress.add_task("Asking", total=n_cases, rate="")
        self._progress.update(self._cases, completed=done, rate=f"{self._failed} failed")
        if not result.score.passed or not err().is_terminal:
            self._tell(done, n_cases, result)

    def control_done(self, control: Control, done: int, n_cases: int) -> None:
        """One more case of a control was asked; its bar goes when it is through."""
        if self._control is None:
            self._control = self._progress.add_task(control.capitalize(), total=n_cases, rate="")
        self._progress.update(self._control, completed=done)
        if done == n_cases:
            self._progress.remove_task(self._control)
            self._control = None

    def _tell(self, done: int, n_cases: int, result: CaseResult) -> None:
        score = result.score
        verdict = "right, but" if score.right and not score.passed else score.outcome.value
        self._progress.console.print(
            f"{done}/{n_cases} {verdict}: {result.case.id}: {result.case.question}",
            markup=False,
            soft_wrap=True,
        )
