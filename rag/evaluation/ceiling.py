"""What could be got at most: the pipeline's writing and checks on a perfect search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answering import Answerer
from rag.evaluation.cases import Case
from rag.evaluation.controls import Documents, made_summary, quoted_points, sentences_of
from rag.protocols import AnswerScorer, Generator, Verifier
from rag.schema import Answer, Evidence, Filters, Retrieval, Sentence, Span, Summary


class GoldEvidence:
    """Answers with the pipeline's own prompt and checks from the sentences that state the answer.

    No search can do better, so that what is lost here is lost behind it. A case that is not
    answerable has no such sentence. Of a summary it quotes the sentences of the key figures.

    Args:
        cases: whose sentences; a question of none of them finds nothing.
        documents: the articles.
        scorer: of figures.
        generator: the chat model.
        verifier: decides what may be shown as fact.
        answer_tokens: upper bound of a written answer.
        figure_reader: the chat model as it was taught to read figures, if it was.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        documents: Documents,
        scorer: AnswerScorer,
        generator: Generator,
        verifier: Verifier,
        *,
        answer_tokens: int,
        figure_reader: Generator | None = None,
    ) -> None:
        self._documents = documents
        self._gold = {case.question: gold_evidence(case, documents) for case in cases}
        self._summaries = {case.summarize: case.question for case in cases if case.summarize}
        self._answerer = Answerer(
            _GoldRetriever(self._gold),
            lambda: scorer,
            lambda: generator,
            verifier,
            figure_reader=lambda: figure_reader or generator,
            answer_tokens=answer_tokens,
            settings_sha256="",
        )

    def ask(self, question: str) -> Answer:
        """Answer from the case's own sentences."""
        return self._answerer.answer(
            question, Filters(), on_evidence=_ignore, on_text=_ignore, stop=_never
        )

    def summarize(self, document: str) -> Summary:
        """Quote the sentences that state the key figures."""
        article = self._documents[document]
        evidence = self._gold.get(self._summaries.get(document, ""), ())
        return made_summary(article.info, quoted_points(article, [e.sentence for e in evidence]))


class _GoldRetriever:
    """Finds the sentences that state the answer, and no others.

    The simple questions that a question is broken into find those of the whole one.
    """

    def __init__(self, gold: Mapping[str, tuple[Evidence, ...]]) -> None:
        self._gold = gold
        self._found: tuple[Evidence, ...] = ()

    def retrieve(self, question: str, filters: Filters) -> Retrieval:  # noqa: ARG002
        self._found = self._gold.get(question, self._found)
        return Retrieval(
            question=question,
            read_as=question,
            evidence=self._found,
            embedded_share=1.0,
            duration_s=0.0,
        )


def gold_evidence(case: Case, documents: Documents) -> tuple[Evidence, ...]:
    """Return the sentences that a case's sources quote, as the nearest there can be.

    Each has the one before it as its lead: a sentence that says "that month" cannot be read
    without. Sources without offsets, and those of articles that are not there, have none.
    """
    found: dict[tuple[str, Span], Evidence] = {}
    for source in case.sources:
        article = documents.get(source.document)
        if article is None or source.span is None:
            continue
        lead: Sentence | None = None
        for sentence in sentences_of(article):
            if sentence.span.overlaps(source.span):
                found[source.document, sentence.span] = Evidence(
                    sentence,
                    article.info,
                    score=1.0,
                    similarity=1.0,
                    coverage=1.0,
                    in_context=1.0,
                    in_article=1.0,
                    before=(lead,) if lead else (),
                    lead=lead,
                )
            lead = sentence
    return tuple(found.values())


def _ignore(_value: object) -> None:
    """Be told and do nothing."""


def _never() -> bool:
    return False
