"""Systems that show what a score is worth: what silence, chance and memory get.

Each is a :class:`rag.evaluation.running.System`, so that it is asked, scored and reported like
the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rag.citations import strip_markers, without_markers
from rag.evidence import relevance
from rag.figures import bounded_span, find_figures
from rag.prompts import NOT_STATED
from rag.protocols import Generator, Retriever
from rag.question import Asked, asked_kind
from rag.schema import (
    Answer,
    CheckedFigure,
    Citation,
    Document,
    DocumentInfo,
    Evidence,
    Figure,
    FigureKind,
    Filters,
    GenerationParams,
    Message,
    Sentence,
    Status,
    Summary,
    SummaryPoint,
    Timing,
    Verdict,
)
from rag.text import split_sentences

Documents = Mapping[str, Document]
"""The articles by id."""

_NOTHING = "The articles do not say."
_LEAD_SENTENCES = 3
_ALONE = (
    "Answer the question in one short, complete sentence. "
    f"If you do not know the answer, write: {NOT_STATED}."
)
_SUM_UP = "Sum up the article in five short sentences, copying figures exactly."
_ANSWER_TOKENS, _SUMMARY_TOKENS = 96, 256


class Abstaining:
    """Never says anything: what silence alone is worth."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def ask(self, question: str) -> Answer:
        """Abstain."""
        return _answer(question, Status.ABSTAINED, _NOTHING)

    def summarize(self, document: str) -> Summary:
        """Return no point."""
        return made_summary(self._documents[document].info, ())


class FirstFigure:
    """Says the first figure of the kind asked for in the nearest sentence, and never abstains.

    What it gets right is right by the search alone; of a summary, the article's first three
    sentences are.

    Args:
        retriever: finds the sentences.
        documents: the articles.
    """

    def __init__(self, retriever: Retriever, documents: Documents) -> None:
        self._retriever = retriever
        self._documents = documents

    def ask(self, question: str) -> Answer:
        """Quote one figure, or the whole sentence where it has none."""
        retrieval = self._retriever.retrieve(question, Filters())
        best = max(retrieval.evidence, key=relevance, default=None)
        if best is None:
            return _answer(question, Status.ABSTAINED, _NOTHING)
        text = strip_markers(best.sentence.text)
        if (figure := _first_figure(question, text)) is not None:
            span = bounded_span(text, figure)
            text = text[span.start : span.end]
        return _answer(
            question,
            Status.ANSWERED,
            f"{text} [1]",
            citations=(_cited(best.document, best.sentence, 1),),
            evidence=retrieval.evidence,
            retrieve_s=retrieval.duration_s,
        )

    def summarize(self, document: str) -> Summary:
        """Quote the first three sentences."""
        article = self._documents[document]
        sentences = sentences_of(article)[:_LEAD_SENTENCES]
        return made_summary(article.info, quoted_points(article, sentences))


class ModelAlone:
    """Asks the model without any article: what it knows by heart, or makes up.

    A summary it writes from the whole text at once, unchecked and uncited.

    Args:
        generator: the chat model.
        documents: the articles.
    """

    def __init__(self, generator: Generator, documents: Documents) -> None:
        self._generator = generator
        self._documents = documents

    def ask(self, question: str) -> Answer:
        """Return what the model says, an abstention where it declines."""
        messages = (Message("system", _ALONE), Message("user", question))
        text, seconds = self._written(messages, _ANSWER_TOKENS, stop=("\n",))
        declines = not text or NOT_STATED.lower() in text.lower()
        if declines:
            return _answer(question, Status.ABSTAINED, _NOTHING, total_s=seconds)
        return _answer(question, Status.ANSWERED, text, total_s=seconds)

    def summarize(self, document: str) -> Summary:
        """Return what the model makes of the text, cut where it is longer than it can read."""
        article = self._documents[document]
        sentences = [sentence.text for sentence in sentences_of(article)]
        kept = self._fitting(sentences)
        text, seconds = self._written(_sum_up(sentences[:kept]), _SUMMARY_TOKENS)
        written = [text[s.span.start : s.span.end] for s in split_sentences(text)]
        points = [SummaryPoint(one, (), _checked(one, None), verified=False) for one in written]
        note = f"The model read {kept} of {len(sentences)} sentences."
        notes = () if kept == len(sentences) else (note,)
        return made_summary(article.info, points, notes=notes, total_s=seconds)

    def _written(
        self, messages: Sequence[Message], max_tokens: int, stop: tuple[str, ...] = ()
    ) -> tuple[str, float]:
        generation = self._generator.stream(
            messages, GenerationParams(max_tokens=max_tokens, stop=stop), _ignore, _never
        )
        return strip_markers(generation.text).strip(), generation.duration_s

    def _fitting(self, sentences: Sequence[str]) -> int:
        """How many sentences fit into the context beside a summary."""
        room = self._generator.context_tokens - _SUMMARY_TOKENS
        kept = len(sentences)
        while kept > 1 and self._generator.count_tokens(_sum_up(sentences[:kept])) > room:
            kept = kept * 9 // 10
        return kept


