"""Questions, answers and articles for the tests of the page; all of it invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from ui_fakes import FakeNewsroom

from rag.errors import ModelMissingError, RagError
from rag.figures import find_figures
from rag.schema import (
    Answer,
    CheckedClaim,
    CheckedDraft,
    CheckedFigure,
    Citation,
    ClaimVerdict,
    Document,
    DocumentInfo,
    Evidence,
    Sentence,
    Span,
    StatedFigure,
    StatedPeriod,
    Statement,
    Status,
    SummaryPoint,
    Timing,
    Verdict,
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
COPY = DocumentInfo(
    id="harbour-copy-3",
    source="/articles/copy.txt",
    media_type="text/plain",
    content_sha256="3" * 64,
    title="Busiest May in nine years",
    publisher="Northern Wire",
    published=date(2031, 6, 22),
)
PLANNED = "A new pier is planned, and 312 berths are to be added by 2033."
TEXTS = {
    "harbour-1": (
        "Harbour traffic at a nine-year high\n\n"
        "The harbour master counted 46,610 arrivals in May, 18% more than a year before. "
        "In April the number was 39,480. Most came from the north.\n\n"
        + "Nothing else of note was said at the quay that day. " * 40
        + f"\n\n{PLANNED}"
    ),
    "ferries-2": (
        "The company carried more than 1.2 million passengers last year.\n"
        "A night sailing to the outer islands begins in July."
    ),
}
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
HOW_MUCH_MORE = "How many more ships arrived in May than in April?"
IN_APRIL = "How many ships arrived in April?"
MOVED = "What has moved?"

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
    """A sentence found, at its place in its article or else at an invented one."""
    start = TEXTS.get(document.id, "").find(text)
    start = start if start >= 0 else position * 1000
    sentence = Sentence(document.id, position, Span(start, start + len(text)), text, paragraph=0)
    copies = (COPY,) if "46,610" in text else ()
    return Evidence(
        sentence, document, score=0.5, similarity=0.5, coverage=0.5, page=page, also_in=copies
    )


def citation(marker: int, found: Evidence) -> Citation:
    """A marker for a sentence found."""
    sentence = found.sentence
    return Citation(marker, found.document, sentence.span, sentence.text, found.page, found.also_in)


def figure(text: str, marker: int | None = 1, **how: Any) -> CheckedFigure:
    """The first figure of some words, checked."""
    return CheckedFigure(find_figures(text)[0], how.pop("verdict", Verdict.EXACT), marker, **how)


FOUND = tuple(evidence(*each, position=n) for n, each in enumerate(SENTENCES))


def answer(
    question: str,
    text: str,
    *,
    status: Status = Status.ANSWERED,
    cited: tuple[Evidence, ...] = (),
    found: tuple[Evidence, ...] = FOUND,
    figures: tuple[CheckedFigure, ...] = (),
    notes: tuple[str, ...] = (),
) -> Answer:
    """An answer that cites the given sentences as [1], [2] and so on."""
    citations = tuple(citation(n, each) for n, each in enumerate(cited, start=1))
    timing = Timing(0.1, 0.4, 2.34)
    return Answer(question, status, text, citations, figures, found, notes, timing, "0" * 64)


def hostile_answer() -> Answer:
    """An answer whose every text tries to be more than text."""
    text = "\n".join(NASTY)
    article = DocumentInfo(
        id="h", source="h", media_type="text/plain", content_sha256="2" * 64, title=" ".join(NASTY)
    )
    found = evidence(article, text, None)
    return answer(HOSTILE, f"{text} [1]", cited=(found,), found=(found,), notes=NASTY)


def asker(*, pause_s: float = 0.0) -> FakeNewsroom:
    """One that has a reply of every kind."""
    replies: dict[str, Answer | RagError] = {
        HOW_MANY: answer(
            HOW_MANY,
            "The harbour master counted 46,610 arrivals in May [1], up from 39,480 in April [2].",
            cited=(FOUND[0], FOUND[2]),
            figures=(figure("46,610"), figure("39,480", 2)),
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
            figures=(figure("more than 1.2 million passengers"), figure("46,610", 2)),
        ),
        LONG: answer(LONG, "The harbour master told at length. " * 80),
        NO_MODEL: ModelMissingError("The model has not been fetched.", "Run: rag models fetch"),
        HOSTILE: hostile_answer(),
        HOW_MUCH_MORE: answer(
            HOW_MUCH_MORE,
            "7,130 more ships arrived in May than in April [1][2].",
            cited=(FOUND[0], FOUND[2]),
            figures=(figure("7,130", verdict=Verdict.COMPUTED, formula="46,610 − 39,480 = 7,130"),),
        ),
        IN_APRIL: answer(
            IN_APRIL,
            "In April the number was 39,480 [1].",
            cited=(FOUND[2],),
            figures=(figure("39,480"),),
        ),
        MOVED: answer(
            MOVED, "It moved [1].", cited=(evidence(HARBOUR, "This stands nowhere.", None),)
        ),
        "": answer("", "The articles do not say.", status=Status.ABSTAINED, found=()),
    }
    return FakeNewsroom(
        replies,
        documents(),
        figures=stated(),
        points=POINTS,
        checked=checked_draft(),
        pause_s=pause_s,
    )


def documents() -> list[Document]:
    """The articles with their texts, one of which has a title that tries to be more than text."""
    nasty = DocumentInfo(
        id="h", source="h", media_type="text/plain", content_sha256="2" * 64, title=" ".join(NASTY)
    )
    texts = [(HARBOUR, TEXTS[HARBOUR.id]), (FERRIES, TEXTS[FERRIES.id]), (nasty, "\n".join(NASTY))]
    return [Document(info, text) for info, text in texts]


def stated() -> tuple[StatedFigure, ...]:
    """What the sentences say with their figures."""
    may = StatedPeriod(date(2031, 5, 1), date(2031, 5, 31), "in May", resolved=True)
    april = StatedPeriod(date(2031, 4, 1), date(2031, 4, 30), "In April", resolved=True)
    return (
        row(FOUND[0], "46,610", "arrivals", may, "the harbour master"),
        row(FOUND[0], "18%", "more arrivals", may, "the harbour master"),
        row(FOUND[1], "more than 1.2 million", "passengers", None, None),
        row(FOUND[2], "39,480", "arrivals", april, None),
        row(evidence(HARBOUR, PLANNED, 2), "312", "berths", None, None),
    )


def row(
    found: Evidence,
    words: str,
    noun: str,
    period: StatedPeriod | None,
    speaker: str | None,
) -> StatedFigure:
    """One figure of a sentence."""
    text = found.sentence.text
    (stated,) = [f for f in find_figures(text) if f.text in words or words in f.text]
    whole = Span(0, len(text))
    statement = Statement(stated, noun, whole, period, speaker)
    return StatedFigure(statement, found.sentence, found.document)


DRAFT = "In May 46,620 ships came, after 39,480 in April. A third, 12,000, left again."


def checked_draft() -> CheckedDraft:
    """A draft with one figure of every kind that matters."""
    rows = stated()
    sentences = (Span(0, 48), Span(49, len(DRAFT)))
    found = {f.text: f for s in sentences for f in find_figures(DRAFT[s.start : s.end])}

    def claim(
        words: str, sentence: Span, verdict: ClaimVerdict, *evidence: StatedFigure
    ) -> CheckedClaim:
        statement = Statement(found[words], "ships", Span(0, len(sentence)), None, None)
        return CheckedClaim(statement, sentence, verdict, evidence)

    claims = (
        claim("46,620", sentences[0], ClaimVerdict.CONTRADICTED, rows[0]),
        claim("39,480", sentences[0], ClaimVerdict.SUPPORTED, rows[3]),
        claim("12,000", sentences[1], ClaimVerdict.NOT_FOUND),
    )
    return CheckedDraft(DRAFT, claims, 2, 2, 0.1)


POINTS = tuple(
    SummaryPoint(f"{found.sentence.text} [{n}]", (citation(n, found),), (), verified=True)
    for n, found in enumerate((FOUND[0], FOUND[2]), start=1)
)
