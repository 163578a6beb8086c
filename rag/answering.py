"""The job of answering: evidence first, then one verified sentence, or an abstention."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.binding import bare_figure, meant_figure
from rag.citations import strip_markers
from rag.evidence import admissible, as_stated, relevance, undecided
from rag.figures import Agreement, agree
from rag.prompts import NOT_STATED, answer_messages
from rag.protocols import Generator, Retriever, StopCheck, Verifier
from rag.schema import (
    Answer,
    Citation,
    Evidence,
    Filters,
    GenerationParams,
    Retrieval,
    Status,
    Timing,
    Verification,
)
from rag.text import split_sentences
from rag.verification import restore_bounds

# How many sentences the model is asked about before the answer is: the articles do not say.
# On 50 questions the third candidate never gave a right answer that was not there before.
_MAX_TRIES = 2


@dataclass(frozen=True, slots=True)
class _Draft:
    """A sentence that the model wrote and what verification says of it."""

    text: str
    evidence: Evidence
    verification: Verification


class Answerer:
    """Answers questions from evidence.

    Args:
        retriever: finds the evidence.
        generator: opened on first use, so that an abstention without evidence loads no model.
        verifier: decides what may be shown as fact.
        answer_tokens: upper bound of a written answer.
        settings_sha256: recorded with each answer.
    """

    def __init__(
        self,
        retriever: Retriever,
        generator: Callable[[], Generator],
        verifier: Verifier,
        *,
        answer_tokens: int,
        settings_sha256: str,
    ) -> None:
        self._retriever = retriever
        self._generator = generator
        self._verifier = verifier
        self._params = GenerationParams(max_tokens=answer_tokens, stop=("\n",))
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
        retrieval = self._retriever.retrieve(question, filters)
        on_evidence(retrieval)
        candidates = admissible(retrieval.read_as, retrieval.evidence)[:_MAX_TRIES]
        draft, first_token_s = self._write(retrieval.read_as, candidates, started, stop)
        verified = draft is not None and draft.verification.passed
        text = draft.text if draft and verified else _abstention(retrieval, draft)
        on_text(text)
        return Answer(
            question=question,
            status=Status.ANSWERED if verified else Status.ABSTAINED,
            text=text,
            citations=_citations(draft, retrieval),
            figures=draft.verification.figures if draft and verified else (),
            evidence=retrieval.evidence,
            notes=_notes(retrieval, draft),
            timing=Timing(
                retrieve_s=retrieval.duration_s,
                first_token_s=first_token_s,
                total_s=time.perf_counter() - started,
            ),
            settings_sha256=self._settings_sha256,
        )

    def _write(
        self, question: str, candidates: Sequence[Evidence], started: float, stop: StopCheck
    ) -> tuple[_Draft | None, float]:
        """Ask about one sentence after the other until one states the answer."""
        first_token_s = 0.0
        refused: _Draft | None = None
        for evidence in candidates:
            for one_figure in (False, True):
                begun = time.perf_counter() - started
                generation = self._generator().stream(
                    answer_messages(as_stated(question, evidence), evidence, one_figure=one_figure),
                    self._params,
                    _ignore,
                    stop,
                )
                first_token_s = first_token_s or begun + generation.first_token_s
                # What was cut off may have lost the word that turns its sense.
                if generation.stop_reason == "length" or _declines(generation.text):
                    break
                draft = self._verified(generation.text, evidence)
                if not draft.verification.passed:
                    refused = refused or draft
                    break
                prose = strip_markers(draft.text)
                if undecided(question, prose):
                    continue
                if not _is_meant(question, prose, evidence):
                    break
                return draft, first_token_s
        return refused, first_token_s

    def _verified(self, written: str, evidence: Evidence) -> _Draft:
        prose = restore_bounds(strip_markers(written).strip(), evidence.sentence.text)
        # All that was written comes from the one sentence that was given.
        sentences = [prose[s.span.start : s.span.end] for s in split_sentences(prose)]
        text = " ".join(f"{sentence} [1]" for sentence in sentences)
        return _Draft(text, evidence, self._verifier.verify(text, (evidence,)))


def _ignore(_text: str) -> None:
    """Prose is shown when it is verified, not as it is written."""


def _is_meant(question: str, prose: str, evidence: Evidence) -> bool:
    """Whether a figure without words is the one of its sentence that the question means.

    Words would say what it is of; where there are none, the model's choice and that of the words
    around the figures have to be the same.
    """
    figure = bare_figure(prose)
    if figure is None:
        return True
    meant = meant_figure(question, evidence.sentence.text, figure)
    return meant is not None and agree(figure, meant) is not Agreement.DIFFERENT


def _declines(text: str) -> bool:
    bare = strip_markers(text).strip().rstrip(".").lower()
    return not bare or NOT_STATED.lower() in bare


def _abstention(retrieval: Retrieval, draft: _Draft | None) -> str:
    nearest = draft.evidence if draft else _nearest(retrieval.evidence)
    if nearest is None:
        return "The articles do not say: nothing in them is near this question."
    info = nearest.document
    day = f", {info.published.isoformat()}" if info.published else ""
    # A title may have a bracket that looks like a marker.
    name = strip_markers(info.name)
    return f"The articles do not say. The nearest sentence is in “{name}”{day} [1]."


def _nearest(evidence: Sequence[Evidence]) -> Evidence | None:
    return max(evidence, key=relevance, default=None)


def _citations(draft: _Draft | None, retrieval: Retrieval) -> tuple[Citation, ...]:
    cited = draft.evidence if draft else _nearest(retrieval.evidence)
    if cited is None:
        return ()
    sentence = cited.sentence
    return (
        Citation(
            1, cited.document, sentence.span, sentence.text, page=cited.page, also_in=cited.also_in
        ),
    )


def _notes(retrieval: Retrieval, draft: _Draft | None) -> tuple[str, ...]:
    notes = []
    if retrieval.read_as != retrieval.question:
        notes.append(f"The question was read as: {retrieval.read_as}")
    if retrieval.embedded_share < 1:
        # Cut, not rounded: 100% would say that nothing is missing.
        notes.append(
            f"{int(100 * retrieval.embedded_share)}% of the passages are embedded so far; "
            "the rest is found by its words alone."
        )
    if draft and not draft.verification.passed:
        said = " ".join(finding.message for finding in draft.verification.findings)
        notes.append(f"An answer was written but not shown, for it could not be verified: {said}")
    return tuple(notes)
