"""From a question to an answer: what is asked decides who looks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.answering.conflicts import contradictions, weighed
from rag.answering.counting import count_draft
from rag.answering.derived import average, of_the_rest, of_the_whole_time, rest
from rag.answering.drafts import Attempt, Draft
from rag.answering.lookup import Lookup
from rag.answering.plausibility import states_all
from rag.answering.prose import ProseWriter
from rag.answering.restated import restated
from rag.answering.several import Part, compared, computed, listed
from rag.answering.telling import Teller, bears_out
from rag.answering.wording import abstention, figure_answer, nearest_of
from rag.arithmetic import Operation, asked_operation
from rag.asking import Asking, presumes, read_question
from rag.candidates import Candidate, find_candidates
from rag.citations import strip_markers
from rag.evidence import admissible, is_vague
from rag.facets import compares, facets, lists, neutral_by_words
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

# What articles hardly ever state as such; what they do state by such words is another figure.
_LEAVING = frozenset({Operation.SHARE, Operation.REST})
_NEVER_STATED = frozenset({Operation.TIMES, Operation.SUM, Operation.DIFFERENCE})


class Answerer:
    """Answers questions from evidence.

    Args:
        retriever: finds the evidence.
        scorer: scores figures; opened on first use.
        generator: opened on first use, so that what can be said without it loads no model.
        verifier: decides what may be shown as fact.
        answer_tokens: upper bound of a written answer.
        settings_sha256: recorded with each answer.
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
        corpus: Corpus | None = None,
    ) -> None:
        self._retriever = retriever
        self._corpus = corpus
        self._scorer = scorer
        self._generator = generator
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
        asking, operation = read_question(retrieval), asked_operation(question)
        simple = facets(question)
        if simple and (together := _together(question, operation)):
            yield Attempt(together(self._parts(simple, filters, stop), self._verifier), 0.0)
        if presumes(asking):
            yield self._presumed(question, filters, stop)
        if asking.kinds is TIMES or (asking.kinds and asking.may_be_words):
            told = self._teller.tell(asking, retrieval, stop)
            yield told.attempt
            found = self._figure(asking, retrieval, stop)
            yield found if bears_out(told, asking, found) else Attempt(None, found.first_token_s)
        elif asking.kinds and operation not in _NEVER_STATED:
            yield self._figure(asking, retrieval, stop)
        if operation is not None:
            yield Attempt(self._computed(question, operation, simple, filters, stop), 0.0)
        elif asking.kinds is None:
            yield self._teller.tell(asking, retrieval, stop).attempt

    def _computed(
        self,
        question: str,
        operation: Operation,
        simple: Sequence[str],
        filters: Filters,
        stop: StopCheck,
    ) -> Draft | None:
        """A figure that code computes of the figures of simple questions, or of a single one."""
        if simple:
            return computed(operation, self._parts(simple, filters, stop), self._verifier)
        whole, left = of_the_whole_time(question), of_the_rest(question)
        if not (operation is Operation.AVERAGE and whole) and not (operation in _LEAVING and left):
            return None
        (part,) = self._parts((whole or left,), filters, stop)
        if part.candidate is None:
            return None
        if whole:
            return average(question, part.candidate, self._verifier)
        return rest(part.candidate, self._verifier)

    def _figure(self, asking: Asking, retrieval: Retrieval, stop: StopCheck) -> Attempt:
        """One figure, or what several articles say where they differ."""
        stated = [item for item in retrieval.evidence if states_all(asking, item)]
        candidates = find_candidates(
            asking, stated if asking.kinds is TIMES else retrieval.evidence
        )
        lookup = Lookup(asking, candidates, self._scorer, self._generator, stop)
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

    def _parts(
        self, questions: Sequence[str], filters: Filters, stop: StopCheck
    ) -> tuple[Part, ...]:
        """Simple questions, each with its figure.

        What one of them has for certain is not what another asks for.
        """
        lookups = [self._lookup(question, filters, stop) for question in questions]
        found = [lookup.find().candidate for lookup in lookups]
        certain = [candidate for candidate in found if candidate]
        return tuple(
            Part(question, candidate or lookup.find(certain).candidate)
            for question, lookup, candidate in zip(questions, lookups, found, strict=True)
        )

    def _lookup(self, question: str, filters: Filters, stop: StopCheck) -> Lookup:
        retrieval = self._retrieved(question, filters)
        asking = read_question(retrieval)
        candidates = find_candidates(asking, retrieval.evidence)
        return Lookup(asking, candidates, self._scorer, self._generator, stop)

    def _retrieved(self, question: str, filters: Filters) -> Retrieval:
        """What a question finds, without sentences that give orders."""
        return stating(self._retriever.retrieve(question, filters))


def _together(
    question: str, operation: Operation | None
) -> Callable[[Sequence[Part], Verifier], Draft | None] | None:
    """How the figures of simple questions make one answer; None where they are computed with.

    "How many more came in May than in June" compares, and wants what is computed of both.
    """
    if lists(question):
        return listed
    if operation in _NEVER_STATED:
        return None
    if compares(question):
        return compared
    return listed if operation is None else None


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
