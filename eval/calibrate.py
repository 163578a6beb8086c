"""Fits the sureness of a figure (rag/answering/sureness.py) to questions by others.

    python -m eval.calibrate        about ten minutes on two cores

The questions are those of eval/calibration and eval/unseen, by four authors who did not know the
program, and the development cases of eval/cases. Of those that ask for one figure a third have no
answer, and a tempting figure near. What is printed: the weights of two logistic regressions, at a
glance and when the chat model has read what that leaves open, and how many figures would be shown
rightly and wrongly at a bar, each suite told by weights that were fitted to the others. Then the
same of the odds at which several figures are picked by the whole question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from rag.answering.jointly import picked
from rag.answering.lookup import Likeliest, Lookup
from rag.answering.sureness import as_numbers
from rag.asking import read_question
from rag.candidates import find_candidates
from rag.cli.progress import IndexBars
from rag.evaluation import Case, load_cases
from rag.figures import find_figures
from rag.pipeline import Pipeline
from rag.settings import Settings

HERE = Path(__file__).parent
FOLDERS = {
    **{path: path.with_suffix("") for path in sorted((HERE / "calibration").glob("*.jsonl"))},
    **{path: path.with_suffix("") for path in sorted((HERE / "unseen").glob("*.jsonl"))},
    HERE / "cases" / "seeds.jsonl": HERE.parent / "seeds",
    **{
        HERE / "cases" / f"{name}.jsonl": HERE / "articles" / name
        for name in ("health", "sport", "weather")
    },
}
"""Cases, and the articles that they are asked of."""
KINDS = frozenset({"lookup", "near-miss", "scope", "absent-figure", "absent-scope", "absent-topic"})
_SCALES = (1, 1000, 10**6, 10**9)
SEVERAL = frozenset({"multi", "comparison", "derived"})
BARS = (0.9, 0.86, 0.84, 0.8, 0.75, 0.7, 0.6, 0.5)
ODDS = (3.0, 2.0, 1.5, 1.0, 0.5, 0.0, -1.0)
_PENALTY = 1.0
"""Of the squares of the weights of standardised signs."""

Numbers = NDArray[np.float64]
Picks = tuple[float, bool]
"""Of figures that the whole question picked: their odds, and whether they are right."""
Row = tuple[tuple[float, ...], bool]
"""The signs of a figure that comes first, and whether it is the answer."""


@contextmanager
def opened(suite: Path, folder: Path) -> Iterator[tuple[Pipeline, list[Case]]]:
    """The articles of a suite in a library of their own, and its cases, the gate left out."""
    with TemporaryDirectory() as library, Pipeline(Settings(library=Path(library))) as pipeline:
        with IndexBars() as bars:
            pipeline.index([str(folder)], observer=bars)
        shipped = suite.parent.name == "cases"
        yield pipeline, [c for c in load_cases([suite]) if c.split == "dev" or not shipped]


def signs_of(pipeline: Pipeline, case: Case) -> tuple[Row | None, Row | None]:
    """The first figure of a question at a glance, and as read where that leaves it open.

    None where there is none that may be shown.
    """
    retrieval = pipeline.search(case.question)
    asking = read_question(retrieval)
    lookup = Lookup(
        asking,
        find_candidates(asking, retrieval.looked_at),
        lambda: pipeline.scorer,
        lambda: pipeline.figure_reader,
        lambda: False,
    )
    first = lookup.glance()
    seen = _row(lookup, first, case)
    read = lookup.read() if first and lookup.is_open(first) else None
    return seen, _row(lookup, read, case)


def picks_of(pipeline: Pipeline, case: Case) -> Picks | None:
    """What the whole question picks; None where that is less than it asks for."""
    retrieval = pipeline.search(case.question)
    wanted = _wanted(case)
    n = len(wanted)
    found = picked(
        read_question(retrieval), retrieval, lambda: pipeline.scorer, alike=case.kind != "multi"
    )[:n]
    if len(found) < n or not found:
        return None
    values = {one.candidate.statement.figure.value for one in found}
    return found[-1].odds, values == wanted


def _wanted(case: Case) -> set[Decimal]:
    """The figures that a question is about, in the size that its sentences give them."""
    stated = {f.value for source in case.sources for f in find_figures(source.quote)}
    named = [Decimal(f.value) for f in case.figures]
    if case.formula:
        named = [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", case.formula)]
    return {next((n * s for s in _SCALES if n * s in stated), n) for n in named}


def _row(lookup: Lookup, first: Likeliest | None, case: Case) -> Row | None:
    if first is None or not lookup.may_be_shown(first.candidate):
        return None
    candidate = first.candidate
    right = candidate.statement.figure.value in {Decimal(f.value) for f in case.figures}
    return tuple(
        as_numbers(first.signs)
    ), right and candidate.evidence.document.id in case.documents


def fitted(signs: Numbers, right: Numbers) -> Numbers:
    """Constant and weights of the logistic regression of one on the other."""
    from scipy.optimize import minimize

    mean, spread = signs.mean(0), signs.std(0)
    standard = np.column_stack([np.ones(len(signs)), (signs - mean) / spread])

    def loss(weights: Numbers) -> float:
        told = (standard @ weights) * (2 * right - 1)
        penalty = _PENALTY * np.sum(weights[1:] ** 2) / 2
        return float(np.sum(np.logaddexp(0, -told)) + penalty)

    weights = minimize(loss, np.zeros(signs.shape[1] + 1)).x
    plain = weights[1:] / spread
    return np.concatenate([[weights[0] - plain @ mean], plain])


def told(weights: Numbers, signs: Numbers) -> Numbers:
    """The sureness of each row of signs."""
    return np.asarray(1 / (1 + np.exp(-(weights[0] + signs @ weights[1:]))))


def _report(name: str, of_suite: list[list[Row]]) -> None:
    """Print the weights, and what each bar would show."""
    rows = [row for suite in of_suite for row in suite]
    suite_of = np.array([n for n, suite in enumerate(of_suite) for _ in suite])
    signs = np.array([row[0] for row in rows])
    right = np.array([float(row[1]) for row in rows])
    sure = np.zeros(len(rows))
    for n in range(len(of_suite)):
        held = suite_of == n
        sure[held] = told(fitted(signs[~held], right[~held]), signs[held])
    print(f"\n{name}: {len(rows)} figures come first, {int(right.sum())} of them right.")
    print("Constant and weights:", " ".join(f"{weight:.2f}" for weight in fitted(signs, right)))
    print("\n| bar | right | wrong |\n| --- | --: | --: |")
    for bar in BARS:
        shown = right[sure >= bar]
        print(f"| {bar} | {int(shown.sum())} | {int((1 - shown).sum())} |")


def _report_picks(rows: Sequence[Picks]) -> None:
    print(f"\nSeveral figures: {len(rows)} questions have them.")
    print("\n| odds | right | wrong |\n| --- | --: | --: |")
    for odds in ODDS:
        shown = [right for least, right in rows if least >= odds]
        print(f"| {odds} | {sum(shown)} | {len(shown) - sum(shown)} |")


def main() -> None:
    """Read every question, fit, and print."""
    pairs: list[list[tuple[Row | None, Row | None]]] = []
    picks: list[Picks] = []
    for suite, folder in FOLDERS.items():
        with opened(suite, folder) as (pipeline, cases):
            alone = [c for c in cases if c.kind in KINDS and len(c.figures) < 2]
            pairs.append([signs_of(pipeline, case) for case in alone])
            others = [c for c in cases if c.kind in SEVERAL]
            picks += filter(None, (picks_of(pipeline, case) for case in others))
    for n, name in enumerate(("At a glance", "As the chat model has read it")):
        _report(name, [[row for pair in suite if (row := pair[n])] for suite in pairs])
    _report_picks(picks)


if __name__ == "__main__":
    main()
