"""How well drafts are checked with the real embedder: what was reached is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.benchmarks.claims import ARTICLES, ROOT, Quiet, cases
from rag.evaluation.claim_scores import ClaimResult, check_cases, precision, recall
from rag.pipeline import Pipeline
from rag.schema import ClaimVerdict
from rag.settings import Settings

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory, embedder_folder: Path
) -> Iterator[dict[str, tuple[ClaimResult, ...]]]:
    with Pipeline(Settings(library=tmp_path_factory.mktemp("library"))) as pipeline:
        pipeline.index([str(ROOT / name) for name in ARTICLES], observer=Quiet())
        yield {name: check_cases(cases(name, "both"), pipeline.check) for name in ("rule", "hand")}


# Below what docs/CHECKING.md gives by one or two figures: rounding differs among processors.
@pytest.mark.parametrize(
    ("name", "verdict", "precise", "recalled"),
    [
        ("rule", ClaimVerdict.SUPPORTED, 0.97, 0.96),
        ("rule", ClaimVerdict.CONTRADICTED, 0.95, 0.90),
        ("hand", ClaimVerdict.SUPPORTED, 0.85, 0.93),
        ("hand", ClaimVerdict.CONTRADICTED, 0.80, 0.66),
    ],
)
def test_what_was_reached_is_held(
    results: dict[str, tuple[ClaimResult, ...]],
    name: str,
    verdict: ClaimVerdict,
    precise: float,
    recalled: float,
) -> None:
    given, expected = precision(results[name], verdict), recall(results[name], verdict)
    assert given.value is not None
    assert given.value >= precise
    assert expected.value is not None
    assert expected.value >= recalled


def test_every_figure_of_the_cases_is_seen(results: dict[str, tuple[ClaimResult, ...]]) -> None:
    assert not [r.case.id for both in results.values() for r in both if r.given is None]
