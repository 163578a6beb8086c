"""A question, sentences that were found for it, and what a caller of the answerer is told."""

from __future__ import annotations

from collections.abc import Callable

from job_samples import evidence

from rag.answering import Answerer
from rag.fakes import ScriptedGenerator
from rag.protocols import Generator, Retriever
from rag.schema import Answer, Filters, Retrieval
from rag.verification import EvidenceVerifier

QUESTION = "How many ships arrived in May?"
BEST = evidence("In May 46,610 ships arrived in the harbour.", coverage=1.0, page=3)
NEXT = evidence("Some 300 of the ships that arrived in May were yachts.", coverage=0.9, position=7)
THIRD = evidence("By night 12 ships arrived in May.", coverage=0.8, position=9)
FAR = evidence("The harbour master likes tea.", coverage=0.1, similarity=0.1, position=4)
RIGHT = "In May 46,610 ships arrived."
WRONG = "In May 99,999 ships arrived."


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
    generator: ScriptedGenerator,
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
