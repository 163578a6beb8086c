"""Checking a draft: for each of its figures, what the articles say of it. No model writes here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice

from rag.claim_check.claims import Claim, claim_of
from rag.claim_check.computing import computed
from rag.claim_check.matching import Match, match
from rag.claim_check.sources import Candidate, Sources
from rag.claim_check.verdicts import Found, verdict_on
from rag.drafts import Draft, DraftSentence, is_checked
from rag.protocols import StopCheck
from rag.schema import (
    CheckedClaim,
    CheckedDraft,
    ClaimVerdict,
    Filters,
    StatedFigure,
    Statement,
)
from rag.statements import statements

_BATCH = 64
"""Sentences that are embedded together: Ctrl-C is heard between two batches."""
_SHOWN = 3

Progress = Callable[[int, int], None]
"""Told how many of how many sentences are done."""


class ClaimChecker:
    """Checks drafts against a library.

    Args:
        sources: of the library.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def check(
        self, draft: Draft, filters: Filters, *, on_progress: Progress, stop: StopCheck
    ) -> CheckedDraft:
        """Check every figure of a draft, or as many as there is time for until ``stop``.

        Raises:
            LibraryError: the library cannot be read.
        """
        started = time.perf_counter()
        claims: list[CheckedClaim] = []
        done = 0
        with_figures = _with_figures(draft)
        on_progress(0, len(with_figures))
        for batch in _batches(with_figures):
            if stop():
                break
            texts = [sentence.text for sentence, _ in batch]
            vectors = self._sources.embedder.embed_documents(texts)
            for (sentence, found), vector in zip(batch, vectors, strict=True):
                figures = [s.figure for s in found if is_checked(s.figure)]
                candidates = self._sources.find(sentence.text, figures, vector, filters)
                claims += self._checked(sentence, found, draft.dated, candidates)
            done += len(batch)
            on_progress(done, len(with_figures))
        duration = time.perf_counter() - started
        return CheckedDraft(draft.text, tuple(claims), done, len(with_figures), duration)

    def _checked(
        self,
        sentence: DraftSentence,
        found: tuple[Statement, ...],
        dated: date | None,
        near: Sequence[Candidate],
    ) -> Iterator[CheckedClaim]:
        reading = _Reading(self._sources, sentence, found, dated, near)
        results = [verdict_on(matches) for matches in reading.matches]
        for _ in range(2):  # one that is found beside another one may lead to a third
            results = [
                verdict_on(matches, _others(results, i))
                for i, matches in enumerate(reading.matches)
            ]
        for i, (claim, stated) in enumerate(zip(reading.claims, results, strict=True)):
            result = stated
            if stated.verdict in {ClaimVerdict.CONTRADICTED, ClaimVerdict.NOT_FOUND}:
                result = computed(self._sources, claim, _others(results, i), near) or stated
            evidence = tuple(_stated(m) for m in result.matches[:_SHOWN])
            yield CheckedClaim(
                claim.statement, sentence.span, result.verdict, evidence, result.formula
            )


class _Reading:
    """The claims of a sentence, each beside what the sources state.

    A draft without a date is read as if it were of the day of each article: "last year" means what
    it means there.
    """

    def __init__(
        self,
        sources: Sources,
        sentence: DraftSentence,
        found: tuple[Statement, ...],
        dated: date | None,
        near: Sequence[Candidate],
    ) -> None:
        def claims(stated: Sequence[Statement]) -> list[Claim]:
            checked = [s for s in stated if is_checked(s.figure)]
            return [claim_of(sources, sentence.text, s, stated, near) for s in checked]

        self.claims = claims(found)
        of_day = {dated: self.claims}
        self.matches: list[list[Match]] = [[] for _ in self.claims]
        for candidate in near:
            day = dated or candidate.source.stored.document.published
            if day not in of_day:
                of_day[day] = claims(statements(sentence.text, lead=sentence.lead, published=day))
            for matches, claim in zip(self.matches, of_day[day], strict=True):
                if (one := match(sources, claim, candidate)) is not None:
                    matches.append(one)


def _others(results: Sequence[Found], i: int) -> list[Match]:
    """What supports the figures of a sentence but one."""
    return [m for j, one in enumerate(results) if j != i for m in _support(one)]


def _support(found: Found) -> tuple[Match, ...]:
    return found.matches if found.verdict is ClaimVerdict.SUPPORTED else ()


def _stated(found: Match) -> StatedFigure:
    stored = found.source.stored
    return StatedFigure(found.stated, stored.sentence, stored.document)


def _with_figures(draft: Draft) -> list[tuple[DraftSentence, tuple[Statement, ...]]]:
    found = []
    for sentence in draft.sentences:
        stated = statements(sentence.text, lead=sentence.lead, published=draft.dated)
        if any(is_checked(s.figure) for s in stated):
            found.append((sentence, stated))
    return found


def _batches(
    items: Sequence[tuple[DraftSentence, tuple[Statement, ...]]],
) -> Iterator[list[tuple[DraftSentence, tuple[Statement, ...]]]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
