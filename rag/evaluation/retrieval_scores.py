"""Whether what was found for a question holds what its answer needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.evaluation.cases import Case
from rag.evaluation.gold import met, place_of, sources_at
from rag.evaluation.scores import RetrievalScore
from rag.schema import Evidence

DEPTH = 10
"""Sentences that count. A depth that is fixed here measures the same whatever retrieval returns."""

NOTHING_FOUND = RetrievalScore(all_evidence=False, any_hit=False, reciprocal_rank=0.0)


def score_retrieval(
    case: Case, evidence: Sequence[Evidence], mapping: Mapping[str, str] | None
) -> RetrievalScore:
    """Score the first :data:`DEPTH` pieces of evidence for an answerable case.

    With s the share of the needed sentences that are there (:func:`rag.evaluation.gold.met`) and r
    the rank of the first that states an answer, from 1:

    all evidence = [s = 1],  any hit = [there is an r],  reciprocal rank = 1 / r

    Where nothing was found, or nothing of the case, all three are 0; none of them is left out.
    """
    hits = [sources_at(case, place_of(one), mapping) for one in evidence[:DEPTH]]
    ranks = [rank for rank, hit in enumerate(hits, start=1) if hit]
    return RetrievalScore(
        all_evidence=met(case, frozenset().union(*hits)) == 1,
        any_hit=bool(ranks),
        reciprocal_rank=1 / ranks[0] if ranks else 0.0,
    )
