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
from rag.figures import find_figures
from rag.prompts import NOT_STATED, answer_messages, extraction_messages, question_messages
from rag.protocols import Generator, Retriever
from rag.question import core
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


LIKELY, UNLIKELY = -2.0, -20.0
"""Of a question: for the figure that answers it, and for another one or none."""


def reader(
    copied: Mapping[str, str], *, logprob: float = 0.0, writes: bool = True
) -> ScriptedGenerator:
    """A model that takes the same for the answer to a question whatever text it reads.

    It copies the answer, and finds the question likely for the answer's first figure alone.

    Args:
        copied: the answer by the question; all others are not stated.
        logprob: how sure it is of what it copies.
        writes: whether it gives that answer also where it is asked for a sentence.
    """

    def reply(messages: Sequence[Message]) -> str:
        question = messages[-1].content.rpartition("Question: ")[2]
        if messages[0] == _WRITING and not writes:
            return NOT_STATED
        return copied.get(question, NOT_STATED)

    answers = {core(question): said for question, said in copied.items()}

    def likelihood(messages: Sequence[Message], text: str) -> float:
        return LIKELY if _gives(messages, answers.get(text, "")) else UNLIKELY

    return ScriptedGenerator(reply, logprob=logprob, likelihoods=likelihood)


def believing(
    reply: Callable[[Sequence[Message]], str], written: str | None = None
) -> ScriptedGenerator:
    """A model that takes for the answer to any question what it says to a prompt.

    Args:
        reply: what it copies, by the prompt.
        written: what it writes where it is asked for a sentence; None for what it copies.
    """

    def said(messages: Sequence[Message]) -> str:
        writes = written is not None and messages[0] == _WRITING
        return written if written is not None and writes else reply(messages)

    def likelihood(messages: Sequence[Message], _text: str) -> float:
        return LIKELY if _gives(messages, reply(messages)) else UNLIKELY

    return ScriptedGenerator(said, likelihoods=likelihood)


def weighing(
    figures: Mapping[str, float], *, prior: float = UNLIKELY, copies: str = NOT_STATED
) -> ScriptedGenerator:
    """A model that finds any question as likely for a figure as is said here.

    Args:
        figures: logarithms by the bare figure: "46,610"; ``prior`` for all others.
        prior: for no figure.
        copies: what it copies or writes where it is asked for an answer.
    """

    def likelihood(messages: Sequence[Message], _text: str) -> float:
        shown = [figure.text for figure in find_figures(shown_figure(messages))]
        return figures.get(shown[0], prior) if shown else prior

    return ScriptedGenerator({"": copies}, likelihoods=likelihood)


def writer(*replies: str) -> ScriptedGenerator:
    """A model that writes these answers one after the other, and finds and copies nothing."""
    left = list(replies)

    def reply(messages: Sequence[Message]) -> str:
        return NOT_STATED if messages[0] == _EXTRACTION else left.pop(0)

    return ScriptedGenerator(reply, likelihoods=lambda _messages, _text: UNLIKELY)


_EXTRACTION = extraction_messages("", HARBOUR, ())[0]
_WRITING = answer_messages("", BEST)[0]
_QUESTION = question_messages(HARBOUR, (), "")[0]


def shown_figure(messages: Sequence[Message]) -> str:
    """The figure for which a question is weighed: "none", or as its sentence bounds it."""
    return messages[-1].content.rpartition("Figure: ")[2]


def _gives(messages: Sequence[Message], answer: str) -> bool:
    """Whether the figure of a prompt, without the words beside it, is the first of an answer."""
    shown, answers = (
        find_figures(text) for text in (shown_figure(messages).partition(" (“")[0], answer)
    )
    return bool(shown and answers) and shown[0].value == answers[0].value


def asked_to_write(model: ScriptedGenerator) -> list[str]:
    """The last message of each prompt that asks for an answer in the model's words."""
    return [m[-1].content for m in model.prompts if m[0] == _WRITING]


def asked_to_copy(model: ScriptedGenerator) -> list[str]:
    """The last message of each prompt that asks for the shortest answer of a text."""
    return [m[-1].content for m in model.prompts if m[0] == _EXTRACTION]


def weighed(model: ScriptedGenerator) -> list[str]:
    """The figures for which a question was weighed, in turn."""
    shown = (shown_figure(m) for m in model.prompts if m[0] == _QUESTION)
    return [figure for figure in shown if figure != "none"]


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
