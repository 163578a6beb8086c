"""Fits the sureness of a figure (rag/answering/sureness.py) to questions by other hands.

    python -m eval.calibrate        about half an hour on two cores: every question is read

The articles and questions in eval/calibration are by three authors who did not know the program;
two fifths of the questions that ask for one figure have no answer, and a tempting figure near. What
is printed: the weights of a logistic regression on all of them, and, in tenfold cross-validation,
how many figures would be shown rightly and wrongly at a bar.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from rag.answering.lookup import Lookup
from rag.answering.plausibility import is_plausible
from rag.answering.sureness import as_numbers
from rag.asking import read_question
from rag.candidates import Candidate, find_candidates
from rag.cli.progress import IndexBars
from rag.evaluation import Case, load_cases
from rag.pipeline import Pipeline
from rag.settings import Settings

FOLDER = Path(__file__).parent / "calibration"
KINDS = frozenset({"lookup", "near-miss", "scope", "absent-figure", "absent-scope", "absent-topic"})
BARS = (0.9, 0.86, 0.84, 0.8, 0.75, 0.7, 0.6, 0.5)
_FOLDS = 10
_PENALTY = 2.0
"""Of the squares of the weights of standardised signs."""

Numbers = NDArray[np.float64]


def signs_of(suite: Path) -> Iterator[tuple[tuple[float, ...], bool]]:
    """The signs of each plausible first figure, and whether it is the answer."""
    with TemporaryDirectory() as library, Pipeline(Settings(library=Path(library))) as pipeline:
        with IndexBars() as bars:
            pipeline.index([str(suite.with_suffix(""))], observer=bars)
        for case in load_cases([suite]):
            if case.kind not in KINDS:
                continue
            retrieval = pipeline.search(case.question)
            asking = read_question(retrieval)
            candidates = find_candidates(asking, retrieval.evidence)
            lookup = Lookup(asking, candidates, lambda: pipeline.generator, lambda: False)
            likeliest = lookup.likeliest()
            if likeliest and is_plausible(asking, likeliest[0]):
                yield as_numbers(likeliest[1]), _answers(likeliest[0], case)


def _answers(candidate: Candidate, case: Case) -> bool:
    right = candidate.statement.figure.value in {Decimal(f.value) for f in case.figures}
    return right and candidate.evidence.document.id in case.documents


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


def main() -> None:
    """Read every question, fit, and print."""
    rows = [row for suite in sorted(FOLDER.glob("*.jsonl")) for row in signs_of(suite)]
    order = np.random.RandomState(0).permutation(len(rows))
    signs = np.array([rows[i][0] for i in order])
    right = np.array([float(rows[i][1]) for i in order])
    sure = np.zeros(len(rows))
    for fold in range(_FOLDS):
        held = np.arange(len(rows)) % _FOLDS == fold
        sure[held] = told(fitted(signs[~held], right[~held]), signs[held])
    print(f"{len(rows)} figures come first and are plausible, {int(right.sum())} of them right.")
    print("Constant and weights:", " ".join(f"{weight:.2f}" for weight in fitted(signs, right)))
    print("\n| bar | right | wrong |\n| --- | --: | --: |")
    for bar in BARS:
        shown = right[sure >= bar]
        print(f"| {bar} | {int(shown.sum())} | {int((1 - shown).sum())} |")


if __name__ == "__main__":
    main()
