"""The job of summarising one article: all of it is read, every point is cited.

Code reads every sentence and chooses those that cover the main figures; the model puts each into
fewer words, which pass the same verification as an answer. Where they do not, the sentence is
quoted. So what a summary covers does not depend on the model, and the first point is there when
one sentence has been put into words.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Protocol

from rag.errors import GenerationStoppedError
from rag.protocols import StopCheck
from rag.schema import (
    DocumentInfo,
    Evidence,
    Length,
    Origin,
    Passage,
    Summary,
    SummaryPoint,
)
from rag.summarization.choosing import choose, words_for
from rag.summarization.points import quoted
from rag.summarization.ranking import rank_sentences
from rag.summarization.rewording import Rewriter
from rag.summarization.rows import rows_of


class Observer(Protocol):
    """Told how far a summary is."""

    def reading(self, done: int, total: int) -> None:
        """So many of the sentences have been read."""
        ...

    def wording(self, done: int, total: int) -> None:
        """So many of the points have been put into words."""
        ...


class Unobserved:
    """Tells nobody."""

    def reading(self, done: int, total: int) -> None:
        """Be told and do nothing."""

    def wording(self, done: int, total: int) -> None:
        """Be told and do nothing."""


class Summarizer:
    """Summarises one article.

    Args:
        rewriter: puts sentences into fewer words; None quotes every one.
        settings_sha256: recorded with each summary.
    """

    def __init__(self, rewriter: Rewriter | None, *, settings_sha256: str) -> None:
        self._rewriter = rewriter
        self._settings_sha256 = settings_sha256

    def summarize(
        self,
        document: DocumentInfo,
        evidence: Sequence[Evidence],
        passages: Sequence[Passage],
        *,
        on_point: Callable[[SummaryPoint], None],
        stop: StopCheck,
        length: Length = Length.MEDIUM,
        observer: Observer | None = None,
    ) -> Summary:
        """Read the whole article; each point is handed over when it is verified.

        Args:
            document: the article.
            evidence: all of its sentences in order, boilerplate left out.
            passages: all of its passages, for saying how much was read.
            on_point: told each point, in the order of the article.
            stop: asked during reading and wording.
            length: how long the summary is to be.
            observer: told how far it is.

        Raises:
            GenerationStoppedError: ``stop`` said so.
        """
        started = time.perf_counter()
        observer = observer or Unobserved()
        groups = self._chosen(document, evidence, length, observer, stop)
        points: list[SummaryPoint] = []
        n_cited = 0
        for group in groups:
            sources = [evidence[n] for n in group]
            # The first is quoted, so that it is there before the model is loaded.
            points.append(self._point(sources, n_cited + 1, stop, reword=bool(points)))
            n_cited += len(group)
            on_point(points[-1])
            observer.wording(len(points), len(groups))
        return Summary(
            document=document,
            points=tuple(points),
            passages_read=len(passages),
            passages_total=len(passages),
            notes=_notes(points, n_sentences=len(evidence)),
            total_s=time.perf_counter() - started,
            settings_sha256=self._settings_sha256,
            figures=rows_of(evidence, chain.from_iterable(groups)),
        )

    def _chosen(
        self,
        document: DocumentInfo,
        evidence: Sequence[Evidence],
        length: Length,
        observer: Observer,
        stop: StopCheck,
    ) -> tuple[tuple[int, ...], ...]:
        """Positions of the sentences of the summary, of those that are read together in one."""

        def on_read(done: int) -> None:
            if stop():
                raise GenerationStoppedError("Stopped.")
            observer.reading(done, len(evidence))

        ranked = rank_sentences(
            [item.sentence.text for item in evidence], title=document.title, on_read=on_read
        )
        n_words = words_for(length, sum(sentence.n_words for sentence in ranked))
        return choose(ranked, n_words)

    def _point(
        self, sources: Sequence[Evidence], first_marker: int, stop: StopCheck, *, reword: bool
    ) -> SummaryPoint:
        if stop():
            raise GenerationStoppedError("Stopped.")
        worded = None
        if reword and self._rewriter is not None and len(sources) == 1:
            worded = self._rewriter.reworded(sources[0], first_marker, stop)
        return worded or quoted(sources, first_marker)


def _notes(points: Sequence[SummaryPoint], *, n_sentences: int) -> tuple[str, ...]:
    """Say what code ranked and what the model read."""
    if not points:
        return ()
    n_read = sum(point.origin is Origin.READ for point in points)
    said = f"Code ranked all {n_sentences} sentences and chose {len(points)} points of them"
    return (f"{said}; the model reworded {n_read}, the others are quoted.",)
