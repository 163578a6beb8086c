"""The job of summarising one article: every passage is read, every point is cited.

The article is read section by section; of each, the model writes one sentence, which passes the
same verification as an answer; code, not the model, says which sentences it came from. Where a
point does not pass, the section's sentence with the most figures is quoted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.citations import sources_of, strip_markers
from rag.figures import find_figures
from rag.prompts import key_point_messages
from rag.protocols import Generator, StopCheck, Verifier
from rag.schema import (
    CheckedFigure,
    Citation,
    DocumentInfo,
    Evidence,
    GenerationParams,
    Passage,
    Summary,
    SummaryPoint,
    Verdict,
)
from rag.verification import restore_bounds

# A section of 260 tokens with the instruction is read in 2 to 4 s on two cores; an article of 700
# words makes five or six of them. Of larger ones the model makes sentences that blend more than
# it can keep apart.
_SECTION_TOKENS = 260
_POINT_TOKENS = 72


class Summarizer:
    """Summarises one article.

    Args:
        generator: the chat model.
        verifier: decides what may be shown as fact.
        settings_sha256: recorded with each summary.
    """

    def __init__(self, generator: Generator, verifier: Verifier, *, settings_sha256: str) -> None:
        self._generator = generator
        self._verifier = verifier
        self._settings_sha256 = settings_sha256

    def summarize(
        self,
        document: DocumentInfo,
        evidence: Sequence[Evidence],
        passages: Sequence[Passage],
        *,
        on_point: Callable[[SummaryPoint], None],
        stop: StopCheck,
    ) -> Summary:
        """Read the whole article; each point is handed over when it is verified.

        Args:
            document: the article.
            evidence: all of its sentences in order, boilerplate left out.
            passages: all of its passages, for saying how much was read.
            on_point: told each point.
            stop: asked during reading.

        Raises:
            GenerationStoppedError: ``stop`` said so.
        """
        started = time.perf_counter()
        points: list[SummaryPoint] = []
        n_quoted = 0
        for section in self._sections(evidence):
            marker = sum(len(point.citations) for point in points) + 1
            point = self._point(section, marker, stop)
            if point is None:
                n_quoted += 1
                point = _quoted(_most_telling(section), marker)
            points.append(point)
            on_point(point)
        return Summary(
            document=document,
            points=tuple(points),
            passages_read=len(passages),
            passages_total=len(passages),
            notes=_notes(n_quoted),
            total_s=time.perf_counter() - started,
            settings_sha256=self._settings_sha256,
        )

    def _sections(self, evidence: Sequence[Evidence]) -> Iterator[tuple[Evidence, ...]]:
        """Yield sentences in order, as many at once as the model reads well."""
        section: tuple[Evidence, ...] = ()
        for item in evidence:
            grown = (*section, item)
            if (
                section
                and self._generator.count_tokens(key_point_messages(grown)) > _SECTION_TOKENS
            ):
                yield section
                grown = (item,)
            section = grown
        if section:
            yield section

    def _point(
        self, section: tuple[Evidence, ...], first_marker: int, stop: StopCheck
    ) -> SummaryPoint | None:
        """Have one sentence written; None where it is no faithful copy of the section's."""
        generation = self._generator.stream(
            key_point_messages(section),
            GenerationParams(max_tokens=_POINT_TOKENS, stop=("\n",)),
            _ignore,
            stop,
        )
        prose = strip_markers(generation.text).strip()
        found = sources_of(prose, [evidence.sentence.text for evidence in section])
        if not found or generation.stop_reason == "length":
            return None
        sources = tuple(section[i] for i in found)
        prose = restore_bounds(prose, " ".join(source.sentence.text for source in sources))
        point = self._cited(prose, sources, first_marker)
        return point if point.verified else None

    def _cited(self, prose: str, sources: tuple[Evidence, ...], first_marker: int) -> SummaryPoint:
        own = "".join(f"[{n}]" for n in range(1, len(sources) + 1))
        verification = self._verifier.verify(f"{prose} {own}", sources)
        shift = first_marker - 1
        citations = tuple(
            _citation(source, marker) for marker, source in enumerate(sources, start=first_marker)
        )
        figures = tuple(
            replace(figure, marker=figure.marker + shift if figure.marker else None)
            for figure in verification.figures
        )
        markers = "".join(f"[{citation.marker}]" for citation in citations)
        return SummaryPoint(f"{prose} {markers}", citations, figures, verified=verification.passed)


def _quoted(source: Evidence, marker: int) -> SummaryPoint:
    """The sentence itself, whose figures need no check, without marks that look like markers."""
    prose = f"“{strip_markers(source.sentence.text)}”"
    figures = tuple(CheckedFigure(f, Verdict.EXACT, marker) for f in find_figures(prose))
    return SummaryPoint(f"{prose} [{marker}]", (_citation(source, marker),), figures, verified=True)


def _citation(source: Evidence, marker: int) -> Citation:
    sentence = source.sentence
    return Citation(
        marker, source.document, sentence.span, sentence.text, source.page, source.also_in
    )


def _most_telling(section: Sequence[Evidence]) -> Evidence:
    """The sentence with the most figures, the longer of equal ones."""
    return max(section, key=lambda e: (len(find_figures(e.sentence.text)), len(e.sentence.text)))


def _ignore(_text: str) -> None:
    """A point is shown when it is verified, not as it is written."""


def _notes(n_quoted: int) -> tuple[str, ...]:
    if not n_quoted:
        return ()
    return (
        f"Quoted instead of summed up, for what was written could not be verified: {n_quoted}.",
    )
