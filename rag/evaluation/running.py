"""Asking every case, whatever happens to one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import GenerationStoppedError, InputError, LibraryError, MissingPartError
from rag.evaluation.cases import Case, load_cases
from rag.evaluation.floor import breaches, load_floor
from rag.evaluation.reports import CaseResult, EvalReport
from rag.evaluation.scoring import failed_score, score_answer
from rag.schema import Answer

Ask = Callable[[str], Answer]

OnProgress = Callable[[int, int, CaseResult], None]
"""Told after each case: how many are done, how many there are, and the newest result."""

# These stop every question alike; counting each as wrong would hide what is to be done.
_OF_THE_WHOLE_RUN = (GenerationStoppedError, LibraryError, MissingPartError)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run and what it does not reach of its floor."""

    report: EvalReport
    breaches: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 where the run is below its floor, else 0."""
        return 1 if self.breaches else 0


def _nobody(done: int, n_cases: int, result: CaseResult) -> None:
    """Take progress where nobody wants to know."""


def evaluate(
    paths: Sequence[Path],
    ask: Ask,
    *,
    floor: Path | None = None,
    mapping: Mapping[str, str] | None = None,
    on_progress: OnProgress = _nobody,
) -> Evaluation:
    """Read cases and floor, ask every question, score and compare.

    Args:
        paths: files of cases, or folders of such.
        ask: answers one question from the library that holds the articles.
        floor: TOML file of what must be reached; None gates nothing.
        mapping: for another edition of the articles, as :func:`corpus_mapping` gives it.
        on_progress: told after each case.

    Raises:
        InputError: cases, floor or mapping cannot be used; nothing was asked.
        RagError: as for :func:`run_cases`.
    """
    cases = load_cases(paths)
    thresholds = load_floor(floor) if floor is not None else None
    if mapping is not None:
        _check_mapping(cases, mapping)
    report = run_cases(cases, ask, on_progress, mapping=mapping)
    return Evaluation(report, breaches(report, thresholds) if thresholds else ())


def run_cases(
    cases: Sequence[Case],
    ask: Ask,
    on_progress: OnProgress = _nobody,
    *,
    mapping: Mapping[str, str] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> EvalReport:
    """Ask every case in order; one that an error stops counts as wrong and is reported.

    Raises:
        GenerationStoppedError: the user stopped it.
        LibraryError, MissingPartError: no question can be answered until that is mended.
    """
    results: list[CaseResult] = []
    for case in cases:
        result = _run(case, ask, mapping, clock)
        results.append(result)
        on_progress(len(results), len(cases), result)
    return EvalReport(tuple(results))


def _run(
    case: Case, ask: Ask, mapping: Mapping[str, str] | None, clock: Callable[[], float]
) -> CaseResult:
    start = clock()
    try:
        answer = ask(case.question)
        seconds = clock() - start
        return CaseResult(case, answer, score_answer(case, answer, mapping), seconds)
    except _OF_THE_WHOLE_RUN:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other cases are still asked
        return CaseResult(case, None, failed_score(case, error), clock() - start)


def _check_mapping(cases: Sequence[Case], mapping: Mapping[str, str]) -> None:
    documents = dict.fromkeys(document for case in cases for document in case.documents)
    if unknown := [document for document in documents if document not in mapping]:
        raise InputError(
            f"The articles have no counterpart of {', '.join(unknown)}; nothing was asked.",
            "Name the folder of the articles that the cases were written for.",
        )
