from __future__ import annotations

import pytest
from claim_samples import checker_in

from rag.drafts import draft_of
from rag.evaluation.claim_cases import DraftCase, ExpectedClaim
from rag.evaluation.claim_scores import (
    ClaimResult,
    Share,
    check_cases,
    confusions,
    precision,
    recall,
)
from rag.schema import ClaimVerdict, Filters

GOOD, BAD, NONE = ClaimVerdict.SUPPORTED, ClaimVerdict.CONTRADICTED, ClaimVerdict.NOT_FOUND
CASE = DraftCase("a", "dev", "true", "It rose 4%.", (ExpectedClaim("4%", GOOD),))
RESULTS = [
    ClaimResult(CASE, "1", GOOD, GOOD),
    ClaimResult(CASE, "2", GOOD, BAD),
    ClaimResult(CASE, "3", BAD, BAD),
    ClaimResult(CASE, "4", BAD, None),
]


@pytest.mark.parametrize(
    ("verdict", "precise", "recalled"),
    [
        (GOOD, Share(1, 1), Share(1, 2)),
        (BAD, Share(1, 2), Share(1, 2)),
        (NONE, Share(0, 0), Share(0, 0)),
    ],
)
def test_precision_is_of_what_was_given_and_recall_of_what_should_be(
    verdict: ClaimVerdict, precise: Share, recalled: Share
) -> None:
    assert precision(RESULTS, verdict) == precise
    assert recall(RESULTS, verdict) == recalled


def test_nothing_measured_is_no_share() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


def test_wrong_verdicts_are_counted_by_pair() -> None:
    assert confusions(RESULTS) == {(GOOD, BAD): 1, (BAD, None): 1}


def test_figures_of_the_same_words_are_told_apart_by_their_order(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = "The gauge at Tanner's Bridge peaked at 4.86 metres. A comet has 4.86 tails."
    case = DraftCase(
        "b",
        "dev",
        "by hand",
        text,
        (ExpectedClaim("4.86", GOOD), ExpectedClaim("4.86", NONE), ExpectedClaim("7", NONE)),
    )
    with checker_in(tmp_path_factory.mktemp("library")) as checker:
        results = check_cases(
            [case],
            lambda text: checker.check(
                draft_of(text), Filters(), on_progress=lambda *_: None, stop=lambda: False
            ),
        )
    assert [result.given for result in results] == [GOOD, NONE, None]
