"""Questions, sentences that were found for them, and what a caller of the answerer is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from job_samples import HARBOUR, evidence

from rag.answering import Answerer
from rag.asking import Asking, read_question
from rag.candidates import Candidate, find_candidates
from rag.fakes import ScriptedGenerator
from rag.prompts import (
    NOT_STATED,
    answer_messages,
    extraction_messages,
    neutral_messages,
    parts_messages,
)
from rag.protocols import Generator, Retriever
from rag.schema import Answer, DocumentInfo, Evidence, Filters, Message, Retrieval
from rag.verification import EvidenceVerifier

QUESTION = "How many ships arrived in May?"
BEST = evidence("In May 46,610 ships arrived in the harbour.", coverage=1.0, page=3)
NEXT = evidence("Some 300 of the ships that arrived in May were yachts.", coverage=0.9, position=7)
FAR = evidence("The harbour master likes tea.", coverage=0.1, similarity=0.1, position=4)
RIGHT = "46,610: “In May 46,610 ships arrived in the harbour.” [1]"

WHO = "Who opened the new pier in May?"
OPENED = evidence("The mayor, Ann Ray, opened the new pier in May.", coverage=1.0)
OPENER = "Ann Ray opened the new pier in May."
CLOSED = evidence("The old pier in the bay was closed by the mayor.", coverage=0.9, position=8)


class Told:
    """Keeps, in order, what the page or the shell would be told."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.texts: list[str] = []

    def evidence(self, retrieval: Retrieval) -> None:
        self.events.append(f"{len(retrieval.evidence)} sentences")

    def text(self, text: str) -> None:
        self.texts.append(text)
        self.events.append("text")


def ask(
    retriever: Retriever,
    generator: Generator,
    *,
    question: str = QUESTION,
    told: Told | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Answer:
    told = told or Told()

    def opened() -> Generator:
        told.events.append("model")
        return generator

    answerer = Answerer(
        retriever, opened, EvidenceVerifier(), answer_tokens=40, settings_sha256="5" * 64
    )
    return answerer.answer(
        question, Filters(), on_evidence=told.evidence, on_text=told.text, stop=stop
    )


class TableRetriever:
    """Finds for each question what is given for it, nothing for another."""

    def __init__(self, found: Mapping[str, Sequence[Evidence]]) -> None:
        self._found = found

    def retrieve(self, question: str, filters: Filters) -> Retrieval:
        return Retrieval(question, question, tuple(self._found.get(question, ())), 1.0, 0.25)


def reader(
    copied: Mapping[str, str],
    *,
    parts: Sequence[str] = (),
    neutral: str = "",
    logprob: float = 0.0,
    writes: bool = True,
) -> ScriptedGenerator:
    """A model that copies the same answer for a question out of whatever text.

    Args:
        copied: the answer by the question; all others are not stated.
        parts: the simple questions that it breaks any question into.
        neutral: the question that it puts in the place of one that takes a figure for granted.
        logprob: how sure it is.
        writes: whether it gives that answer also where it is asked for a sentence.
    """
    asks = {parts_messages("")[0]: "\n".join(parts), neutral_messages("")[0]: neutral}

    def reply(messages: Sequence[Message]) -> str:
        question = messages[-1].content.rpartition("Question: ")[2]
        if messages[0] == _WRITING and not writes:
            return NOT_STATED
        return asks.get(messages[0], copied.get(question, NOT_STATED))

    return ScriptedGenerator(reply, logprob=logprob)


def writer(*replies: str) -> ScriptedGenerator:
    """A model that writes these answers one after the other, and copies nothing."""
    left = list(replies)

    def reply(messages: Sequence[Message]) -> str:
        return NOT_STATED if messages[0] == _EXTRACTION else left.pop(0)

    return ScriptedGenerator(reply)


_EXTRACTION = extraction_messages("", HARBOUR, ())[0]
_WRITING = answer_messages("", BEST)[0]


def asked_to_write(model: ScriptedGenerator) -> list[str]:
    """The last message of each prompt that asks for an answer in the model's words."""
    return [m[-1].content for m in model.prompts if m[0] != _EXTRACTION]


def asking(question: str) -> Asking:
    """A question, read, of whose words all weigh the same."""
    return read_question(Retrieval(question, question, (), 1.0, 0.0))


def candidates(question: str, *found: Evidence) -> tuple[Candidate, ...]:
    """The figures of sentences that may answer a question, likeliest first."""
    return find_candidates(asking(question), found)


def article(id_: str, published: str | None = "2031-06-21", **changes: str) -> DocumentInfo:
    """Another article than that on the harbour."""
    day = date.fromisoformat(published) if published else None
    return replace(HARBOUR, id=id_, publisher=id_.title(), published=day, **changes)
