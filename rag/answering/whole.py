"""Questions of several figures as the chat model reads them, where it was taught to.

It is shown the likeliest sentences behind each other, and replies with figures of them. Each has to
stand there; what is computed of them code computes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answering.formulas import read_formula
from rag.answering.weighing import (
    Weighed,
    likeliest_sentences,
    place_of,
    scored_of_any_kind,
    sentence_of,
)
from rag.answering.wording import wordings
from rag.arithmetic import Operation
from rag.asking import Asking
from rag.candidates import Candidate
from rag.extraction import passages_around, reply_with_figures
from rag.figures import Agreement, agree, find_figures
from rag.protocols import AnswerScorer, Generator, StopCheck
from rag.schema import Evidence, Retrieval

_SURE, _SURE_COMPUTED = -0.7, -1.2
"""Natural logarithms of a reply that is said: where it names figures, and where it computes with
them. Of 103 questions of several figures, by others and of the development cases, 33 are answered
rightly so, 1 wrongly and 1 in part; with -0.8 it is 36, 2 and 1."""
_MOST_READ = 6
"""Sentences, each behind the one before it: 400 tokens."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures that the model replied with, and what is to be done with them."""

    candidates: tuple[Candidate, ...]
    operation: Operation | None
    logprob: float
    """That it replies so: a natural logarithm."""
    first_token_s: float


def read_whole(
    asking: Asking,
    retrieval: Retrieval,
    scorer: Callable[[], AnswerScorer],
    reader: Callable[[], Generator],
    stop: StopCheck,
) -> Reading | None:
    """What the model replies to a whole question; None where that is not of the sentences.

    Nor is it asked where nobody taught it, or there is nothing to read.

    Raises:
        GenerationStoppedError, ContextOverflowError: as for :class:`rag.protocols.Generator`.
    """
    # "What share of the 447 million is that?" has one of the figures itself.
    weighed = scored_of_any_kind(replace(asking, figures=()), retrieval, scorer)
    shown = likeliest_sentences(weighed)[:_MOST_READ]
    if not shown or not (taught := reader()).reads_figures:
        return None
    reply = reply_with_figures(asking.text, passages_around(shown), taught, stop)
    formula = read_formula(reply.text) if reply.text else None
    if formula is None:
        return None
    found = _stated(formula.terms, weighed, shown)
    if found is None:
        return None
    return Reading(found, formula.operation, reply.logprob, reply.first_token_s)


def is_sure_of(reading: Reading) -> bool:
    """Whether what the model replied is said: several figures of which it is sure enough."""
    bar = _SURE_COMPUTED if reading.operation else _SURE
    of_its_time = all(candidate.period_fit >= 0 for candidate in reading.candidates)
    return len(reading.candidates) > 1 and of_its_time and reading.logprob >= bar


def _stated(
    terms: Sequence[str], weighed: Sequence[Weighed], shown: Sequence[Evidence]
) -> tuple[Candidate, ...] | None:
    """The figures that some words give, each at a place of its own; None where one is not there."""
    places = {sentence_of(item) for item in shown}
    left = [w for w in weighed if sentence_of(w.candidate.evidence) in places]
    found: list[Candidate] = []
    for term in terms:
        meant = [w for w in left if _gives(term, w.candidate)]
        if not meant:
            return None
        best = max(meant, key=lambda w: w.score).candidate
        found.append(best)
        left = [w for w in left if place_of(w.candidate) != place_of(best)]
    return tuple(found)


def _gives(words: str, candidate: Candidate) -> bool:
    if words in wordings(candidate):
        return True
    named = find_figures(words)
    return len(named) == 1 and agree(named[0], candidate.statement.figure) is Agreement.EXACT
