"""Questions, sentences that were found for them, and what a caller of the answerer is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date

import pytest
from job_samples import HARBOUR, evidence

from rag.answering import Answerer, lookup
from rag.asking import Asking, read_question
from rag.candidates import Candidate, find_candidates
from rag.fakes import ScriptedGenerator, ScriptedScorer
from rag.figures import find_figures
from rag.prompts import NOT_STATED, answer_messages, extraction_messages
from rag.protocols import AnswerScorer, Generator, Retriever
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


@contextmanager
def always_read() -> Iterator[None]:
    """Whatever a glance shows, the chat model is asked."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lookup, "_HOPELESS", 0.0)
        patched.setattr(lookup, "_SURE", 1.0)
        yield


def ask(
    retriever: Retriever,
    generator: Generator,
    *,
    question: str = QUESTION,
    told: Told | None = None,
    stop: Callable[[], bool] = lambda: False,
    scorer: AnswerScorer | None = None,
    figure_reader: Generator | None = None,
) -> Answer:
    """Ask so that all is left to the chat model, unless a scorer is given."""
    told = told or Told()

    def opened() -> Generator:
        told.events.append("model")
        return generator

    answerer = Answerer(
        retriever,
        lambda: scorer or ScriptedScorer(),
        opened,
        EvidenceVerifier(),
        answer_tokens=40,
        settings_sha256="5" * 64,
        figure_reader=(lambda: figure_reader) if figure_reader else None,
    )
    with nullcontext() if scorer else always_read():
        return answerer.answer(
            question, Filters(), on_evidence=told.evidence, on_text=told.text, stop=stop
        )


class TableRetriever:
    """Finds for each question what is given for it, nothing for another."""

    def __init__(self, found: Mapping[str, Sequence[Evidence]]) -> None:
        self._found = found

    def retrieve(self, question: str, filters: Filters) -> Retrieval:
        return Retrieval(question, question, tuple(self._found.get(question, ())), 1.0, 0.25)


LIKELY, UNLIKELY = -0.1, -9.0
"""Of a reply: the one that the model takes for the answer, and another one."""


class ScriptedReader(ScriptedGenerator):
    """A scripted chat model that keeps apart what it was asked to write and what it weighed.

    Args:
        reply: what it writes, by the prompt.
        likelihood: how likely it finds a reply behind a prompt.
        logprob: how sure it is of what it writes.
    """

    def __init__(
        self,
        reply: Callable[[Sequence[Message]], str],
        likelihood: Callable[[Sequence[Message], str], float],
        *,
        logprob: float = 0.0,
    ) -> None:
        self.writing: list[tuple[Message, ...]] = []
        """The prompts behind which it was to write."""
        self.weighed: list[tuple[str, str]] = []
        """The question and the reply that were weighed, in turn."""

        def written(messages: Sequence[Message]) -> str:
            self.writing.append(tuple(messages))
            return reply(messages)

        def told(messages: Sequence[Message], text: str) -> float:
            self.weighed.append((question_of(messages), text))
            return likelihood(messages, text)

        super().__init__(written, logprob=logprob, likelihoods=told)


def reader(
    copied: Mapping[str, str], *, logprob: float = 0.0, writes: bool = True
) -> ScriptedReader:
    """A model that takes the same for the answer to a question whatever text it reads.

    It copies the answer, and of all replies it finds the answer's first figure likely alone.

    Args:
        copied: the answer by the question; all others are not stated.
        logprob: how sure it is of what it copies.
        writes: whether it gives that answer also where it is asked for a sentence.
    """

    def reply(messages: Sequence[Message]) -> str:
        if messages[0] == _WRITING and not writes:
            return NOT_STATED
        return copied.get(question_of(messages), NOT_STATED)

    def likelihood(messages: Sequence[Message], text: str) -> float:
        return LIKELY if text == _begins(copied.get(question_of(messages), "")) else UNLIKELY

    return ScriptedReader(reply, likelihood, logprob=logprob)


def believing(
    reply: Callable[[Sequence[Message]], str], written: str | None = None
) -> ScriptedReader:
    """A model that takes for the answer to any question what it says to a prompt.

    Args:
        reply: what it copies, by the prompt.
        written: what it writes where it is asked for a sentence; None for what it copies.
    """

    def said(messages: Sequence[Message]) -> str:
        writes = written is not None and messages[0] == _WRITING
        return written if written is not None and writes else reply(messages)

    def likelihood(messages: Sequence[Message], text: str) -> float:
        return LIKELY if text == _begins(reply(messages)) else UNLIKELY

    return ScriptedReader(said, likelihood)


def weighing(
    replies: Mapping[str, float], *, silence: float = UNLIKELY, copies: str = NOT_STATED
) -> ScriptedReader:
    """A model that finds replies as likely as is said here, whatever it is asked.

    Args:
        replies: logarithms by the reply: "46,610", "Some 46,610"; all others are unlikely.
        silence: of the reply that the text does not state it.
        copies: what it copies or writes where it is asked for an answer.
    """
    told = {NOT_STATED: silence, **replies}
    return ScriptedReader(lambda _: copies, lambda _, text: told.get(text, UNLIKELY))


def scoring(scores: Mapping[str, float], *, others: float = UNLIKELY) -> ScriptedScorer:
    """A scorer that scores figures as is said here, whatever it is asked."""
    return ScriptedScorer(lambda _question, _sentence, words: scores.get(words, others))


def writer(*replies: str) -> ScriptedReader:
    """A model that writes these answers one after the other, and finds and copies nothing."""
    left = list(replies)

    def reply(messages: Sequence[Message]) -> str:
        return NOT_STATED if messages[0] == _EXTRACTION else left.pop(0)

    return ScriptedReader(reply, lambda _, text: LIKELY if text == NOT_STATED else UNLIKELY)


_EXTRACTION = extraction_messages("", ())[0]
_WRITING = answer_messages("", BEST)[0]


def question_of(messages: Sequence[Message]) -> str:
    """The question of a prompt."""
    return messages[-1].content.rpartition("Question: ")[2]


def _begins(answer: str) -> str:
    """How a model begins that takes this for the answer: with its first figure."""
    figures = find_figures(answer)
    return figures[0].text if figures else NOT_STATED


def asked_to_write(model: ScriptedReader) -> list[str]:
    """The last message of each prompt that asks for an answer in the model's words."""
    return [m[-1].content for m in model.writing if m[0] == _WRITING]


def asked_to_copy(model: ScriptedReader) -> list[str]:
    """The last message of each prompt behind which the shortest answer was to be written."""
    return [m[-1].content for m in model.writing if m[0] == _EXTRACTION]


def weighed(model: ScriptedReader) -> list[str]:
    """The replies with a figure whose likelihood was asked, in turn."""
    return [text for _, text in model.weighed if text != NOT_STATED]


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
