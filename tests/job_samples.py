"""Evidence and small doubles for tests of the jobs; all of it invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from rag.fakes import ScriptedGenerator
from rag.schema import DocumentInfo, Evidence, Filters, Message, Retrieval, Sentence, Span

HARBOUR = DocumentInfo(
    id="harbour",
    source="/news/harbour.txt",
    media_type="text/plain",
    content_sha256="0" * 64,
    title="A busy month in the harbour",
    publisher="Coast Courier",
    published=date(2031, 6, 21),
)


def evidence(
    text: str,
    *,
    coverage: float = 0.9,
    similarity: float = 0.6,
    in_article: float = 1.0,
    unsaid: tuple[str, ...] = (),
    lead: str | None = None,
    document: DocumentInfo = HARBOUR,
    position: int = 1,
    page: int | None = None,
) -> Evidence:
    """A sentence found; its ``lead`` is the sentence before it.

    In its context it has as many words of the question as ``coverage`` says.
    """
    start = position * 1000
    before = lead and Sentence(
        document.id, position - 1, Span(start - len(lead), start), lead, paragraph=0
    )
    return Evidence(
        sentence=Sentence(document.id, position, Span(start, start + len(text)), text, 0),
        document=document,
        score=0.1,
        similarity=similarity,
        coverage=coverage,
        in_context=coverage,
        in_article=in_article,
        unsaid=unsaid,
        before=(before,) if before else (),
        lead=before or None,
        page=page,
    )


class FixedRetriever:
    """Finds the same sentences whatever is asked."""

    def __init__(self, *found: Evidence, embedded_share: float = 1.0) -> None:
        self._found = found
        self._embedded_share = embedded_share

    def retrieve(self, question: str, filters: Filters) -> Retrieval:
        return Retrieval(question, question, self._found, self._embedded_share, 0.25)


Reply = str | Callable[[str], str]
"""What is written, or how it is made of the last message."""


def in_turn(*replies: Reply) -> ScriptedGenerator:
    """Writes one reply after the other; there must be as many as are asked for."""
    left = list(replies)

    def reply(messages: Sequence[Message]) -> str:
        text = left.pop(0)
        return text(messages[-1].content) if callable(text) else text

    return ScriptedGenerator(reply)


def asked(model: ScriptedGenerator) -> list[str]:
    """The last message of each prompt."""
    return [messages[-1].content for messages in model.prompts]


def write(path: Path, text: str) -> Path:
    """Write a file, and its folder where there is none, with a time of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = 0
    with suppress(FileNotFoundError):
        before = path.stat().st_mtime_ns
    path.write_text(text, "utf-8")
    while path.stat().st_mtime_ns == before:
        path.touch()
    return path
