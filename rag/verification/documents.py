"""Checking any text against articles, without a library and without a model."""

from __future__ import annotations

from collections.abc import Sequence

from rag.citations import find_markers, without_markers
from rag.schema import CheckedFigure, Document, Finding, Span, Verification
from rag.text import normalise, split_sentences
from rag.verification.sources import Source
from rag.verification.verifier import (
    check_figures,
    known_markers,
    sentences_with_markers,
    unknown_markers,
    wording_findings,
)
from rag.verification.words import stems, tokens_of

_MOST_NEAREST = 4
"""Sentences that a sentence of the text is held against beside those that state its figures."""


def verify(text: str, documents: Sequence[str | Document]) -> Verification:
    """Check each figure of a text against the articles that it speaks of.

    Where the text has markers, ``[n]`` means ``documents[n - 1]``, and a sentence without one is
    a finding; without any, all sentences of all documents are looked through. The verdict of a
    figure is exact, rounded, unsupported (nowhere stated) or misbound (stated of another thing or
    time); its marker is the document that states it, counted from 1.

    >>> report = "Sales rose 4% in May and 6% in June. The firm has 300 shops."
    >>> [str(f.verdict) for f in verify("In June sales rose 6%.", [report]).figures]
    ['exact']
    >>> checked = verify("Sales rose 4% in June. The firm has 320 shops.", [report])
    >>> [(f.figure.text, str(f.verdict)) for f in checked.figures]
    [('4%', 'misbound'), ('320', 'unsupported')]
    >>> checked.passed
    False

    Args:
        text: any prose.
        documents: articles, as text or as readers give them; with a date, "last year" is known.
    """
    articles = [_sources(n, document) for n, document in enumerate(documents, start=1)]
    cites = bool(find_markers(text))
    figures: list[CheckedFigure] = []
    findings: list[Finding] = []
    for span in sentences_with_markers(text):
        sentence = text[span.start : span.end]
        markers, unknown = known_markers(sentence, len(documents))
        findings += unknown_markers(unknown, span.start)
        if cites and not markers:
            findings.append(Finding("uncited", span, "No article is cited for this."))
        chosen = [articles[n - 1] for n in markers] if cites else articles
        checked, wrong = _check(without_markers(sentence), span, chosen)
        figures += checked
        findings += wrong
    return Verification(tuple(figures), tuple(findings))


def _sources(marker: int, document: str | Document) -> tuple[Source, ...]:
    """The sentences of an article, each with the one before it."""
    text = normalise(document) if isinstance(document, str) else document.text
    info = None if isinstance(document, str) else document.info
    about = "\n".join(p for p in (info.title, info.publisher, info.author) if p) if info else ""
    sentences = [text[s.span.start : s.span.end] for s in split_sentences(text)]
    published = info.published if info else None
    return tuple(
        Source(marker, sentence, lead, about, published)
        for sentence, lead in zip(sentences, ["", *sentences], strict=False)
    )


def _check(
    prose: str, span: Span, articles: Sequence[Sequence[Source]]
) -> tuple[list[CheckedFigure], list[Finding]]:
    sources = [source for article in articles for source in article]
    nearest = _nearest(prose, sources)
    checked, findings, used = check_figures(prose, span.start, sources, rivals=nearest)
    bound = bool(checked and not findings)
    if sources:
        findings += wording_findings(prose, span, [*used, *nearest], has_figures=bound)
    return checked, findings


def _nearest(prose: str, sources: Sequence[Source]) -> list[Source]:
    """The sentences that share most words with one of the text, the first of equals first."""
    asked = stems(tokens_of(prose))
    shared = {i: len(asked & stems(tokens_of(source.text))) for i, source in enumerate(sources)}
    best = sorted(shared, key=lambda i: -shared[i])[:_MOST_NEAREST]
    return [sources[i] for i in sorted(best) if shared[i]]
