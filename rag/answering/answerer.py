"""From a question to an answer: what is asked decides who looks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.answering.composite import Composite
from rag.answering.conflicts import contradictions, weighed
from rag.answering.counting import count_draft
from rag.answering.drafts import Attempt, Draft
from rag.answering.lookup import Lookup
from rag.answering.plausibility import states_all
from rag.answering.prose import ProseWriter
from rag.answering.restated import restated
from rag.answering.telling import Teller, bears_out
from rag.answering.whole import is_sure_of, read_whole
from rag.answering.wording import abstention, figure_answer, nearest_of
from rag.asking import Asking, presumes, read_question
from rag.candidates import Candidate, find_candidates
from rag.citations import strip_markers
from rag.evidence import admissible, is_vague
from rag.facets import neutral_by_words
from rag.figures import Agreement, agree, find_figures
from rag.instructions import stating
from rag.protocols import AnswerScorer, Corpus, Generator, Retriever, StopCheck, Verifier
from rag.question import SHARES, TIMES
from rag.schema import (
    QUANTITIES,
    Answer,
    Citation,
    Evidence,
    Figure,
    FigureKind,
    Filters,
    Retrieval,
    Status,
    Timing,
)


class Answerer:
    """Answers questions from evidence.

    Args:
        retriever: finds the evidence.
        scorer: scores figures; opened on first use.
        generator: opened on first use, so that what can be said without it loads no model.
        verifier: decides what may be shown as fact.
        answer_tokens: upper bound of a written answer.
        settings_sha256: recorded with each answer.
        figure_reader: the same as it was taught to read figures; None where nobody taught it.
        corpus: counts articles; without it such questions are asked as any other.
    """

    def __init__(
        self,
        retriever: Retriever,
        scorer: Callable[[], AnswerScorer],
        generator: Callable[[], Generator],
        verifier: Verifier,
        *,
        answer_tokens: int,
        settings_sha256: str,
        figure_reader: Callable[[], Generator] | None = None,
        corpus: Corpus | None = None,
    ) -> None:
        self._retriever = retriever
        self._corpus = corpus
        self._scorer = scorer
        self._figure_reader = figure_reader or generator
        self._verifier = verifier
        self._prose = ProseWriter(generator, verifier, max_tokens=answer_tokens)
        self._teller = Teller(generator, verifier, self._prose)
        self._settings_sha256 = settings_sha256

    def answer(
        self,
        question: str,
        filters: Filters,
        *,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        """Answer a question; evidence is handed over at once, prose when it is verified.

        Raises:
            GenerationStoppedError: ``stop`` said so.
            ContextOverflowError: the question is longer than the model can read.
        """
        started = time.perf_counter()
        retrieval = self._retrieved(question, filters)
        on_evidence(retrieval)
        begun = time.perf_counter() - started
        attempt = self._attempt(retrieval, filters, stop)
        shown = attempt.draft if attempt.passed else None
        refused = None if attempt.passed else attempt.draft
        nearest = refused.sources[0] if refused else None
        text = shown.text if shown else abstention(retrieval, nearest)
        on_text(text)
        return Answer(
            question=question,
            status=attempt.status if shown else Status.ABSTAINED,
            text=text,
            citations=_citations(shown, nearest or nearest_of(retrieval.evidence)),
            figures=shown.verification.figures if shown else (),
            evidence=retrieval.evidence,
            notes=(*_notes(retrieval, refused), *(shown.notes if shown else ())),
            timing=Timing(
                retrieve_s=retrieval.duration_s,
                first_token_s=begun + attempt.first_token_s if attempt.first_token_s else 0.0,
                total_s=time.perf_counter() - started,
            ),
            settings_sha256=self._settings_sha256,
        )

    def _attempt(self, retrieval: Retrieval, filters: Filters, stop: StopCheck) -> Attempt:
        """The first way that comes to an answer that passes, else the first that was refused."""
        refused = Attempt(None, 0.0)
        for attempt in self._ways(retrieval, filters, stop):
            if attempt.passed:
                return attempt
            if refused.draft is None:
                refused = attempt
        return refused

    def _ways(self, retrieval: Retrieval, filters: Filters, stop: StopCheck) -> Iterator[Attempt]:
        """Ways to look for what is asked: several figures, one, one that is computed, or words."""
        question = retrieval.read_as
        if self._corpus and (counted := count_draft(question, filters, self._corpus)):
            yield Attempt(counted, 0.0)
        asking = read_question(retrieval)
        composite = Composite(
            asking,
            retrieval,
            lambda part: self._lookup(part, filters, stop),
            self._scorer,
            self._verifier,
        )
        if composite.is_of_several:
            yield self._as_a_whole(composite, asking, retrieval, stop)
        yield from (Attempt(draft, 0.0) for draft in composite.together())
        if presumes(asking):
            yield self._presumed(question, filters, stop)
        yield from self._simply(asking, composite.may_be_stated, retrieval, stop)
        if asking.kinds and not composite.is_of_several:
            yield self._as_a_whole(composite, asking, retrieval, stop)
        yield from (Attempt(draft, 0.0) for draft in composite.computed())
        if asking.kinds is None and composite.operation is None:
            yield self._teller.tell(asking, retrieval, stop).attempt

    def _as_a_whole(
        self, composite: Composite, asking: Asking, retrieval: Retrieval, stop: StopCheck
    ) -> Attempt:
        """Several figures by one reading, where the chat model was taught to read them."""
        reading = read_whole(asking, retrieval, self._scorer, self._figure_reader, stop)
        if reading is None or not is_sure_of(reading):
            return Attempt(None, reading.first_token_s if reading else 0.0)
        return Attempt(composite.drafted(reading), reading.first_token_s)

    def _simply(
        self, asking: Asking, stated: bool, retrieval: Retrieval, stop: StopCheck
    ) -> Iterator[Attempt]:
        """One figure, looked up or told; ``stated`` where articles may state it as such."""
        if asking.kinds is TIMES or (asking.kinds and asking.may_be_words):
            told = self._teller.tell(asking, retrieval, stop)
            yield told.attempt
            found = self._figure(asking, retrieval, stop)
            yield found if bears_out(told, asking, found) else Attempt(None, found.first_token_s)
        elif asking.kinds and stated:
            yield self._figure(asking, retrieval, stop)

    def _figure(self, asking: Asking, retrieval: Retrieval, stop: StopCheck) -> Attempt:
        """One figure, or what several articles say where they differ."""
        stated = [item for item in retrieval.looked_at if states_all(asking, item)]
        candidates = find_candidates(
            asking, stated if asking.kinds is TIMES else retrieval.looked_at
        )
        lookup = Lookup(asking, candidates, self._scorer, self._figure_reader, stop)
        found = lookup.find(sides=True)
        if found.candidate is None:
            return self._told(asking, retrieval, stop)
        sides = (
            restated(found.candidate, candidates)
            or contradictions(found.candidate, candidates)
            or lookup.also_said(found.candidate)
        )
        if sides:
            draft, status = weighed((found.candidate, *sides), self._verifier)
            return Attempt(draft, found.first_token_s, status)
        return self._shown(found.candidate, found.first_token_s)

    def _told(self, asking: Asking, retrieval: Retrieval, stop: StopCheck) -> Attempt:
        """An amount without a number, "hundreds of thousands", in the model's words.

        Whatever has a number is looked up, not told.
        """
        near = [e for e in admissible(asking.text, retrieval.evidence)[:1] if is_vague(e)]
        written = self._prose.write(asking.text, near, stop)
        kinds = asking.kinds or frozenset()
        if (
            written.draft
            and {f.kind for f in find_figures(strip_markers(written.draft.text))} & kinds
        ):
            return Attempt(None, written.first_token_s)
        return written

    def _shown(self, candidate: Candidate, first_token_s: float) -> Attempt:
        """One figure with the words of its sentence."""
        text, sources = figure_answer(candidate), (candidate.evidence,)
        return Attempt(Draft(text, sources, self._verifier.verify(text, sources)), first_token_s)

    def _presumed(self, question: str, filters: Filters, stop: StopCheck) -> Attempt:
        """What the articles say in place of a figure that the question takes for granted."""
        plain = neutral_by_words(question)
        if not plain:
            return Attempt(None, 0.0)
        retrieval = self._retrieved(plain, filters)
        asking = read_question(retrieval)
        if not asking.kinds:
            return Attempt(None, 0.0)
        figures = find_figures(question)
        given = {figure.kind for figure in figures} & QUANTITIES
        # A share that is taken for granted is put right by a share, "fewer than half" by any.
        kinds = SHARES if given and given <= SHARES - {FigureKind.RATIO} else asking.kinds | SHARES
        attempt = self._figure(replace(asking, kinds=kinds), retrieval, stop)
        # The same figure may well be of something else: "all of the 231,000 came", of 231,000.
        return Attempt(None, attempt.first_token_s) if _repeats(figures, attempt) else attempt

    def _lookup(self, question: str, filters: Filters, stop: StopCheck) -> Lookup:
        retrieval = self._retrieved(question, filters)
        asking = read_question(retrieval)
        candidates = find_candidates(asking, retrieval.looked_at)
        return Lookup(asking, candidates, self._scorer, self._figure_reader, stop)

    def _retrieved(self, question: str, filters: Filters) -> Retrieval:
        """What a question finds, without sentences that give orders."""
        return stating(self._retriever.retrieve(question, filters))


def _repeats(given: Sequence[Figure], attempt: Attempt) -> bool:
    """Whether an answer shows a figure that the question has."""
    shown = (
        [checked.figure for checked in attempt.draft.verification.figures] if attempt.draft else []
    )
    return any(agree(one, other) is Agreement.EXACT for one in given for other in shown)


def _citations(shown: Draft | None, nearest: Evidence | None) -> tuple[Citation, ...]:
    sources = shown.sources if shown else (nearest,) if nearest else ()
    return tuple(
        Citation(
            marker,
            cited.document,
            cited.sentence.span,
            cited.sentence.text,
            page=cited.page,
            also_in=cited.also_in,
        )
        for marker, cited in enumerate(sources, start=1)
    )


def _notes(retrieval: Retrieval, refused: Draft | None) -> tuple[str, ...]:
    notes = []
    if retrieval.read_as.casefold() != retrieval.question.casefold():
        notes.append(f"The question was read as: {retrieval.read_as}")
    if retrieval.embedded_share < 1:
        # Cut, not rounded: 100% would say that nothing is missing.
        notes.append(
            f"{int(100 * retrieval.embedded_share)}% of the passages are embedded so far; "
            "the rest is found by its words alone."
        )
    if refused:
        said = " ".join(finding.message for finding in refused.verification.findings)
        notes.append(f"An answer was written but not shown, for it could not be verified: {said}")
    return tuple(notes)
