"""Questions, answers and articles for the tests of the page; all of it invented."""

from __future__ import annotations

from datetime import date

from rag.errors import ModelMissingError, RagError
from rag.fakes import FakeAsker
from rag.schema import (
    Answer,
    Citation,
    DocumentInfo,
    Evidence,
    Sentence,
    Span,
    Status,
    Timing,
)

HARBOUR = DocumentInfo(
    id="harbour-1",
    source="/articles/harbour.pdf",
    media_type="application/pdf",
    content_sha256="0" * 64,
    title="Harbour traffic at a nine-year high",
    publisher="Coast Courier",
    published=date(2031, 6, 21),
)
FERRIES = DocumentInfo(
    id="ferries-2",
    source="/articles/ferries.md",
    media_type="text/markdown",
    content_sha256="1" * 64,
    title="Ferry line adds a night sailing",
    publisher="The Island Post",
)
SENTENCES = (
    (HARBOUR, "The harbour master counted 46,610 arrivals in May, 18% more than a year before.", 2),
    (FERRIES, "The company carried more than 1.2 million passengers last year.", None),
    (HARBOUR, "In April the number was 39,480.", 2),
    (FERRIES, "A night sailing to the outer islands begins in July.", None),
)

HOW_MANY = "How many ships arrived in May?"
HOW_MUCH = "How much does a ticket cost?"
WHICH = "How many passengers were there?"
LONG = "What else is told?"
NO_MODEL = "What is missing?"
HOSTILE = "What is hostile?"

NASTY = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "![](http://evil.example/a.png)",
    "[link](http://evil.example/)",
    "http://evil.example/auto",
    "$$x^2$$",
    "**bold** _it_ `code` <b>b</b> &lt;i&gt;",
    "</article></div><script>alert(1)</script>",
    "```mermaid\ngraph TD; A-->B\n```",
    '" onmouseover="alert(1)" x="',
    "[1](javascript:alert(1))",
)


def evidence(document: DocumentInfo, text: str, page: int | None, position: int = 0) -> Evidence:
    """A sentence found, at an invented place."""
    start = position * 1000
    sentence = Sentence(document.id, position, Span(start, start + len(text)), text, paragraph=0)
    return Evidence(sentence, document, score=0.5, similarity=0.5, coverage=0.5, page=page)


def citation(marker: int, found: Evidence) -> Citation:
    """A marker for a sentence found."""
    return Citation(marker, found.document, found.sentence.span, found.sentence.text, found.page)


FOUND = tuple(evidence(*each, position=n) for n, each in enumerate(SENTENCES))


def answer(
    question: str,
    text: str,
    *,
    status: Status = Status.ANSWERED,
    cited: tuple[Evidence, ...] = (),
    found: tuple[Evidence, ...] = FOUND,
    notes: tuple[str, ...] = (),
) -> Answer:
    """An answer that cites the given sentences as [1], [2] and so on."""
    citations = tuple(citation(n, each) for n, each in enumerate(cited, start=1))
    timing = Timing(0.1, 0.4, 2.34)
    return Answer(question, status, text, citations, (), found, notes, timing, "0" * 64)


def hostile_answer() -> Answer:
    """An answer whose every text tries to be more than text."""
    text = "\n".join(NASTY)
    article = DocumentInfo(
        id="h", source="h", media_type="text/plain", content_sha256="2" * 64, title=" ".join(NASTY)
    )
    found = evidence(article, text, None)
    return answer(HOSTILE, f"{text} [1]", cited=(found,), found=(found,), notes=NASTY)


def asker(*, pause_s: float = 0.0) -> FakeAsker:
    """One that has a reply of every kind."""
    replies: dict[str, Answer | RagError] = {
        HOW_MANY: answer(
            HOW_MANY,
            "The harbour master counted 46,610 arrivals in May [1], up from 39,480 in April [2].",
            cited=(FOUND[0], FOUND[2]),
            notes=("Rounded nothing.",),
        ),
        HOW_MUCH: answer(
            HOW_MUCH,
            "The articles do not say what a ticket costs.",
            status=Status.ABSTAINED,
        ),
        WHICH: answer(
            WHICH,
            "One article says more than 1.2 million passengers [1], the other counts ships [2].",
            status=Status.CONFLICT,
            cited=(FOUND[1], FOUND[0]),
        ),
        LONG: answer(LONG, "The harbour master told at length. " * 80),
        NO_MODEL: ModelMissingError("The model has not been fetched.", "Run: rag models fetch"),
        HOSTILE: hostile_answer(),
        "": answer("", "The articles do not say.", status=Status.ABSTAINED, found=()),
    }
    return FakeAsker(replies, [HARBOUR, FERRIES], pause_s=pause_s)
