"""The scorer against spoilt answers: right ones to every shipped case pass, no mutant does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache

import pytest
from answer_mutants import (
    ANSWER_MUTATIONS,
    SUMMARY_MUTATIONS,
    MutateSummary,
    summary_mutants,
)
from evaluation_samples import ASKED, SUMMARIES, right_answer, right_summary
from figure_mutants import FIGURE_MUTATIONS
from mutants import Mutate, mutants
from sense_mutants import SENSE_MUTATIONS, sense_turned

import rag.figures
from rag.evaluation import score_answer, score_summary

# Stated in lakh and crore, shillings or francs, or a multiple with decimals: none of these is
# read as what it is, so that no answer can be seen to give it.
UNREAD = {
    "budgets-kisembe-bills-june-2021",
    "budgets-maravali-three-departments",
    "health-no-ambulance-free",
    "seeds-aug-times-2017",
    "seeds-peak-times-2017-long",
    "weather-derived-02",
}


@pytest.fixture(autouse=True, scope="module")
def remembered_figures() -> Iterator[None]:
    """Find the figures of a text once: 8,000 answers quote the same 700 sentences."""
    remembered = cache(rag.figures.find_figures)
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            ours = name == "evaluation_samples" or name.endswith("mutants")
            if (ours or name.startswith("rag.evaluation.")) and hasattr(module, "find_figures"):
                patch.setattr(module, "find_figures", remembered)
        yield


def test_the_right_answer_to_every_case_is_right() -> None:
    scores = [score_answer(case, right_answer(case)) for case in ASKED]
    wrong = {s.case_id for s in scores if not s.right or s.citation_right is False}
    assert wrong <= UNREAD


def test_the_right_summary_of_every_article_is_right() -> None:
    wrong = [case.id for case in SUMMARIES if not score_summary(case, right_summary(case)).passed]
    assert not wrong


MUTATIONS = (*FIGURE_MUTATIONS, *ANSWER_MUTATIONS, *SENSE_MUTATIONS)
# Few of the sentences say that something rose or fell.
LEAST: dict[Mutate, int] = {sense_turned: 30}


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_no_spoilt_answer_is_right(mutate: Mutate) -> None:
    made = mutants(mutate)
    passed = [str(mutant) for mutant in made if not mutant.is_caught]
    assert not passed, f"{len(passed)} of {len(made)}:\n" + "\n".join(passed[:20])
    assert len(made) >= LEAST.get(mutate, 90)


@pytest.mark.parametrize("mutate", SUMMARY_MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_no_spoilt_summary_is_right(mutate: MutateSummary) -> None:
    made = summary_mutants(mutate)
    passed = [str(mutant) for mutant in made if not mutant.is_caught]
    assert not passed, f"{len(passed)} of {len(made)}:\n" + "\n".join(passed[:20])
    assert len(made) >= 10


def test_a_mutant_of_a_wrong_scorer_is_noticed() -> None:
    """What is right is no mutant, and would not be caught."""
    untouched = mutants(MUTATIONS[0])[0]
    case = untouched.case
    right = type(untouched)(case, right_answer(case))
    assert not right.is_caught