# --- their parts ---------------------------------------------------------------------------

_KINDS: Mapping[Asked, frozenset[FigureKind]] = {
    Asked.SHARE: frozenset({FigureKind.PERCENT, FigureKind.PERCENTAGE_POINTS, FigureKind.RATIO}),
    Asked.MONEY: frozenset({FigureKind.MONEY}),
    Asked.TIME: frozenset({FigureKind.DATE, FigureKind.YEAR}),
}
_NEVER_ASKED = frozenset({FigureKind.IDENTIFIER, FigureKind.DATE, FigureKind.YEAR})


def _first_figure(question: str, text: str) -> Figure | None:
    """The first figure of the kind asked for, else the first that is no date, else none."""
    figures = find_figures(text)
    kinds = _KINDS.get(asked_kind(question), frozenset())
    fitting = [figure for figure in figures if figure.kind in kinds]
    others = [figure for figure in figures if figure.kind not in _NEVER_ASKED]
    return next(iter([*fitting, *others]), None)


def sentences_of(article: Document) -> tuple[Sentence, ...]:
    """Return the sentences of an article, captions and footers included."""
    return tuple(
        Sentence(
            article.info.id,
            position,
            found.span,
            article.text[found.span.start : found.span.end],
            found.paragraph,
        )
        for position, found in enumerate(split_sentences(article.text))
    )


def quoted_points(article: Document, sentences: Sequence[Sentence]) -> Iterator[SummaryPoint]:
    """Yield each sentence as a point of its own that cites it."""
    for marker, sentence in enumerate(sentences, start=1):
        text = f"{strip_markers(sentence.text)} [{marker}]"
        citations = (_cited(article.info, sentence, marker),)
        yield SummaryPoint(text, citations, _checked(sentence.text, marker), verified=True)


def _cited(info: DocumentInfo, sentence: Sentence, marker: int) -> Citation:
    return Citation(marker, info, sentence.span, sentence.text)


def _answer(
    question: str,
    status: Status,
    text: str,
    *,
    citations: tuple[Citation, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    retrieve_s: float = 0.0,
    total_s: float = 0.0,
) -> Answer:
    answered = status is Status.ANSWERED
    figures = _checked(without_markers(text), 1 if citations else None) if answered else ()
    return Answer(
        question=question,
        status=status,
        text=text,
        citations=citations,
        figures=figures,
        evidence=evidence,
        notes=(),
        timing=Timing(retrieve_s, first_token_s=0.0, total_s=max(retrieve_s, total_s)),
        settings_sha256="",
    )


def made_summary(
    info: DocumentInfo,
    points: Iterable[SummaryPoint],
    *,
    notes: tuple[str, ...] = (),
    total_s: float = 0.0,
) -> Summary:
    """Return a summary that nothing was read for passage by passage."""
    return Summary(
        document=info,
        points=tuple(points),
        passages_read=0,
        passages_total=0,
        notes=notes,
        total_s=total_s,
        settings_sha256="",
    )


def _checked(text: str, marker: int | None) -> tuple[CheckedFigure, ...]:
    """The figures of a text: quoted from a sentence, or from nowhere."""
    verdict = Verdict.UNSUPPORTED if marker is None else Verdict.EXACT
    return tuple(CheckedFigure(figure, verdict, marker) for figure in find_figures(text))


def _sum_up(sentences: Sequence[str]) -> tuple[Message, ...]:
    return (Message("system", _SUM_UP), Message("user", " ".join(sentences)))


def _ignore(_value: object) -> None:
    """Be told and do nothing."""


def _never() -> bool:
    return False
